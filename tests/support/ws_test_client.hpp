#pragma once
// A small blocking WebSocket client for tests. Speaks the frames itself, so that it can also speak them wrongly.

#include "tests/support/http_test_client.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace coldvigil::test {

struct ws_frame {
  int opcode = 0; ///< 0 continuation, 1 text, 8 close, 9 ping, 10 pong
  bool final = true;
  std::string payload{};

  /// Of a close frame; 1005 when it has none.
  [[nodiscard]] int close_code() const;
};

class ws_client {
 public:
  /// Connects and asks for the upgrade; see `status` for the answer. `headers` are further "Name: value" lines.
  ws_client(std::uint16_t port, const std::string& target, const std::vector<std::string>& headers = {},
            int timeout_ms = 5'000, int receive_buffer = 0);

  /// Status of the answer to the upgrade: 101 when it worked, 0 when none came.
  [[nodiscard]] int status() const { return status_; }
  /// The next frame whatever it is; nothing at the end of the stream or after the timeout.
  [[nodiscard]] std::optional<ws_frame> read_frame();
  /// The next text; answers pings on the way. Nothing when the stream ends or is closed.
  [[nodiscard]] std::optional<std::string> read_text();
  /// The close code that ends the stream, skipping texts and pings; nothing when none comes.
  [[nodiscard]] std::optional<int> read_close();
  /// One masked frame.
  bool send(int opcode, std::string_view payload);
  bool send_raw(std::string_view bytes) { return connection_.send(bytes); }
  /// Answers the other side's close frame and ends.
  void finish();

 private:
  raw_connection connection_;
  int status_ = 0;
};

} // namespace coldvigil::test
