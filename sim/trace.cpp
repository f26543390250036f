#include "sim/trace.hpp"

#include "sim/sensor_faults.hpp"

#include <algorithm>

namespace coldvigil::sim {
namespace {

constexpr millis block = std::chrono::days{30};
constexpr millis warm_up = std::chrono::days{2};
constexpr millis mark_every = std::chrono::hours{2};

timestamp floor_to(millis grid, timestamp at) {
  return from_ms(to_ms(at) / grid.count() * grid.count());
}

timestamp block_start(timestamp at) {
  return floor_to(block, at);
}

} // namespace

unit_trace::position unit_trace::nearest_before(timestamp at) const {
  const timestamp start = block_start(at);
  if (auto mark = marks_.upper_bound(at); mark != marks_.begin()) {
    --mark;
    // A mark of the block before belongs to another integration.
    if (mark->first >= start) return {mark->first, mark->second};
  }
  unit_physics cold;
  cold.air = cold.product = cold.sensor = design_.set_point;
  return {start - warm_up, cold};
}

void unit_trace::move_to(timestamp at, position& from, hour_weather& weather) {
  const timestamp start = block_start(at);
  while (from.at < at) {
    const timestamp stop = std::min(at, floor_to(mark_every, from.at) + mark_every);
    for (; from.at < stop; from.at += physics_step)
      advance(design_, faults_, from.at, weather, from.state);
    // The warm-up runs through the block before, but is not that block's own integration.
    if (from.at < start || from.at != floor_to(mark_every, from.at)) continue;
    marks_.emplace(from.at, from.state);
    if (marks_.size() > max_marks) marks_.erase(marks_.begin());
  }
}

double unit_trace::held_by(std::size_t stuck_fault) {
  if (!held_[stuck_fault]) {
    const timestamp start = faults_[stuck_fault].start;
    position there = nearest_before(start);
    hour_weather weather;
    move_to(start, there, weather);
    held_[stuck_fault] = sensed(design_, there.state, start);
  }
  return *held_[stuck_fault];
}

std::optional<double> unit_trace::reported(const position& where, timestamp at) {
  const double healthy = sensed(design_, where.state, at);
  return through_sensor(design_, faults_, at, healthy, [this](std::size_t stuck) { return held_by(stuck); });
}

std::vector<trace_reading> unit_trace::readings(timestamp first, timestamp last, millis interval) {
  const std::lock_guard lock(mutex_);
  std::vector<trace_reading> out;
  position here{};
  hour_weather weather;
  for (timestamp at = first; at <= last; at += interval) {
    const timestamp step = floor_to(physics_step, at);
    if (at == first || block_start(step) != block_start(here.at)) here = nearest_before(step);
    move_to(step, here, weather);
    if (const auto value = reported(here, at)) out.push_back({at, *value});
    read_to_ = std::max(read_to_, at);
  }
  return out;
}

bool unit_trace::insert(const fault& what) {
  if (faults_.size() >= max_faults) return false;
  // No mark and no held value is newer than what was read, so none knows better than this fault.
  faults_.push_back(what);
  held_.emplace_back();
  return true;
}

bool unit_trace::add(const fault& what) {
  const std::lock_guard lock(mutex_);
  return insert(what);
}

std::optional<fault> unit_trace::start(fault_kind kind, timestamp now, millis length, double magnitude) {
  const std::lock_guard lock(mutex_);
  fault what;
  what.kind = kind;
  what.start = floor_to(physics_step, std::max(now, read_to_)) + physics_step;
  what.end = what.start + std::max(physics_step, length);
  what.magnitude = magnitude;
  if (!insert(what)) return std::nullopt;
  return what;
}

std::size_t unit_trace::marks() const {
  const std::lock_guard lock(mutex_);
  return marks_.size();
}

std::vector<fault> unit_trace::faults() const {
  const std::lock_guard lock(mutex_);
  return faults_;
}

} // namespace coldvigil::sim
