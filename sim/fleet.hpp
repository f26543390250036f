#pragma once
// Labelled fleets: units of several classes at sites that share their surroundings, with faults at random places and
// what looks like faults but is not (restocking, defrosts, hot days, lost readings).

#include "sim/habits.hpp"
#include "sim/physics.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace coldvigil::sim {

/// A Monday: door openings and restocks follow the week.
inline constexpr timestamp fleet_start = std::chrono::sys_days{std::chrono::year{2026} / 1 / 5};

struct fleet_plan {
  std::uint64_t seed = 1;
  std::size_t units = 64;
  std::size_t days = 40;       ///< of readings, the clean ones included
  std::size_t clean_days = 10; ///< at the beginning, for every unit
  std::chrono::seconds interval{300};
  std::vector<unit_class> kinds{unit_class::vaccine, unit_class::cooler, unit_class::freezer, unit_class::ultra_low};
  std::vector<fault_kind> faults{}; ///< empty = none
  std::size_t faults_per_unit = 3;
  double clean_share = 0.2;                     ///< of the units, without faults
  double magnitude_low = 1, magnitude_high = 1; ///< factors on the catalogue's magnitudes, drawn between
  double heat_wave = 0;                         ///< K for four days in the middle of the days that are not clean
  std::size_t units_per_site = 8;
  std::vector<habit> habits{}; ///< dealt to the units in turn; empty = none
  timestamp start = fleet_start;
};

struct fleet_unit {
  std::string code, site;
  unit_class kind = unit_class::freezer;
  unit_design design{};
  double low = 0, high = 0; ///< limits, °C
  millis phase{0};          ///< of the sampling
  std::optional<habit> routine{};
  std::vector<fault> faults{}; ///< in time order, at least six hours apart
};

/// Between the end of a fault and the start of the next: the unit recovers.
inline constexpr millis fault_recovery = std::chrono::hours{6};

/// The kinds of fault are dealt evenly over the fleet. A fault that finds no place in its unit's days is left out.
[[nodiscard]] std::vector<fleet_unit> plan_fleet(const fleet_plan& plan);

/// What arrives at a sampling time: a value (°C), an empty one, or no row at all.
enum class arrival : std::uint8_t { value, empty, none };
struct fleet_reading {
  timestamp at;
  arrival what = arrival::value;
  double celsius = 0;
};

/// All readings of the unit in time order, `none` left out. Deterministic; a unit depends on no other.
void run_unit(const fleet_plan& plan, const fleet_unit& unit, const std::function<void(const fleet_reading&)>& each);

} // namespace coldvigil::sim
