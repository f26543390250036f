#pragma once
// What faults of the sensor make of a value.

#include "sim/physics.hpp"

#include <functional>
#include <optional>
#include <span>

namespace coldvigil::sim {

/// The value that reaches the customer, °C to three decimals; nothing while the sensor is silent. `held_by(i)` is what
/// the sensor showed when faults[i], a stuck sensor, began.
[[nodiscard]] std::optional<double> through_sensor(const unit_design& unit, std::span<const fault> faults, timestamp at,
                                                   double healthy, const std::function<double(std::size_t)>& held_by);

} // namespace coldvigil::sim
