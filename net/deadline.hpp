#pragma once
// Cancels a socket's pending operations when time is up, and leaves the socket usable: a 408 can still be sent.

#include "core/time.hpp"
#include "net/asio.hpp"

#include <memory>

namespace coldvigil {

/// Belongs to the socket's strand.
class deadline {
 public:
  explicit deadline(tcp::socket& socket) : timer_(socket.get_executor()), state_(std::make_shared<state>(socket)) {}

  void arm(millis after) {
    start(after, [](tcp::socket& socket) {
      beast::error_code ignored;
      socket.cancel(ignored);
    });
  }
  /// The socket itself is closed when time is up: whatever is tried on it later fails too.
  void arm_final(millis after) {
    start(after, [](tcp::socket& socket) {
      beast::error_code ignored;
      socket.close(ignored);
    });
  }
  void disarm() {
    ++state_->turn;
    timer_.cancel();
  }
  [[nodiscard]] bool expired() const { return state_->expired; }

 private:
  struct state {
    explicit state(tcp::socket& s) : socket(s) {}
    tcp::socket& socket;
    std::uint64_t turn = 0;
    bool expired = false;
  };

  void start(millis after, void (*end)(tcp::socket&)) {
    state_->expired = false;
    const auto turn = ++state_->turn;
    timer_.expires_after(after);
    timer_.async_wait([held = std::weak_ptr(state_), turn, end](beast::error_code error) {
      const auto current = held.lock();
      if (error || !current || current->turn != turn) return;
      current->expired = true;
      end(current->socket);
    });
  }

  asio::steady_timer timer_;
  std::shared_ptr<state> state_;
};

} // namespace coldvigil
