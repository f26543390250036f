#include "app/server_options_of.hpp"

namespace coldvigil {

server_options server_options_of(const settings& config) {
  server_options out;
  out.address = config.server.address;
  out.port = config.server.port;
  out.threads = config.server.threads;
  out.http.max_connections = config.server.max_connections;
  out.http.max_connections_per_address = config.server.max_connections_per_address;
  out.http.max_header_bytes = config.server.max_header_bytes;
  out.http.max_body_bytes = config.server.max_body_bytes;
  out.max_small_body_bytes = config.server.max_small_body_bytes;
  out.max_bodies_bytes = config.server.max_bodies_bytes;
  out.max_bodies_bytes_each = config.server.max_bodies_bytes_per_customer;
  out.http.header_timeout = config.server.request_timeout;
  out.http.body_timeout = config.server.request_timeout;
  out.http.idle_timeout = config.server.idle_timeout;
  out.max_items = config.server.max_items;
  out.max_preview_readings = config.server.max_preview_readings;
  out.max_preview_rules = config.rules.max_a_place;
  out.alarm_operators = config.alarms.operators;
  out.max_previews = config.server.max_previews;
  out.request_timeout = config.server.answer_timeout;
  out.metrics_from_loopback = config.server.metrics_from_loopback;
  out.demo_mode = config.demo.enabled;
  out.future_tolerance = config.ingestion.future_tolerance;
  out.max_websocket_clients = config.live.max_clients;
  out.ws_soft_queue_bytes = config.live.queue_bytes / 4;
  out.ws_hard_queue_bytes = config.live.queue_bytes;
  out.ws_ping_interval = config.live.ping_interval;
  out.max_websocket_clients_each = config.live.max_clients_per_customer;
  out.tickets = {config.live.ticket_lifetime, config.live.max_tickets, config.live.max_tickets_per_customer};
  if (!config.server.origin.empty()) out.allowed_origins = {config.server.origin};
  return out;
}

} // namespace coldvigil
