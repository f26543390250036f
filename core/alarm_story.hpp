#pragma once
// All that is known of one alarm: what its condition did and what people said of it, in the order of their deciding.

#include "core/alarm.hpp"
#include "core/alarm_life.hpp"

#include <span>
#include <vector>

namespace coldvigil {

/// The life of the alarm whose transitions and whose people's events these are, each in the order of their commits.
/// What was decided at the same moment: the condition first.
[[nodiscard]] alarm_life life_of(std::span<const alarm_transition> transitions, std::span<const life_event> said);

struct alarm_story {
  alarm_record alarm{};
  alarm_life life{};
  std::vector<alarm_transition> transitions{};
  std::vector<life_event> said{};
};

/// What the rule of the alarm asks of people.
[[nodiscard]] life_limits limits_of(const alarm_record& alarm, life_limits general);

} // namespace coldvigil
