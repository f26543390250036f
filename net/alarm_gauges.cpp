#include "net/alarm_gauges.hpp"

#include "core/alarm_kpis.hpp"
#include "net/await_engine.hpp"
#include "net/metrics_text.hpp"
#include "net/scope.hpp"

#include <algorithm>

namespace coldvigil {
namespace {

constexpr millis period = std::chrono::days{1};
constexpr millis longest_age = std::chrono::minutes{1};
constexpr millis longest_wait{2'000};

std::string labels_of(const alarm_source& source, const found_unit& unit) {
  return label("customer", unit.customer->directory->customer->code) + "," + label("unit", unit.unit->unit->code) +
         "," + label("rule_id", std::to_string(static_cast<std::uint32_t>(source.rule))) + "," +
         label("rule", to_string(source.kind));
}

void sources(metrics_text& out, std::string_view name, std::string_view help, const std::vector<alarm_source>& what,
             const scope& all) {
  out.family(name, "gauge", help);
  for (const alarm_source& each : what)
    if (const auto unit = find_unit_by_id(all, each.unit))
      out.sample(static_cast<double>(each.alarms), labels_of(each, *unit));
}

std::string render(const alarm_kpis& of, timestamp now, const scope& all) {
  metrics_text out;
  out.family("coldvigil_alarm_day_raised", "gauge", "Alarms raised in the last 24 hours, by severity.");
  out.sample(static_cast<double>(of.critical), label("severity", to_string(alarm_level::critical)));
  out.sample(static_cast<double>(of.warning), label("severity", to_string(alarm_level::warning)));
  one(out, "coldvigil_alarm_day_found_late", "gauge",
      "Alarms of the last 24 hours that were found late; in no other number.", static_cast<double>(of.retroactive));
  one(out, "coldvigil_alarm_day_suppressed", "gauge",
      "Alarms of the last 24 hours that were set aside at their raising; in no other number.",
      static_cast<double>(of.suppressed));
  one(out, "coldvigil_alarm_day_per_operator", "gauge", "Alarms of the last 24 hours an operator (alarms.operators).",
      of.per_operator_day);
  one(out, "coldvigil_alarm_day_per_operator_10_min", "gauge", "The same in 10 minutes, on average; aim: at most 1.",
      of.per_operator_10_min);
  one(out, "coldvigil_alarm_day_most_in_10_min", "gauge", "Most alarms raised in 10 minutes of the last 24 hours.",
      static_cast<double>(of.most_in_10_min));
  one(out, "coldvigil_alarm_day_most_active", "gauge", "Most alarms open at a time in the last 24 hours.",
      static_cast<double>(of.most_active));
  one(out, "coldvigil_alarm_day_floods", "gauge", "Floods of alarms in the last 24 hours.",
      static_cast<double>(of.floods.size()));
  one(out, "coldvigil_alarm_day_flood_share", "gauge", "Share of the last 24 hours that was flood; aim: below 0.01.",
      of.share_in_flood);
  one(out, "coldvigil_alarm_flood_now", "gauge", "1 while alarms come in a flood.",
      !of.floods.empty() && of.floods.back().to == now ? 1 : 0);
  sources(out, "coldvigil_alarm_day_chattering",
          "Rules of units that chattered in the last 24 hours, with how often they cleared; aim: none.", of.chattering,
          all);
  one(out, "coldvigil_alarm_day_fleeting", "gauge", "Alarms of the last 24 hours that cleared within a minute.",
      static_cast<double>(of.fleeting));
  one(out, "coldvigil_alarm_day_stale", "gauge", "Alarms that were open for more than 24 hours without a break.",
      static_cast<double>(of.stale));
  one(out, "coldvigil_alarm_day_acknowledged", "gauge", "Alarms of the last 24 hours that were acknowledged.",
      static_cast<double>(of.acknowledged));
  sources(out, "coldvigil_alarm_day_top", "The rules of units with the most alarms in the last 24 hours.", of.top, all);
  one(out, "coldvigil_alarm_day_top_share", "gauge", "Their share of all alarms of the last 24 hours.",
      of.share_of_top);
  return out.text();
}

} // namespace

asio::awaitable<std::string> alarm_gauges_now(api& with) {
  const timestamp now = with.now();
  if (auto kept = with.alarm_gauges.younger_than(longest_age, now)) co_return std::move(*kept);
  course_query query;
  query.from = now - period;
  query.to = now;
  auto start = [&](auto done) {
    with.core().courses(query, std::move(done));
    return true;
  };
  const auto got = co_await await_engine<result<std::vector<alarm_course>>>(
      std::min(longest_wait, with.options.request_timeout), start);
  if (!got || !got->ok()) co_return std::string{};
  kpi_limits limits;
  limits.operators = static_cast<unsigned>(with.options.alarm_operators);
  std::string out =
      render(kpis_of(got->value(), query.from, now, limits), now, scope_of(with.core().board(), std::nullopt));
  with.alarm_gauges.keep(out, now);
  co_return out;
}

} // namespace coldvigil
