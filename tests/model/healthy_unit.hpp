#pragma once
// A small thermostat for these tests: compressor cycles, doors, a daily swing, sensor noise and steps.

#include "model/training.hpp"

#include <cmath>
#include <random>
#include <string>
#include <vector>

namespace coldvigil::testing {

struct healthy_unit {
  double set_point = -20;
  double band = 1.0;   ///< K between on and off
  double noise = 0.05; ///< K
  double step = 0.1;   ///< K, the sensor's resolution
  double doors_a_day = 6;
  std::uint64_t seed = 1;

  /// Readings every `interval_s` from `from` on, simulated in steps of ten seconds.
  [[nodiscard]] std::vector<training_reading> readings(timestamp from, std::size_t count, int interval_s) const {
    std::mt19937_64 random{seed};
    std::normal_distribution<double> gauss;
    std::uniform_real_distribution<double> chance;
    std::vector<training_reading> out;
    double air = set_point;
    double wall = set_point;
    bool cooling = false;
    double open_s = 0;
    for (std::int64_t second = 0; out.size() < count; second += 10) {
      const double day = std::sin(6.283185307 * static_cast<double>(second % 86400) / 86400);
      const double ambient = 20 + 3 * day;
      if (wall > set_point + band) cooling = true;
      if (wall < set_point - band) cooling = false;
      if (chance(random) < doors_a_day * 10 / 86400) open_s = 30 + 90 * chance(random);
      const double leak = open_s > 0 ? 1.0 / 2500 : 1.0 / 20000;
      open_s -= 10;
      air += 10 * ((ambient - air) * leak + (wall - air) / 240);
      wall += 10 * ((air - wall) / 900 + (ambient - wall) / 60000 - (cooling ? 0.004 : 0));
      if (second % interval_s != 0) continue;
      const double seen = std::round((air + noise * gauss(random)) / step) * step;
      out.push_back({from + std::chrono::seconds{second}, static_cast<milli_celsius>(std::lround(seen * 1000))});
    }
    return out;
  }
};

inline constexpr timestamp long_ago = from_ms(1'750'000'000'000);

/// A fleet of several classes at several spacings, the same unit names at each spacing.
inline std::vector<training_series> small_fleet(std::size_t units, std::size_t readings_each, std::uint64_t seed) {
  static constexpr double set_points[] = {-20, 5, -75, 3, -28};
  std::vector<training_series> out;
  for (std::size_t i = 0; i < units; ++i)
    for (const int interval_s : {10, 60, 300}) {
      const double wobble = static_cast<double>(i % 7) / 7;
      const healthy_unit unit{set_points[i % 5], 0.4 + wobble, 0.03 + 0.05 * wobble, 0.1, 4 + 10 * wobble, seed + i};
      out.push_back({"unit-" + std::to_string(i), unit.readings(long_ago, readings_each, interval_s)});
    }
  return out;
}

} // namespace coldvigil::testing
