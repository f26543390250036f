#include "net/http_session.hpp"

#include <boost/asio/write.hpp>

#include <array>
#include <string_view>

namespace coldvigil {
namespace {

constexpr std::size_t read_ahead = 64 * 1024;
constexpr std::size_t room_step = 64 * 1024; ///< at a time, as a body arrives
constexpr millis linger_time{1'000};

/// Rules of RFC 9112 that Beast leaves to its user, all of them ways to smuggle a second request.
std::optional<std::string> broken_framing(const http_request& request) {
  const auto lengths = request.count(http::field::content_length);
  const auto codings = request.count(http::field::transfer_encoding);
  if (lengths > 0 && codings > 0) return "Content-Length and Transfer-Encoding exclude each other.";
  if (lengths > 1) return "Content-Length may be given once.";
  if (codings > 0 && (codings > 1 || !beast::iequals(request[http::field::transfer_encoding], "chunked")))
    return "The only transfer coding understood is chunked.";
  if (codings > 0 && request.version() < 11) return "HTTP/1.0 knows no transfer coding.";
  const auto hosts = request.count(http::field::host);
  if (hosts > 1 || (hosts == 0 && request.version() >= 11)) return "Exactly one Host field is needed.";
  return std::nullopt;
}

bool expects_continue(const http_request& request) {
  return request.version() >= 11 && beast::iequals(request[http::field::expect], "100-continue");
}

auto count_of_fields(const http_request& request) {
  return std::distance(request.begin(), request.end());
}

std::string too_large(std::size_t most) {
  return "The body is larger than " + std::to_string(most) + " bytes.";
}

template <class Body> void fill_header(http::response<Body>& out, const exchange& what, const http_answer& answer) {
  out.version(what.request.version());
  out.result(answer.status);
  const auto code = static_cast<unsigned>(answer.status);
  if (code != 204 && code != 304) out.set(http::field::content_type, answer.content_type);
  for (const auto& [name, value] : answer.headers)
    out.insert(name, value);
}

} // namespace

http_session::http_session(tcp::socket socket, const http_limits& limits, http_handler& handler)
    : limits_(limits), handler_(handler), socket_(std::move(socket)), deadline_(socket_),
      buffer_(limits.max_header_bytes + read_ahead) {
  beast::error_code error;
  const auto endpoint = socket_.remote_endpoint(error);
  if (!error) peer_ = endpoint.address();
  socket_.set_option(tcp::no_delay(true), error);
}

asio::awaitable<void> http_session::run() {
  bool open = true;
  while (open && !stopping_) {
    if (!co_await wait_for_first_byte()) break;
    open = co_await serve_one();
  }
  deadline_.disarm();
  if (lingering_) co_await linger();
  beast::error_code ignored;
  if (socket_.is_open()) socket_.shutdown(tcp::socket::shutdown_both, ignored);
  socket_.close(ignored);
}

void http_session::stop() {
  stopping_ = true;
  if (on_stop_) return on_stop_();
  beast::error_code ignored;
  if (!answering_) socket_.cancel(ignored);
}

void http_session::abort() {
  stopping_ = true;
  beast::error_code ignored;
  socket_.close(ignored);
}

asio::awaitable<bool> http_session::wait_for_first_byte() {
  if (buffer_.size() > 0) co_return true;
  deadline_.arm(limits_.idle_timeout);
  const auto space = buffer_.prepare(4096);
  auto [error, size] = co_await socket_.async_read_some(space, use_result);
  buffer_.commit(size);
  co_return !error;
}

asio::awaitable<bool> http_session::serve_one() {
  parser in;
  in.header_limit(static_cast<std::uint32_t>(limits_.max_header_bytes));
  in.body_limit(limits_.max_body_bytes);
  exchange what;
  what.peer = peer_;
  what.started = std::chrono::steady_clock::now();
  refusal why{};
  held_room room;
  const reading read = co_await read_request(in, what, room, why);
  if (read == reading::ended) co_return false;
  answering_ = true;
  deadline_.disarm();
  what.request = in.release();
  if (read == reading::refused) {
    if (what.request.version() == 0) what.request.version(11);
    const http_answer answer = why.answer ? std::move(*why.answer) : handler_.refuse(what, why.status, why.text);
    lingering_ = co_await write_answer(what, answer, false);
    handler_.finished(what, answer);
    co_return false;
  }
  const http_answer answer = co_await ask_handler(what);
  if (answer.takeover) {
    taken_connection taken{std::move(socket_), what.request, on_stop_};
    co_await answer.takeover(taken);
    handler_.finished(what, answer);
    co_return false;
  }
  const bool keep_alive = what.request.keep_alive() && !answer.close && !stopping_;
  const bool written = co_await write_answer(what, answer, keep_alive);
  handler_.finished(what, answer);
  answering_ = false;
  co_return written&& keep_alive;
}

asio::awaitable<http_session::reading> http_session::read_request(parser& in, exchange& what, held_room& room,
                                                                  refusal& why) {
  deadline_.arm(limits_.header_timeout);
  auto [header_error, header_size] = co_await http::async_read_header(socket_, buffer_, in, use_result);
  if (header_error) co_return classify(header_error, why);
  // Beast applies its limit to the request line and to the fields apart.
  if (header_size > limits_.max_header_bytes) co_return classify(http::error::header_limit, why);
  if (const auto broken = broken_framing(in.get())) {
    why = refusal{http::status::bad_request, *broken};
    co_return reading::refused;
  }
  if (in.is_done()) co_return reading::complete;
  body_terms terms = handler_.admit(what, in.get());
  if (terms.refused) {
    why.answer = std::move(terms.refused);
    co_return reading::refused;
  }
  co_return co_await read_body(in, terms, room, why);
}

asio::awaitable<http_session::reading> http_session::read_body(parser& in, const body_terms& terms, held_room& room,
                                                               refusal& why) {
  const auto fields = count_of_fields(in.get());
  const auto fits = [&](std::uint64_t bytes) {
    if (bytes > terms.most_bytes) why = refusal{http::status::payload_too_large, too_large(terms.most_bytes)};
    return bytes <= terms.most_bytes;
  };
  if (!fits(in.content_length().value_or(0))) co_return reading::refused;
  if (expects_continue(in.get())) co_await send_continue();
  deadline_.arm(limits_.body_timeout);
  in.eager(false); // an eager parser reads on after a chunk, and what came would not be counted
  while (!in.is_done()) {
    auto [error, size] = co_await http::async_read_some(socket_, buffer_, in, use_result);
    if (error) co_return classify(error, why);
    const std::size_t arrived = in.get().body().size();
    if (!fits(arrived)) co_return reading::refused;
    if (!cover(room, terms, arrived)) {
      why = refusal{http::status::service_unavailable, "Too many large bodies are under way; try again."};
      co_return reading::refused;
    }
  }
  if (count_of_fields(in.get()) == fields) co_return reading::complete;
  // Beast adds them to the header's, where they would speak for the request (RFC 9110, 6.5.1).
  why = refusal{http::status::bad_request, "Fields after the body (trailers) are not taken."};
  co_return reading::refused;
}

/// What has arrived counts, not what was announced: a sender that stays silent takes no room from others.
bool http_session::cover(held_room& room, const body_terms& terms, std::size_t bytes) {
  const std::size_t covered = terms.free_bytes + room.bytes;
  if (bytes <= covered || !terms.take) return true;
  const std::size_t more = std::max(bytes - covered, std::min(room_step, terms.most_bytes - covered));
  auto part = terms.take(more);
  if (!part) return false;
  room.parts.push_back(std::move(part));
  room.bytes += more;
  return true;
}

asio::awaitable<void> http_session::send_continue() {
  static constexpr std::string_view text = "HTTP/1.1 100 Continue\r\n\r\n";
  const auto bytes = asio::buffer(text);
  deadline_.arm(limits_.write_timeout);
  co_await asio::async_write(socket_, bytes, use_result);
}

http_session::reading http_session::classify(beast::error_code error, refusal& why) const {
  if (deadline_.expired()) {
    why = refusal{http::status::request_timeout, "The request did not arrive in time."};
    return reading::refused;
  }
  if (error == http::error::end_of_stream || error == http::error::partial_message) return reading::ended;
  if (error.category() != http::make_error_code(http::error::bad_method).category()) return reading::ended;
  if (error == http::error::header_limit || error == http::error::buffer_overflow)
    why = refusal{http::status::request_header_fields_too_large,
                  "The header is larger than " + std::to_string(limits_.max_header_bytes) + " bytes."};
  else if (error == http::error::body_limit)
    why = refusal{http::status::payload_too_large, too_large(limits_.max_body_bytes)};
  else if (error == http::error::bad_version)
    why = refusal{http::status::http_version_not_supported, "HTTP/1.0 and HTTP/1.1 are understood."};
  else
    why = refusal{http::status::bad_request, "This is no well-formed HTTP request."};
  return reading::refused;
}

asio::awaitable<http_answer> http_session::ask_handler(exchange& what) {
  std::string thrown;
  try {
    co_return co_await handler_.answer(what);
  } catch (const std::exception& error) {
    thrown = error.what();
  }
  http_answer answer = handler_.refuse(what, http::status::internal_server_error, "Something went wrong here.");
  answer.error = std::move(thrown);
  co_return answer;
}

asio::awaitable<bool> http_session::write_answer(const exchange& what, const http_answer& answer, bool keep_alive) {
  deadline_.arm(limits_.write_timeout);
  const std::string_view body = answer.body_text();
  bool written = false;
  if (what.request.method() == http::verb::head) {
    http::response<http::empty_body> out;
    fill_header(out, what, answer);
    out.keep_alive(keep_alive);
    out.content_length(body.size());
    auto [error, size] = co_await http::async_write(socket_, out, use_result);
    written = !error;
  } else {
    http::response<http::span_body<const char>> out;
    fill_header(out, what, answer);
    out.body() = beast::span<const char>(body.data(), body.size());
    out.keep_alive(keep_alive);
    out.prepare_payload();
    auto [error, size] = co_await http::async_write(socket_, out, use_result);
    written = !error;
  }
  deadline_.disarm();
  co_return written;
}

/// Closing with unread input resets the connection and may take the answer with it: read on for a moment.
asio::awaitable<void> http_session::linger() {
  beast::error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
  deadline_.arm(linger_time);
  std::array<char, 16 * 1024> waste;
  std::size_t left = limits_.max_body_bytes;
  const auto space = asio::buffer(waste);
  while (left > 0) {
    auto [error, size] = co_await socket_.async_read_some(space, use_result);
    if (error) break;
    left -= std::min(left, size);
  }
  deadline_.disarm();
}

} // namespace coldvigil
