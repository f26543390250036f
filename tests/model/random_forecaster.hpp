#pragma once
// Forecasters and sequences for tests, and the forecaster written out in double precision: slow, plain to check by eye.

#include "model/forecaster_training.hpp"
#include "tests/model/slow_autoencoder.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace coldvigil::testing {

/// Every weight, in the order of forecaster_weights.
inline std::vector<float*> every_weight(forecaster_weights& weights) {
  std::vector<float*> out;
  const auto take = [&](auto& array) {
    for (float& value : array)
      out.push_back(&value);
  };
  take(weights.w_ih);
  take(weights.w_hh);
  take(weights.bias);
  take(weights.head);
  take(weights.head_bias);
  return out;
}

inline forecaster_weights random_forecaster(std::uint64_t seed) {
  std::mt19937_64 random{seed};
  std::normal_distribution<float> gauss{0, 0.4F};
  forecaster_weights weights;
  for (float* value : every_weight(weights))
    *value = gauss(random);
  return weights;
}

/// Inputs and targets without any sense, one step in five no target.
inline training_sequence random_sequence(std::size_t steps, std::uint64_t seed) {
  std::mt19937_64 random{seed};
  std::normal_distribution<float> gauss{0, 2};
  training_sequence out;
  for (std::size_t step = 0; step < steps; ++step) {
    auto& input = out.inputs.emplace_back();
    for (float& value : input)
      value = gauss(random);
    out.z.push_back(gauss(random));
    out.usable.push_back(random() % 5 != 0);
  }
  return out;
}

struct slow_forecast {
  double mean[forecast_horizons], log_variance[forecast_horizons];
};

inline std::vector<slow_forecast> slow_forecasts(const forecaster_weights& w, const training_sequence& sequence) {
  const std::vector<float> w_ih(w.w_ih.begin(), w.w_ih.end()), w_hh(w.w_hh.begin(), w.w_hh.end());
  const std::vector<float> bias(w.bias.begin(), w.bias.end());
  slow_cell cell{forecast_hidden};
  std::vector<slow_forecast> out;
  for (const auto& input : sequence.inputs) {
    std::vector<double> seen;
    for (const float value : input)
      seen.push_back(std::isfinite(value) ? std::clamp(static_cast<double>(value), -8.0, 8.0) : 0.0);
    cell.step(seen, w_ih, w_hh, bias);
    double sums[forecast_outputs];
    for (std::size_t row = 0; row < forecast_outputs; ++row) {
      sums[row] = w.head_bias[row];
      for (std::size_t k = 0; k < forecast_hidden; ++k)
        sums[row] += w.head[row * forecast_hidden + k] * cell.hidden[k];
    }
    auto& made = out.emplace_back();
    for (std::size_t k = 0; k < forecast_horizons; ++k) {
      made.mean[k] = sums[k];
      made.log_variance[k] = std::clamp(sums[forecast_horizons + k], -7.0, 6.0);
    }
  }
  return out;
}

inline double slow_nll(const forecaster_weights& w, const training_sequence& sequence, std::size_t warm_up) {
  const auto made = slow_forecasts(w, sequence);
  double sum = 0, targets = 0;
  for (std::size_t step = warm_up; step < made.size(); ++step)
    for (std::size_t k = 0; k < forecast_horizons; ++k) {
      const std::size_t at = step + forecast_steps[k];
      if (at >= made.size() || !sequence.usable[at]) continue;
      const double error = sequence.z[at] - made[step].mean[k], variance = std::exp(made[step].log_variance[k]);
      sum += 0.5 * (std::log(variance) + error * error / variance);
      ++targets;
    }
  return sum / targets;
}

} // namespace coldvigil::testing
