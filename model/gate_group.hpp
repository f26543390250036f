#pragma once
// What an LSTM does with its summed gates, for a group of cells in registers: one pass instead of nine of a tensor
// library. It is inlined into functions that are compiled for what the machine has (target_clones), and rounds as the
// file does that it stands in: with or without products and sums rounded at once.

#include <cstddef>
#include <cstdint>
#include <cstring>

#define GATE_INLINE static inline __attribute__((always_inline))

namespace coldvigil {

inline constexpr std::size_t gate_lanes = 16; ///< cells of a group: one AVX-512 register, two of AVX
using lane_group = float __attribute__((vector_size(gate_lanes * sizeof(float))));
using bit_group = std::int32_t __attribute__((vector_size(gate_lanes * sizeof(float))));

/// Beyond it sigmoid and tanh are 0 or 1 to a float's last digit; products of two exponentials stay finite.
inline constexpr float widest_gate = 20;

GATE_INLINE void limit(lane_group& x) {
  x = x > widest_gate ? lane_group{} + widest_gate : x;
  x = x < -widest_gate ? lane_group{} - widest_gate : x;
}

/// x becomes e^x: 2^n by the exponent's bits times e^r by its series, |r| <= ln 2 / 2.
GATE_INLINE void exponential(lane_group& x) {
  constexpr float per_ln2 = 1.44269504F;
  constexpr float ln2_high = 0.693359375F, ln2_low = -2.12194440e-4F; // their sum is ln 2; the first has few bits
  constexpr float to_integer = 12582912.0F;                           // 1.5 x 2^23: adding it rounds to a whole number
  const lane_group shifted = x * per_ln2 + to_integer;
  const lane_group n = shifted - to_integer;
  const lane_group r = (x - n * ln2_high) - n * ln2_low;
  lane_group series = r * (1.0F / 720) + (1.0F / 120);
  series = series * r + (1.0F / 24);
  series = series * r + (1.0F / 6);
  series = series * r + 0.5F;
  series = series * r + 1.0F;
  series = series * r + 1.0F;
  bit_group bits;
  std::memcpy(&bits, &shifted, sizeof bits);
  bits = (bits << 23) + (127 << 23); // n sits in the low bits of `shifted`; above them nothing survives the shift
  lane_group power;
  std::memcpy(&power, &bits, sizeof power);
  x = series * power;
}

GATE_INLINE void load(lane_group& into, const float* from) {
  std::memcpy(&into, from, sizeof into);
}

/// c' = sigmoid(f) c + sigmoid(i) tanh(g); h = sigmoid(o) tanh(c'). The sums of gate_lanes cells stand at `gates` (i)
/// and one, two and three strides further (f, o, g); the cells are updated in place. Every function is within 3e-7 of
/// its value. Finite sums in, finite values out.
GATE_INLINE void gate_group(const float* gates, std::size_t stride, float* cell, float* hidden_out) {
  lane_group in, forget, out, candidate, kept;
  load(in, gates);
  load(forget, gates + stride);
  load(out, gates + 2 * stride);
  load(candidate, gates + 3 * stride);
  load(kept, cell);
  in = -in;
  forget = -forget;
  out = -out;
  candidate = -2.0F * candidate;
  limit(in);
  limit(forget);
  limit(out);
  limit(candidate);
  exponential(in);
  exponential(forget);
  exponential(out);
  exponential(candidate);
  // sigmoid(x) = 1 / (1 + e^-x), tanh(x) = (1 - e^-2x) / (1 + e^-2x): the products share a division.
  kept = kept / (1.0F + forget) + (1.0F - candidate) / ((1.0F + in) * (1.0F + candidate));
  std::memcpy(cell, &kept, sizeof kept);
  kept = -2.0F * kept;
  limit(kept);
  exponential(kept);
  const lane_group hidden_group = (1.0F - kept) / ((1.0F + out) * (1.0F + kept));
  std::memcpy(hidden_out, &hidden_group, sizeof hidden_group);
}

} // namespace coldvigil
