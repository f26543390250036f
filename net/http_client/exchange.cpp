#include "net/http_client/exchange.hpp"

#include "net/http_client/resolve.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <algorithm>
#include <vector>

namespace coldvigil {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using steady = std::chrono::steady_clock;
using request = http::request<http::empty_body>;
using parser = http::response_parser<http::string_body>;

constexpr std::size_t read_piece = 64 * 1024;

std::string base64(const std::string& text) {
  std::vector<unsigned char> out(4 * ((text.size() + 2) / 3) + 1);
  const int size =
      EVP_EncodeBlock(out.data(), reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  return {out.begin(), out.begin() + size};
}

bool breaks_header(const std::string& text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
}

request make_request(const http_client_options& options, const http_fetch& what, const url& address) {
  request out{http::verb::get, address.target, 11};
  const bool v6 = address.host.find(':') != std::string::npos;
  std::string host = v6 ? '[' + address.host + ']' : address.host;
  if (address.port != (address.tls ? 443 : 80)) host += ':' + std::to_string(address.port);
  out.set(http::field::host, host);
  out.set(http::field::user_agent, options.user_agent);
  out.set(http::field::accept, "application/json, text/csv, */*;q=0.1");
  out.set(http::field::accept_encoding, "identity");
  out.set(http::field::connection, "close");
  if (!what.user.empty()) out.set(http::field::authorization, "Basic " + base64(what.user + ':' + what.password));
  if (!what.header_name.empty()) out.set(what.header_name, what.header_value);
  return out;
}

/// The state of one fetch: where it is, how long it may take, what to say when it fails.
class fetch_run {
 public:
  fetch_run(const http_client_options& options, const url& address)
      : options_(options), where_(to_string(address)), connect_by_(steady::now() + options.connect_timeout),
        end_by_(steady::now() + options.total_timeout) {}

  [[nodiscard]] steady::time_point connect_deadline() const { return std::min(connect_by_, end_by_); }
  /// Of the next read or write.
  [[nodiscard]] steady::time_point idle_deadline() const {
    return std::min(steady::now() + options_.read_timeout, end_by_);
  }

  [[nodiscard]] failure fail(error_code code, std::string what, std::string hint = {}) const {
    return {code, std::move(what), where_, std::move(hint)};
  }
  [[nodiscard]] failure not_connected(const boost::system::error_code& error) const;
  [[nodiscard]] failure not_read(const boost::system::error_code& error) const;
  /// A failure when the headers already say that the body is of no use.
  [[nodiscard]] std::optional<failure> check_head(const parser& answer) const;

 private:
  const http_client_options& options_;
  std::string where_;
  steady::time_point connect_by_;
  steady::time_point end_by_;
};

std::string seconds_text(millis time) {
  return std::to_string(time.count()) + " ms";
}

failure fetch_run::not_connected(const boost::system::error_code& error) const {
  if (error == beast::error::timeout || error == asio::error::timed_out)
    return fail(error_code::unavailable, "no connection within " + seconds_text(options_.connect_timeout));
  if (error.category() == asio::error::get_ssl_category())
    return fail(error_code::unavailable, "TLS failed: " + error.message(), "check the endpoint's certificate and name");
  return fail(error_code::unavailable, "cannot connect: " + error.message());
}

failure fetch_run::not_read(const boost::system::error_code& error) const {
  if (error == beast::error::timeout && steady::now() >= end_by_)
    return fail(error_code::unavailable, "the answer took longer than " + seconds_text(options_.total_timeout));
  if (error == beast::error::timeout)
    return fail(error_code::unavailable, "silent for " + seconds_text(options_.read_timeout));
  if (error == http::error::body_limit)
    return fail(error_code::limit, "the body is larger than " + std::to_string(options_.max_body_bytes) + " bytes",
                "ask for a shorter time, or raise ingestion.max_body_bytes");
  if (error == http::error::header_limit || error == http::error::buffer_overflow)
    return fail(error_code::limit,
                "the headers are larger than " + std::to_string(options_.max_header_bytes) + " bytes");
  if (error == http::error::end_of_stream)
    return fail(error_code::unavailable, "the connection was closed without an answer");
  if (error == http::error::partial_message || error == asio::ssl::error::stream_truncated)
    return fail(error_code::unavailable, "the answer ended in the middle (half a body)");
  if (error.category() == http::make_error_code(http::error::bad_method).category())
    return fail(error_code::unavailable, "the answer is not HTTP: " + error.message());
  return fail(error_code::unavailable, "the connection broke: " + error.message());
}

std::optional<failure> fetch_run::check_head(const parser& answer) const {
  const auto& head = answer.get();
  const unsigned status = head.result_int();
  if (status >= 300 && status < 400) {
    const auto location = head[http::field::location];
    return fail(error_code::invalid_argument,
                "the endpoint redirects (" + std::to_string(status) + ") and redirects are not followed",
                location.empty() ? "" : "configure the address it points to");
  }
  if (status < 200 || status >= 300) {
    const auto kind =
        status >= 500 || status == 408 || status == 429 ? error_code::unavailable : error_code::invalid_argument;
    return fail(kind, "the endpoint answered " + std::to_string(status) + ' ' +
                          std::string(http::obsolete_reason(head.result())));
  }
  const auto encoding = head[http::field::content_encoding];
  if (!encoding.empty() && !beast::iequals(encoding, "identity"))
    return fail(error_code::unavailable, "the answer is compressed although that was not asked for");
  return std::nullopt;
}

/// Sends the request and reads the answer over a connected stream; `lowest` is the layer that keeps the time.
template <class Stream>
asio::awaitable<result<http_fetch_answer>> converse(Stream& stream, beast::tcp_stream& lowest, const fetch_run& run,
                                                    const http_client_options& options, const request& message) {
  boost::system::error_code error;
  auto token = asio::redirect_error(asio::use_awaitable, error);
  lowest.expires_at(run.idle_deadline());
  co_await http::async_write(stream, message, token);
  if (error) co_return run.not_read(error);

  beast::flat_buffer buffer(options.max_header_bytes + read_piece);
  parser answer;
  answer.header_limit(static_cast<std::uint32_t>(options.max_header_bytes));
  answer.body_limit(options.max_body_bytes);
  bool head_checked = false;
  while (!answer.is_done()) {
    lowest.expires_at(run.idle_deadline());
    co_await http::async_read_some(stream, buffer, answer, token);
    if (answer.is_header_done() && !head_checked) {
      head_checked = true;
      if (const auto useless = run.check_head(answer)) co_return *useless;
    }
    if (error) co_return run.not_read(error);
  }
  auto done = answer.release();
  http_fetch_answer out;
  out.status = done.result_int();
  out.content_type = done[http::field::content_type];
  out.body = std::move(done.body());
  co_return out;
}

asio::awaitable<result<http_fetch_answer>> converse_tls(beast::tcp_stream tcp, asio::ssl::context& tls,
                                                        const url& address, const fetch_run& run,
                                                        const http_client_options& options, const request& message) {
  beast::ssl_stream<beast::tcp_stream> stream(std::move(tcp), tls);
  boost::system::error_code error;
  auto token = asio::redirect_error(asio::use_awaitable, error);
  stream.set_verify_mode(asio::ssl::verify_peer);
  stream.set_verify_callback(asio::ssl::host_name_verification(address.host));
  if (SSL_set_tlsext_host_name(stream.native_handle(), address.host.c_str()) != 1)
    co_return run.fail(error_code::internal, "TLS cannot name the host");
  beast::get_lowest_layer(stream).expires_at(run.connect_deadline());
  co_await stream.async_handshake(asio::ssl::stream_base::client, token);
  if (error) co_return run.not_connected(error);
  co_return co_await converse(stream, beast::get_lowest_layer(stream), run, options, message);
}

} // namespace

result<url> check_fetch(const http_fetch& what) {
  auto address = parse_url(what.url);
  if (!address) return address;
  for (const auto* text : {&what.header_name, &what.header_value, &what.user, &what.password})
    if (breaks_header(*text))
      return failure{error_code::invalid_argument, "a header or credential has a control character",
                     to_string(*address)};
  return address;
}

asio::awaitable<result<http_fetch_answer>> exchange(const exchange_tools& tools, const http_fetch& what,
                                                    const url& address) {
  const fetch_run run(tools.options, address);
  const auto executor = co_await asio::this_coro::executor;
  const auto endpoints = co_await resolve(tools.resolvers, address, run.connect_deadline());
  if (!endpoints) co_return run.fail(endpoints.error().code, endpoints.error().what, endpoints.error().hint);
  boost::system::error_code error;
  auto token = asio::redirect_error(asio::use_awaitable, error);
  beast::tcp_stream tcp(executor);
  tcp.expires_at(run.connect_deadline());
  co_await tcp.async_connect(*endpoints, token);
  if (error) co_return run.not_connected(error);
  const request message = make_request(tools.options, what, address);
  if (address.tls) co_return co_await converse_tls(std::move(tcp), tools.tls, address, run, tools.options, message);
  co_return co_await converse(tcp, tcp, run, tools.options, message);
}

} // namespace coldvigil
