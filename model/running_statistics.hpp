#pragma once
// Many slow statistics of how a unit differs from what is usual for it, and how unlikely they are together.

#include "model/course_rules.hpp"
#include "model/unit_course.hpp"

#include <array>

namespace coldvigil {

using statistics = std::array<float, statistic_count>;

/// Moves the means over `step_h` hours. From step to step is compared only what is of the `next` step of the grid:
/// further apart, what lies between was not seen.
void move_means(running_means& of, float u, float u_before, double step_h, bool next);
[[nodiscard]] statistics statistics_of(const running_means& of);
/// What is usual of a size of steps or swings (statistics 4 to 7), in spreads.
[[nodiscard]] float usual_size(const unit_course& of, std::size_t statistic);
/// In spreads away from their usual values, limited to +-12.
[[nodiscard]] statistics standardised(const unit_course& of, const statistics& raw);
/// Root mean square of standardised statistics in the metric of their covariance (Mahalanobis).
[[nodiscard]] float distance_of(const unit_course& of, const statistics& y, const course_rules& rules);
/// Folds in a clean step.
void learn_statistics(unit_course& of, const statistics& raw, const statistics& y, double step_h,
                      const course_rules& rules);

} // namespace coldvigil
