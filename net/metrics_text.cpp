#include "net/metrics_text.hpp"

#include <charconv>
#include <cmath>

namespace coldvigil {

void metrics_text::family(std::string_view name, std::string_view type, std::string_view help) {
  name_ = name;
  text_.append("# HELP ").append(name).append(" ").append(help).append("\n");
  text_.append("# TYPE ").append(name).append(" ").append(type).append("\n");
}

void metrics_text::sample(double value, std::string_view labels, std::string_view suffix) {
  text_.append(name_).append(suffix);
  if (!labels.empty()) text_.append("{").append(labels).append("}");
  text_ += ' ';
  if (std::isfinite(value)) {
    char digits[40];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    text_.append(digits, end);
  } else {
    text_ += std::isnan(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
  }
  text_ += '\n';
}

void one(metrics_text& out, std::string_view name, std::string_view type, std::string_view help, double value) {
  out.family(name, type, help);
  out.sample(value);
}

void one(metrics_text& out, std::string_view name, std::string_view type, std::string_view help,
         const std::atomic<std::uint64_t>& value) {
  one(out, name, type, help, static_cast<double>(value.load(std::memory_order_relaxed)));
}

std::string label(std::string_view name, std::string_view value) {
  std::string out(name);
  out += "=\"";
  for (const char each : value) {
    if (each == '"' || each == '\\') out += '\\';
    if (each == '\n')
      out += "\\n";
    else
      out += each;
  }
  return out + '"';
}

std::string render(const net_metrics& metrics, std::size_t bodies_bytes) {
  const auto value = [](const net_metrics::counter& c) {
    return static_cast<double>(c.load(std::memory_order_relaxed));
  };
  metrics_text out;
  out.family("coldvigil_http_requests_total", "counter", "Answers by status class.");
  double answers = 0;
  for (std::size_t i = 0; i < metrics.requests.size(); ++i) {
    answers += value(metrics.requests[i]);
    out.sample(value(metrics.requests[i]), label("class", std::to_string(i + 1) + "xx"));
  }
  out.family("coldvigil_http_request_seconds", "summary", "Time from a request's first byte to its answer's last.");
  out.sample(value(metrics.request_micros) / 1e6, {}, "_sum");
  out.sample(answers, {}, "_count");
  one(out, "coldvigil_http_connections_rejected_total", "counter", "Connections closed because there were too many.",
      metrics.connections_rejected);
  one(out, "coldvigil_http_bodies_refused_total", "counter",
      "Requests refused because the large bodies under way, of all or of their customer, left no room.",
      metrics.bodies_refused);
  one(out, "coldvigil_http_bodies_bytes", "gauge", "Room that large bodies under way take now.",
      static_cast<double>(bodies_bytes));
  one(out, "coldvigil_http_engine_timeouts_total", "counter", "Requests that the engine did not answer in time.",
      metrics.engine_timeouts);
  one(out, "coldvigil_http_engine_full_total", "counter", "Submissions refused because the engine was full.",
      metrics.engine_full);
  one(out, "coldvigil_live_clients", "gauge", "WebSocket clients now.", metrics.ws_clients);
  one(out, "coldvigil_live_accepted_total", "counter", "WebSocket clients accepted.", metrics.ws_accepted);
  one(out, "coldvigil_live_refused_total", "counter",
      "WebSocket clients refused: too many, of all or of their customer.", metrics.ws_refused);
  one(out, "coldvigil_live_tickets_displaced_total", "counter",
      "Unused tickets that gave way to newer ones of the same customer.", metrics.tickets_displaced);
  one(out, "coldvigil_live_coalesced_total", "counter", "Times that a slow client's queue was folded.",
      metrics.ws_coalesced);
  one(out, "coldvigil_live_dropped_total", "counter", "Clients closed because they stayed behind.", metrics.ws_dropped);
  one(out, "coldvigil_live_gaps_total", "counter", "Resumes that could not be honoured.", metrics.ws_gaps);
  return out.text();
}

} // namespace coldvigil
