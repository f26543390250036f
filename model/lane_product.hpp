#pragma once
// A small matrix product whose columns never influence each other: BLAS picks other kernels, and with them other
// roundings, for other columns of one product, so a window's score would depend on its place in the batch.

#include <cstddef>

namespace coldvigil {

inline constexpr std::size_t product_lanes = 64; ///< columns of every product

/// out = start + weights * input. weights: rows x depth, row by row; input: depth x lanes; start and out: rows x lanes,
/// start may be null for zero. `rows` is a multiple of 4. Every column is summed alone, in the same order.
void lane_product(const float* weights, std::size_t rows, std::size_t depth, const float* input, const float* start,
                  float* out);

} // namespace coldvigil
