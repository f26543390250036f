#include "tests/support/ws_test_client.hpp"

namespace coldvigil::test {

int ws_frame::close_code() const {
  if (payload.size() < 2) return 1005;
  return static_cast<unsigned char>(payload[0]) * 256 + static_cast<unsigned char>(payload[1]);
}

ws_client::ws_client(std::uint16_t port, const std::string& target, const std::vector<std::string>& headers,
                     int timeout_ms, int receive_buffer)
    : connection_(port, timeout_ms, receive_buffer) {
  http_call upgrade;
  upgrade.target = target;
  upgrade.headers = headers;
  upgrade.headers.insert(upgrade.headers.end(),
                         {"Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
                          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="});
  connection_.send(request_text(upgrade, true));
  if (const auto reply = connection_.read_reply()) status_ = reply->status;
}

std::optional<ws_frame> ws_client::read_frame() {
  const auto head = connection_.read_exactly(2);
  if (!head) return std::nullopt;
  ws_frame frame;
  frame.final = (static_cast<unsigned char>((*head)[0]) & 128) != 0;
  frame.opcode = static_cast<unsigned char>((*head)[0]) & 15;
  std::uint64_t size = static_cast<unsigned char>((*head)[1]) & 127;
  if (size >= 126) {
    const auto longer = connection_.read_exactly(size == 126 ? 2 : 8);
    if (!longer) return std::nullopt;
    size = 0;
    for (const char c : *longer)
      size = size * 256 + static_cast<unsigned char>(c);
  }
  auto payload = connection_.read_exactly(size);
  if (!payload) return std::nullopt;
  frame.payload = std::move(*payload);
  return frame;
}

std::optional<std::string> ws_client::read_text() {
  std::string text;
  while (auto frame = read_frame()) {
    if (frame->opcode <= 1) {
      text += frame->payload;
      if (frame->final) return text;
    }
    if (frame->opcode == 9) send(10, frame->payload);
    if (frame->opcode == 8) return std::nullopt;
  }
  return std::nullopt;
}

std::optional<int> ws_client::read_close() {
  while (const auto frame = read_frame()) {
    if (frame->opcode == 8) return frame->close_code();
    if (frame->opcode == 9) send(10, frame->payload);
  }
  return std::nullopt;
}

bool ws_client::send(int opcode, std::string_view payload) {
  constexpr std::string_view mask = "\x11\x22\x33\x44";
  std::string bytes(1, static_cast<char>(0x80 | opcode));
  if (payload.size() < 126) {
    bytes += static_cast<char>(0x80 | payload.size());
  } else {
    bytes += static_cast<char>(0x80 | 126);
    bytes += static_cast<char>(payload.size() >> 8);
    bytes += static_cast<char>(payload.size() & 255);
  }
  bytes += mask;
  for (std::size_t i = 0; i < payload.size(); ++i)
    bytes += static_cast<char>(payload[i] ^ mask[i % 4]);
  return connection_.send(bytes);
}

void ws_client::finish() {
  send(8, std::string_view("\x03\xe8", 2));
}

} // namespace coldvigil::test
