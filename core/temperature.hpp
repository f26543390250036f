#pragma once
// Convert once, at the border: inside, a temperature is an integer number of thousandths of a degree Celsius.

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace coldvigil {

using milli_celsius = std::int32_t;

enum class temperature_scale : std::uint8_t { celsius, fahrenheit, kelvin };

/// Colder than absolute zero or hotter than any storage unit burns: not a temperature.
inline constexpr milli_celsius implausible_below = -273'150;
inline constexpr milli_celsius implausible_above = 1'000'000;

/// Stands in a record where nothing was ever measured; shown as nothing.
inline constexpr milli_celsius no_temperature = std::numeric_limits<milli_celsius>::min();

/// Nothing when the value is not finite or not plausible. Rounds to the nearest thousandth.
[[nodiscard]] std::optional<milli_celsius> to_milli_celsius(double value, temperature_scale scale);
/// The value as the customer's scale shows it.
[[nodiscard]] double from_milli_celsius(milli_celsius value, temperature_scale scale);
/// A difference (deadband, offset, rate) converts without the 32.
[[nodiscard]] double difference_to_celsius(double difference, temperature_scale scale);

[[nodiscard]] constexpr double in_celsius(milli_celsius value) {
  return static_cast<double>(value) / 1000.0;
}

/// "C", "F", "K", also "°C", "celsius" and so on, any case; nothing for anything else.
[[nodiscard]] std::optional<temperature_scale> parse_scale(std::string_view text);
/// "C", "F" or "K".
[[nodiscard]] std::string_view to_string(temperature_scale scale);

} // namespace coldvigil
