#pragma once
// The server of net/ as the front actor owns it.

#include "actors/front.hpp"
#include "net/server.hpp"

#include <utility>

namespace coldvigil {

class network_front final : public actors::front_server {
 public:
  network_front(server_options options, server_parts parts) : server_(std::move(options), std::move(parts)) {}
  result<std::uint16_t> take_port() { return server_.take_port(); }
  status start() {
    const auto port = server_.start();
    if (!port.ok()) return port.error();
    return nothing{};
  }
  void stop() override { server_.stop(); }

 private:
  server server_;
};

} // namespace coldvigil
