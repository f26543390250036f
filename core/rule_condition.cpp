#include "core/rule_condition.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace coldvigil {
namespace {

constexpr std::int64_t ms_per_hour = 3'600'000;

std::int64_t sign_of(const rule& by) {
  if (by.kind == rule_kind::low_limit) return -1;
  return by.kind != rule_kind::high_limit && by.side == rule_side::below ? -1 : 1;
}

/// How far out, positive outwards.
std::int64_t out_by(const rule& by, milli_celsius value) {
  return sign_of(by) * (std::int64_t{value} - by.limit);
}

judgement judged_by(bool holds, bool inside) {
  return holds ? judgement::holds : inside ? judgement::clears : judgement::between;
}

template <class Memory> Memory& open(boxed<window_memory>& memory) {
  if (!memory || !std::holds_alternative<Memory>(*memory)) memory = window_memory{Memory{}};
  return std::get<Memory>(*memory);
}

bool bridged(const rule& by, millis silence) {
  return by.gaps == gap_policy::bridge || silence <= by.max_gap;
}

judgement by_limit(const rule& by, milli_celsius value) {
  const std::int64_t out = out_by(by, value);
  const bool inside = by.inclusive ? out + by.deadband < 0 : out + by.deadband <= 0;
  return judged_by(beyond(by, value), inside);
}

judgement by_score(const rule& by, const judged_reading& reading) {
  if (reading.state != score_state::scored) return judgement::silent;
  return judged_by(reading.score > by.score_limit, reading.score < score_inside * by.score_limit);
}

std::uint32_t slot_of(timestamp at, std::int64_t slot_ms) {
  return static_cast<std::uint32_t>(std::max<std::int64_t>(to_ms(at), 0) / slot_ms);
}

using beyond_slot = cumulative_memory::slot;

/// Not before the newest one.
beyond_slot& slot_at(cumulative_memory& memory, timestamp at, std::int64_t slot_ms) {
  const std::uint32_t index = slot_of(at, slot_ms);
  if (memory.slots.empty() || memory.slots.back().index != index) memory.slots.push_back({index});
  beyond_slot& out = memory.slots.back();
  if (!out.onset) out.onset = at;
  return out;
}

void note_value(beyond_slot& in, milli_celsius value) {
  in.lowest = std::min(in.lowest, value);
  in.highest = std::max(in.highest, value);
}

/// `seen`: the value that stood there; nothing of a silence that is bridged.
void add_beyond(cumulative_memory& memory, timestamp from, timestamp to, std::int64_t slot_ms,
                std::optional<milli_celsius> seen) {
  from = std::max(from, from_ms((slot_of(to, slot_ms) - cumulative_slots) * slot_ms));
  while (from < to) {
    const timestamp end = std::min(to, from_ms((std::int64_t{slot_of(from, slot_ms)} + 1) * slot_ms));
    const millis span = end - from;
    beyond_slot& slot = slot_at(memory, from, slot_ms);
    slot.beyond_ms += static_cast<std::uint32_t>(span.count());
    if (seen) {
      note_value(slot, *seen);
      slot.lasted += span;
      slot.value_ms += std::int64_t{*seen} * span.count();
      slot.rates += kinetic_rate(in_celsius(*seen)) * static_cast<double>(span.count());
    }
    from = end;
  }
}

/// The time since the last reading belongs to that reading.
void pass_beyond(const rule& by, cumulative_memory& memory, timestamp now, std::int64_t slot_ms) {
  const millis since = now - *memory.last_at;
  const bool silence = since > by.max_gap;
  if (silence && memory.last_value) slot_at(memory, *memory.last_at, slot_ms).unseen += since;
  if (bridged(by, since)) add_beyond(memory, *memory.last_at, now, slot_ms, silence ? std::nullopt : memory.last_value);
}

rule_answer by_sum(const rule& by, cumulative_memory& memory, const judged_reading& reading) {
  const std::int64_t slot_ms = by.window.count() / cumulative_slots;
  if (memory.last_beyond) pass_beyond(by, memory, reading.at, slot_ms);
  memory.last_at = reading.at;
  memory.last_beyond = beyond(by, reading.value);
  memory.last_value.reset();
  if (memory.last_beyond) {
    memory.last_value = reading.value;
    note_value(slot_at(memory, reading.at, slot_ms), reading.value);
  }
  const std::uint32_t newest = slot_of(reading.at, slot_ms);
  std::erase_if(memory.slots, [newest](const auto& slot) { return slot.index + cumulative_slots < newest; });
  std::int64_t sum = 0;
  for (const auto& slot : memory.slots)
    sum += slot.beyond_ms;
  return {judged_by(sum >= by.cumulative.count(), true), sum};
}

struct slope {
  std::int64_t rise = 0; ///< thousandths of a degree
  std::int64_t time = 0; ///< ms
};

std::optional<slope> newest_slope(const rule& by, slope_memory& memory, const judged_reading& reading) {
  const bool anew =
      !memory.samples.empty() && by.gaps == gap_policy::restart && reading.at - memory.last_at > by.max_gap;
  if (anew) memory.samples.clear();
  std::erase_if(memory.samples, [&](const auto& sample) { return sample.at < reading.at - by.window; });
  std::optional<slope> out;
  if (!memory.samples.empty() && reading.at - memory.samples.front().at >= by.window / 2)
    out = slope{std::int64_t{reading.value} - memory.samples.front().value,
                (reading.at - memory.samples.front().at).count()};
  const std::int64_t slot_ms = by.window.count() / slope_slots;
  if (memory.samples.empty() || slot_of(memory.last_at, slot_ms) != slot_of(reading.at, slot_ms))
    memory.samples.push_back({reading.at, reading.value});
  memory.last_at = reading.at;
  return out;
}

rule_answer by_rate(const rule& by, slope_memory& memory, const judged_reading& reading) {
  const auto found = newest_slope(by, memory, reading);
  if (!found) return {};
  const std::int64_t rise = by.side == rule_side::either ? std::abs(found->rise) : sign_of(by) * found->rise;
  const std::int64_t fast = rise * ms_per_hour;
  return {judged_by(fast > by.limit * found->time, fast <= (std::int64_t{by.limit} - by.deadband) * found->time),
          fast / found->time};
}

judgement by_forecast(const rule& by, slope_memory& memory, const judged_reading& reading) {
  const auto found = newest_slope(by, memory, reading);
  if (!found) return judgement::silent;
  const std::int64_t outwards = std::max<std::int64_t>(sign_of(by) * found->rise, 0);
  const auto out_after_lead = [&](std::int64_t out_now) { return out_now * found->time + outwards * by.lead.count(); };
  const std::int64_t out = out_by(by, reading.value);
  return judged_by(out_after_lead(out) > 0, out_after_lead(out + by.deadband) <= 0);
}

rule_answer by_mkt(const rule& by, rolling_mkt::memory& memory, const judged_reading& reading) {
  rolling_mkt rolling(memory, by.window);
  rolling.add(reading.at, reading.value, by.gaps == gap_policy::bridge ? millis::max() : by.max_gap);
  const auto mkt = rolling.value();
  if (!mkt || rolling.readings() < by.min_samples) return {};
  // To the thousandth of a degree: rounding in the last bit must not decide.
  const auto shown = static_cast<std::int64_t>(std::lround(*mkt * 1000.0));
  return {judged_by(shown > by.limit, shown <= std::int64_t{by.limit} - by.deadband), shown};
}

bool unbelievable(const rule& by, const repeat_memory& memory) {
  if (memory.pairs < repeats_believed || memory.run < 2 || memory.run < by.min_samples) return false;
  if (memory.run <= repeat_longer * memory.longest) return false;
  const double p = (memory.same + 1.0) / (memory.pairs + 2.0);
  return (memory.run - 1) * std::log(p) < std::log(repeat_improbable);
}

judgement by_repeats(const rule& by, repeat_memory& memory, const judged_reading& reading) {
  if (memory.run > 0 && memory.value == reading.value) {
    ++memory.run;
  } else {
    // A run that was a fault teaches nothing.
    if (memory.run > 0 && memory.pairs < repeats_learnt && !unbelievable(by, memory)) {
      memory.pairs += memory.run;
      memory.same += memory.run - 1;
      memory.longest = std::max(memory.longest, memory.run);
    }
    memory.value = reading.value;
    memory.run = 1;
  }
  return judged_by(unbelievable(by, memory), true);
}

} // namespace

