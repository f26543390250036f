#pragma once
// What an LSTM does with its summed gates, for a block of windows side by side: one pass over registers instead of nine
// passes of a tensor library. Lanes never influence each other.

#include "model/lane_product.hpp"

#include <cstddef>

namespace coldvigil {

/// c' = sigmoid(f) c + sigmoid(i) tanh(g); h = sigmoid(o) tanh(c'). `gates`: 4 x hidden rows (all i, all f, all o, all
/// g) x product_lanes, `cell` and `hidden_out`: hidden rows x product_lanes; the cell is updated in place. Every
/// function is within 3e-7 of its value. Finite sums in, finite values out.
void lane_gates(const float* gates, std::size_t hidden, float* cell, float* hidden_out);

} // namespace coldvigil
