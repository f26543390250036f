#pragma once
// Whether a rule's condition holds at a reading, without delays: those are the machine's (core/alarm_machine).

#include "core/detection.hpp"
#include "core/machine_state.hpp"
#include "core/reading.hpp"
#include "core/rule.hpp"

namespace coldvigil {

enum class judgement : std::uint8_t {
  silent,  ///< the reading says nothing about the rule: it neither counts nor resets
  holds,   ///< beyond the limit
  between, ///< not beyond it, and not inside by the deadband
  clears,  ///< inside by the deadband
};

/// What a reading says about a rule.
struct rule_answer {
  judgement says = judgement::silent;
  /// What was held against the limit where that is not the reading itself, greater farther out: the mean kinetic
  /// temperature in thousandths of a degree, the speed in thousandths of a degree an hour, the time beyond in ms.
  std::optional<std::int64_t> measured{};
};

/// A model's alarm is inside again when the score is below this share of its limit.
inline constexpr float score_inside = 0.7F;

/// A cumulative rule's window is the newest reading's slot up to that reading and so many whole ones before it.
inline constexpr std::int64_t cumulative_slots = 64;
/// A slope is taken from the oldest in the window of the first readings of its slots; it must be half a window old.
inline constexpr std::int64_t slope_slots = 8;

/// A sensor's own past is believed after so many neighbours were compared, and learnt up to so many.
inline constexpr std::uint32_t repeats_believed = 256;
inline constexpr std::uint32_t repeats_learnt = 1 << 16;
/// A run is a fault when it is this improbable, and this many times longer than the longest before.
inline constexpr double repeat_improbable = 1e-6;
inline constexpr std::uint32_t repeat_longer = 2;

/// Moves what the rule remembers over one reading, newer than all before, and judges it. O(1) a reading.
rule_answer judge(const rule& by, boxed<window_memory>& memory, const judged_reading& reading);

/// Thousandths of a degree to the warmer side for rules that look above, to the colder for those that look below.
[[nodiscard]] bool beyond(const rule& by, milli_celsius value);

/// The tightest limits that the rules have; nothing where they have none.
[[nodiscard]] watched_limits watched_by(const rule_set& rules);

} // namespace coldvigil
