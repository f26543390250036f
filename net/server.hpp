#pragma once
// The API, the live feed and the dashboard on one port, on threads of its own.

#include "core/result.hpp"
#include "net/net_metrics.hpp"
#include "net/server_options.hpp"
#include "net/server_parts.hpp"

#include <cstdint>
#include <memory>

namespace coldvigil {

class server {
 public:
  server(server_options options, server_parts parts);
  /// Stops.
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  /// Gives the port; who connects waits until start(). Called once, or not at all.
  result<std::uint16_t> take_port();
  /// Takes the port unless that is done, and answers; gives the port. Called once.
  result<std::uint16_t> start();
  /// Accepts no more, closes WebSockets with 1001, waits up to http.stop_grace for answers under way, ends the threads.
  /// The engine may still call back afterwards. Safe to call twice.
  void stop();

  [[nodiscard]] const net_metrics& metrics() const;

 private:
  class service;
  std::unique_ptr<service> service_;
};

} // namespace coldvigil
