#pragma once
// One rule over one unit's judged readings in event order: pure, deterministic, O(1) a reading.

#include "core/alarm.hpp"
#include "core/reading.hpp"

#include <optional>

namespace coldvigil {

enum class machine_event : std::uint8_t { raised, cleared };

/// Moves the rule's state over one reading, newer than all before.
///
/// low_limit, high_limit: raised by a reading strictly outside, cleared by the first that is not.
/// model_persistence: raised by the N-th scored reading in a row over the model's threshold (score > 1), cleared by the
/// first scored one that is not. Readings without a score neither count nor reset (law 6).
///
/// When an event is returned, `state` holds the alarm that was raised, or the one that just ended.
std::optional<machine_event> step(rule_kind rule, const rule_set& rules, machine_state& state,
                                  const judged_reading& reading);

} // namespace coldvigil
