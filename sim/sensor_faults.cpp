#include "sim/sensor_faults.hpp"

#include "sim/chance.hpp"

#include <cmath>

namespace coldvigil::sim {
namespace {

constexpr std::uint64_t ch_sensor_fault = 50;
constexpr double spiked_share = 0.06;

} // namespace

std::optional<double> through_sensor(const unit_design& unit, std::span<const fault> faults, timestamp at,
                                     double healthy, const std::function<double(std::size_t)>& held_by) {
  double value = healthy;
  const std::uint64_t dice = mix({unit.key, ch_sensor_fault, static_cast<std::uint64_t>(to_ms(at))});
  for (std::size_t i = 0; i < faults.size(); ++i) {
    const fault& f = faults[i];
    if (!f.active(at)) continue;
    switch (f.kind) {
    case fault_kind::sensor_stuck:
      value = held_by(i);
      break;
    case fault_kind::sensor_drift:
      value += f.magnitude * f.progress(at);
      break;
    case fault_kind::sensor_offset:
      value += f.magnitude;
      break;
    case fault_kind::sensor_noise:
      value += f.magnitude * normal(dice);
      break;
    case fault_kind::sensor_spike:
      if (uniform(dice) < spiked_share) value += uniform(mix({dice, 1})) < 0.5 ? f.magnitude : -f.magnitude;
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

} // namespace coldvigil::sim
