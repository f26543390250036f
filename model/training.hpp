#pragma once
// Training of the autoencoder: readings in, a model file's content out. Seeded and on one thread: the same readings,
// options and program give the same bytes on the same machine.

#include "core/result.hpp"
#include "core/temperature.hpp"
#include "core/time.hpp"
#include "model/model_file.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace coldvigil {

struct training_reading {
  timestamp at;
  milli_celsius value = 0;
};

/// The healthy history of one unit, event order, at any spacing.
struct training_series {
  std::string unit;
  std::vector<training_reading> readings;
};

struct training_options {
  std::uint64_t seed = 1;
  std::size_t hidden = 16;
  std::size_t epochs = 30;  ///< at most
  std::size_t patience = 5; ///< epochs without a better held-out loss before it stops
  std::size_t batch = 128;
  double learning_rate = 3e-3;
  double gradient_limit = 1.0;          ///< norm
  double held_out = 0.2;                ///< part of the units that is never trained on
  std::size_t windows_per_series = 300; ///< at most, spread evenly
  std::size_t most_windows = 200'000;   ///< in all; the memory's limit
  double quantile = 0.999;              ///< of the held-out errors: the threshold
  std::string name = "lstm-ae";
  std::string trained_on;               ///< for people
  std::string made_with;                ///< code version
  std::vector<std::string> customers{}; ///< whose readings these are, by their leave
  /// Goes on from these, of any number of hidden units; nothing = from random ones.
  std::optional<autoencoder_weights> start{};
};

struct training_progress {
  std::size_t epoch = 0, epochs = 0;
  std::size_t batch = 0, batches = 0;
  double training_loss = 0; ///< of the epoch so far
  double held_out_loss = 0; ///< of the epoch before; 0 in the first
};
/// Called after every batch; false stops the training with the best model so far.
using training_progress_function = std::function<bool(const training_progress&)>;

/// Normalised windows, one after the other.
struct window_set {
  std::vector<float> values;
  [[nodiscard]] std::size_t size() const;
};
/// Walks over a series as the detector does and takes at most `most` of the windows it would score, spread evenly.
void take_windows(const training_series& series, std::size_t most, window_set& into);

/// A failure when there are fewer than two units with full windows, or the training diverges.
result<model_file> train(const training_options& options, const std::vector<training_series>& series,
                         const training_progress_function& progress);

/// Loss and its gradient, in double precision, in the order of arrays_of: what Adam follows, open for checks.
struct loss_and_gradient {
  double loss = 0;
  std::vector<double> gradient;
};
/// Windows that go through the network together while it is judged: what it needs of memory is this many's.
inline constexpr std::size_t windows_at_once = 1024;
[[nodiscard]] loss_and_gradient evaluate_loss(const autoencoder_weights& weights, std::span<const float> windows,
                                              std::size_t at_once = windows_at_once);

} // namespace coldvigil
