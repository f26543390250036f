#include "model/course_state.hpp"

#include "core/time.hpp"

#include <array>
#include <bit>
#include <cstring>
#include <span>

namespace coldvigil {
namespace {

static_assert(std::endian::native == std::endian::little, "the layout is written as memory is");

/// To be raised with every change of unit_course or of what its numbers mean.
constexpr std::uint64_t layout = 0x0007'6573'7275'6f63; // "course", version 7

/// Four sums side by side: each step waits for the multiplication of the one before it.
std::uint64_t check_sum(std::span<const std::byte> bytes) {
  std::array<std::uint64_t, 4> sums{0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0x082efa98ec4e6c89};
  for (std::size_t i = 0; i + 8 <= bytes.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + i, 8);
    std::uint64_t& sum = sums[i / 8 % 4];
    sum = (sum ^ word) * 0x9e3779b97f4a7c15;
    sum ^= sum >> 29;
  }
  std::uint64_t out = 0;
  for (const std::uint64_t each : sums)
    out = (out ^ each) * 0x9e3779b97f4a7c15 + (out >> 31);
  return out;
}
static_assert(sizeof(unit_course) % 8 == 0, "the sum goes over whole words");

/// No infinity and no NaN among floats that lie side by side.
template <class T> bool all_finite(const T& floats) {
  static_assert(sizeof(T) % 4 == 0);
  constexpr std::uint32_t exponent = 0x7f80'0000;
  std::array<std::uint32_t, sizeof(T) / 4> words;
  std::memcpy(words.data(), &floats, sizeof floats);
  bool bad = false;
  for (const std::uint32_t word : words)
    bad |= (word & exponent) == exponent;
  return !bad;
}

/// The sum speaks for accidents; this keeps NaN out whatever wrote the bytes.
bool is_sane(const unit_course& of) {
  const std::array<float, 19> single{of.slot_sum,
                                     of.seen_h,
                                     of.calm_h,
                                     of.open_h,
                                     of.lowest,
                                     of.highest,
                                     of.u,
                                     of.u_before,
                                     of.score,
                                     of.rest.agreed,
                                     of.rest.foretold,
                                     of.rest.now_agreed,
                                     of.rest.now_foretold,
                                     of.rest.varies,
                                     of.sensor.usual_spikes,
                                     of.sensor.spikes,
                                     of.sensor.spiking_h,
                                     of.sensor.alike_s,
                                     of.sensor.longest_s};
  return all_finite(single) && all_finite(of.level) && all_finite(of.profile) && all_finite(of.around) &&
         all_finite(of.around_then) && all_finite(of.rest.differs) && all_finite(of.rest.showed) &&
         all_finite(of.means) && all_finite(of.opening) && all_finite(of.usual) && all_finite(of.covariance) &&
         all_finite(of.worst) && all_finite(of.block_worst) && all_finite(of.worst_then) &&
         all_finite(of.breach.fast) && all_finite(of.breach.slow) && all_finite(of.sensor.step) && of.spacing_s >= 0 &&
         of.spacing_s < 1e9F && of.grid_s >= 0 && of.grid_s < 1e5F;
}

} // namespace

void save_course(const unit_course& course, detector_state& into) {
  into.as_of = from_ms(course.last_ms);
  into.bytes.resize(course_state_bytes);
  std::byte* at = into.bytes.data();
  std::memcpy(at, &layout, 8);
  std::memcpy(at + 8, &course, sizeof course);
  const std::uint64_t sum = check_sum({at, course_state_bytes - 8});
  std::memcpy(at + course_state_bytes - 8, &sum, 8);
}

std::optional<unit_course> load_course(const detector_state& from) {
  if (from.bytes.size() != course_state_bytes) return std::nullopt;
  const std::byte* at = from.bytes.data();
  std::uint64_t tag = 0, sum = 0;
  std::memcpy(&tag, at, 8);
  std::memcpy(&sum, at + course_state_bytes - 8, 8);
  if (tag != layout || sum != check_sum({at, course_state_bytes - 8})) return std::nullopt;
  unit_course course;
  std::memcpy(&course, at + 8, sizeof course);
  if (!is_sane(course)) return std::nullopt;
  return course;
}

} // namespace coldvigil
