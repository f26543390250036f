#pragma once
// libcurl, kept behind plain types: one transfer, bounded in time and size, that follows no redirect and verifies every
// certificate.

#include "notify/channel.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace coldvigil {

struct http_transfer {
  std::string method = "POST";
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers; ///< checked: no control characters
  std::string body;
};

enum class smtp_security : std::uint8_t { tls, starttls, plain };

struct smtp_transfer {
  std::string host;
  std::uint16_t port = 587;
  smtp_security security = smtp_security::starttls;
  std::string user, password; ///< an empty user = none
  std::string from, to;       ///< addresses alone
  std::string message;        ///< headers and body, CRLF
};

struct transfer_answer {
  bool arrived = false; ///< the exchange went through to its end
  bool login_denied = false;
  long code = 0;     ///< of HTTP or SMTP, the last one seen; 0 = none
  std::string error; ///< of the transfer, when it did not arrive
  std::string reply; ///< the beginning of a mail server's last one but its goodbye, without the code
  std::string body;  ///< the beginning of an HTTP answer
  std::optional<millis> retry_after{};
  millis took{0};
};

[[nodiscard]] transfer_answer run(const http_transfer& what, const transfer_limits& limits,
                                  const std::atomic<bool>& stop);
[[nodiscard]] transfer_answer run(const smtp_transfer& what, const transfer_limits& limits,
                                  const std::atomic<bool>& stop);

} // namespace coldvigil
