#pragma once
// Chance without memory: a number is a function of what it is for, so the past of a unit never changes.

#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <numbers>

namespace coldvigil::sim {

/// Mixes the parts into one well spread 64-bit number (splitmix64's finaliser over each part).
[[nodiscard]] constexpr std::uint64_t mix(std::initializer_list<std::uint64_t> parts) {
  std::uint64_t state = 0x9E3779B97F4A7C15ull;
  for (const std::uint64_t part : parts) {
    state += part + 0x9E3779B97F4A7C15ull;
    state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9ull;
    state = (state ^ (state >> 27)) * 0x94D049BB133111EBull;
    state ^= state >> 31;
  }
  return state;
}

/// Uniform in [0, 1).
[[nodiscard]] constexpr double uniform(std::uint64_t number) {
  return static_cast<double>(number >> 11) * (1.0 / 9007199254740992.0);
}

/// Uniform in [low, high).
[[nodiscard]] constexpr double between(std::uint64_t number, double low, double high) {
  return low + uniform(number) * (high - low);
}

/// Standard normal (Box and Muller).
[[nodiscard]] inline double normal(std::uint64_t number) {
  const double u = uniform(number) + 1e-12;
  const double v = uniform(mix({number, 1}));
  return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * v);
}

} // namespace coldvigil::sim
