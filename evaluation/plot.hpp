#pragma once
// A picture of one unit: its trace between its limits, the forecast's band, the score below, alarms and known faults.

#include "core/reading.hpp"

#include <optional>
#include <string>
#include <vector>

namespace coldvigil {

struct plot_point {
  timestamp at{};
  std::optional<milli_celsius> value{};
};

struct plot_score {
  timestamp at{};
  double score = 0;                       ///< NaN: none
  std::optional<double> lower{}, upper{}; ///< °C, the forecast's band
};

/// A time with a name: an alarm, a fault.
struct plot_span {
  timestamp from{}, to{};
  std::string name;
  bool strong = true; ///< an alarm, not a warning
};

struct plot_data {
  std::string title;
  std::vector<plot_point> trace; ///< in time order
  std::vector<plot_score> scores;
  std::optional<milli_celsius> low{}, high{};
  std::vector<plot_span> alarms, faults;
};

struct plot_size {
  int width = 1200, height = 640; ///< px
};

/// An SVG file. However many readings there are, it is drawn with at most four points a pixel column.
[[nodiscard]] std::string plot_svg(const plot_data& data, const plot_size& size);

} // namespace coldvigil
