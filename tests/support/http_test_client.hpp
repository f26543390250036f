#pragma once
// A small blocking HTTP client for tests: raw bytes in, parsed answers out, never waits longer than its timeout.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coldvigil::test {

struct http_reply {
  int status = 0;
  std::map<std::string, std::string> headers{}; ///< names in lower case
  std::string body{};
};

/// One TCP connection to 127.0.0.1. Throws std::runtime_error when it cannot connect.
class raw_connection {
 public:
  /// A small receive buffer makes a stalled reader noticeable soon; 0 = the system's.
  /// `last_of_source` = N: the connection comes from 127.0.0.N.
  explicit raw_connection(std::uint16_t port, int timeout_ms = 5'000, int receive_buffer = 0,
                          std::uint8_t last_of_source = 1);
  ~raw_connection();
  raw_connection(const raw_connection&) = delete;
  raw_connection& operator=(const raw_connection&) = delete;

  /// False when the other side has gone.
  bool send(std::string_view bytes);
  /// One answer; `head` = it has no body whatever its Content-Length says. Nothing at the end of the stream or timeout.
  [[nodiscard]] std::optional<http_reply> read_reply(bool head = false);
  /// True when the other side ended the stream (and nothing else came) within the timeout.
  [[nodiscard]] bool ended();
  /// Reads up to `size` bytes exactly; nothing when they do not come.
  [[nodiscard]] std::optional<std::string> read_exactly(std::size_t size);
  /// Ends our direction.
  void finish_sending();

 private:
  [[nodiscard]] bool fill();
  int socket_ = -1;
  int timeout_ms_;
  std::string buffer_;
};

struct http_call {
  std::string method = "GET";
  std::string target = "/";
  std::string token{};
  std::string body{};
  std::vector<std::string> headers{}; ///< "Name: value"
};

/// One request on a connection of its own. Status 0 when no answer came.
[[nodiscard]] http_reply call(std::uint16_t port, const http_call& what, int timeout_ms = 5'000);
/// `if_match` is left out when it is empty.
[[nodiscard]] http_reply change(std::uint16_t port, const std::string& method, const std::string& target,
                                const std::string& body, const std::string& token, const std::string& if_match = {});
[[nodiscard]] http_reply get(std::uint16_t port, const std::string& target, const std::string& token = {});
[[nodiscard]] http_reply post(std::uint16_t port, const std::string& target, const std::string& body,
                              const std::string& token = {});
/// The bytes of a request as `call` sends them.
[[nodiscard]] std::string request_text(const http_call& what, bool keep_alive);

} // namespace coldvigil::test
