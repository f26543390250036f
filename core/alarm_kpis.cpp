#include "core/alarm_kpis.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace coldvigil {
namespace {

constexpr millis ten_minutes = std::chrono::minutes{10};
constexpr std::size_t clearings_that_chatter = 3;

using source_key = std::pair<unit_id, rule_id>;
using by_source = std::map<source_key, std::vector<const alarm_course*>>;

/// At the time for which it is raised.
bool burdens_people(const alarm_course& alarm) {
  return !alarm.retroactive && !alarm.suppressed;
}

bool in_period(timestamp at, timestamp from, timestamp to) {
  return at >= from && at < to;
}

alarm_source source_of(const std::vector<const alarm_course*>& alarms, std::size_t count) {
  return {alarms.front()->unit, alarms.front()->rule, alarms.front()->kind, count};
}

/// How the count of alarms in the ten minutes up to a time changes: one more at a raising, one fewer ten minutes later.
std::vector<std::pair<timestamp, int>> alarms_in_ten_minutes(const std::vector<timestamp>& raised) {
  std::vector<std::pair<timestamp, int>> steps;
  for (const timestamp at : raised) {
    steps.emplace_back(at, 1);
    steps.emplace_back(at + ten_minutes, -1);
  }
  std::sort(steps.begin(), steps.end());
  return steps;
}

void measure_floods(const std::vector<timestamp>& raised, timestamp from, timestamp to, const kpi_limits& limits,
                    alarm_kpis& out) {
  const std::int64_t begins = std::int64_t{limits.flood_begins} * limits.operators;
  const std::int64_t ends = std::int64_t{limits.flood_ends} * limits.operators;
  std::int64_t count = 0;
  std::optional<timestamp> since;
  const auto steps = alarms_in_ten_minutes(raised);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const timestamp at = steps[i].first;
    count += steps[i].second;
    if (i + 1 < steps.size() && steps[i + 1].first == at) continue;
    out.most_in_10_min = std::max(out.most_in_10_min, static_cast<std::uint64_t>(count));
    if (!since && count > begins) since = at;
    if (!since || count >= ends) continue;
    out.floods.push_back({*since, std::min(at, to)});
    since.reset();
  }
  if (since) out.floods.push_back({*since, to});
  millis flooded{0};
  for (const alarm_kpis::flood& each : out.floods)
    flooded += each.to - each.from;
  out.share_in_flood = static_cast<double>(flooded.count()) / static_cast<double>((to - from).count());
}

std::vector<alarm_source> chattering(const by_source& sources, timestamp from, timestamp to, millis window) {
  std::vector<alarm_source> out;
  for (const auto& [key, alarms] : sources) {
    std::vector<timestamp> cleared;
    for (const alarm_course* each : alarms)
      if (each->cleared_at && in_period(*each->cleared_at, from, to)) cleared.push_back(*each->cleared_at);
    std::sort(cleared.begin(), cleared.end());
    bool found = false;
    for (std::size_t i = clearings_that_chatter - 1; i < cleared.size(); ++i)
      found = found || cleared[i] - cleared[i - clearings_that_chatter + 1] <= window;
    if (found) out.push_back(source_of(alarms, cleared.size()));
  }
  return out;
}

void measure_active(std::span<const alarm_course> alarms, timestamp from, timestamp to, const kpi_limits& limits,
                    alarm_kpis& out) {
  std::vector<std::pair<timestamp, int>> steps;
  for (const alarm_course& each : alarms) {
    if (!burdens_people(each) || each.raised_at >= to || (each.cleared_at && *each.cleared_at < from)) continue;
    const timestamp end = each.cleared_at ? std::min(*each.cleared_at, to) : to;
    steps.emplace_back(std::max(each.raised_at, from), 1);
    steps.emplace_back(end, -1);
    if (end - each.raised_at > limits.stale) ++out.stale;
  }
  std::sort(steps.begin(), steps.end());
  std::int64_t active = 0;
  for (const auto& [at, step] : steps) {
    active += step;
    out.most_active = std::max(out.most_active, static_cast<std::uint64_t>(std::max<std::int64_t>(active, 0)));
  }
}

