#pragma once
// The simulated customers: what they own, in the words of their four templates.

#include "sim/physics.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace coldvigil::sim {

struct simulated_unit {
  std::string code; ///< "unit_A_1_1"
  std::optional<std::string> name;
  double set_point = 0; ///< in the unit's scale
  bool fahrenheit = false;
  double size = 0;
  std::string size_unit;    ///< "sqm" or "sqft"
  double low = 0, high = 0; ///< own limits, in the unit's scale
  double null_chance = 0;   ///< of a reading
  std::string sensor;

  [[nodiscard]] double celsius(double own) const { return fahrenheit ? (own - 32) * 5 / 9 : own; }
  [[nodiscard]] double own(double celsius) const { return fahrenheit ? celsius * 9 / 5 + 32 : celsius; }
};

struct simulated_facility {
  std::string code; ///< "facility_A_1"
  std::optional<std::string> name, city;
  std::string country;
  std::vector<simulated_unit> units;
};

struct simulated_customer {
  std::string code, name, industry;
  bool csv = false;                    ///< how it shares its data
  std::chrono::seconds frequency{300}; ///< between two readings of a unit
  double reliability = 0.95;           ///< the quality it gives to a reading at the set point
  std::vector<simulated_facility> facilities;
};

/// A to J: 21 facilities, 94 units whatever the seed, which decides set points, sizes and missing names.
[[nodiscard]] std::vector<simulated_customer> reference_customers(std::uint64_t seed);

/// At most max_generated_customers, of the four industries by their shares: fleets of any size. The first n are the
/// same whatever the count. A unit's frequency need not lie on the grid of the physics.
[[nodiscard]] std::vector<simulated_customer> generate_customers(std::size_t count, std::uint64_t seed);
inline constexpr std::size_t max_generated_customers = 10'000;

} // namespace coldvigil::sim
