#include "core/what_if.hpp"

#include "core/alarm_machine.hpp"

#include <algorithm>
#include <map>

namespace coldvigil {
namespace {

constexpr millis month = std::chrono::days{30};
constexpr millis shortest_history = std::chrono::days{1};

void describe(const course& what, previewed_alarm& into) {
  into.extreme = what.extreme;
  into.course = summary(what);
}

bool same_sort(const rule& a, const rule& b) {
  return a.kind == b.kind && a.side == b.side;
}

timestamp end_of(const previewed_alarm& alarm) {
  return alarm.cleared_at.value_or(timestamp::max());
}

/// Those of `all` that have none alike among `others`.
std::vector<const previewed_alarm*> without_counterpart(const std::vector<previewed_alarm>& all,
                                                        const std::vector<previewed_alarm>& others) {
  // The alarms of one rule follow each other, so their ends are in order, too.
  std::map<rule_id, std::vector<const previewed_alarm*>> by_rule;
  for (const previewed_alarm& other : others)
    by_rule[other.by.id].push_back(&other);
  std::vector<const previewed_alarm*> out;
  for (const previewed_alarm& each : all) {
    const bool found = std::any_of(by_rule.begin(), by_rule.end(), [&](const auto& entry) {
      const auto& list = entry.second;
      if (!same_sort(each.by, list.front()->by)) return false;
      const auto candidate = std::partition_point(
          list.begin(), list.end(), [&](const previewed_alarm* other) { return end_of(*other) <= each.raised_at; });
      return candidate != list.end() && (*candidate)->raised_at < end_of(each);
    });
    if (!found) out.push_back(&each);
  }
  return out;
}

std::vector<previewed_alarm> listed(const std::vector<const previewed_alarm*>& found, std::size_t most) {
  std::vector<previewed_alarm> out;
  for (std::size_t i = 0; i < std::min(found.size(), most); ++i)
    out.push_back(*found[i]);
  return out;
}

std::vector<alarm_course> courses(const std::vector<previewed_alarm>& alarms) {
  std::vector<alarm_course> out;
  for (const previewed_alarm& each : alarms) {
    alarm_course course;
    course.rule = each.by.id;
    course.kind = each.by.kind;
    course.level = each.by.level;
    course.raised_at = each.raised_at;
    course.cleared_at = each.cleared_at;
    out.push_back(course);
  }
  return out;
}

} // namespace

std::vector<previewed_alarm> alarms_over(const rule_set& rules, std::span<const judged_reading> readings) {
  std::vector<previewed_alarm> out;
  std::vector<machine_state> states(rules.rules.size());
  std::vector<std::size_t> open(rules.rules.size()); // index in `out`
  for (const judged_reading& reading : readings) {
    for (std::size_t i = 0; i < states.size(); ++i) {
      const auto event = step(rules.rules[i], states[i], reading);
      if (!event) continue;
      if (event->raised) {
        open[i] = out.size();
        out.push_back({rules.rules[i], reading.at, std::nullopt, reading.value, 0, {}});
      } else {
        out[open[i]].cleared_at = reading.at;
      }
      describe(event->what, out[open[i]]);
    }
  }
  for (std::size_t i = 0; i < states.size(); ++i)
    if (states[i].now && states[i].now->active) describe(*states[i].now, out[open[i]]);
  return out;
}

what_if preview(const rule_set& proposed, const rule_set& current, std::span<const judged_reading> readings,
                const what_if_limits& limits) {
  what_if out;
  const auto then = alarms_over(proposed, readings);
  const auto now = alarms_over(current, readings);
  const auto appearing = without_counterpart(then, now);
  const auto vanishing = without_counterpart(now, then);
  out.appear = appearing.size();
  out.vanish = vanishing.size();
  out.stay = then.size() - appearing.size();
  out.appearing = listed(appearing, limits.most_listed);
  out.vanishing = listed(vanishing, limits.most_listed);
  if (readings.empty()) return out;
  const timestamp from = readings.front().at;
  const timestamp to = readings.back().at + millis{1};
  out.now = kpis_of(courses(now), from, to, limits.kpis);
  out.then = kpis_of(courses(then), from, to, limits.kpis);
  if (to - from < shortest_history) return out;
  const double months = static_cast<double>((to - from).count()) / static_cast<double>(month.count());
  out.per_month_now = static_cast<double>(now.size()) / months;
  out.per_month_then = static_cast<double>(then.size()) / months;
  return out;
}

} // namespace coldvigil
