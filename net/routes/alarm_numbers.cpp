// How good the alarm system itself is, in numbers (ISA-18.2, IEC 62682).
#include "net/await_engine.hpp"
#include "net/routes/routes.hpp"
#include "net/scope.hpp"

#include <chrono>

namespace coldvigil::routes {
namespace {

constexpr millis usual_period = std::chrono::days{7};
constexpr std::size_t most_operators = 1'000;

void write_sources(json_writer& out, std::string_view name, const std::vector<alarm_source>& sources,
                   const scope& seen) {
  out.key(name).begin_array();
  for (const alarm_source& each : sources) {
    const auto unit = find_unit_by_id(seen, each.unit);
    if (!unit) continue;
    const unit_record& record = *unit->unit->unit;
    out.begin_object().member("unit_id", record.public_id).member("unit_code", record.code);
    out.member("customer_code", unit->customer->directory->customer->code);
    out.member("rule_id", static_cast<std::uint32_t>(each.rule)).member("rule", to_string(each.kind));
    out.member("alarms", each.alarms).end_object();
  }
  out.end_array();
}

void write_seconds(json_writer& out, std::string_view name, const std::optional<millis>& span) {
  out.key(name);
  if (span)
    out.value(static_cast<double>(span->count()) / 1000.0);
  else
    out.null();
}

std::string render(const alarm_kpis& of, timestamp from, timestamp to, const kpi_limits& limits, const scope& seen) {
  std::string text;
  json_writer out(text);
  out.begin_object().member("from", from).member("to", to).member("operators", limits.operators);
  out.member("alarms", of.alarms).member("critical", of.critical).member("warning", of.warning);
  out.member("retroactive", of.retroactive).member("suppressed", of.suppressed);
  out.member("per_operator_10_min", of.per_operator_10_min).member("per_operator_day", of.per_operator_day);
  out.member("most_in_10_min", of.most_in_10_min).member("most_active", of.most_active);
  out.key("floods").begin_array();
  for (const auto& each : of.floods)
    out.begin_object().member("from", each.from).member("to", each.to).end_object();
  out.end_array().member("share_in_flood", of.share_in_flood);
  write_sources(out, "chattering", of.chattering, seen);
  write_sources(out, "slowly_chattering", of.slowly_chattering, seen);
  out.member("fleeting", of.fleeting).member("stale", of.stale);
  write_sources(out, "top", of.top, seen);
  out.member("share_of_top", of.share_of_top).member("acknowledged", of.acknowledged);
  out.key("seconds_to_acknowledge").begin_object();
  write_seconds(out, "median", of.median_to_acknowledge);
  write_seconds(out, "p90", of.p90_to_acknowledge);
  write_seconds(out, "longest", of.longest_to_acknowledge);
  out.end_object().end_object();
  return text;
}

} // namespace

route_answer alarm_numbers(api& with, api_request& request) {
  kpi_limits limits;
  limits.operators =
      static_cast<unsigned>(request.query.number("operators", 1, most_operators, with.options.alarm_operators));
  limits.slow_chatter_window =
      std::chrono::seconds{static_cast<std::int64_t>(request.query.number("slow_chatter_seconds", 0, 86'400, 0))};
  const timestamp to = request.query.time("to").value_or(with.now());
  const timestamp from = request.query.time("from").value_or(to - usual_period);
  if (from >= to) request.query.reject("from", "earlier than to");
  if (to - from > with.options.max_span)
    request.query.reject("from", "at most " + std::to_string(with.options.max_span / std::chrono::days{1}) + " days");
  if (!request.query.errors().empty()) co_return invalid_input(request.query.errors());
  const auto seen = scope_of(with, request);
  if (!seen) co_return not_found("There is no such customer.");
  course_query query;
  query.customer = seen->customer;
  query.from = from;
  query.to = to;
  auto start = [&](auto done) {
    with.core().courses(query, std::move(done));
    return true;
  };
  auto got = co_await await_engine<result<std::vector<alarm_course>>>(with.options.request_timeout, start);
  if (!got) co_return engine_late(with);
  if (!got->ok() && got->error().code == error_code::limit)
    co_return problem(422, "validation", got->error().what + ": " + got->error().hint);
  if (!got->ok()) co_return engine_failed(got->error());
  const alarm_kpis numbers = kpis_of(got->value(), from, to, limits);
  co_return json_answer(render(numbers, from, to, limits, *seen));
}

} // namespace coldvigil::routes
