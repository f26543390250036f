#pragma once
// Accepts connections within the limit and ends them in order. The handler and the threads outlive it.

#include "core/result.hpp"
#include "net/http_handler.hpp"
#include "net/http_limits.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>

namespace coldvigil {

class http_session;

class listener {
 public:
  listener(asio::io_context& context, const http_limits& limits, http_handler& handler);
  ~listener();
  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;

  /// Port 0 = a free one; gives the port. Who connects waits until accept().
  result<std::uint16_t> take_port(const std::string& address, std::uint16_t port);
  /// Called once, after take_port.
  void accept();
  /// Accepts no more, ends idle connections at once and waits up to stop_grace for the others. Not on a network thread.
  void stop();
  [[nodiscard]] std::size_t connections() const;

 private:
  struct shared;
  static asio::awaitable<void> accept_loop(std::shared_ptr<shared> state);
  static asio::awaitable<void> serve(std::shared_ptr<shared> state, std::shared_ptr<http_session> session,
                                     std::uint64_t key);
  static void admit(const std::shared_ptr<shared>& state, tcp::socket socket);

  std::shared_ptr<shared> state_; ///< connections hold it, so that a forced stop leaves nothing dangling
};

} // namespace coldvigil
