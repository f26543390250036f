#include "db/machine_codec.hpp"

#include "db/reading_codec.hpp"

#include <algorithm>
#include <array>

namespace coldvigil::db {
namespace {

void put_time(byte_writer& to, timestamp at) {
  to.signed_number(to_ms(at));
}
timestamp get_time(byte_reader& from) {
  return from_ms(from.signed_number());
}
void put_double(byte_writer& to, double value) {
  to.fixed(std::bit_cast<std::uint64_t>(value));
}
double get_double(byte_reader& from) {
  std::uint64_t bits = 0;
  for (const char c : from.take(8))
    bits = (bits << 8) | static_cast<std::uint8_t>(c);
  return std::bit_cast<double>(bits);
}
std::uint32_t get_small(byte_reader& from) {
  return static_cast<std::uint32_t>(from.number());
}
milli_celsius get_value(byte_reader& from) {
  return static_cast<milli_celsius>(from.signed_number());
}
void put_last(byte_writer& to, const std::optional<timestamp>& at) {
  to.byte(at ? 1 : 0);
  if (at) put_time(to, *at);
}
std::optional<timestamp> get_last(byte_reader& from) {
  if (from.byte() == 0) return std::nullopt;
  return get_time(from);
}

constexpr unsigned flag_active = 1, flag_clearing = 2, flag_beyond_borne = 4, flag_counted = 8, flag_retroactive = 16,
                   flag_driver = 32, flag_unseen = 64, flag_end_unseen = 128;

void put(byte_writer& to, const course& c) {
  to.byte(static_cast<std::uint8_t>((c.active ? flag_active : 0) | (c.clearing ? flag_clearing : 0) |
                                    (c.beyond_borne ? flag_beyond_borne : 0) | (c.counted ? flag_counted : 0) |
                                    (c.retroactive ? flag_retroactive : 0) |
                                    (c.driver == score_driver{} ? 0 : flag_driver) |
                                    (c.unseen == millis{0} ? 0 : flag_unseen) | (c.end_unseen ? flag_end_unseen : 0)));
  to.number(c.run);
  to.signed_number(c.held.count());
  put_time(to, c.onset);
  put_time(to, c.last_at);
  put_time(to, c.raised_at);
  for (const milli_celsius value : {c.raised_value, c.last_value, c.extreme, c.lowest, c.highest})
    to.signed_number(value);
  to.real(c.peak_score);
  to.signed_number(c.lasted.count());
  to.signed_number(c.value_ms);
  put_double(to, c.rates);
  if (c.unseen != millis{0}) to.signed_number(c.unseen.count());
  if (c.driver != score_driver{}) put_driver(to, c.driver);
}

course get_course(byte_reader& from) {
  course c;
  const unsigned flags = from.byte();
  c.active = (flags & flag_active) != 0;
  c.clearing = (flags & flag_clearing) != 0;
  c.beyond_borne = (flags & flag_beyond_borne) != 0;
  c.counted = (flags & flag_counted) != 0;
  c.retroactive = (flags & flag_retroactive) != 0;
  c.run = static_cast<std::uint16_t>(from.number());
  c.held = millis{from.signed_number()};
  c.onset = get_time(from);
  c.last_at = get_time(from);
  c.raised_at = get_time(from);
  for (milli_celsius* value : {&c.raised_value, &c.last_value, &c.extreme, &c.lowest, &c.highest})
    *value = get_value(from);
  c.peak_score = from.real();
  c.lasted = millis{from.signed_number()};
  c.value_ms = from.signed_number();
  c.rates = get_double(from);
  c.end_unseen = (flags & flag_end_unseen) != 0;
  if ((flags & flag_unseen) != 0) c.unseen = millis{from.signed_number()};
  if ((flags & flag_driver) != 0) c.driver = get_driver(from);
  return c;
}

/// From before what was seen was kept it stays as it was packed, for its digest's sake.
bool tells_what_was_seen(const cumulative_memory& of) {
  return of.last_value || std::any_of(of.slots.begin(), of.slots.end(), [](const auto& slot) { return slot.onset; });
}

struct put_memory {
  byte_writer& to;

