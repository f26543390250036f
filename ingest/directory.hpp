#pragma once
// A source's directory ("/facilities"): what units it has before any of them reports.

#include "core/registry.hpp"
#include "core/result.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace coldvigil {

/// An array of facilities, or an object with one under "facilities":
/// `{facility_id, name, city, country, units: [{unit_id, name, size, size_unit, set_temperature, temperature_unit,
/// low_limit, high_limit, interval_seconds}]}`; only the two ids and `units` are needed. Temperatures are in the unit's
/// scale, in `otherwise` where it does not say. `customer` is left 0. A facility or unit without an id, or more than
/// `max_units`, is a failure.
[[nodiscard]] result<std::vector<unit_description>> parse_directory(std::string_view body, temperature_scale otherwise,
                                                                    std::size_t max_units = 100'000);

} // namespace coldvigil