bool beyond(const rule& by, milli_celsius value) {
  const std::int64_t out = out_by(by, value);
  return by.inclusive ? out >= 0 : out > 0;
}

watched_limits watched_by(const rule_set& rules) {
  watched_limits out;
  for (const rule& each : rules.rules) {
    if (each.kind == rule_kind::low_limit) out.low = std::max(out.low.value_or(each.limit), each.limit);
    if (each.kind == rule_kind::high_limit) out.high = std::min(out.high.value_or(each.limit), each.limit);
  }
  return out;
}

rule_answer judge(const rule& by, boxed<window_memory>& memory, const judged_reading& reading) {
  switch (by.kind) {
  case rule_kind::low_limit:
  case rule_kind::high_limit:
    return {by_limit(by, reading.value)};
  case rule_kind::model_persistence:
    return {by_score(by, reading)};
  case rule_kind::cumulative:
    return by_sum(by, open<cumulative_memory>(memory), reading);
  case rule_kind::rate_of_change:
    return by_rate(by, open<slope_memory>(memory), reading);
  case rule_kind::predicted_breach:
    return {by_forecast(by, open<slope_memory>(memory), reading)};
  case rule_kind::mkt_limit:
    return by_mkt(by, open<rolling_mkt::memory>(memory), reading);
  case rule_kind::sensor_fault:
    return {by_repeats(by, open<repeat_memory>(memory), reading)};
  case rule_kind::no_data:
    break; // by the wall clock, not by readings
  }
  return {};
}

} // namespace coldvigil
