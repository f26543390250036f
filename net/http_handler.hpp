#pragma once
// What a listener serves: an answer for every request that could be read, and the words for those that could not.

#include "net/asio.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace coldvigil {

using http_request = http::request<http::string_body>;

/// A connection that leaves HTTP (a WebSocket). `on_stop` is to be set to what ends it; it is called on the strand.
struct taken_connection {
  tcp::socket socket;
  const http_request& request;
  std::function<void()>& on_stop;
};

struct http_answer {
  http::status status = http::status::ok;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers{};
  std::variant<std::string, std::span<const std::byte>> body{};       ///< a span must outlive the process
  bool close = false;                                                 ///< the connection ends with this answer
  std::function<asio::awaitable<void>(taken_connection&)> takeover{}; ///< instead of an answer
  std::string error{};                                                ///< what really went wrong, for the log only

  [[nodiscard]] std::string_view body_text() const {
    if (const auto* text = std::get_if<std::string>(&body)) return *text;
    const auto& bytes = std::get<1>(body);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
};

/// One request on its way to its answer.
struct exchange {
  http_request request{};
  asio::ip::address peer{};
  std::chrono::steady_clock::time_point started{};
  std::string request_id{}; ///< given by the handler
  std::string token_name{}; ///< who asked, for the log
};

/// Bytes of what the large bodies under way may hold together; given back when it is dropped. Empty = there were none
/// left.
using body_room = std::shared_ptr<const void>;

/// What is decided of a request with a body when its header is here and nothing of the body has been read.
struct body_terms {
  std::size_t most_bytes = 0;                   ///< 413 beyond
  std::optional<http_answer> refused{};         ///< answers at once: the body is not read, the connection ends
  std::size_t free_bytes = 0;                   ///< the first bytes of a body, for which no room is taken
  std::function<body_room(std::size_t)> take{}; ///< room for so many bytes more; null = nobody counts
};

/// Called on network threads, from several connections at once.
class http_handler {
 public:
  virtual ~http_handler() = default;
  /// For each request with a body, before `answer` is asked or not. `what.request` is not there yet.
  virtual body_terms admit(exchange& what, const http_request& header) = 0;
  virtual asio::awaitable<http_answer> answer(exchange& what) = 0;
  /// For a request that broke a rule of HTTP or a limit, or whose handler threw. `text` is safe to send.
  virtual http_answer refuse(exchange& what, http::status code, const std::string& text) = 0;
  /// The answer has been written, or could not be.
  virtual void finished(const exchange& what, const http_answer& answer) = 0;
  /// A connection was closed because there were too many.
  virtual void connection_rejected() = 0;
};

} // namespace coldvigil
