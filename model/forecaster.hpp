#pragma once
// A small LSTM that every unit shares and that says, after every step, where the unit's normalised temperature will be
// 1, 6 and 12 steps ahead and how sure that is. The state between steps is the unit's own: plain data the caller keeps.
//
// A unit's numbers never depend on the batch it is computed in: units are computed in blocks of one fixed size, each
// in its own lane, by the same code for one unit as for thousands.

#include "core/result.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <type_traits>
#include <vector>

namespace coldvigil {

inline constexpr std::size_t forecast_inputs = 7, forecast_hidden = 16, forecast_horizons = 3;
inline constexpr std::array<std::size_t, forecast_horizons> forecast_steps{1, 6, 12}; ///< ahead
inline constexpr std::size_t forecast_gates = 4 * forecast_hidden;                    ///< input, forget, cell, output
inline constexpr std::size_t forecast_outputs = 2 * forecast_horizons;                ///< means, then log variances
inline constexpr float widest_forecast_input = 8;
inline constexpr float least_log_variance = -7, most_log_variance = 6;

/// z, dz, the profile at t, t+1, t+6 and t+12, log2(step / 5 min); within +-8.
using forecast_input = std::array<float, forecast_inputs>;

/// What the network sees of an input: within +-8, and 0 for what is not finite.
[[nodiscard]] inline float seen_by_forecaster(float value) {
  if (!(std::abs(value) <= std::numeric_limits<float>::max())) return 0;
  return value > widest_forecast_input ? widest_forecast_input
                                       : (value < -widest_forecast_input ? -widest_forecast_input : value);
}

/// What a unit remembers between steps; zeros before the first.
struct forecaster_state {
  std::array<float, forecast_hidden> h{}, c{};
};
static_assert(sizeof(forecaster_state) == 128 && std::is_trivially_copyable_v<forecaster_state>);

/// One value a horizon, in the order of forecast_steps. log_variance lies within [-7, 6].
struct forecast {
  std::array<float, forecast_horizons> mean{}, log_variance{};
};

/// Row by row; the gates in Torch's order: input, forget, cell, output.
struct forecaster_weights {
  std::array<float, forecast_gates * forecast_inputs> w_ih{};
  std::array<float, forecast_gates * forecast_hidden> w_hh{};
  std::array<float, forecast_gates> bias{};
  std::array<float, forecast_outputs * forecast_hidden> head{};
  std::array<float, forecast_outputs> head_bias{};

  static constexpr std::size_t byte_size =
      4 * (forecast_gates * (forecast_inputs + forecast_hidden + 1) + forecast_outputs * (forecast_hidden + 1));
  static constexpr float largest = 1e6F; ///< keeps every sum finite; no trained network comes near

  /// The arrays in the order above, floats little endian.
  [[nodiscard]] std::vector<std::byte> to_bytes() const;
  /// `corrupt` for any other size, and for a weight that is not finite or beyond +-largest.
  [[nodiscard]] static result<forecaster_weights> from_bytes(std::span<const std::byte> bytes);

  bool operator==(const forecaster_weights&) const = default;
};

/// Never changes after it is made: threads may share one.
class forecaster {
 public:
  static constexpr std::size_t block = 16; ///< units computed together; one alone costs as much as a block

  explicit forecaster(const forecaster_weights& weights);

  /// Moves the state one step on. Finite answers for finite states, whatever the input.
  [[nodiscard]] forecast step(forecaster_state& state, const forecast_input& input) const;
  /// One step of many units: states[i] sees inputs[i] and answers in out[i]. All three are of the same length.
  void step(std::span<forecaster_state> states, std::span<const forecast_input> inputs, std::span<forecast> out) const;

 private:
  static constexpr std::size_t depth_ = forecast_inputs + forecast_hidden;

  /// Two hidden units' eight gates side by side for every input, in the order the block computes them.
  std::array<float, forecast_gates * depth_> gates_{};
  std::array<float, forecast_gates> bias_{};
  std::array<float, forecast_outputs * forecast_hidden> head_{};
  std::array<float, forecast_outputs> head_bias_{};
};

} // namespace coldvigil
