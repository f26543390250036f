#include "model/sensor_health.hpp"

#include "model/course_score.hpp"

#include <cmath>
#include <limits>

namespace coldvigil {
namespace {

constexpr double jumps_fade_s = 7200, usual_fades_s = 30 * 86'400.0;
constexpr float young_h = 72;
constexpr float step_memory = 4000;

std::uint16_t counted(std::uint16_t so_far) {
  return so_far == std::numeric_limits<std::uint16_t>::max() ? so_far : static_cast<std::uint16_t>(so_far + 1);
}

/// A value stands for longer than it ever did, and than chance would let it.
bool is_stuck(const sensor_memory& sensor, double spacing_s) {
  const double least = std::max(9.0, 2400 / std::max(spacing_s, 1.0));
  return sensor.steps > 200 && sensor.alike > std::max(least, 1.5 * sensor.longest + 3);
}

bool jumped_back(const sensor_memory& sensor, milli_celsius value) {
  const double size = std::max(6.0 * static_cast<double>(sensor.step.spread(50)), 1500.0);
  const double there = sensor.last - sensor.before;
  const double back = value - sensor.last;
  return std::abs(there) > size && std::abs(back) > size && there * back < 0 &&
         std::abs(there + back) < 0.5 * std::abs(there);
}

/// Inside the picture that y = 1.8 x + 32 makes of what is usual, and far from what is usual; the first of them in one
/// leap from the value whose picture it is: goods brought into a cold freezer take their time.
bool looks_like_fahrenheit(milli_celsius value, const sensor_memory& sensor, const unit_course& unit) {
  if (unit.seen_h < 24) return false;
  const double usual = unit.level.location;
  const double reach = 4 * static_cast<double>(unit.level.spread(0.3F));
  const double now = value / 1000.0;
  const double back = (now - 32) / 1.8;
  const bool known = now > unit.lowest - 1 && now < unit.highest + 1;
  if (known || std::abs(back - usual) >= reach || std::abs(now - usual) <= 6) return false;
  if (sensor.mixed > 0) return true;
  const double before = sensor.last / 1000.0;
  const double miss = std::abs(back - before) * 1.8;
  return miss < 1 + 4 * static_cast<double>(sensor.step.spread(100)) / 1000;
}

void fold_run(sensor_memory& sensor, bool same, bool frozen) {
  if (!same && !frozen) sensor.longest = std::max(sensor.longest, sensor.alike);
  sensor.alike = same ? counted(sensor.alike) : std::uint16_t{1};
}

/// True while the jumps are more than the unit has in clean times: some jump at every defrost.
bool fold_jumps(sensor_memory& sensor, milli_celsius value, double since_s, bool learning, bool young) {
  sensor.spikes *= static_cast<float>(std::exp(-since_s / jumps_fade_s));
  sensor.usual_spikes *= static_cast<float>(std::exp(-since_s / usual_fades_s));
  if (sensor.steps > 1 && jumped_back(sensor, value)) sensor.spikes += 1;
  const bool many = sensor.spikes >= std::max(1.5F, 1.3F * sensor.usual_spikes + 0.7F);
  if (learning) {
    const float most = young ? sensor.spikes : std::min(sensor.spikes, sensor.usual_spikes + 0.1F);
    sensor.usual_spikes = std::max(sensor.usual_spikes, most);
  }
  return many;
}

} // namespace

std::uint8_t fold_sensor(sensor_memory& sensor, milli_celsius value, double since_s, const unit_course& unit,
                         bool frozen) {
  const bool young = unit.seen_h < young_h;
  const bool many_jumps = fold_jumps(sensor, value, since_s, young || !frozen, young);
  if (sensor.steps > 0) {
    fold_run(sensor, value == sensor.last, frozen);
    if (!frozen) sensor.step.add(static_cast<float>(value - sensor.last), step_memory);
  }
  sensor.mixed = looks_like_fahrenheit(value, sensor, unit) ? counted(sensor.mixed) : std::uint16_t{0};
  sensor.before = sensor.last;
  sensor.last = value;
  sensor.steps = counted(sensor.steps);
  if (sensor.mixed >= 2) return driver_mixed_units;
  if (many_jumps) return driver_spikes;
  return is_stuck(sensor, static_cast<double>(unit.spacing_s)) ? driver_stuck : std::uint8_t{0};
}

} // namespace coldvigil
