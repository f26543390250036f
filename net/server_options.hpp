#pragma once
// Every bound and switch of the server.

#include "net/http_limits.hpp"
#include "net/tickets.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace coldvigil {

struct server_options {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0; ///< 0 = a free one
  std::size_t threads = 1;
  http_limits http{};

  std::size_t max_small_body_bytes = 64 * 1024;    ///< of requests other than posts of readings and changes of contacts
  std::size_t max_bodies_bytes = 64 * 1024 * 1024; ///< of what of all bodies is beyond the small size; 503 beyond
  std::size_t max_bodies_bytes_each = 32 * 1024 * 1024; ///< of one customer's; those without a token are one

  millis request_timeout{15'000};               ///< waiting for the engine; 503 after
  millis future_tolerance{300'000};             ///< readings measured later than now plus this are refused
  std::size_t max_items = 10'000;               ///< of one POST /api/v1/temperature
  std::size_t max_history = 1'024;              ///< values of POST /predict
  std::size_t max_listed_units = 1'000;         ///< of one reading list that names no unit
  std::size_t max_scanned_readings = 2'000'000; ///< that one list or series may look through
  std::size_t max_preview_readings = 200'000;   ///< of one replay of rules
  std::size_t max_preview_rules = 32;
  std::size_t max_previews = 4;                   ///< replays that run or wait; more are told to come back
  std::size_t alarm_operators = 1;                ///< people among whom alarms are shared, of the numbers per operator
  millis max_span = std::chrono::hours{24 * 366}; ///< of one list or series
  millis stale_floor{60'000};                     ///< see views.hpp

  ticket_limits tickets{};
  std::size_t max_websocket_clients = 64;
  std::size_t max_websocket_clients_each = 64;       ///< of one customer; those that see all customers count as one
  std::size_t ws_soft_queue_bytes = 1024 * 1024;     ///< queued for one client: folded beyond
  std::size_t ws_hard_queue_bytes = 8 * 1024 * 1024; ///< closed with 1013 beyond
  millis ws_stall_timeout{30'000};                   ///< one message must be taken within this
  millis ws_ping_interval{20'000};                   ///< a client that answers no ping is cut after two of these
  millis ws_close_timeout{1'000};                    ///< for the closing handshake
  int ws_send_buffer = 0;                            ///< bytes of the socket's buffer; 0 = the system's
  std::vector<std::string> allowed_origins{};        ///< besides the server's own, e.g. "https://monitor.example"

  bool demo_mode = false;             ///< POST /predict needs no token
  bool metrics_from_loopback = false; ///< GET /metrics needs no token from this machine
};

} // namespace coldvigil
