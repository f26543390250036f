#include "net/routes/routes.hpp"

namespace coldvigil::routes {

route_answer ping(api&, api_request&) {
  co_return json_answer(R"({"ping":"pong"})");
}

route_answer health(api& with, api_request&) {
  const engine_health health = with.core().health();
  const auto up = std::chrono::steady_clock::now() - with.started;
  std::string text;
  json_writer out(text);
  out.begin_object().member("status", health.store_ok ? "ok" : "degraded").member("version", with.parts.version);
  out.member("timestamp", with.now());
  // What is wrong with the store may name hosts and files: that is in the log, not here.
  out.member("database", health.store_ok ? "ok" : "error: recording has stopped");
  out.member("store", health.store_kind);
  out.member("model", health.model_name.empty() ? std::nullopt : std::optional(health.model_name));
  out.member("in_flight", health.in_flight);
  out.member("uptime_seconds", std::chrono::duration_cast<std::chrono::seconds>(up).count()).end_object();
  http_answer answer =
      json_answer(std::move(text), health.store_ok ? http::status::ok : http::status::service_unavailable);
  if (!health.store_ok) answer.error = health.store_text;
  co_return answer;
}

} // namespace coldvigil::routes