  void operator()(const cumulative_memory& of) const {
    const bool told = tells_what_was_seen(of);
    put_last(to, of.last_at);
    to.byte(of.last_beyond);
    if (told) put_optional(of.last_value);
    to.number(of.slots.size());
    for (const auto& slot : of.slots) {
      to.number(slot.index);
      to.number(slot.beyond_ms);
      if (told) put_seen(slot);
    }
  }
  void put_optional(const std::optional<milli_celsius>& value) const {
    to.byte(value ? 1 : 0);
    if (value) to.signed_number(*value);
  }
  void put_seen(const cumulative_memory::slot& slot) const {
    put_last(to, slot.onset);
    for (const milli_celsius value : {slot.lowest, slot.highest})
      to.signed_number(value);
    for (const millis time : {slot.lasted, slot.unseen})
      to.signed_number(time.count());
    to.signed_number(slot.value_ms);
    put_double(to, slot.rates);
  }
  void operator()(const slope_memory& of) const {
    put_time(to, of.last_at);
    to.number(of.samples.size());
    for (const auto& sample : of.samples) {
      put_time(to, sample.at);
      to.signed_number(sample.value);
    }
  }
  void operator()(const rolling_mkt::memory& of) const {
    put_last(to, of.last_at);
    to.signed_number(of.last_value);
    to.number(of.slots.size());
    for (const auto& slot : of.slots) {
      to.number(slot.index);
      to.number(slot.covered_ms);
      to.number(slot.readings);
      put_double(to, slot.rates);
    }
  }
  void operator()(const repeat_memory& of) const {
    to.signed_number(of.value);
    for (const std::uint32_t each : {of.run, of.longest, of.pairs, of.same})
      to.number(each);
  }
};

void get_seen(byte_reader& from, cumulative_memory::slot& slot) {
  slot.onset = get_last(from);
  for (milli_celsius* value : {&slot.lowest, &slot.highest})
    *value = get_value(from);
  for (millis* time : {&slot.lasted, &slot.unseen})
    *time = millis{from.signed_number()};
  slot.value_ms = from.signed_number();
  slot.rates = get_double(from);
}

cumulative_memory get_cumulative(byte_reader& from, bool told) {
  cumulative_memory out;
  out.last_at = get_last(from);
  out.last_beyond = from.byte() != 0;
  if (told && from.byte() != 0) out.last_value = get_value(from);
  out.slots.resize(from.count(told ? 16 : 2));
  for (auto& slot : out.slots) {
    slot.index = get_small(from);
    slot.beyond_ms = get_small(from);
    if (told) get_seen(from, slot);
  }
  return out;
}

slope_memory get_slope(byte_reader& from) {
  slope_memory out;
  out.last_at = get_time(from);
  out.samples.resize(from.count(2));
  for (auto& sample : out.samples) {
    sample.at = get_time(from);
    sample.value = get_value(from);
  }
  return out;
}

rolling_mkt::memory get_mkt(byte_reader& from) {
  rolling_mkt::memory out;
  out.last_at = get_last(from);
  out.last_value = get_value(from);
  out.slots.resize(from.count(11));
  for (auto& slot : out.slots) {
    slot.index = get_small(from);
    slot.covered_ms = get_small(from);
    slot.readings = get_small(from);
    slot.rates = get_double(from);
  }
  return out;
}

repeat_memory get_repeats(byte_reader& from) {
  repeat_memory out;
  out.value = get_value(from);
  for (std::uint32_t* each : {&out.run, &out.longest, &out.pairs, &out.same})
    *each = get_small(from);
  return out;
}

/// Of a window's memory: its place among the kinds of memory; a sum that says what was seen has one of its own.
constexpr std::size_t shape_of_seen = 4;
std::size_t shape_of(const window_memory& memory) {
  const auto* sum = std::get_if<cumulative_memory>(&memory);
  return sum && tells_what_was_seen(*sum) ? shape_of_seen : memory.index();
}

window_memory get_memory(byte_reader& from, std::size_t shape) {
  switch (shape) {
  case 0:
  case shape_of_seen:
    return get_cumulative(from, shape == shape_of_seen);
  case 1:
    return get_slope(from);
  case 2:
    return get_mkt(from);
  case 3:
    return get_repeats(from);
  default:
    throw damaged_bytes("an alarm machine with an unknown memory");
  }
}

/// Whether a machine has a course, and that what its rule measured; from before there was any it stays as it was
/// packed, for its digest's sake.
constexpr std::uint8_t no_course = 0, course_alone = 1, course_measured = 2;

} // namespace

void put_machines(byte_writer& to, const machine_states& machines) {
  to.number(machines.size());
  for (const saved_machine& each : machines) {
    to.number(static_cast<std::uint32_t>(each.rule));
    to.text(to_string(each.kind));
    const bool measured = each.state.now && each.state.now->measured;
    to.byte(measured ? course_measured : each.state.now ? course_alone : no_course);
    if (each.state.now) put(to, *each.state.now);
    if (measured) to.signed_number(*each.state.now->measured);
    to.byte(each.state.window ? static_cast<std::uint8_t>(shape_of(*each.state.window) + 1) : 0);
    if (each.state.window) std::visit(put_memory{to}, *each.state.window);
  }
}

machine_states get_machines(byte_reader& from) {
  machine_states out(from.count(4));
  for (saved_machine& each : out) {
    each.rule = rule_id{get_small(from)};
    const auto kind = parse_rule(from.text());
    if (!kind) throw damaged_bytes("an alarm machine of an unknown kind");
    each.kind = *kind;
    const std::uint8_t held = from.byte();
    if (held != no_course) each.state.now = get_course(from);
    if (held == course_measured) each.state.now->measured = from.signed_number();
    const std::size_t shape = from.byte();
    if (shape != 0) each.state.window = get_memory(from, shape - 1);
  }
  return out;
}

machine_states get_first_machines(byte_reader& from) {
  constexpr std::array<std::pair<rule_id, rule_kind>, 3> fixed{{{own_low_limit, rule_kind::low_limit},
                                                                {own_high_limit, rule_kind::high_limit},
                                                                {own_model_persistence, rule_kind::model_persistence}}};
  const std::size_t count = from.count(7);
  if (count > fixed.size()) throw damaged_bytes("more alarm machines than rules");
  machine_states out;
  for (std::size_t i = 0; i < count; ++i) {
    course c;
    c.active = from.byte() != 0;
    c.run = static_cast<std::uint16_t>(from.number());
    c.raised_at = c.onset = c.last_at = get_time(from);
    c.raised_value = get_value(from);
    c.extreme = c.last_value = c.lowest = c.highest = get_value(from);
    c.peak_score = from.real();
    c.retroactive = from.byte() != 0;
    c.counted = true;
    if (c.active || c.run > 0) out.push_back({fixed[i].first, fixed[i].second, {c, {}}});
  }
  return out;
}

} // namespace coldvigil::db
