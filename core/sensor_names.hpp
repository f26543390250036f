#pragma once
// Which sensor a reading came from: readings carry a small index, the unit keeps the names.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coldvigil {

/// Names of sensor index 1, 2, ... of one unit.
using sensor_names = std::vector<std::string>;
/// (index, name), as a commit tells of a new one.
using new_sensor = std::pair<std::uint8_t, std::string>;

/// Indexes are never reused; index 0 means "not given" and has no name.
void learn(sensor_names& names, const std::vector<new_sensor>& fresh);
/// Empty for index 0 and for one that has no name.
[[nodiscard]] std::string_view name_of(const sensor_names& names, std::uint8_t index);

} // namespace coldvigil
