#pragma once
// How the temperature has moved for hours, as a network saw it that was shown labelled faults of many units: a door
// ajar that the compressor makes up for leaves every mean as it was and changes the cycle alone. A small LSTM, one step
// a step of the unit's grid. Pure; every machine gives the same.

#include "model/running_statistics.hpp"
#include "model/unit_course.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace coldvigil {

inline constexpr std::size_t shape_inputs = 20;

/// A finished step of the grid, in the unit's own spreads and sizes: where it is, how it moved, what its statistics are
/// against the usual, and what sort of unit it is.
using shape_input = std::array<float, shape_inputs>;

/// Weights of one input, or of the bias, for all gates: those of all cells for i, then f, o and g.
using shape_gates = std::array<float, 4 * shape_cells>;

struct shape_network {
  std::array<shape_gates, shape_inputs> input{};
  std::array<shape_gates, shape_cells> hidden{};
  shape_gates bias{};
  std::array<float, shape_cells> output{};
  float output_bias = 0;
};

/// The network's numbers one after the other, as the file of weights has them.
using shape_numbers = std::array<float, sizeof(shape_network) / sizeof(float)>;

/// What a step shows is within these, NaN included.
[[nodiscard]] inline float near(float value) {
  constexpr float widest = 3;
  return value > -widest ? std::min(value, widest) : -widest;
}

/// The newest step of `of`, whose statistics are `y` and their distance `distance`.
[[nodiscard]] shape_input shown(const unit_course& of, const statistics& y, float distance);

/// Folds in a step: the log odds that a fault is on. Finite for whatever is finite.
float fold(shape_memory& of, const shape_input& step, const shape_network& network);

/// What scripts/train-shapes made (model/fault_shape_weights.inc).
[[nodiscard]] const shape_network& shipped_shapes();

} // namespace coldvigil
