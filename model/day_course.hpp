#pragma once
// A course over the UTC day, kept in equal slots.

#include <array>
#include <cstddef>
#include <cstdint>

namespace coldvigil {

inline constexpr std::int64_t day_ms = 86'400'000;

/// The time since the beginning of the period that `ms` lies in, also before 1970.
[[nodiscard]] constexpr std::int64_t within(std::int64_t ms, std::int64_t period) {
  return ((ms % period) + period) % period;
}

/// Number of the slot of the day, of `slots`.
template <std::size_t slots> [[nodiscard]] constexpr std::size_t slot_of_day(std::int64_t ms) {
  static_assert(day_ms % static_cast<std::int64_t>(slots) == 0);
  return static_cast<std::size_t>(within(ms, day_ms) / (day_ms / static_cast<std::int64_t>(slots)));
}

/// Smoothed over the neighbours: midnight's are before and after it.
template <std::size_t slots> [[nodiscard]] float at_time(const std::array<float, slots>& course, std::int64_t ms) {
  const std::size_t slot = slot_of_day<slots>(ms);
  const auto at = [&](std::size_t i) { return course[i % slots]; };
  return 0.25F * at(slot + slots - 1) + 0.5F * at(slot) + 0.25F * at(slot + 1);
}

} // namespace coldvigil
