#pragma once
// The port to whatever carries a message to a person.

#include "core/outbox.hpp"

#include <atomic>
#include <map>
#include <memory>
#include <string>

namespace coldvigil {

/// A message as it is handed to a channel: the link is in its text and data already.
struct outgoing_message {
  std::string key; ///< the same for every attempt; a receiver knows a repetition by it
  callee to;
  std::string person_name;
  std::string subject, text, data;
  timestamp created_at{};
  std::string link_secret{}; ///< of that link: no outcome may show it
};

class channel {
 public:
  virtual ~channel() = default;
  /// One attempt; blocks until it is over or its time is up, and not much longer than a second once `stop` is true.
  /// Thread-safe. Never throws. The detail of the outcome never holds a secret.
  [[nodiscard]] virtual send_outcome send(const outgoing_message& message, const std::atomic<bool>& stop) const = 0;
};
/// By name.
using channel_set = std::map<std::string, std::shared_ptr<const channel>>;

struct transfer_limits {
  millis connect_timeout{10'000}; ///< name, connection and TLS together
  millis total_timeout{30'000};
  std::size_t max_answer_bytes = 64 * 1024; ///< of which only the beginning is looked at; more breaks the attempt off
  std::string ca_file{};                    ///< certificates to trust in place of the system's, PEM
};

} // namespace coldvigil
