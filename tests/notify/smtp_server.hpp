#pragma once
// The SMTP server of the tests as a child process.

#include "tests/support/child_process.hpp"

#include <cstdint>
#include <stdexcept>

namespace coldvigil::test {

class smtp_server {
 public:
  explicit smtp_server(std::vector<std::string> arguments = {}) : process_(command(std::move(arguments)), "/dev/null") {
    const auto line = process_.read_line(30'000);
    if (!line) throw std::runtime_error("the SMTP server does not start: is python3-aiosmtpd installed?");
    port_ = static_cast<std::uint16_t>(std::stoi(*line));
  }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// The next message that the server has taken, as a line of JSON; it is written before the server's answer is.
  [[nodiscard]] std::string next_message() { return process_.read_line(30'000).value_or(""); }
  /// Whether there is none that has not been looked at.
  [[nodiscard]] bool no_more_messages() { return !process_.read_line(0).has_value(); }

 private:
  static std::vector<std::string> command(std::vector<std::string> arguments) {
    std::vector<std::string> out{"/usr/bin/python3",
                                 std::string(COLDVIGIL_SOURCE_DIR) + "/tests/notify/smtp_server.py"};
    out.insert(out.end(), arguments.begin(), arguments.end());
    return out;
  }
  child_process process_;
  std::uint16_t port_ = 0;
};

} // namespace coldvigil::test
