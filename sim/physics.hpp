#pragma once
// A storage unit as two thermal nodes (air and product) under a thermostat, in an ambient, with doors, restocking,
// defrosts and a sensor. Heat capacity is normalised to 1, so every flow is in K a minute of the whole unit:
//
//   f dTa/dt = UA (1 + k door) (Tamb - Ta) + (f / tc) (Tp - Ta) - Q run cap + Qd defrost
//   (1 - f) dTp/dt = (f / tc) (Ta - Tp) + load          sensor: dTs/dt = (Ta - Ts) / lag
//
// Everything random is a function of seed, unit and time (sim/chance.hpp).

#include "sim/faults.hpp"

#include <cstdint>
#include <span>

namespace coldvigil::sim {

enum class unit_class : std::uint8_t { vaccine, cooler, freezer, ultra_low };

/// The class whose units are kept at this set point (°C).
[[nodiscard]] unit_class class_of(double set_point);

/// What surrounds a unit. Units of one site share the key, and with it every warm day.
struct surroundings {
  std::uint64_t key = 0; ///< of the ambient's chance; 0 = the unit's own
  double mean = 22, swing = 2, wander = 0.8;
  double hot_days = 0;                ///< share of the days
  double hot_rise = 0;                ///< K at 15:00 of a hot day
  timestamp wave_begin{}, wave_end{}; ///< of a heat wave, with ramps of half a day inside it
  double wave_rise = 0;               ///< K
};

/// What a unit is made of. Temperatures in °C, times in minutes unless named otherwise.
struct unit_design {
  std::uint64_t key = 0; ///< of the unit's chance
  unit_class kind = unit_class::freezer;
  double set_point = -20;
  double ua = 0; ///< 1/min
  double air_share = 0.1;
  double coupling = 12; ///< min
  double cooling = 0;   ///< K/min at full capacity
  double half_band = 1;
  double min_on = 5, min_off = 5;
  surroundings ambient{};
  double doors_per_hour = 1, door_factor = 8;
  double restocks_per_week = 1;
  double defrost_every = 0, defrost_length = 0, defrost_heat = 0; ///< 0 = no defrosts
  double lag = 3, noise = 0.05, resolution = 0.1;
};

/// A unit of the class, drawn by chance, in surroundings of its own or in those of its site.
[[nodiscard]] unit_design draw_design(std::uint64_t seed, std::uint64_t unit, unit_class kind, double set_point,
                                      const surroundings* site = nullptr);

/// Where a unit stands at a step.
struct unit_physics {
  double air = 0, product = 0, sensor = 0;
  bool running = false;
  double since_switch = 1e6; ///< min
};

/// The time step of the integration; readings lie on its grid.
inline constexpr millis physics_step{5'000};

/// The disturbances of one hour: the ambient and when the door is open.
struct hour_weather {
  std::int64_t hour = -1; ///< since 1970
  double ambient_begin = 0, ambient_end = 0;
  struct opening {
    double begin, end; ///< min within the hour
    double load;       ///< K of warm goods brought in over the opening
  };
  std::array<opening, 8> openings{};
  std::size_t count = 0;
};
[[nodiscard]] hour_weather weather_of(const unit_design& unit, std::int64_t hour);

/// Moves the state over the step that begins at `at`. `weather` is kept by the caller and renewed here by the hour.
void advance(const unit_design& unit, std::span<const fault> faults, timestamp at, hour_weather& weather,
             unit_physics& state);

/// What the sensor reports, °C, before faults of the sensor; noise and resolution included.
[[nodiscard]] double sensed(const unit_design& unit, const unit_physics& state, timestamp at);

} // namespace coldvigil::sim
