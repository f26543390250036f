#include "model/usual_level.hpp"

#include <algorithm>
#include <cmath>

namespace coldvigil {

std::size_t slot_of_day(std::int64_t ms) {
  const std::int64_t in_day = ((ms % 86'400'000) + 86'400'000) % 86'400'000;
  return static_cast<std::size_t>(in_day / 900'000);
}

float profile_at(const unit_course& of, std::size_t slot) {
  const auto at = [&](std::size_t i) { return of.profile[i % day_slots]; };
  return 0.25F * at(slot + day_slots - 1) + 0.5F * at(slot) + 0.25F * at(slot + 1);
}

void learn_usual(unit_course& of, double celsius, std::size_t slot, double step_h, const course_rules& rules) {
  const auto memory = static_cast<float>(rules.memory_days * 24 / step_h);
  of.level.add(static_cast<float>(celsius), memory);
  const float off = static_cast<float>(celsius) - of.level.location;
  // The first day only learns the level: a profile of its warm-up would stay for long.
  if (of.seen_h >= 24) {
    auto& days = of.profile_days[slot];
    const auto per_slot = static_cast<float>(std::max(1.0, 0.25 / step_h));
    const auto most = static_cast<std::uint8_t>(std::min(250.0, rules.profile_days * per_slot));
    if (days < most) ++days;
    const float bound = 3 * of.around.spread(static_cast<float>(rules.least_spread));
    const float rate = 1 / (static_cast<float>(days) + per_slot);
    of.profile[slot] += rate * std::clamp(off - of.profile[slot], -bound, bound);
  }
  of.around.add(off - profile_at(of, slot), memory);
  const float fading = forgetting(step_h, 60 * 24.0);
  const auto now = static_cast<float>(celsius);
  const bool first = of.seen_h == 0;
  of.highest = first ? now : std::max(now, of.highest + fading * (of.level.location - of.highest));
  of.lowest = first ? now : std::min(now, of.lowest + fading * (of.level.location - of.lowest));
  of.seen_h += static_cast<float>(step_h);
}

} // namespace coldvigil
