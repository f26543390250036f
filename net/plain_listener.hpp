#pragma once
// Serves a plain message handler (core/http_message.hpp) on an address and port, with the limits of any listener.
// Several may share the same threads; the threads outlive them.

#include "core/http_message.hpp"
#include "core/result.hpp"
#include "net/http_limits.hpp"
#include "net/network_threads.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace coldvigil {

class plain_listener {
 public:
  plain_listener(network_threads& threads, const http_limits& limits, http_message_handler handler);
  /// Stops.
  ~plain_listener();

  /// Port 0 = a free one; gives the port. Called once.
  result<std::uint16_t> start(const std::string& address, std::uint16_t port);
  /// Waits up to stop_grace for answers under way. Not on a network thread. Safe to call twice.
  void stop();

 private:
  class service;
  std::unique_ptr<service> service_;
};

} // namespace coldvigil
