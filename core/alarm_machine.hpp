#pragma once
// One rule over one unit's judged readings in event order: pure, deterministic, O(1) a reading.

#include "core/machine_state.hpp"
#include "core/reading.hpp"
#include "core/rule.hpp"

#include <optional>

namespace coldvigil {

/// An alarm begins or ends at this reading.
struct machine_event {
  bool raised = false; ///< else cleared
  course what{};       ///< as it stands; of a cleared one, as it ended
};

/// Moves the rule's state over one reading, newer than all before.
///
/// The condition (core/rule_condition) must be shown by `consecutive` readings in a row and have lasted `on_delay`,
/// counted from reading to reading; the reading that completes it raises the alarm. It is cleared by the reading at
/// which the condition has been over, inside the deadband, for `off_delay`. What a silence longer than `max_gap` does
/// to those delays is said by the rule's gap policy; the excursion keeps it apart from what was seen, whatever the
/// policy. Silence alone never raises or clears. Readings that say nothing about the rule (no score: law 6) neither
/// count nor reset.
std::optional<machine_event> step(const rule& by, machine_state& state, const judged_reading& reading);

/// What an alarm says of its excursion.
struct excursion {
  timestamp onset{}; ///< the first reading of the condition; of a sum, where the oldest of its time began
  milli_celsius lowest = 0;
  milli_celsius highest = 0;
  milli_celsius mean = 0; ///< over time; the newest value while no time has passed
  milli_celsius mkt = 0;  ///< mean kinetic temperature, likewise
  millis lasted{0};       ///< time seen out of limits, without silences
  millis unseen{0};       ///< silences longer than the rule's max_gap since the onset: it lasted at most so much longer
  bool end_unseen = false; ///< it was found over after such a silence
  friend bool operator==(const excursion&, const excursion&) = default;
};
[[nodiscard]] excursion summary(const course& of);
/// The silence that has gone on since the newest reading of a course; nothing while it is no longer than max_gap,
/// nor of a sum whose newest reading is not beyond its limit.
[[nodiscard]] millis silence_since(const rule& by, const course& of, timestamp now);

[[nodiscard]] std::size_t heap_bytes_of(const machine_state& state);

} // namespace coldvigil
