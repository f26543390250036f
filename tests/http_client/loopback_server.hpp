#pragma once
// A tiny server on a free loopback port that answers as it is told, also wrongly. One thread, one connection at a time.

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace coldvigil {

class loopback_server {
 public:
  using socket = boost::asio::ip::tcp::socket;
  /// Given the connection after the request was read, and the request. Blocking calls are fine; the connection is
  /// closed afterwards.
  using behaviour = std::function<void(socket& connection, const std::string& request)>;

  explicit loopback_server(behaviour act);
  /// The same over TLS, answering `answer` to whatever is asked.
  loopback_server(boost::asio::ssl::context& tls, std::string answer);
  ~loopback_server();

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string url(const std::string& path = "/") const;

 private:
  void serve(const std::function<void(socket&)>& one);

  boost::asio::io_context context_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::uint16_t port_;
  std::atomic<bool> stopped_{false};
  std::thread thread_;
};

/// Sends the text as it is.
loopback_server::behaviour answer_with(std::string text);
/// Waits until the client goes away.
loopback_server::behaviour hang(std::string first = {});

} // namespace coldvigil
