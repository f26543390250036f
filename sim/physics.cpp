#include "sim/physics.hpp"

#include "sim/chance.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

namespace coldvigil::sim {
namespace {

// What a random number is for: never the same number for two things.
enum channel : std::uint64_t {
  ch_design = 1,
  ch_ambient,
  ch_door_count,
  ch_door_time,
  ch_door_length,
  ch_restock,
  ch_noise,
  ch_defrost,
  ch_hot_day
};

constexpr double step_minutes = static_cast<double>(physics_step.count()) / 60'000.0;
constexpr double minutes_a_day = 1440;
constexpr double ms_a_day = 86'400'000;
/// After a defrost the evaporator drips before it cools again.
constexpr double drip_minutes = 3;

struct range {
  double low, high;
};
/// Drawn ranges by class: vaccine, cooler, freezer, ultra-low (durations: whole-unit time constant in hours).
struct class_ranges {
  range time_constant_h, air_share, half_band, duty, doors_per_hour, restocks_per_week, lag;
};
/// Across 100 K the air alone would fall and rise in minutes: what follows it in an ultra-low freezer (liner, racks)
/// counts as air.
constexpr std::array<class_ranges, 4> ranges{{
    {{8, 20}, {0.06, 0.15}, {0.5, 1.0}, {0.25, 0.5}, {0.3, 1.5}, {0.5, 0.5}, {4, 12}},
    {{10, 25}, {0.06, 0.15}, {0.7, 1.3}, {0.35, 0.6}, {1, 4}, {2, 2}, {1, 4}},
    {{20, 45}, {0.06, 0.15}, {0.7, 1.5}, {0.4, 0.65}, {0.5, 3}, {2, 2}, {1, 4}},
    {{10, 18}, {0.15, 0.3}, {0.8, 2.0}, {0.45, 0.7}, {0.1, 0.5}, {0.5, 0.5}, {1, 6}},
}};

/// A cycle of the compressor at the mean ambient, minutes.
constexpr range usual_cycle{20, 40};
constexpr int design_attempts = 1000;

std::uint64_t ambient_key(const unit_design& unit) {
  return unit.ambient.key != 0 ? unit.ambient.key : unit.key;
}

double day_wander(const unit_design& unit, std::int64_t day) {
  // An AR(1) of factor 0.8 written as the sum of its innovations, so that any day stands alone.
  double value = 0;
  double weight = 0.6;
  for (std::int64_t back = 0; back < 24; ++back, weight *= 0.8)
    value += weight * normal(mix({ambient_key(unit), ch_ambient, static_cast<std::uint64_t>(day - back)}));
  return value * unit.ambient.wander;
}

double wave_at(const surroundings& around, double day_time) {
  constexpr double ramp_days = 0.5;
  const double begin = static_cast<double>(to_ms(around.wave_begin)) / ms_a_day;
  const double end = static_cast<double>(to_ms(around.wave_end)) / ms_a_day;
  return around.wave_rise * std::clamp(std::min(day_time - begin, end - day_time) / ramp_days, 0.0, 1.0);
}

double ambient_at(const unit_design& unit, double day_time) {
  const double day = std::floor(day_time);
  const auto number = static_cast<std::int64_t>(day);
  const double within = day_time - day;
  const double wander = day_wander(unit, number) * (1 - within) + day_wander(unit, number + 1) * within;
  const double course = std::cos(2 * std::numbers::pi * (within - 15.0 / 24));
  const surroundings& around = unit.ambient;
  double value = around.mean + around.swing * course + wander;
  if (around.hot_days > 0 &&
      uniform(mix({ambient_key(unit), ch_hot_day, static_cast<std::uint64_t>(number)})) < around.hot_days)
    value += around.hot_rise * std::max(0.0, course);
  if (around.wave_rise > 0) value += wave_at(around, day_time);
  return value;
}

void add_doors(const unit_design& unit, std::int64_t hour, hour_weather& out) {
  const std::int64_t of_day = hour % 24;
  if (of_day < 7 || of_day >= 20) return;
  const bool sunday = (hour / 24 + 4) % 7 == 0;
  const double rate = unit.doors_per_hour * (sunday ? 0.3 : 1);
  const auto key = static_cast<std::uint64_t>(hour);
  // Poisson by counting exponential gaps.
  double at = 0;
  for (std::uint64_t i = 0; out.count < out.openings.size(); ++i) {
    at += -std::log(uniform(mix({unit.key, ch_door_time, key, i})) + 1e-12) * 60 / rate;
    if (at >= 60) return;
    const double seconds = 27 * std::exp(0.6 * normal(mix({unit.key, ch_door_length, key, i})));
    out.openings[out.count++] = {at, at + std::min(seconds, 120.0) / 60, 0};
  }
}

void add_restock(const unit_design& unit, std::int64_t hour, hour_weather& out) {
  const auto day = static_cast<std::uint64_t>(hour / 24);
  const std::uint64_t number = mix({unit.key, ch_restock, day});
  const bool today = uniform(number) < unit.restocks_per_week / 7;
  const auto when = static_cast<std::int64_t>(8 + mix({number, 1}) % 5);
  if (!today || hour % 24 != when || out.count == out.openings.size()) return;
  const double begin = between(mix({number, 2}), 5, 45);
  const double length = between(mix({number, 3}), 3, 8);
  out.openings[out.count++] = {begin, begin + length, between(mix({number, 4}), 0.02, 0.12)};
}

/// How the faults change the machine at a time.
struct machine {
  double capacity = 1, door = 0, band = 1, minimum = 1, set_shift = 0;
  double exchange = 1; ///< of the air with coil and goods
  bool powered = true, defrost_allowed = true, heater_stuck = false, always_on = false, probe_in_product = false;
};

machine machine_under(std::span<const fault> faults, timestamp at) {
  machine m;
  for (const fault& f : faults) {
    if (!f.active(at)) continue;
    switch (f.kind) {
    case fault_kind::compressor_fail:
      m.capacity = 0;
      break;
    case fault_kind::power_outage:
      m.powered = false;
      break;
    case fault_kind::refrigerant_leak:
      m.capacity *= 1 - f.magnitude * f.progress(at);
      break;
    case fault_kind::iced_evap:
      m.capacity *= 1 - f.magnitude * f.progress(at);
      m.defrost_allowed = false;
      break;
    case fault_kind::door_ajar:
      m.door += f.magnitude;
      break;
    case fault_kind::defrost_stuck:
      m.heater_stuck = true;
      break;
    case fault_kind::short_cycling:
      m.band *= f.magnitude;
      m.minimum *= 0.34;
      break;
    case fault_kind::thermostat_drift:
      m.set_shift += f.magnitude * f.progress(at);
      break;
    case fault_kind::stuck_on:
      m.always_on = true;
      break;
    case fault_kind::evaporator_fan:
      // Still air: less reaches the coil, and the goods follow it more slowly.
      m.exchange *= 1 - f.magnitude;
      m.capacity *= 1 - f.magnitude;
      break;
    case fault_kind::half_capacity:
      m.capacity *= 1 - f.magnitude;
      break;
    case fault_kind::probe_in_product:
      m.probe_in_product = true;
      break;
    case fault_kind::setpoint_change:
      m.set_shift += f.magnitude;
      break;
    default:
      break; // faults of the sensor do not touch the machine
    }
  }
  return m;
}

/// Minutes since the last defrost was due; far beyond its length when the unit has none.
double since_defrost(const unit_design& unit, double minute_of_day) {
  if (unit.defrost_every <= 0) return minutes_a_day;
  const double phase = between(mix({unit.key, ch_defrost}), 0, unit.defrost_every);
  return std::fmod(minute_of_day + phase, unit.defrost_every);
}

void thermostat(const unit_design& unit, const machine& m, unit_physics& state) {
  const double set = unit.set_point + m.set_shift;
  const double band = unit.half_band * m.band;
  const bool wants_on = state.air > set + band;
  const bool wants_off = state.air < set - band;
  const bool may = state.since_switch >= (state.running ? unit.min_on : unit.min_off) * m.minimum;
  const bool before = state.running;
  if (may && !state.running && wants_on) state.running = true;
  if (may && state.running && wants_off) state.running = false;
  state.since_switch = state.running == before ? state.since_switch + step_minutes : 0;
}

} // namespace

unit_class class_of(double set_point) {
  if (set_point < -45) return unit_class::ultra_low;
  if (set_point < -8) return unit_class::freezer;
  return set_point >= 3 && set_point <= 7 ? unit_class::vaccine : unit_class::cooler;
}

namespace {

using drawer = std::function<double(range)>;

void draw_defrost(unit_design& d, const drawer& draw) {
  if (d.kind != unit_class::freezer && d.kind != unit_class::cooler) return;
  constexpr std::array<double, 3> hours{6, 8, 12};
  d.defrost_every = 60 * hours[mix({d.key, ch_design, 101}) % hours.size()];
  d.defrost_length = draw({15, 30});
  const double rise = d.kind == unit_class::freezer ? draw({3, 8}) : draw({1, 2.5});
  d.defrost_heat = d.air_share * rise * (1 / d.defrost_length + 0.6 / d.coupling);
}

/// What the compressor must take away on a mean day: leaks, doors, defrosts. K a minute.
double heat_load(const unit_design& d) {
  constexpr double mean_opening = 27 / 60.0 * 1.2; // minutes; the mean of a lognormal lies above its median
  const double doors = d.doors_per_hour * mean_opening / 60 * d.door_factor;
  const double defrosts = d.defrost_every > 0 ? d.defrost_length / d.defrost_every : 0;
  return (d.ua * (1 + doors) * (d.ambient.mean - d.set_point) + d.defrost_heat * defrosts) / (1 - defrosts);
}

/// Minutes in which the air crosses the thermostat's band towards a balance `reach` K beyond the set point.
double crossing(const unit_design& d, double reach) {
  return reach > d.half_band ? d.coupling * std::log((reach + d.half_band) / (reach - d.half_band)) : 1e9;
}

/// A machine that fits its box: the compressor has time to hold the set point, and its cycle is the air's, neither
/// ruled by the minimum times (the mean would lie beside the set point) nor by the goods (it would take hours).
bool well_matched(const unit_design& d) {
  const double leak = d.ua * (d.ambient.mean - d.set_point);
  const double off = crossing(d, leak * d.coupling / d.air_share);
  const double on = crossing(d, (d.cooling - leak) * d.coupling / d.air_share);
  return off > d.min_off * 1.1 && on > d.min_on * 1.1 && off + on > usual_cycle.low && off + on < usual_cycle.high;
}

unit_design draw_once(std::uint64_t key, unit_class kind, double set_point, std::uint64_t attempt,
                      const surroundings* site) {
  unit_design d;
  d.key = key;
  d.kind = kind;
  d.set_point = set_point;
  std::uint64_t next = 0;
  const auto draw = [&](range r) { return between(mix({key, ch_design, attempt, ++next}), r.low, r.high); };
  const class_ranges& of = ranges[static_cast<std::size_t>(kind)];
  d.ua = 1 / (60 * draw(of.time_constant_h));
  d.air_share = draw(of.air_share);
  d.coupling = draw({6, 20});
  d.half_band = draw(of.half_band);
  d.min_on = draw({3, 8});
  d.min_off = draw({3, 8});
  d.ambient.mean = draw({18, 26});
  d.ambient.swing = draw({0.5, 4});
  d.ambient.wander = draw({0.3, 1.5});
  if (site != nullptr) d.ambient = *site;
  d.doors_per_hour = draw(of.doors_per_hour);
  d.door_factor = draw({4, 12});
  d.restocks_per_week = draw(of.restocks_per_week);
  d.lag = draw(of.lag);
  d.noise = draw({0.02, 0.1});
  constexpr std::array<double, 4> resolutions{0.01, 0.0625, 0.1, 0.1};
  d.resolution = resolutions[mix({key, ch_design, 100}) % resolutions.size()];
  draw_defrost(d, draw);
  d.cooling = heat_load(d) / draw(of.duty);
  return d;
}

} // namespace

unit_design draw_design(std::uint64_t seed, std::uint64_t unit, unit_class kind, double set_point,
                        const surroundings* site) {
  const std::uint64_t key = mix({seed, unit});
  for (std::uint64_t attempt = 0; attempt + 1 < design_attempts; ++attempt)
    if (const unit_design drawn = draw_once(key, kind, set_point, attempt, site); well_matched(drawn)) return drawn;
  return draw_once(key, kind, set_point, design_attempts - 1, site);
}

hour_weather weather_of(const unit_design& unit, std::int64_t hour) {
  hour_weather out;
  out.hour = hour;
  out.ambient_begin = ambient_at(unit, static_cast<double>(hour) / 24);
  out.ambient_end = ambient_at(unit, static_cast<double>(hour + 1) / 24);
  add_doors(unit, hour, out);
  add_restock(unit, hour, out);
  return out;
}

void advance(const unit_design& unit, std::span<const fault> faults, timestamp at, hour_weather& weather,
             unit_physics& state) {
  const std::int64_t ms = to_ms(at);
  const std::int64_t hour = ms / 3'600'000;
  if (weather.hour != hour) weather = weather_of(unit, hour);
  const double minute = static_cast<double>(ms % 3'600'000) / 60'000;
  const double ambient = weather.ambient_begin + (weather.ambient_end - weather.ambient_begin) * minute / 60;
  const machine m = machine_under(faults, at);
  double door = m.door;
  double load = 0;
  for (std::size_t i = 0; i < weather.count; ++i) {
    const auto& open = weather.openings[i];
    if (minute + step_minutes <= open.begin || minute >= open.end) continue;
    door = 1;
    load += open.load / (open.end - open.begin);
  }
  const double minute_of_day = std::fmod(static_cast<double>(ms) / 60'000, minutes_a_day);
  const double since = m.defrost_allowed ? since_defrost(unit, minute_of_day) : minutes_a_day;
  const bool heating = m.heater_stuck || (m.powered && since < unit.defrost_length);
  const bool dripping = since < unit.defrost_length + drip_minutes;
  thermostat(unit, m, state);
  const bool cooling = m.powered && !heating && !dripping && (state.running || m.always_on);
  const double exchange = m.exchange * unit.air_share / unit.coupling * (state.product - state.air);
  const double into_air = unit.ua * (1 + unit.door_factor * door) * (ambient - state.air) + exchange -
                          (cooling ? unit.cooling * m.capacity : 0) + (heating ? unit.defrost_heat : 0);
  state.air += into_air / unit.air_share * step_minutes;
  state.product += (-exchange + load) / (1 - unit.air_share) * step_minutes;
  const double felt = m.probe_in_product ? state.product : state.air;
  state.sensor += (felt - state.sensor) * std::min(1.0, step_minutes / unit.lag);
}

double sensed(const unit_design& unit, const unit_physics& state, timestamp at) {
  const double noisy =
      state.sensor + unit.noise * normal(mix({unit.key, ch_noise, static_cast<std::uint64_t>(to_ms(at))}));
  return std::round(noisy / unit.resolution) * unit.resolution;
}

} // namespace coldvigil::sim
