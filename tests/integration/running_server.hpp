#pragma once
// The real binary, started on free ports in a folder of its own.

#include "tests/support/child_process.hpp"
#include "tests/support/http_test_client.hpp"

#include <boost/json.hpp>

#include <chrono>
#include <cstdint>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace coldvigil::test {

/// Upper bounds, generous because the machine may be busy; nothing waits this long when all is well.
inline constexpr int start_patience_ms = 120'000;
inline constexpr int call_patience_ms = 60'000;

inline std::uint16_t port_of(const std::string& url) {
  return static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
}

inline std::string read_file(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// Belongs to the thread that makes it; killed and reaped with the object.
class running_server {
 public:
  running_server(const std::string& config, const std::vector<std::string>& overrides, const std::string& log) {
    std::vector<std::string> command{COLDVIGIL_BINARY, "serve", "--config", config, "--set", "server.port=0"};
    for (const std::string& each : overrides) {
      command.push_back("--set");
      command.push_back(each);
    }
    process_ = std::make_unique<child_process>(command, log);
    while (const auto line = process_->read_line(start_patience_ms)) {
      const auto event = boost::json::parse(*line).as_object();
      if (event.at("event") == "simulated")
        simulated[std::string(event.at("customer").as_string())] = port_of(std::string(event.at("url").as_string()));
      if (event.at("event") != "listening") continue;
      port = port_of(std::string(event.at("address").as_string()));
      return;
    }
    throw std::runtime_error("the server did not start: " + read_file(log));
  }

  [[nodiscard]] child_process& process() { return *process_; }
  http_reply get(const std::string& target, const std::string& token) const {
    return call(port, {"GET", target, token, "", {}}, call_patience_ms);
  }
  http_reply post(const std::string& target, const std::string& token, const std::string& body) const {
    return call(port, {"POST", target, token, body, {"Content-Type: application/json"}}, call_patience_ms);
  }
  [[nodiscard]] boost::json::value json(const std::string& target, const std::string& token) const {
    const auto reply = get(target, token);
    if (reply.status != 200) throw std::runtime_error(target + " gave " + std::to_string(reply.status) + reply.body);
    return boost::json::parse(reply.body);
  }

  std::uint16_t port = 0;
  std::map<std::string, std::uint16_t> simulated;

 private:
  std::unique_ptr<child_process> process_;
};

/// Asks again until the condition holds; every question is a round trip to the server, so this does not spin.
inline bool eventually(const std::function<bool()>& holds, int patience_ms = start_patience_ms) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds{patience_ms};
  while (std::chrono::steady_clock::now() < end)
    if (holds()) return true;
  return holds();
}

inline boost::json::object read_tokens(const std::string& path) {
  return boost::json::parse(read_file(path)).as_object();
}

} // namespace coldvigil::test
