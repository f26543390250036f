#pragma once
// One HTTP/1 connection: reads requests one after the other within the limits, awaits each answer, writes it.
// Pipelined requests wait in the buffer and are answered in order.

#include "net/deadline.hpp"
#include "net/http_handler.hpp"
#include "net/http_limits.hpp"

#include <optional>

namespace coldvigil {

/// Lives on its socket's strand.
class http_session {
 public:
  /// Limits and handler outlive the session.
  http_session(tcp::socket socket, const http_limits& limits, http_handler& handler);

  /// Serves until either side ends the connection.
  asio::awaitable<void> run();
  /// Ends at once while no complete request is here, after the answer under way otherwise. On the strand.
  void stop();
  /// Gives up on the answer under way too. On the strand.
  void abort();

 private:
  using parser = http::request_parser<http::string_body>;
  struct refusal {
    http::status status;
    std::string text;
    std::optional<http_answer> answer{}; ///< what the handler says already
  };
  /// What the body under way holds of the room that all bodies share.
  struct held_room {
    std::vector<body_room> parts;
    std::size_t bytes = 0;
  };
  enum class reading { complete, refused, ended };

  asio::awaitable<bool> wait_for_first_byte();
  asio::awaitable<bool> serve_one();
  asio::awaitable<reading> read_request(parser& in, exchange& what, held_room& room, refusal& why);
  asio::awaitable<reading> read_body(parser& in, const body_terms& terms, held_room& room, refusal& why);
  /// False when there is no room for so many bytes of a body.
  static bool cover(held_room& room, const body_terms& terms, std::size_t bytes);
  asio::awaitable<void> send_continue();
  [[nodiscard]] reading classify(beast::error_code error, refusal& why) const;
  asio::awaitable<http_answer> ask_handler(exchange& what);
  asio::awaitable<bool> write_answer(const exchange& what, const http_answer& answer, bool keep_alive);
  asio::awaitable<void> linger();

  const http_limits& limits_;
  http_handler& handler_;
  tcp::socket socket_;
  deadline deadline_;
  beast::flat_buffer buffer_;
  asio::ip::address peer_;
  bool answering_ = false;
  bool stopping_ = false;
  bool lingering_ = false;
  std::function<void()> on_stop_;
};

} // namespace coldvigil
