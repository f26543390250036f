#pragma once
// A change of rules replayed over a unit's stored history before it goes live: which alarms would appear, which would
// vanish, and how many a month there would be.

#include "core/alarm_kpis.hpp"
#include "core/rule.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace coldvigil {

struct previewed_alarm {
  rule by{};
  timestamp raised_at{};
  std::optional<timestamp> cleared_at{};
  milli_celsius raised_value = 0;
  milli_celsius extreme = 0;
  excursion course{};
  friend bool operator==(const previewed_alarm&, const previewed_alarm&) = default;
};

/// How far back rules are tried when nobody says: 90 days, or as far as so many readings reach of a unit that reports
/// as often as it should; some come sooner.
[[nodiscard]] millis usual_history(std::chrono::seconds interval, std::size_t most_readings);

/// The alarms of a rule set over readings in event order, in the order of their raising. no_data rules are judged by
/// the wall clock and say nothing here.
[[nodiscard]] std::vector<previewed_alarm> alarms_over(const rule_set& rules, std::span<const judged_reading> readings);

struct what_if {
  /// Alarms that overlap none of the same kind and side that the other rules have; the first `most_listed` of each.
  std::vector<previewed_alarm> appearing{}, vanishing{};
  std::size_t appear = 0, vanish = 0;
  /// Those that overlap are paired, one with one, as many as can be: they stay. What remains of the present alarms is
  /// merged into others, what remains of the proposed ones is split off: more alarms for the same excursions. So the
  /// present alarms are stay + merge + vanish, the proposed ones stay + split + appear.
  std::size_t stay = 0, merge = 0, split = 0;
  /// A month has 30 days; less than a day of history says nothing of one.
  std::optional<double> per_month_now{}, per_month_then{};
  alarm_kpis now{}, then{}; ///< of this unit alone, over its history
};

struct what_if_limits {
  std::size_t most_listed = 1'000;
  kpi_limits kpis{};
};

/// Both are fitted to the unit. O(readings) plus O(alarms log alarms).
[[nodiscard]] what_if preview(const rule_set& proposed, const rule_set& current,
                              std::span<const judged_reading> readings, const what_if_limits& limits);

} // namespace coldvigil
