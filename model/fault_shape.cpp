#include "model/fault_shape.hpp"

#include "model/gate_group.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace coldvigil {
namespace {

static_assert(shape_cells == gate_lanes);

/// What 1 is stored as. Of a cell it is the root: some count up to hundreds, others tell by hundredths.
constexpr float cell_root_one = 1260, hidden_one = 32767;

/// The nearest whole number: above zero the conversion cuts off, and many at once.
std::int16_t stored(float value, float one) {
  const float above_zero = std::clamp(value * one, -32767.0F, 32767.0F) + 32768.5F;
  return static_cast<std::int16_t>(static_cast<std::int32_t>(above_zero) - 32768);
}

/// sums += value * weights, for one gate of all cells.
GATE_INLINE void add(lane_group& sums, float value, const float* weights) {
  lane_group w;
  load(w, weights);
  sums += value * w;
}

/// A step of the network. One body, compiled for what the machine has; chosen when the program starts.
__attribute__((target_clones("avx512f", "arch=haswell", "default"))) void
move_on(const shape_network& network, const float* input, float* cell, float* hidden) {
  float gates[4 * shape_cells];
  for (std::size_t gate = 0; gate < 4 * shape_cells; gate += shape_cells) {
    lane_group sums{};
    add(sums, 1, network.bias.data() + gate);
    for (std::size_t i = 0; i < shape_inputs; ++i)
      add(sums, input[i], network.input[i].data() + gate);
    for (std::size_t i = 0; i < shape_cells; ++i)
      add(sums, hidden[i], network.hidden[i].data() + gate);
    std::memcpy(gates + gate, &sums, sizeof sums);
  }
  gate_group(gates, shape_cells, cell, hidden);
}

constexpr shape_network shipped = std::bit_cast<shape_network>(shape_numbers{
#include "model/fault_shape_weights.inc"
});

} // namespace

shape_input shown(const unit_course& of, const statistics& y, float distance) {
  const float usual_step = usual_size(of, 4) + 0.05F, usual_swing = usual_size(of, 6) + 0.05F;
  shape_input out{near(of.u / 3),
                  near((of.u - of.u_before) / usual_step / 3),
                  near((of.u - of.means.hour) / usual_swing / 3),
                  near((of.u - of.means.three_hours) / usual_swing / 3),
                  near(distance / 3),
                  near(std::log(usual_step)),
                  near(std::log(usual_swing)),
                  near(3 * of.usual[8].location),
                  near(of.grid_s / 300)};
  constexpr std::size_t own = shape_inputs - statistic_count;
  static_assert(own == 9);
  for (std::size_t i = 0; i < statistic_count; ++i)
    out[own + i] = near(y[i] / 4);
  return out;
}

float fold(shape_memory& of, const shape_input& step, const shape_network& network) {
  std::array<float, shape_cells> cell, hidden;
  for (std::size_t i = 0; i < shape_cells; ++i) {
    const float root = static_cast<float>(of.cell[i]) / cell_root_one;
    cell[i] = root * std::abs(root);
    hidden[i] = static_cast<float>(of.hidden[i]) / hidden_one;
  }
  move_on(network, step.data(), cell.data(), hidden.data());
  float odds = network.output_bias;
  for (std::size_t i = 0; i < shape_cells; ++i) {
    of.cell[i] = stored(std::copysign(std::sqrt(std::abs(cell[i])), cell[i]), cell_root_one);
    of.hidden[i] = stored(hidden[i], hidden_one);
    odds += network.output[i] * hidden[i];
  }
  return odds;
}

const shape_network& shipped_shapes() {
  return shipped;
}

} // namespace coldvigil