void measure_top(const by_source& sources, std::size_t most, alarm_kpis& out) {
  for (const auto& [key, alarms] : sources)
    out.top.push_back(source_of(alarms, alarms.size()));
  std::stable_sort(out.top.begin(), out.top.end(),
                   [](const alarm_source& a, const alarm_source& b) { return a.alarms > b.alarms; });
  if (out.top.size() > most) out.top.resize(most);
  std::uint64_t of_top = 0;
  for (const alarm_source& each : out.top)
    of_top += each.alarms;
  out.share_of_top = out.alarms == 0 ? 0 : static_cast<double>(of_top) / static_cast<double>(out.alarms);
}

void measure_acknowledging(const std::vector<const alarm_course*>& raised, alarm_kpis& out) {
  std::vector<millis> waits;
  for (const alarm_course* each : raised)
    if (each->acknowledged_at) waits.push_back(std::max(millis{0}, *each->acknowledged_at - each->raised_at));
  out.acknowledged = waits.size();
  if (waits.empty()) return;
  std::sort(waits.begin(), waits.end());
  // The smallest that at least this share does not exceed.
  const auto at_share = [&](std::size_t percent) { return waits[(waits.size() * percent + 99) / 100 - 1]; };
  out.median_to_acknowledge = at_share(50);
  out.p90_to_acknowledge = at_share(90);
  out.longest_to_acknowledge = waits.back();
}

} // namespace

std::vector<alarm_course> courses_of(std::span<const alarm_transition> transitions) {
  std::map<alarm_id, const alarm_record*> last;
  for (const alarm_transition& each : transitions)
    last[each.after.id] = &each.after;
  std::vector<alarm_course> out;
  for (const auto& [id, alarm] : last)
    if (!alarm->annulled)
      out.push_back({id, alarm->unit, alarm->by.id, alarm->rule, alarm->by.level, alarm->raised_at, alarm->cleared_at,
                     std::nullopt, alarm->retroactive});
  std::stable_sort(out.begin(), out.end(),
                   [](const alarm_course& a, const alarm_course& b) { return a.raised_at < b.raised_at; });
  return out;
}

alarm_kpis kpis_of(std::span<const alarm_course> alarms, timestamp from, timestamp to, const kpi_limits& limits) {
  alarm_kpis out;
  if (to <= from || limits.operators == 0) return out;
  std::vector<const alarm_course*> raised;
  std::vector<timestamp> times;
  by_source sources;
  by_source all_sources;
  for (const alarm_course& each : alarms) {
    if (!burdens_people(each)) {
      if (in_period(each.raised_at, from, to)) ++(each.retroactive ? out.retroactive : out.suppressed);
      continue;
    }
    all_sources[{each.unit, each.rule}].push_back(&each);
    if (!in_period(each.raised_at, from, to)) continue;
    raised.push_back(&each);
    times.push_back(each.raised_at);
    sources[{each.unit, each.rule}].push_back(&each);
    ++(each.level == alarm_level::critical ? out.critical : out.warning);
    if (each.cleared_at && *each.cleared_at - each.raised_at < limits.fleeting) ++out.fleeting;
  }
  out.alarms = raised.size();
  const double operators = limits.operators;
  const auto period = static_cast<double>((to - from).count());
  out.per_operator_10_min =
      static_cast<double>(out.alarms) / operators * static_cast<double>(ten_minutes.count()) / period;
  out.per_operator_day = out.per_operator_10_min * 144;
  measure_floods(times, from, to, limits, out);
  out.chattering = chattering(all_sources, from, to, limits.chatter_window);
  if (limits.slow_chatter_window.count() > 0)
    out.slowly_chattering = chattering(all_sources, from, to, limits.slow_chatter_window);
  measure_active(alarms, from, to, limits, out);
  measure_top(sources, limits.top, out);
  measure_acknowledging(raised, out);
  return out;
}

} // namespace coldvigil
