#include "model/sensor_health.hpp"

#include "model/course_score.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace coldvigil {
namespace {

constexpr double jumps_fade_s = 7200, usual_fades_s = 30 * 86'400.0;
constexpr double longest_fades_s = 180 * 86'400.0; ///< what came once a month is not to be an alarm every month
constexpr float young_h = 72;
constexpr float least_alike_s = 2400, least_alike_steps = 8.5F;
constexpr float spikes_until = 0.5F; ///< of what was too many
/// As much as a reading teaches, and what stands closer together in its measure: or a burst would teach itself away.
constexpr float jumps_learnt = 0.1F;
constexpr double jumps_learnt_s = 300;
constexpr float step_memory = 4000;

std::uint16_t counted(std::uint16_t so_far) {
  return so_far == std::numeric_limits<std::uint16_t>::max() ? so_far : static_cast<std::uint16_t>(so_far + 1);
}

/// A value that stands for longer stands for longer than it ever did, and than chance would let it.
float longest_usual_s(const sensor_memory& sensor, float spacing_s) {
  return std::max(
      {least_alike_steps * spacing_s, least_alike_s - spacing_s, 1.5F * sensor.longest_s + 3.5F * spacing_s});
}

bool is_stuck(const sensor_memory& sensor, float spacing_s) {
  return sensor.steps > 200 && sensor.alike_s > longest_usual_s(sensor, spacing_s);
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

/// A run teaches no more than where the rule began to speak, or a stuck sensor would hide the next one; of a young unit
/// nobody knows what is usual. It teaches in an episode, too: a coarse sensor of a still unit begins one by every step.
void fold_run(sensor_memory& sensor, bool same, float since_s, float spacing_s, bool young) {
  sensor.longest_s -= forgetting(since_s, longest_fades_s) * sensor.longest_s;
  if (same) {
    sensor.alike_s += std::min(since_s, 2 * spacing_s);
    return;
  }
  const float usual = young ? sensor.alike_s : std::min(sensor.alike_s, longest_usual_s(sensor, spacing_s));
  sensor.longest_s = std::max(sensor.longest_s, usual);
  sensor.alike_s = 0;
}

/// True from when the jumps are more than the unit has in clean times (some jump at every defrost) until they have
/// faded. Meanwhile nothing is learnt from them; afterwards that so many can be, and after days that the unit is so.
bool spikes_too_often(sensor_memory& sensor, double since_s, bool frozen, bool young, const course_rules& rules) {
  const float most = std::max(1.5F, 1.3F * sensor.usual_spikes + 0.7F);
  const bool many = sensor.spikes >= most;
  if (young || (!many && sensor.spiking_h == 0)) {
    const float more = jumps_learnt * static_cast<float>(std::min(1.0, since_s / jumps_learnt_s));
    const float learnt = young ? sensor.spikes : std::min(sensor.spikes, sensor.usual_spikes + more);
    if (young || !frozen) sensor.usual_spikes = std::max(sensor.usual_spikes, learnt);
    return many;
  }
  sensor.spiking_h += static_cast<float>(since_s / 3600);
  const bool for_days = sensor.spiking_h > static_cast<float>(rules.frozen_days * 24);
  if (!for_days && sensor.spikes >= spikes_until * most) return true;
  sensor.usual_spikes = std::max(sensor.usual_spikes, for_days ? sensor.spikes : most);
  sensor.spiking_h = 0;
  return false;
}

} // namespace

std::uint8_t fold_sensor(sensor_memory& sensor, milli_celsius value, double since_s, const unit_course& unit,
                         bool frozen, const course_rules& rules) {
  const bool young = unit.seen_h < young_h;
  sensor.spikes *= 1 - forgetting(since_s, jumps_fade_s);
  sensor.usual_spikes *= 1 - forgetting(since_s, usual_fades_s);
  // At a coarser pace than the unit's own, ordinary differences look like jumps.
  const bool next = since_s < 1.5 * static_cast<double>(unit.grid_s);
  if (next && sensor.steps > 1 && jumped_back(sensor, value)) sensor.spikes += 1;
  const bool spiking = spikes_too_often(sensor, since_s, frozen, young, rules);
  if (sensor.steps > 0) {
    fold_run(sensor, value == sensor.last, static_cast<float>(since_s), unit.spacing_s, young);
    if (next && !frozen && !spiking) sensor.step.add(static_cast<float>(value - sensor.last), step_memory);
  }
  sensor.mixed = looks_like_fahrenheit(value, sensor, unit) ? counted(sensor.mixed) : std::uint16_t{0};
  sensor.before = sensor.last;
  sensor.last = value;
  sensor.steps = counted(sensor.steps);
  if (sensor.mixed >= 2) return driver_mixed_units;
  if (spiking) return driver_spikes;
  return is_stuck(sensor, unit.spacing_s) ? driver_stuck : std::uint8_t{0};
}

} // namespace coldvigil
