#include "sim/trace.hpp"

#include "sim/chance.hpp"

#include <cmath>

namespace coldvigil::sim {
namespace {

constexpr millis block = std::chrono::days{30};
constexpr millis warm_up = std::chrono::days{2};
constexpr millis mark_every = std::chrono::hours{6};
/// 64 days of marks; older ones are found again by integrating.
constexpr std::size_t max_marks = 256;
constexpr std::uint64_t ch_sensor_fault = 50;

timestamp block_start(timestamp at) {
  return from_ms(to_ms(at) / block.count() * block.count());
}

} // namespace

unit_trace::position unit_trace::nearest_before(timestamp at) const {
  const timestamp start = block_start(at) - warm_up;
  if (auto mark = marks_.upper_bound(at); mark != marks_.begin()) {
    --mark;
    // A mark of the block before belongs to another integration.
    if (mark->first >= block_start(at)) return {mark->first, mark->second};
  }
  unit_physics cold;
  cold.air = cold.product = cold.sensor = design_.set_point;
  return {start, cold};
}

void unit_trace::move_to(timestamp at, position& from, hour_weather& weather) const {
  while (from.at < at) {
    advance(design_, faults_, from.at, weather, from.state);
    from.at += physics_step;
  }
}

void unit_trace::remember(const position& where, timestamp of_block) {
  if (to_ms(where.at) % mark_every.count() != 0) return;
  // A warm-up runs through the block before, but is not that block's own integration.
  if (where.at < of_block) return;
  marks_.emplace(where.at, where.state);
  if (marks_.size() > max_marks) marks_.erase(marks_.begin());
}

double unit_trace::value_at_start(const fault& what) const {
  position there = nearest_before(what.start);
  hour_weather weather;
  move_to(what.start, there, weather);
  return sensed(design_, there.state, what.start);
}

std::optional<double> unit_trace::reported(const position& where) const {
  double value = sensed(design_, where.state, where.at);
  for (const fault& f : faults_) {
    if (!f.active(where.at)) continue;
    const std::uint64_t dice = mix({design_.key, ch_sensor_fault, static_cast<std::uint64_t>(to_ms(where.at))});
    switch (f.kind) {
    case fault_kind::sensor_stuck:
      value = value_at_start(f);
      break;
    case fault_kind::sensor_drift:
      value += f.magnitude * f.progress(where.at);
      break;
    case fault_kind::sensor_offset:
      value += f.magnitude;
      break;
    case fault_kind::sensor_noise:
      value += f.magnitude * normal(dice);
      break;
    case fault_kind::sensor_spike:
      if (uniform(dice) < 0.06) value += uniform(mix({dice, 1})) < 0.5 ? f.magnitude : -f.magnitude;
      break;
    case fault_kind::sensor_dropout:
      return std::nullopt;
    case fault_kind::unit_mixup_F:
      value = value * 1.8 + 32;
      break;
    default:
      break; // faults of the machine show in the physics
    }
  }
  return std::round(value * 1000) / 1000;
}

std::vector<trace_reading> unit_trace::readings(timestamp first, timestamp last, millis interval) {
  const std::lock_guard lock(mutex_);
  std::vector<trace_reading> out;
  position here{};
  hour_weather weather;
  bool begun = false;
  for (timestamp at = first; at <= last; at += interval) {
    if (!begun || block_start(at) != block_start(here.at)) here = nearest_before(at);
    begun = true;
    while (here.at < at) {
      const timestamp mark = from_ms((to_ms(here.at) / mark_every.count() + 1) * mark_every.count());
      move_to(std::min(at, mark), here, weather);
      remember(here, block_start(at));
    }
    if (const auto value = reported(here)) out.push_back({at, *value});
  }
  if (begun) {
    marks_.insert_or_assign(here.at, here.state);
    if (marks_.size() > max_marks) marks_.erase(marks_.begin());
  }
  return out;
}

bool unit_trace::add(const fault& what) {
  const std::lock_guard lock(mutex_);
  if (faults_.size() >= max_faults) return false;
  faults_.push_back(what);
  marks_.erase(marks_.upper_bound(what.start), marks_.end());
  return true;
}

std::vector<fault> unit_trace::faults() const {
  const std::lock_guard lock(mutex_);
  return faults_;
}

} // namespace coldvigil::sim
