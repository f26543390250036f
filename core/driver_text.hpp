#pragma once
// What drove a score, in words that an operator understands, with its numbers.

#include "core/insight.hpp"

#include <cstdint>
#include <string>

namespace coldvigil {

/// Numbers of drivers. They are stored with readings: one that was given away never means anything else.
inline constexpr std::uint8_t driver_together = 1; ///< all statistics together; 2 to 11 one of them alone
/// The first of four: means of 1, 3, 12 and 36 h. They are the first of driver_mostly_*, too.
inline constexpr std::uint8_t driver_means = 2;
/// For longer than usual not across the mean of its last three hours.
inline constexpr std::uint8_t driver_one_side = 11;
/// The same where readings are too far apart to show a compressor's cycle.
inline constexpr std::uint8_t driver_one_side_coarse = 12;
/// What the network of fault shapes was shown faults for.
inline constexpr std::uint8_t driver_shape = 13;
inline constexpr std::uint8_t driver_mostly_more =
    21; ///< all together, most of all the statistic of the number above it
inline constexpr std::uint8_t driver_mostly_less = 41;
inline constexpr std::uint8_t driver_statistics = 11; ///< so many of either,
/// and one more: crossings of the mean (number 8) where readings are too far apart to show a compressor's cycle.
inline constexpr std::uint8_t driver_crossings = 8, driver_crossings_coarse = 11;
inline constexpr std::uint8_t driver_window = 60; ///< the autoencoder, while the unit does not know itself yet
/// The sensor is ill: these and those above alarm at any threshold.
inline constexpr std::uint8_t driver_stuck = 100, driver_spikes = 101, driver_mixed_units = 102;

/// "cycling stopped 40 min ago; 2.3 K warmer than usual, rising 3.1 K/h". Empty when nothing drove it.
[[nodiscard]] std::string driver_text(const score_driver& driver);

/// The driver is a rule about the sensor, which alarms at any threshold: its scores say nothing about a tail.
[[nodiscard]] bool is_sensor_rule(const score_driver& driver);

} // namespace coldvigil
