#pragma once
// One-time tickets: a browser cannot set headers on a WebSocket, and no token may stand in a URL.

#include "net/random.hpp"
#include "net/token_book.hpp"

#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace coldvigil {

struct ticket_limits {
  millis lifetime{30'000};
  std::size_t most = 1'000;    ///< unused ones of everybody
  std::size_t most_each = 100; ///< unused ones of a customer
};

struct issued_ticket {
  std::string text;
  bool displaced = false; ///< the customer's oldest unused one had to go
};

/// Thread-safe.
class live_tickets {
 public:
  explicit live_tickets(ticket_limits limits, random_source random = secure_random)
      : limits_(limits), random_(std::move(random)) {}

  /// A customer who has too many loses his oldest: he takes no room from others. Nothing when all together have too
  /// many.
  [[nodiscard]] std::optional<issued_ticket> issue(const identity& holder, timestamp now);
  /// Takes the ticket: the second time it is unknown. Nothing when unknown or expired.
  [[nodiscard]] std::optional<identity> redeem(const std::string& ticket, timestamp now);

 private:
  using holder_key = std::int64_t; ///< the customer's number; 0 = all customers
  struct entry {
    identity holder;
    timestamp expires;
  };
  [[nodiscard]] static holder_key key_of(const identity& holder);
  void forget(holder_key holder, const std::string& ticket);
  void forget_expired(timestamp now);

  const ticket_limits limits_;
  const random_source random_;
  std::mutex mutex_;
  std::map<std::string, entry> tickets_;
  std::map<holder_key, std::deque<std::string>> by_holder_; ///< of `tickets_`, oldest first
};

} // namespace coldvigil
