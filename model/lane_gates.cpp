#include "model/lane_gates.hpp"

#include "model/gate_group.hpp"

namespace coldvigil {

// One body, compiled for what the machine has; chosen when the program starts.
__attribute__((target_clones("avx512f", "arch=haswell", "default"))) void
lane_gates(const float* gates, std::size_t hidden, float* cell, float* hidden_out) {
  const std::size_t size = hidden * product_lanes;
  for (std::size_t at = 0; at < size; at += gate_lanes)
    gate_group(gates + at, size, cell + at, hidden_out + at);
}

} // namespace coldvigil
