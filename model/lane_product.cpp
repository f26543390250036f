#include "model/lane_product.hpp"

#include <cstring>

namespace coldvigil {
namespace {

constexpr std::size_t width = 16; // floats of one register group: one AVX-512 register, two of AVX
using lane_group = float __attribute__((vector_size(width * sizeof(float))));

} // namespace

// One body, compiled for what the machine has; chosen when the program starts.
__attribute__((target_clones("avx512f", "arch=haswell", "default"))) void
lane_product(const float* weights, std::size_t rows, std::size_t depth, const float* input, const float* start,
             float* out) {
  for (std::size_t lane = 0; lane < product_lanes; lane += width) {
    for (std::size_t row = 0; row < rows; row += 4) {
      lane_group sums[4] = {};
      if (start)
        for (std::size_t i = 0; i < 4; ++i)
          std::memcpy(&sums[i], start + (row + i) * product_lanes + lane, sizeof sums[i]);
      const float* w = weights + row * depth;
      for (std::size_t k = 0; k < depth; ++k) {
        lane_group x;
        std::memcpy(&x, input + k * product_lanes + lane, sizeof x);
        for (std::size_t i = 0; i < 4; ++i)
          sums[i] += w[i * depth + k] * x;
      }
      for (std::size_t i = 0; i < 4; ++i)
        std::memcpy(out + (row + i) * product_lanes + lane, &sums[i], sizeof sums[i]);
    }
  }
}

} // namespace coldvigil
