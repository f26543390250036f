#include "tests/support/http_receiver.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <algorithm>
#include <atomic>

namespace coldvigil::test {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using socket = asio::ip::tcp::socket;
using boost::system::error_code;

received_request plain(const http::request<http::string_body>& request) {
  received_request out{std::string(request.method_string()), std::string(request.target()), request.body(), {}};
  for (const auto& field : request) {
    std::string name(field.name_string());
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    out.headers[name] = std::string(field.value());
  }
  return out;
}

void carry_out(const receiver_answer& answer, socket& connection) {
  error_code error;
  if (answer.what == receiver_answer::kind::close) return;
  if (answer.what == receiver_answer::kind::hang) {
    char byte = 0;
    connection.read_some(asio::buffer(&byte, 1), error);
    return;
  }
  http::response<http::string_body> out{http::int_to_status(answer.status), 11};
  out.result(answer.status);
  for (const auto& [name, value] : answer.headers)
    out.set(name, value);
  out.body() = answer.body;
  out.keep_alive(false);
  out.prepare_payload();
  http::write(connection, out, error);
}

} // namespace

struct http_receiver::inner {
  asio::io_context context;
  asio::ip::tcp::acceptor acceptor{context, {asio::ip::address_v4::loopback(), 0}};
  std::atomic<bool> stopped{false};
};

http_receiver::http_receiver(behaviour act) : inner_(std::make_unique<inner>()) {
  thread_ = std::thread([this, act = std::move(act)] {
    while (!inner_->stopped) {
      error_code error;
      socket connection(inner_->context);
      inner_->acceptor.accept(connection, error);
      if (error || inner_->stopped) return;
      boost::beast::flat_buffer buffer;
      http::request<http::string_body> request;
      http::read(connection, buffer, request, error);
      if (error) continue;
      const received_request got = plain(request);
      {
        const std::lock_guard lock(mutex_);
        received_.push_back(got);
      }
      carry_out(act(got), connection);
    }
  });
}

http_receiver::~http_receiver() {
  inner_->stopped = true;
  // A last connection wakes the thread out of its accept.
  error_code error;
  asio::io_context context;
  socket wake(context);
  wake.connect(inner_->acceptor.local_endpoint(), error);
  thread_.join();
}

std::string http_receiver::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(inner_->acceptor.local_endpoint().port()) + path;
}

std::vector<received_request> http_receiver::received() const {
  const std::lock_guard lock(mutex_);
  return received_;
}

} // namespace coldvigil::test
