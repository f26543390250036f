#pragma once
// The autoencoder written out in plain C++ and double precision: slow, and plain to check by eye.

#include "model/autoencoder.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <span>
#include <vector>

namespace coldvigil::testing {

struct slow_cell {
  std::vector<double> hidden, cell;

  explicit slow_cell(std::size_t size) : hidden(size), cell(size) {}

  void step(std::span<const double> input, const std::vector<float>& w_input, const std::vector<float>& w_recurrent,
            const std::vector<float>& bias) {
    const std::size_t size = hidden.size();
    const auto sigmoid = [](double x) { return 1 / (1 + std::exp(-x)); };
    std::vector<double> sums(4 * size);
    for (std::size_t row = 0; row < 4 * size; ++row) {
      sums[row] = bias[row];
      for (std::size_t k = 0; k < input.size(); ++k)
        sums[row] += w_input[row * input.size() + k] * input[k];
      for (std::size_t k = 0; k < size; ++k)
        sums[row] += w_recurrent[row * size + k] * hidden[k];
    }
    for (std::size_t k = 0; k < size; ++k) {
      cell[k] = sigmoid(sums[size + k]) * cell[k] + sigmoid(sums[k]) * std::tanh(sums[2 * size + k]);
      hidden[k] = sigmoid(sums[3 * size + k]) * std::tanh(cell[k]);
    }
  }
};

inline std::vector<double> slow_reconstruction(const autoencoder_weights& w, std::span<const float> window) {
  slow_cell encoder{w.hidden};
  for (const float value : window) {
    const double seen = std::clamp(static_cast<double>(value), -8.0, 8.0);
    encoder.step({&seen, 1}, w.encoder_input, w.encoder_recurrent, w.encoder_bias);
  }
  const std::vector<double> latent = encoder.hidden;
  slow_cell decoder{w.hidden};
  decoder.hidden = latent;
  std::vector<double> out(window.size());
  for (std::size_t step = 0; step < window.size(); ++step) {
    decoder.step(latent, w.decoder_input, w.decoder_recurrent, w.decoder_bias);
    double sum = w.output_bias[0];
    for (std::size_t k = 0; k < w.hidden; ++k)
      sum += w.output[k] * decoder.hidden[k];
    out[window.size() - 1 - step] = sum;
  }
  return out;
}

inline autoencoder_weights random_weights(std::size_t window, std::size_t hidden, std::uint64_t seed) {
  std::mt19937_64 random{seed};
  std::normal_distribution<float> gauss{0, 0.4F};
  auto weights = empty_weights(window, hidden);
  for (auto* array : arrays_of(weights))
    for (float& value : *array)
      value = gauss(random);
  return weights;
}

inline std::vector<float> random_windows(std::size_t count, std::size_t window, std::uint64_t seed) {
  std::mt19937_64 random{seed};
  std::normal_distribution<float> gauss{0, 2};
  std::vector<float> out(count * window);
  for (float& value : out)
    value = gauss(random);
  return out;
}

} // namespace coldvigil::testing
