#include "core/alarm_machine.hpp"

#include "core/driver_text.hpp"
#include "core/rule_condition.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace coldvigil {
namespace {

/// A sum began before the reading that completed it.
void take_summed(const rule& by, const cumulative_memory& memory, course& out) {
  milli_celsius lowest = std::numeric_limits<milli_celsius>::max();
  milli_celsius highest = std::numeric_limits<milli_celsius>::min();
  for (const auto& slot : memory.slots) {
    out.onset = std::min(out.onset, slot.onset.value_or(out.onset));
    lowest = std::min(lowest, slot.lowest);
    highest = std::max(highest, slot.highest);
    out.lasted += slot.lasted;
    out.unseen += slot.unseen;
    out.value_ms += slot.value_ms;
    out.rates += slot.rates;
  }
  if (lowest > highest) return; // nothing of it was seen
  out.lowest = lowest;
  out.highest = highest;
  out.extreme = by.side == rule_side::below ? lowest : highest;
}

course begin(const rule& by, const machine_state& state, const judged_reading& reading) {
  course out;
  out.onset = reading.at;
  out.extreme = out.lowest = out.highest = out.last_value = reading.value;
  if (by.kind == rule_kind::cumulative) take_summed(by, std::get<cumulative_memory>(*state.window), out);
  return out;
}

/// What a sum is told of are the readings that are summed.
bool is_part(const rule& by, judgement says, milli_celsius value) {
  return says != judgement::clears && (by.kind != rule_kind::cumulative || beyond(by, value));
}

/// The time since the last reading belongs to that reading; what passed in silence was seen by nobody, whatever the
/// rule's delays make of it.
void pass_time(const rule& by, course& c, millis since, bool silence) {
  if (silence && (c.counted || by.kind != rule_kind::cumulative)) c.unseen += since;
  if (silence || !c.counted) return;
  c.lasted += since;
  c.value_ms += std::int64_t{c.last_value} * since.count();
  c.rates += kinetic_rate(in_celsius(c.last_value)) * static_cast<double>(since.count());
}

void note(const rule& by, course& c, const judged_reading& reading, const rule_answer& judged) {
  const bool part_of_it = is_part(by, judged.says, reading.value);
  c.last_at = reading.at;
  c.counted = part_of_it;
  if (judged.says != judgement::clears && judged.measured)
    c.measured = std::max(c.measured.value_or(*judged.measured), *judged.measured);
  if (!part_of_it) return;
  c.last_value = reading.value;
  c.lowest = std::min(c.lowest, reading.value);
  c.highest = std::max(c.highest, reading.value);
  const bool sided = by.kind == rule_kind::cumulative || by.kind == rule_kind::predicted_breach;
  if (by.kind == rule_kind::low_limit || (sided && by.side == rule_side::below))
    c.extreme = c.lowest;
  else if (by.kind == rule_kind::high_limit || by.kind == rule_kind::mkt_limit || sided)
    c.extreme = c.highest;
  else
    c.extreme = reading.value;
  if (reading.state == score_state::scored && reading.score > c.peak_score) {
    c.peak_score = reading.score;
    // Later the score shows what became of the fault, and its recovery: only that the sensor is ill is worth more.
    const bool ill = is_sensor_rule(reading.why.driver) && !is_sensor_rule(c.driver);
    if (!c.active || ill) c.driver = reading.why.driver;
  }
  if (!by.tolerated_to) return;
  c.beyond_borne |=
      by.kind == rule_kind::low_limit ? reading.value < *by.tolerated_to : reading.value > *by.tolerated_to;
}

std::optional<machine_event> raise_when_due(const rule& by, course& c, const judged_reading& reading) {
  const bool borne = by.tolerated_to && !c.beyond_borne;
  const millis delay = borne ? std::max(by.on_delay, by.tolerated_for) : by.on_delay;
  if (c.held < delay || c.run < by.consecutive) return std::nullopt;
  c.active = true;
  c.held = millis{0};
  c.raised_at = reading.at;
  c.raised_value = reading.value;
  c.retroactive = reading.history;
  return machine_event{true, c};
}

void count_on(course& c, millis counted) {
  c.held += counted;
  if (c.run < std::numeric_limits<std::uint16_t>::max()) ++c.run;
}

} // namespace

std::optional<machine_event> step(const rule& by, machine_state& state, const judged_reading& reading) {
  const rule_answer judged = judge(by, state.window, reading);
  const judgement said = judged.says;
  if (said == judgement::silent) return std::nullopt;
  if (state.now && !state.now->active && said != judgement::holds) state.now.reset();
  if (!state.now && said != judgement::holds) return std::nullopt;

  const millis since = state.now ? reading.at - state.now->last_at : millis{0};
  const bool silence = since > by.max_gap;
  const bool anew = silence && by.gaps == gap_policy::restart;
  const millis counted = silence && by.gaps != gap_policy::bridge ? millis{0} : since;
  const bool begins = !state.now || (anew && !state.now->active);
  if (begins) state.now = begin(by, state, reading);
  course& c = *state.now;
  if (!begins) pass_time(by, c, since, silence);
  const bool out_of_sight = silence && c.counted;
  note(by, c, reading, judged);

  if (!c.active) {
    count_on(c, begins ? millis{0} : counted);
    return raise_when_due(by, c, reading);
  }
  if (said != judgement::clears) {
    c.clearing = c.end_unseen = false;
    return std::nullopt;
  }
  if (!c.clearing) c.end_unseen = out_of_sight;
  c.held = c.clearing && !anew ? c.held + counted : millis{0};
  c.clearing = true;
  if (c.held < by.off_delay) return std::nullopt;
  machine_event ended{false, c};
  state.now.reset();
  return ended;
}

millis silence_since(const rule& by, const course& of, timestamp now) {
  const millis since = now - of.last_at;
  if (by.kind == rule_kind::cumulative && !of.counted) return millis{0};
  return since > by.max_gap ? since : millis{0};
}

excursion summary(const course& of) {
  excursion out{of.onset, of.lowest, of.highest, of.last_value, of.last_value, of.lasted, of.unseen, of.end_unseen};
  if (of.lasted.count() == 0) return out;
  const auto time = static_cast<double>(of.lasted.count());
  out.mean = static_cast<milli_celsius>(std::lround(static_cast<double>(of.value_ms) / time));
  out.mkt = static_cast<milli_celsius>(std::lround(celsius_of_rate(of.rates / time) * 1000.0));
  return out;
}

std::size_t heap_bytes_of(const machine_state& state) {
  std::size_t bytes = state.now ? sizeof(course) : 0;
  if (!state.window) return bytes;
  bytes += sizeof(window_memory);
  if (const auto* of = std::get_if<cumulative_memory>(&*state.window))
    bytes += of->slots.capacity() * sizeof(of->slots[0]);
  if (const auto* of = std::get_if<slope_memory>(&*state.window))
    bytes += of->samples.capacity() * sizeof(of->samples[0]);
  if (const auto* of = std::get_if<rolling_mkt::memory>(&*state.window))
    bytes += of->slots.capacity() * sizeof(of->slots[0]);
  return bytes;
}

} // namespace coldvigil
