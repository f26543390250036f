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

/// Thread-safe.
class live_tickets {
 public:
  live_tickets(millis lifetime, std::size_t most, random_source random = secure_random)
      : lifetime_(lifetime), most_(most), random_(std::move(random)) {}

  /// Nothing when `most` were issued within the last lifetime.
  [[nodiscard]] std::optional<std::string> issue(const identity& holder, timestamp now);
  /// Takes the ticket: the second time it is unknown. Nothing when unknown or expired.
  [[nodiscard]] std::optional<identity> redeem(const std::string& ticket, timestamp now);

 private:
  struct entry {
    identity holder;
    timestamp expires;
  };
  void forget_expired(timestamp now);

  const millis lifetime_;
  const std::size_t most_;
  const random_source random_;
  std::mutex mutex_;
  std::map<std::string, entry> tickets_;
  std::deque<std::pair<timestamp, std::string>> by_age_;
};

} // namespace coldvigil
