#include "core/alarm_machine.hpp"

#include <algorithm>

namespace coldvigil {
namespace {

constexpr float model_threshold = 1.0F;

bool scored(const judged_reading& reading) {
  return reading.state == score_state::scored;
}

/// Nothing when the reading says nothing about the rule.
std::optional<bool> holds(rule_kind rule, const rule_set& rules, machine_state& state, const judged_reading& reading) {
  if (rule == rule_kind::low_limit) return reading.value < rules.range.low;
  if (rule == rule_kind::high_limit) return reading.value > rules.range.high;
  if (!scored(reading)) return std::nullopt;
  const bool over = reading.score > model_threshold;
  const unsigned next = over ? std::min<unsigned>(state.run + 1U, rules.consecutive) : 0U;
  state.run = static_cast<std::uint16_t>(next);
  return state.active ? over : next >= rules.consecutive;
}

void note_extreme(rule_kind rule, machine_state& state, const judged_reading& reading) {
  if (rule == rule_kind::low_limit)
    state.extreme = std::min(state.extreme, reading.value);
  else if (rule == rule_kind::high_limit)
    state.extreme = std::max(state.extreme, reading.value);
  else
    state.extreme = reading.value;
  if (scored(reading)) state.peak_score = std::max(state.peak_score, reading.score);
}

} // namespace

std::optional<machine_event> step(rule_kind rule, const rule_set& rules, machine_state& state,
                                  const judged_reading& reading) {
  const auto condition = holds(rule, rules, state, reading);
  if (!condition) return std::nullopt;
  if (*condition && !state.active) {
    state.active = true;
    state.raised_at = reading.at;
    state.raised_value = reading.value;
    state.extreme = reading.value;
    state.peak_score = 0;
    state.retroactive = reading.history;
    note_extreme(rule, state, reading);
    return machine_event::raised;
  }
  if (*condition) {
    note_extreme(rule, state, reading);
    return std::nullopt;
  }
  if (!state.active) return std::nullopt;
  state.active = false;
  return machine_event::cleared;
}

} // namespace coldvigil
