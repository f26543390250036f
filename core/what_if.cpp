#include "core/what_if.hpp"

#include "core/alarm_machine.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

namespace coldvigil {
namespace {

constexpr millis month = std::chrono::days{30};
constexpr millis shortest_history = std::chrono::days{1};
constexpr millis usual_span = std::chrono::days{90};

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

/// Alarms of one sort, by their ends, that have begun and have no partner yet.
using waiting = std::multiset<timestamp>;

struct bound {
  timestamp begin{}, end{};
  std::size_t side = 0; ///< whose rules' alarm it is: 0 or 1
};

/// How many of one side can be paired with one of the other that they overlap. In the order of their ends, each takes
/// of those that overlap it the one that ends first: all others overlap at least what that one would have.
std::size_t pairs_among(std::vector<bound> all) {
  std::vector<bound> by_begin = all;
  std::sort(by_begin.begin(), by_begin.end(), [](const bound& a, const bound& b) { return a.begin < b.begin; });
  std::sort(all.begin(), all.end(), [](const bound& a, const bound& b) { return a.end < b.end; });
  std::array<waiting, 2> alone;
  std::size_t begun = 0;
  std::size_t out = 0;
  for (const bound& each : all) {
    for (; begun < by_begin.size() && by_begin[begun].begin < each.end; ++begun)
      alone[by_begin[begun].side].insert(by_begin[begun].end);
    waiting& own = alone[each.side];
    const auto self = own.find(each.end);
    if (self == own.end()) continue; // was taken by one that ended before
    own.erase(self);
    waiting& others = alone[1 - each.side];
    if (others.empty()) continue;
    others.erase(others.begin());
    ++out;
  }
  return out;
}

/// How many alarms stay, of each sort by itself.
std::size_t count_pairs(const std::vector<previewed_alarm>& then, const std::vector<previewed_alarm>& now) {
  std::map<std::pair<rule_kind, rule_side>, std::vector<bound>> sorts;
  for (const previewed_alarm& each : then)
    sorts[{each.by.kind, each.by.side}].push_back({each.raised_at, end_of(each), 0});
  for (const previewed_alarm& each : now)
    sorts[{each.by.kind, each.by.side}].push_back({each.raised_at, end_of(each), 1});
  std::size_t out = 0;
  for (auto& [sort, bounds] : sorts)
    out += pairs_among(std::move(bounds));
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

millis usual_history(std::chrono::seconds interval, std::size_t most_readings) {
  if (interval.count() == 0) return usual_span;
  return std::min<millis>(usual_span, interval * static_cast<std::int64_t>(most_readings * 9 / 10));
}

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
  out.stay = count_pairs(then, now);
  out.merge = now.size() - vanishing.size() - out.stay;
  out.split = then.size() - appearing.size() - out.stay;
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
