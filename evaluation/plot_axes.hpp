#pragma once
// Axes of a picture: where values fall, and which round values are written beside them.

#include "core/time.hpp"

#include <string>
#include <vector>

namespace coldvigil {

/// A linear scale from values to pixels; `from` falls on `at_from`.
struct linear_axis {
  double from = 0, to = 1;
  double at_from = 0, at_to = 1;
  [[nodiscard]] double operator()(double value) const {
    return at_from + (value - from) / (to - from) * (at_to - at_from);
  }
};

struct axis_tick {
  double value = 0;
  std::string text;
};

/// Round values (1, 2 or 5 times a power of ten apart), about `wanted` of them.
[[nodiscard]] std::vector<axis_tick> round_ticks(double from, double to, int wanted);

/// Hours, days or months in UTC, about `wanted` of them; values are milliseconds since 1970.
[[nodiscard]] std::vector<axis_tick> time_ticks(timestamp from, timestamp to, int wanted);

} // namespace coldvigil
