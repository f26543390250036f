#include "loopback_server.hpp"

#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>

namespace coldvigil {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

template <class Stream> std::string read_request(Stream& stream) {
  std::string text;
  error_code error;
  asio::read_until(stream, asio::dynamic_buffer(text), "\r\n\r\n", error);
  return text;
}

} // namespace

loopback_server::loopback_server(behaviour act)
    : acceptor_(context_, {asio::ip::address_v4::loopback(), 0}), port_(acceptor_.local_endpoint().port()) {
  thread_ = std::thread([this, act = std::move(act)] {
    serve([&act](socket& connection) {
      const std::string request = read_request(connection);
      if (!request.empty()) act(connection, request);
    });
  });
}

loopback_server::loopback_server(asio::ssl::context& tls, std::string answer)
    : acceptor_(context_, {asio::ip::address_v4::loopback(), 0}), port_(acceptor_.local_endpoint().port()) {
  thread_ = std::thread([this, &tls, answer = std::move(answer)] {
    serve([&](socket& connection) {
      asio::ssl::stream<socket&> stream(connection, tls);
      error_code error;
      stream.handshake(asio::ssl::stream_base::server, error);
      if (error || read_request(stream).empty()) return;
      asio::write(stream, asio::buffer(answer), error);
    });
  });
}

void loopback_server::serve(const std::function<void(socket&)>& one) {
  while (!stopped_) {
    error_code error;
    socket connection(context_);
    acceptor_.accept(connection, error);
    if (error || stopped_) return;
    one(connection);
  }
}

loopback_server::~loopback_server() {
  stopped_ = true;
  // A last connection wakes the thread out of its accept.
  error_code error;
  socket wake(context_);
  wake.connect({asio::ip::address_v4::loopback(), port_}, error);
  thread_.join();
}

std::string loopback_server::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + path;
}

loopback_server::behaviour answer_with(std::string text) {
  return [text = std::move(text)](loopback_server::socket& connection, const std::string&) {
    error_code error;
    asio::write(connection, asio::buffer(text), error);
  };
}

loopback_server::behaviour hang(std::string first) {
  return [first = std::move(first)](loopback_server::socket& connection, const std::string&) {
    error_code error;
    asio::write(connection, asio::buffer(first), error);
    char byte = 0;
    connection.read_some(asio::buffer(&byte, 1), error);
  };
}

} // namespace coldvigil
