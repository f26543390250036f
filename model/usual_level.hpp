#pragma once
// What is usual for a unit: its level, its shape of the day, how far it strays from both. Learnt from clean times.

#include "model/course_rules.hpp"
#include "model/unit_course.hpp"

#include <cstddef>
#include <cstdint>

namespace coldvigil {

/// K above the level that are usual at that time of any day; smoothed over the neighbours.
[[nodiscard]] float profile_at(const unit_course& of, std::int64_t ms);
/// The same for that very day: on days of rest less is usual.
[[nodiscard]] float usual_above(const unit_course& of, std::int64_t ms);
/// How far the unit strays from that, K: where doors are open by day, more by day than by night.
[[nodiscard]] float spread_at(const unit_course& of, std::int64_t ms, const course_rules& rules);
/// Folds in a clean step of `step_h` hours.
void learn_usual(unit_course& of, double celsius, std::int64_t ms, double step_h, const course_rules& rules);

} // namespace coldvigil
