#include "model/lane_gates.hpp"

#include <cstdint>
#include <cstring>

namespace coldvigil {
namespace {

constexpr std::size_t width = 16; // floats of one register group: one AVX-512 register, two of AVX
using lane_group = float __attribute__((vector_size(width * sizeof(float))));
using bit_group = std::int32_t __attribute__((vector_size(width * sizeof(float))));

/// Beyond it sigmoid and tanh are 0 or 1 to a float's last digit; products of two exponentials stay finite.
constexpr float widest = 20;

#define COLDVIGIL_INLINE inline __attribute__((always_inline))

COLDVIGIL_INLINE void limit(lane_group& x) {
  x = x > widest ? lane_group{} + widest : x;
  x = x < -widest ? lane_group{} - widest : x;
}

/// x becomes e^x: 2^n by the exponent's bits times e^r by its series, |r| <= ln 2 / 2.
COLDVIGIL_INLINE void exponential(lane_group& x) {
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

COLDVIGIL_INLINE void load(lane_group& into, const float* from) {
  std::memcpy(&into, from, sizeof into);
}

} // namespace

// One body, compiled for what the machine has; chosen when the program starts.
__attribute__((target_clones("avx512f", "arch=haswell", "default"))) void
lane_gates(const float* gates, std::size_t hidden, float* cell, float* hidden_out) {
  const std::size_t size = hidden * product_lanes;
  for (std::size_t at = 0; at < size; at += width) {
    lane_group in, forget, out, candidate, kept;
    load(in, gates + at);
    load(forget, gates + size + at);
    load(out, gates + 2 * size + at);
    load(candidate, gates + 3 * size + at);
    load(kept, cell + at);
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
    std::memcpy(cell + at, &kept, sizeof kept);
    kept = -2.0F * kept;
    limit(kept);
    exponential(kept);
    const lane_group hidden_group = (1.0F - kept) / ((1.0F + out) * (1.0F + kept));
    std::memcpy(hidden_out + at, &hidden_group, sizeof hidden_group);
  }
}

} // namespace coldvigil
