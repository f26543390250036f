#include "model/course_state.hpp"

#include "core/time.hpp"

#include <bit>
#include <cmath>
#include <cstring>
#include <span>

namespace coldvigil {
namespace {

static_assert(std::endian::native == std::endian::little, "the layout is written as memory is");

/// To be raised with every change of unit_course or of what its numbers mean.
constexpr std::uint64_t layout = 0x0001'6573'7275'6f63; // "course", version 1

std::uint64_t check_sum(std::span<const std::byte> bytes) {
  std::uint64_t sum = 0xcbf29ce484222325;
  for (std::size_t i = 0; i + 8 <= bytes.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + i, 8);
    sum = (sum ^ word) * 0x9e3779b97f4a7c15;
    sum ^= sum >> 29;
  }
  return sum;
}
static_assert(sizeof(unit_course) % 8 == 0, "the sum goes over whole words");

/// The sum speaks for accidents; this keeps NaN out whatever wrote the bytes.
bool is_sane(const unit_course& of) {
  float sum = of.u + of.u_before + of.score + of.level.location + of.level.deviation + of.around.location +
              of.around.deviation + of.lowest + of.highest + of.slot_sum + of.seen_h + of.calm_h + of.open_h;
  for (const float each : of.profile)
    sum += each;
  for (const float each : of.covariance)
    sum += each;
  for (const robust_scale& each : of.usual)
    sum += each.location + each.deviation + each.weight;
  for (const robust_scale& each : of.worst)
    sum += each.location + each.deviation + each.weight;
  for (const float each : of.block_worst)
    sum += each;
  return std::isfinite(sum) && of.spacing_s >= 0 && of.spacing_s < 1e9F && of.grid_s >= 0 && of.grid_s < 1e5F;
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
