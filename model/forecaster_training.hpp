#pragma once
// Training of the shared forecaster: units' sequences in, weights out. Seeded and on one thread: the same sequences,
// options and program give the same weights on the same machine.

#include "core/result.hpp"
#include "model/forecaster.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace coldvigil {

/// One unit's healthy history at regular steps; the three are of the same length.
struct training_sequence {
  std::vector<forecast_input> inputs;
  std::vector<float> z;     ///< the series that is forecast
  std::vector<bool> usable; ///< false: z at this step is no target, and carries no loss
};

struct forecaster_training_options {
  std::uint64_t seed = 1;
  int updates = 450;
  std::size_t batch = 64;      ///< windows an update
  std::size_t length = 432;    ///< steps of a window
  std::size_t warm_up = 36;    ///< steps at a window's start without loss: the state is not settled there
  double learning_rate = 3e-3; ///< falls along half a cosine to a hundredth
  double gradient_limit = 1.0; ///< norm
  std::function<void(int update, double loss)> progress{}; ///< after every update, counted from 1
};

/// A failure when an option is out of range, a sequence's parts differ in length, no window holds a target, or the
/// training diverges.
result<forecaster_weights> train_forecaster(std::span<const training_sequence> sequences,
                                            const forecaster_training_options& options);

/// Mean over all usable targets after `warm_up` steps of (log variance + squared error / variance) / 2: the Gaussian's
/// negative log-likelihood without its constant. 0 without targets.
[[nodiscard]] double nll(const forecaster& network, const training_sequence& sequence, std::size_t warm_up = 0);

/// Torch's network in double precision on one sequence, whole: what training follows, open for checks.
struct torch_forecast {
  std::vector<forecast> forecasts; ///< one a step
  double loss = 0;                 ///< as `nll`
  std::vector<double> gradient;    ///< in the order of forecaster_weights
};
[[nodiscard]] torch_forecast forecast_with_torch(const forecaster_weights& weights, const training_sequence& sequence,
                                                 std::size_t warm_up);

} // namespace coldvigil
