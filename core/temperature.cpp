#include "core/temperature.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <string>
#include <utility>

namespace coldvigil {

std::optional<milli_celsius> to_milli_celsius(double value, temperature_scale scale) {
  if (!std::isfinite(value)) return std::nullopt;
  double celsius = value;
  if (scale == temperature_scale::fahrenheit) celsius = (value - 32.0) * 5.0 / 9.0;
  if (scale == temperature_scale::kelvin) celsius = value - 273.15;
  const double thousandths = std::round(celsius * 1000.0);
  if (thousandths < implausible_below || thousandths > implausible_above) return std::nullopt;
  return static_cast<milli_celsius>(thousandths);
}

double from_milli_celsius(milli_celsius value, temperature_scale scale) {
  const double celsius = in_celsius(value);
  if (scale == temperature_scale::fahrenheit) return celsius * 9.0 / 5.0 + 32.0;
  if (scale == temperature_scale::kelvin) return celsius + 273.15;
  return celsius;
}

double difference_to_celsius(double difference, temperature_scale scale) {
  return scale == temperature_scale::fahrenheit ? difference * 5.0 / 9.0 : difference;
}

std::optional<temperature_scale> parse_scale(std::string_view text) {
  std::string name(text);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  static constexpr std::array<std::pair<std::string_view, temperature_scale>, 10> names{{
      {"c", temperature_scale::celsius},
      {"°c", temperature_scale::celsius},
      {"celsius", temperature_scale::celsius},
      {"degc", temperature_scale::celsius},
      {"f", temperature_scale::fahrenheit},
      {"°f", temperature_scale::fahrenheit},
      {"fahrenheit", temperature_scale::fahrenheit},
      {"degf", temperature_scale::fahrenheit},
      {"k", temperature_scale::kelvin},
      {"kelvin", temperature_scale::kelvin},
  }};
  for (const auto& [known, scale] : names)
    if (known == name) return scale;
  return std::nullopt;
}

std::string_view to_string(temperature_scale scale) {
  switch (scale) {
  case temperature_scale::celsius:
    return "C";
  case temperature_scale::fahrenheit:
    return "F";
  case temperature_scale::kelvin:
    return "K";
  }
  return "C";
}

} // namespace coldvigil
