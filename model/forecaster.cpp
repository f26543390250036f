#include "model/forecaster.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

namespace coldvigil {
namespace {

constexpr std::size_t lanes = forecaster::block;
constexpr std::size_t depth = forecast_inputs + forecast_hidden;
constexpr std::size_t pair_gates = 8; // of two hidden units: sums enough to keep both multipliers of a core busy
using lane_group = float __attribute__((vector_size(lanes * sizeof(float))));
using lane_bits = std::uint32_t __attribute__((vector_size(lanes * sizeof(float))));

/// One block of units, feature by feature, the units side by side.
struct alignas(64) unit_block {
  float seen[depth][lanes]; // inputs, then the hidden state
  float cell[forecast_hidden][lanes];
  float hidden[forecast_hidden][lanes]; // after the step
  float out[forecast_outputs][lanes];
};

[[gnu::always_inline]] inline void load(lane_group& to, const float* from) {
  std::memcpy(&to, from, sizeof to);
}
[[gnu::always_inline]] inline void store(float* to, const lane_group& from) {
  std::memcpy(to, &from, sizeof from);
}

/// x becomes 1 / (1 + exp(-slope x)) to 1e-7: a power of two from the exponent bits, the rest by Taylor's series.
[[gnu::always_inline]] inline void squash(lane_group& x, float slope) {
  constexpr float log2_e = 1.44269504F, widest = 100; // 2^100 is still a float, and 2^-100 next to 1 is nothing
  constexpr float rounder = 12582912;                 // 1.5 * 2^23: adding it rounds to a whole number
  lane_group y = x * (-slope * log2_e);
  y = y > widest ? lane_group{} + widest : y;
  y = y < -widest ? lane_group{} - widest : y;
  const lane_group shifted = y + rounder;
  const lane_group f = (y - (shifted - rounder)) * 0.693147181F; // within +-ln(2)/2
  lane_group power = f * (1.F / 720) + 1.F / 120;
  power = power * f + 1.F / 24;
  power = power * f + 1.F / 6;
  power = power * f + 0.5F;
  power = power * f + 1.F;
  power = power * f + 1.F;
  lane_bits exponent, bits;
  std::memcpy(&exponent, &shifted, sizeof exponent);
  std::memcpy(&bits, &power, sizeof bits);
  bits += exponent << 23; // the whole number sits in the lowest bits
  std::memcpy(&power, &bits, sizeof power);
  x = 1.F / (power + 1.F);
}
[[gnu::always_inline]] inline void squash_to_tanh(lane_group& x) {
  squash(x, 2);
  x = x * 2.F - 1.F;
}

// One body, compiled for what the machine has; chosen when the program starts.
__attribute__((target_clones("avx512f", "arch=haswell", "default"))) void
step_block(unit_block& units, const float* gates, const float* bias, const float* head, const float* head_bias) {
  for (std::size_t unit = 0; unit < forecast_hidden; unit += 2, bias += pair_gates) {
    lane_group sums[pair_gates];
    for (std::size_t i = 0; i < pair_gates; ++i)
      sums[i] = lane_group{} + bias[i];
    for (std::size_t k = 0; k < depth; ++k, gates += pair_gates) {
      lane_group x;
      load(x, units.seen[k]);
      for (std::size_t i = 0; i < pair_gates; ++i)
        sums[i] += gates[i] * x;
    }
    for (std::size_t i = 0; i < 2; ++i) {
      lane_group* const gate = sums + i * 4; // input, forget, cell, output
      squash(gate[0], 1);
      squash(gate[1], 1);
      squash_to_tanh(gate[2]);
      squash(gate[3], 1);
      lane_group cell;
      load(cell, units.cell[unit + i]);
      cell = gate[1] * cell + gate[0] * gate[2];
      store(units.cell[unit + i], cell);
      squash_to_tanh(cell);
      store(units.hidden[unit + i], gate[3] * cell);
    }
  }
  for (std::size_t row = 0; row < forecast_outputs; ++row) {
    lane_group sum = lane_group{} + head_bias[row];
    for (std::size_t k = 0; k < forecast_hidden; ++k) {
      lane_group h;
      load(h, units.hidden[k]);
      sum += head[row * forecast_hidden + k] * h;
    }
    store(units.out[row], sum);
  }
}

void gather(unit_block& units, std::size_t lane, const forecaster_state& state, const forecast_input& input) {
  for (std::size_t k = 0; k < forecast_inputs; ++k)
    units.seen[k][lane] = seen_by_forecaster(input[k]);
  for (std::size_t k = 0; k < forecast_hidden; ++k) {
    units.seen[forecast_inputs + k][lane] = state.h[k];
    units.cell[k][lane] = state.c[k];
  }
}

void scatter(const unit_block& units, std::size_t lane, forecaster_state& state, forecast& out) {
  for (std::size_t k = 0; k < forecast_hidden; ++k) {
    state.h[k] = units.hidden[k][lane];
    state.c[k] = units.cell[k][lane];
  }
  for (std::size_t k = 0; k < forecast_horizons; ++k) {
    out.mean[k] = units.out[k][lane];
    out.log_variance[k] = std::clamp(units.out[forecast_horizons + k][lane], least_log_variance, most_log_variance);
  }
}

/// Calls `use` with every array of the weights, in the order they are written.
template <class Weights, class Use> void each_array(Weights& weights, const Use& use) {
  use(weights.w_ih);
  use(weights.w_hh);
  use(weights.bias);
  use(weights.head);
  use(weights.head_bias);
}

failure damaged(std::string what) {
  return {error_code::corrupt, std::move(what), "", "take the forecaster from an intact model file, or train it again"};
}

} // namespace

std::vector<std::byte> forecaster_weights::to_bytes() const {
  std::vector<std::byte> out;
  out.reserve(byte_size);
  each_array(*this, [&](const auto& array) {
    for (const float value : array) {
      const auto bits = std::bit_cast<std::uint32_t>(value);
      for (int shift = 0; shift < 32; shift += 8)
        out.push_back(static_cast<std::byte>(bits >> shift & 0xFFU));
    }
  });
  return out;
}

result<forecaster_weights> forecaster_weights::from_bytes(std::span<const std::byte> bytes) {
  if (bytes.size() != byte_size)
    return damaged("the forecaster has " + std::to_string(bytes.size()) + " bytes instead of " +
                   std::to_string(byte_size));
  forecaster_weights out;
  bool good = true;
  each_array(out, [&](auto& array) {
    for (float& value : array) {
      std::uint32_t bits = 0;
      for (std::size_t i = 0; i < 4; ++i)
        bits |= std::to_integer<std::uint32_t>(bytes[i]) << (8 * i);
      bytes = bytes.subspan(4);
      value = std::bit_cast<float>(bits);
      good = good && std::abs(value) <= largest; // false for NaN too
    }
  });
  if (!good) return damaged("a weight of the forecaster is not a number a network can have");
  return out;
}

forecaster::forecaster(const forecaster_weights& weights) : head_{weights.head}, head_bias_{weights.head_bias} {
  static_assert(depth == depth_);
  for (std::size_t unit = 0; unit < forecast_hidden; ++unit)
    for (std::size_t gate = 0; gate < 4; ++gate) {
      const std::size_t row = gate * forecast_hidden + unit;
      const std::size_t pair = unit / 2, place = unit % 2 * 4 + gate;
      bias_[pair * pair_gates + place] = weights.bias[row];
      for (std::size_t k = 0; k < depth; ++k)
        gates_[(pair * depth + k) * pair_gates + place] =
            k < forecast_inputs ? weights.w_ih[row * forecast_inputs + k]
                                : weights.w_hh[row * forecast_hidden + k - forecast_inputs];
    }
}

forecast forecaster::step(forecaster_state& state, const forecast_input& input) const {
  forecast out;
  step({&state, 1}, {&input, 1}, {&out, 1});
  return out;
}

void forecaster::step(std::span<forecaster_state> states, std::span<const forecast_input> inputs,
                      std::span<forecast> out) const {
  unit_block units{}; // lanes without a unit hold zeros or a unit before: computed all the same, and left there
  for (std::size_t first = 0; first < states.size(); first += block) {
    const std::size_t count = std::min(block, states.size() - first);
    for (std::size_t lane = 0; lane < count; ++lane)
      gather(units, lane, states[first + lane], inputs[first + lane]);
    step_block(units, gates_.data(), bias_.data(), head_.data(), head_bias_.data());
    for (std::size_t lane = 0; lane < count; ++lane)
      scatter(units, lane, states[first + lane], out[first + lane]);
  }
}

} // namespace coldvigil
