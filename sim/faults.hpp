#pragma once
// The faults a unit can be given: the 16 kinds of the catalogue, and four that detectors are not tuned on.

#include "core/time.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace coldvigil::sim {

enum class fault_kind : std::uint8_t {
  compressor_fail,
  power_outage,
  refrigerant_leak,
  iced_evap,
  door_ajar,
  defrost_stuck,
  short_cycling,
  thermostat_drift,
  stuck_on,
  sensor_stuck,
  sensor_drift,
  sensor_offset,
  sensor_noise,
  sensor_spike,
  sensor_dropout,
  unit_mixup_F,
  // Kept apart for tests of what was never looked at while tuning.
  evaporator_fan,
  half_capacity,
  probe_in_product,
  setpoint_change,
};

struct fault_profile {
  fault_kind kind;
  std::string_view name;
  double usual;             ///< magnitude when none is given
  double low, high;         ///< accepted magnitudes
  std::string_view meaning; ///< of the magnitude
};

inline constexpr std::array<fault_profile, 20> fault_profiles{{
    {fault_kind::compressor_fail, "compressor_fail", 1, 0, 1, "not used"},
    {fault_kind::power_outage, "power_outage", 1, 0, 1, "not used"},
    {fault_kind::refrigerant_leak, "refrigerant_leak", 0.7, 0, 1, "share of the capacity lost at the end"},
    {fault_kind::iced_evap, "iced_evap", 0.6, 0, 1, "share of the capacity lost at the end"},
    {fault_kind::door_ajar, "door_ajar", 0.15, 0, 1, "share of fully open"},
    {fault_kind::defrost_stuck, "defrost_stuck", 1, 0, 1, "not used"},
    {fault_kind::short_cycling, "short_cycling", 0.2, 0.05, 1, "factor on the thermostat's band"},
    {fault_kind::thermostat_drift, "thermostat_drift", 3, -50, 50, "K at the end"},
    {fault_kind::stuck_on, "stuck_on", 1, 0, 1, "not used"},
    {fault_kind::sensor_stuck, "sensor_stuck", 1, 0, 1, "not used"},
    {fault_kind::sensor_drift, "sensor_drift", 3, -50, 50, "K at the end"},
    {fault_kind::sensor_offset, "sensor_offset", 3, -100, 100, "K"},
    {fault_kind::sensor_noise, "sensor_noise", 1, 0, 20, "K, standard deviation"},
    {fault_kind::sensor_spike, "sensor_spike", 15, 0, 100, "K, of 6 % of the readings"},
    {fault_kind::sensor_dropout, "sensor_dropout", 1, 0, 1, "not used"},
    {fault_kind::unit_mixup_F, "unit_mixup_F", 1, 0, 1, "not used"},
    {fault_kind::evaporator_fan, "evaporator_fan", 0.6, 0, 1, "share of the air's exchange with coil and goods lost"},
    {fault_kind::half_capacity, "half_capacity", 0.5, 0, 1, "share of the capacity lost at once"},
    {fault_kind::probe_in_product, "probe_in_product", 1, 0, 1, "not used"},
    {fault_kind::setpoint_change, "setpoint_change", 3, -50, 50, "K"},
}};

/// The kinds of the catalogue come first; detectors may be tuned on them.
inline constexpr std::size_t catalogue_size = 16;

[[nodiscard]] constexpr const fault_profile& profile_of(fault_kind kind) {
  return fault_profiles[static_cast<std::size_t>(kind)];
}

/// A fault of the sensor leaves no trace in the unit once it has ended.
[[nodiscard]] constexpr bool of_the_sensor(fault_kind kind) {
  return kind >= fault_kind::sensor_stuck && kind <= fault_kind::unit_mixup_F;
}

[[nodiscard]] constexpr std::optional<fault_kind> parse_fault(std::string_view name) {
  for (const fault_profile& profile : fault_profiles)
    if (profile.name == name) return profile.kind;
  return std::nullopt;
}

/// Runs from start (inclusive) to end (exclusive).
struct fault {
  fault_kind kind = fault_kind::sensor_offset;
  timestamp start{}, end{};
  double magnitude = 0;

  [[nodiscard]] bool active(timestamp at) const { return at >= start && at < end; }
  /// 0 at the start, 1 at the end.
  [[nodiscard]] double progress(timestamp at) const {
    return static_cast<double>((at - start).count()) / static_cast<double>((end - start).count());
  }
};

} // namespace coldvigil::sim
