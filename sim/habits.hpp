#pragma once
// What people and timers do to a unit day by day and week by week that is no fault: work that warms a cold store, goods
// that come in, defrosts that keep no time of day. Shapes of temperature laid over the physics where the sensor hangs,
// not heat flows: the physics' thermostat does not answer them.

#include "core/time.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace coldvigil::sim {

enum class habit : std::uint8_t { weekdays, six_days, nights, holidays, summer_time, goods, free_defrosts };
inline constexpr std::array<std::string_view, 7> habit_names{"weekdays",    "six_days", "nights",       "holidays",
                                                             "summer_time", "goods",    "free_defrosts"};
[[nodiscard]] std::optional<habit> parse_habit(std::string_view name);

/// K at `at` above what the physics has, a function of the key and the time alone:
/// weekdays, six_days, nights: 1 to 6 K warmer while people work, Monday to Friday or Saturday, by day or by night, a
/// day as warm and as long as it comes; holidays: one working day in 25 is none; summer_time: from `clocks_change` on
/// they come an hour earlier (UTC); goods: two days in six something warm comes in, 4 to 8 K, half of it gone in 20 to
/// 45 min; free_defrosts: 3 to 8 K within 18 to 30 min, every 7 or 25 hours.
[[nodiscard]] double warmed_by(habit which, std::uint64_t key, timestamp at, timestamp clocks_change);

} // namespace coldvigil::sim
