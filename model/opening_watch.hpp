#pragma once
// Openings of the door and goods brought in, recognised by their course: a warm bump that goes back by itself. And
// single steps that are far too cold, which are readings that went wrong.

#include "model/course_rules.hpp"
#include "model/unit_course.hpp"

namespace coldvigil {

/// Moves on by one step, before the means move; `u` is the difference to what is usual in spreads, without a limit, and
/// `kelvin` the same in K. Gives the share of the score that counts: less than all while the course is that of an
/// opening, or the step may be a lone cold one. When it goes back in time (a cold one with the next step), the means
/// are as they were before it. Too many openings in a few hours are none, nor is one that lasts longer or is warmer
/// than the rules' caps; a second cold step on the same day is believed.
[[nodiscard]] float watch_opening(unit_course& of, float u, float kelvin, double step_h, const course_rules& rules);

} // namespace coldvigil
