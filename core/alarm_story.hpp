#pragma once
// All that is known of one alarm: what its condition did and what people said of it, in the order of their deciding.

#include "core/alarm.hpp"
#include "core/alarm_life.hpp"
#include "core/service_change.hpp"

#include <span>
#include <vector>

namespace coldvigil {

/// The life of the alarm whose transitions and whose people's events these are, each in the order of their commits.
/// What was decided at the same moment: the condition first.
[[nodiscard]] alarm_life life_of(std::span<const alarm_transition> transitions, std::span<const life_event> said);

/// The life after what the condition did.
[[nodiscard]] alarm_life life_after(const alarm_life& life, const alarm_transition& transition);

/// What was said of the alarm, and what was done to its unit while it lived: in the order of time. A unit that was out
/// of service when the alarm was raised takes it out from the beginning.
[[nodiscard]] std::vector<life_event> with_service(std::span<const alarm_transition> transitions,
                                                   std::span<const life_event> said,
                                                   std::span<const service_change> of_unit);

/// The life of an alarm of which nobody has said anything.
[[nodiscard]] alarm_life untouched(const alarm_record& alarm);

struct alarm_story {
  alarm_record alarm{};
  alarm_life life{};
  std::vector<alarm_transition> transitions{};
  std::vector<life_event> said{};
};

/// What the rule of the alarm asks of people.
[[nodiscard]] life_limits limits_of(const alarm_record& alarm, life_limits general);

/// The same person has said this before and it still stands: a repeated request, which changes nothing.
[[nodiscard]] bool stands_already(const alarm_story& story, const life_event& event);

} // namespace coldvigil
