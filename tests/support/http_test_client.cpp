#include "tests/support/http_test_client.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cctype>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace coldvigil::test {

raw_connection::raw_connection(std::uint16_t port, int timeout_ms, int receive_buffer, std::uint8_t last_of_source)
    : timeout_ms_(timeout_ms) {
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (receive_buffer > 0) ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl((INADDR_LOOPBACK & ~0xFFU) | last_of_source);
  if (last_of_source != 1 && ::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("cannot send from 127.0.0." + std::to_string(last_of_source));
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(socket_);
    throw std::runtime_error("cannot connect to port " + std::to_string(port));
  }
}

raw_connection::~raw_connection() {
  ::close(socket_);
}

bool raw_connection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    pollfd waiting{socket_, POLLOUT, 0};
    if (::poll(&waiting, 1, timeout_ms_) <= 0) return false;
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void raw_connection::finish_sending() {
  ::shutdown(socket_, SHUT_WR);
}

bool raw_connection::fill() {
  pollfd waiting{socket_, POLLIN, 0};
  if (::poll(&waiting, 1, timeout_ms_) <= 0) return false;
  char chunk[65536];
  const auto size = ::recv(socket_, chunk, sizeof chunk, 0);
  if (size <= 0) return false;
  buffer_.append(chunk, static_cast<std::size_t>(size));
  return true;
}

bool raw_connection::ended() {
  if (!buffer_.empty()) return false;
  pollfd waiting{socket_, POLLIN, 0};
  if (::poll(&waiting, 1, timeout_ms_) <= 0) return false;
  char byte = 0;
  return ::recv(socket_, &byte, 1, 0) <= 0;
}

std::optional<std::string> raw_connection::read_exactly(std::size_t size) {
  while (buffer_.size() < size)
    if (!fill()) return std::nullopt;
  std::string out = buffer_.substr(0, size);
  buffer_.erase(0, size);
  return out;
}

std::optional<http_reply> raw_connection::read_reply(bool head) {
  std::size_t end = std::string::npos;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos)
    if (!fill()) return std::nullopt;
  http_reply reply;
  reply.status = std::stoi(buffer_.substr(9, 3));
  std::size_t line = buffer_.find("\r\n") + 2;
  while (line < end + 2) {
    const std::size_t next = buffer_.find("\r\n", line);
    const std::string field = buffer_.substr(line, next - line);
    const std::size_t colon = field.find(':');
    std::string name = field.substr(0, colon);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const std::size_t value = field.find_first_not_of(' ', colon + 1);
    reply.headers[name] = value == std::string::npos ? std::string{} : field.substr(value);
    line = next + 2;
  }
  buffer_.erase(0, end + 4);
  if (head || reply.status == 100 || reply.status == 101 || reply.status == 304) return reply;
  const auto length = reply.headers.find("content-length");
  if (length == reply.headers.end()) return reply;
  auto body = read_exactly(std::stoul(length->second));
  if (!body) return std::nullopt;
  reply.body = std::move(*body);
  return reply;
}

std::string request_text(const http_call& what, bool keep_alive) {
  std::string text = what.method + " " + what.target + " HTTP/1.1\r\nHost: localhost\r\n";
  if (!what.token.empty()) text += "Authorization: Bearer " + what.token + "\r\n";
  for (const auto& header : what.headers)
    text += header + "\r\n";
  if (!what.body.empty() || what.method == "POST")
    text += "Content-Type: application/json\r\nContent-Length: " + std::to_string(what.body.size()) + "\r\n";
  if (!keep_alive) text += "Connection: close\r\n";
  return text + "\r\n" + what.body;
}

http_reply call(std::uint16_t port, const http_call& what, int timeout_ms) {
  raw_connection connection(port, timeout_ms);
  connection.send(request_text(what, false));
  return connection.read_reply(what.method == "HEAD").value_or(http_reply{});
}

http_reply get(std::uint16_t port, const std::string& target, const std::string& token) {
  http_call what;
  what.target = target;
  what.token = token;
  return call(port, what);
}

http_reply change(std::uint16_t port, const std::string& method, const std::string& target, const std::string& body,
                  const std::string& token, const std::string& if_match) {
  http_call what;
  what.method = method;
  what.target = target;
  what.token = token;
  what.body = body;
  if (!if_match.empty()) what.headers.push_back("If-Match: " + if_match);
  return call(port, what);
}

http_reply post(std::uint16_t port, const std::string& target, const std::string& body, const std::string& token) {
  return change(port, "POST", target, body, token);
}

} // namespace coldvigil::test
