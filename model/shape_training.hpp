#pragma once
// Training of the network of fault shapes (model/fault_shape) on labelled courses. Offline: what ships is its result.

#include "model/fault_shape.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace coldvigil {

enum class shape_label : std::int8_t { healthy, faulty, unknown };

/// A unit's steps one after the other, as `shown`, with what was the matter; `unknown` ones teach nothing.
struct labelled_course {
  std::vector<shape_input> steps;
  std::vector<shape_label> labels; ///< as many
  double share = 1;                ///< how often it is shown, against other courses
};

struct shape_training_options {
  std::size_t rounds = 14000;
  std::size_t batch = 64;    ///< stretches a round
  std::size_t stretch = 240; ///< steps
  std::size_t warm_up = 48;  ///< first steps of a stretch: they teach nothing, the memory is not filled yet
  double rate = 0.004;       ///< at first; it falls to a fiftieth
  /// Every input of a stretch is shown so much larger or smaller (standard deviation of its logarithm), and so much
  /// shifted: another maker's units are not quite like these.
  float stretching = 0.15F, shifting = 0.1F;
  std::uint64_t seed = 1;
};

/// Called about a hundred times: the share that is done, and the mean loss since the call before.
using shape_progress = std::function<void(double done, double loss)>;

/// The same courses and options give the same network on the same machine. Courses shorter than a stretch are left out.
[[nodiscard]] shape_network train_shapes(const std::vector<labelled_course>& courses,
                                         const shape_training_options& options, const shape_progress& progress);

} // namespace coldvigil
