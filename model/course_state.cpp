#include "model/course_state.hpp"

#include "core/time.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace coldvigil {
namespace {

static_assert(std::endian::native == std::endian::little, "the layout is written as memory is");

/// To be raised with every change of unit_course or of what its numbers mean.
constexpr std::uint64_t layout = 0x0008'6573'7275'6f63; // "course", version 8

constexpr std::size_t sum_at = course_state_bytes - 8;
static_assert(sum_at % 8 == 0, "the sum goes over whole words");

void add_word(std::uint64_t& sum, const std::byte* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, 8);
  sum = (sum ^ word) * 0x9e3779b97f4a7c15;
  sum ^= sum >> 29;
}

/// Of all before it. Four sums side by side: each step waits for the multiplication of the one before it.
std::uint64_t check_sum(const std::byte* state) {
  std::array<std::uint64_t, 4> sums{0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0x082efa98ec4e6c89};
  constexpr std::size_t round = 8 * sums.size(), rounds = sum_at / round;
  for (std::size_t i = 0; i < rounds; ++i)
    for (std::size_t n = 0; n < sums.size(); ++n)
      add_word(sums[n], state + i * round + 8 * n);
  for (std::size_t n = 0; n < sum_at % round / 8; ++n)
    add_word(sums[n], state + rounds * round + 8 * n);
  std::uint64_t out = 0;
  for (const std::uint64_t each : sums)
    out = (out ^ each) * 0x9e3779b97f4a7c15 + (out >> 31);
  return out;
}

/// Of a float: all of them set make it an infinity or no number.
constexpr std::uint32_t exponent = 0x7f80'0000;

/// Where a course has floats: their exponent in each word of them, nothing in the others.
constexpr auto floats = [] {
  static_assert(sizeof(unit_course) == 2032, "a course has other members: say below which of its words are no floats");
  std::array<std::uint32_t, sizeof(unit_course) / 4> words{};
  words.fill(exponent);
  const auto whole_numbers = [&words](std::size_t from, std::size_t size) {
    for (std::size_t i = from / 4; i < (from + size) / 4; ++i)
      words[i] = 0;
  };
  whole_numbers(offsetof(unit_course, last_ms), 8 + 2 * 4); // and slot, folded
  whole_numbers(offsetof(unit_course, breach.last_ms), 8);
  whole_numbers(offsetof(unit_course, slot_count), 4);
  whole_numbers(offsetof(unit_course, profile_seen), sizeof(unit_course::profile_seen));
  whole_numbers(offsetof(unit_course, rest.seen), sizeof(rest_days::seen));
  whole_numbers(offsetof(unit_course, block), 4);
  whole_numbers(offsetof(unit_course, shape), sizeof(shape_memory));
  whole_numbers(offsetof(unit_course, sensor.last), 2 * 4);  // and before
  whole_numbers(offsetof(unit_course, sensor.mixed), 2 * 2); // and steps
  whole_numbers(offsetof(unit_course, driver), 2 * 2);       // and other_steps
  return words;
}();

/// No infinity and no NaN. The sum speaks for accidents; this keeps them out whatever wrote the bytes.
bool all_finite(const std::byte* course) {
  std::uint32_t bad = 0;
  for (std::size_t i = 0; i < floats.size(); ++i) {
    std::uint32_t word = 0;
    std::memcpy(&word, course + 4 * i, 4);
    bad |= (word & floats[i]) == exponent ? 1U : 0U;
  }
  return bad == 0;
}

} // namespace

void save_course(const unit_course& course, detector_state& into) {
  into.bytes.resize(course_state_bytes);
  into.as_of = from_ms(course.last_ms);
  std::byte* state = into.bytes.data();
  std::memcpy(state, &layout, 8);
  std::memcpy(state + 8, &course, sizeof course);
  const std::uint64_t sum = check_sum(state);
  std::memcpy(state + sum_at, &sum, 8);
}

std::optional<unit_course> load_course(const detector_state& from) {
  std::optional<unit_course> out;
  if (from.bytes.size() != course_state_bytes) return out;
  const std::byte* state = from.bytes.data();
  std::uint64_t tag = 0, sum = 0;
  std::memcpy(&tag, state, 8);
  std::memcpy(&sum, state + sum_at, 8);
  if (tag != layout || sum != check_sum(state) || !all_finite(state + 8)) return out;
  std::memcpy(&out.emplace(), state + 8, sizeof(unit_course));
  const bool sane = out->spacing_s >= 0 && out->spacing_s < 1e9F && out->grid_s >= 0 && out->grid_s < 1e5F;
  if (!sane) out.reset();
  return out;
}

} // namespace coldvigil
