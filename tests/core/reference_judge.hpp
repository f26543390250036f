#pragma once
// The slow, obvious judge: for each reading everything is computed anew from the whole series, straight from what the
// rules say. Nothing here is shared with the machines but the words.

#include "core/alarm.hpp"
#include "core/mkt.hpp"
#include "core/reading.hpp"

#include <vector>

namespace coldvigil::test {

struct reference_alarm {
  rule_id rule{};
  timestamp raised_at{};
  std::optional<timestamp> cleared_at{};
  alarm_end end = alarm_end::condition;
  milli_celsius raised_value = 0;
  milli_celsius extreme = 0;
  std::optional<std::int64_t> measured{}; ///< to the thousandth, give or take one
  float peak_score = 0;
  excursion course{};
  bool silence_counts = true; ///< a silence after `heard_through` is unseen
  timestamp heard_through{};  ///< the newest reading that says something about the rule, up to its end
};

/// What passed between two times without a word, where that is longer than a reading stands for; else nothing.
[[nodiscard]] millis silence_between(const rule& by, timestamp from, timestamp to);

/// The alarms of one rule over a whole series in event order.
std::vector<reference_alarm> reference_alarms(const rule& by, const std::vector<judged_reading>& series);

/// What is known of a unit at one tick of the clock.
struct silence_tick {
  timestamp at{};
  std::vector<timestamp> heard{};   ///< every contact so far
  std::vector<timestamp> started{}; ///< every start of the process so far; one at least
};

/// The alarms of a no_data rule that looked at these ticks.
std::vector<reference_alarm> reference_silences(const rule& by, const std::vector<silence_tick>& ticks);

} // namespace coldvigil::test
