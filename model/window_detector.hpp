#pragma once
// The detector's arithmetic that training shares: what the error of a window is.

#include <cstddef>
#include <span>

namespace coldvigil {

/// Mean absolute error of one window, in units of the scale. Always summed in the same order.
[[nodiscard]] double window_error(std::span<const float> window, std::span<const float> reconstructed);

} // namespace coldvigil
