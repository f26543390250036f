#include "model/usual_level.hpp"

#include "model/day_course.hpp"

#include <algorithm>
#include <cmath>

namespace coldvigil {
namespace {

constexpr std::size_t slots_a_part = day_slots / day_parts;
constexpr float part_is_known = 40; ///< steps
constexpr float part_counts = 0.9F; ///< the rest is that of the whole day

} // namespace

float profile_at(const unit_course& of, std::int64_t ms) {
  return at_time(of.profile, ms);
}

float usual_above(const unit_course& of, std::int64_t ms) {
  return profile_at(of, ms) + rest_at(of.rest, ms);
}

float spread_at(const unit_course& of, std::int64_t ms, const course_rules& rules) {
  const auto least = static_cast<float>(rules.least_spread);
  const float all_day = of.around.spread(least);
  const auto part = [&](std::size_t i) {
    const robust_size& then = of.around_then[i % day_parts];
    return then.weight < part_is_known ? all_day : then.spread(least);
  };
  // Between the middles of two parts of the day.
  const float place = (static_cast<float>(slot_of_day<day_slots>(ms)) + 0.5F) / slots_a_part + day_parts - 0.5F;
  const auto before = static_cast<std::size_t>(place);
  const float share = place - static_cast<float>(before);
  const float then = (1 - share) * part(before) + share * part(before + 1);
  return (1 - part_counts) * all_day + part_counts * then;
}

void learn_usual(unit_course& of, double celsius, std::int64_t ms, double step_h, const course_rules& rules) {
  const auto memory = static_cast<float>(rules.memory_days * 24 / step_h);
  const std::size_t slot = slot_of_day<day_slots>(ms);
  const float as_always = static_cast<float>(celsius) - rest_at(of.rest, ms);
  of.level.add(as_always, memory);
  const float off = as_always - of.level.location;
  // The first day only learns the level: a profile of its warm-up would stay for long.
  if (of.seen_h >= 24) {
    auto& seen = of.profile_seen[slot / slots_a_part];
    const auto per_slot = static_cast<float>(std::max(1.0, 0.25 / step_h));
    const auto per_part = static_cast<float>(std::max(1.0, 1 / step_h));
    seen = std::min(static_cast<std::uint8_t>(seen + 1),
                    static_cast<std::uint8_t>(std::min(250.0F, static_cast<float>(rules.profile_days) * per_part)));
    const float days = std::ceil(static_cast<float>(seen) / per_part); // today counts from its first step on
    const float bound = 3 * of.around.spread(static_cast<float>(rules.least_spread));
    const float rate = 1 / (per_slot * (days + 1));
    of.profile[slot] += rate * std::clamp(off - of.profile[slot], -bound, bound);
  }
  const float strays = off - profile_at(of, ms);
  of.around.add(strays, memory);
  of.around_then[slot / slots_a_part].add(strays, memory / day_parts);
  const float fading = forgetting(step_h, 60 * 24.0);
  const auto now = static_cast<float>(celsius);
  const bool first = of.seen_h == 0;
  of.highest = first ? now : std::max(now, of.highest + fading * (of.level.location - of.highest));
  of.lowest = first ? now : std::min(now, of.lowest + fading * (of.level.location - of.lowest));
  of.seen_h += static_cast<float>(step_h);
}

} // namespace coldvigil
