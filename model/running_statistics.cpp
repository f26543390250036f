#include "model/running_statistics.hpp"

#include <algorithm>
#include <cmath>

namespace coldvigil {
namespace {

/// Of a single step: one bump shall not look like a noisy sensor for hours.
constexpr float widest = 3;
constexpr float least_width = 0.3F; ///< added to a size before its logarithm is taken

} // namespace

void move_means(running_means& of, float u, float u_before, double step_h, bool next) {
  const auto mean = [&](float& m, float value, double hours) { m += forgetting(step_h, hours) * (value - m); };
  const auto size = [](float value) { return std::min(std::abs(value), widest); };
  // On a coarse grid a mean of few steps is chance.
  const auto long_enough = [&](double hours, double steps) { return std::max(hours, steps * step_h); };
  const float step = u - u_before;
  const float side_before = u_before - of.three_hours;
  mean(of.hour, u, 1);
  mean(of.three_hours, u, 3);
  mean(of.half_day, u, 12);
  mean(of.two_days, u, 36);
  const float side = u - of.three_hours;
  const bool crossed = side * side_before < 0;
  if (crossed) of.one_side_h = 0;
  mean(of.wide_2h, size(side), long_enough(2, 16));
  mean(of.wide_6h, size(side), long_enough(6, 40));
  if (!next) return;
  mean(of.step_2h, size(step), long_enough(2, 16));
  mean(of.step_6h, size(step), long_enough(6, 40));
  mean(of.crossings, crossed ? 1.0F : 0.0F, 6);
  if (!crossed) of.one_side_h += static_cast<float>(step_h);
  mean(of.step_half_hour, step, long_enough(0.5, 4));
  mean(of.step_hour_half, step, long_enough(1.5, 10));
}

statistics statistics_of(const running_means& of) {
  const auto log_of = [](float width) { return std::log(width + least_width); };
  return {of.hour,
          of.three_hours,
          of.half_day,
          of.two_days,
          log_of(of.step_2h),
          log_of(of.step_6h),
          log_of(of.wide_2h),
          log_of(of.wide_6h),
          of.crossings,
          of.step_half_hour,
          of.step_hour_half};
}

namespace {

/// Statistics whose usual value is nothing by their making: learning another would hide a slow drift.
bool is_difference(std::size_t i) {
  return i < 4 || i > 8;
}

/// No statistic is steadier than this, however short the past that says so.
constexpr statistics least_spread{0.35F, 0.3F, 0.25F, 0.2F, 0.05F, 0.05F, 0.05F, 0.05F, 0.02F, 0.05F, 0.03F};

std::size_t packed(std::size_t row, std::size_t column) {
  return row * (row + 1) / 2 + column;
}

/// A column of the matrix that `distance_of` solves, of a length that fills registers. What is above the diagonal is
/// worked on like the rest and means nothing.
using line = std::array<float, (statistic_count + 3) / 4 * 4>;

void take_off(line& from, float times, const line& other) {
  for (std::size_t i = 0; i < from.size(); ++i)
    from[i] -= times * other[i];
}

} // namespace

float usual_size(const unit_course& of, std::size_t statistic) {
  return std::max(std::exp(of.usual[statistic].location) - least_width, 0.0F);
}

statistics standardised(const unit_course& of, const statistics& raw) {
  statistics y{};
  for (std::size_t i = 0; i < statistic_count; ++i) {
    const float usual = is_difference(i) ? 0 : of.usual[i].location;
    y[i] = std::clamp((raw[i] - usual) / of.usual[i].spread(least_spread[i]), -12.0F, 12.0F);
  }
  return y;
}

float distance_of(const unit_course& of, const statistics& y, const course_rules& rules) {
  std::array<line, statistic_count> columns{};
  const auto own = static_cast<float>(rules.own_share);
  for (std::size_t i = 0; i < statistic_count; ++i)
    for (std::size_t j = 0; j <= i; ++j)
      columns[j][i] = own * of.covariance[packed(i, j)] + (i == j ? 1 - own + 0.05F : 0.0F);
  line right{};
  std::copy(y.begin(), y.end(), right.begin());
  float sum = 0;
  for (std::size_t k = 0; k < statistic_count; ++k) {
    const float diagonal = std::sqrt(std::max(columns[k][k], 1e-3F));
    line column;
    for (std::size_t i = 0; i < column.size(); ++i)
      column[i] = columns[k][i] / diagonal;
    const float solved = right[k] / diagonal;
    sum += solved * solved;
    take_off(right, solved, column);
    for (std::size_t j = k + 1; j < statistic_count; ++j)
      take_off(columns[j], column[j], column);
  }
  return std::sqrt(sum / static_cast<float>(statistic_count));
}

void learn_statistics(unit_course& of, const statistics& raw, const statistics& y, double step_h,
                      const course_rules& rules) {
  const auto memory = static_cast<float>(rules.memory_days * 24 / step_h);
  for (std::size_t i = 0; i < statistic_count; ++i)
    of.usual[i].add(raw[i], memory);
  const float rate = 1 / std::min(of.usual[0].weight, memory);
  statistics near = y;
  for (float& each : near)
    each = std::clamp(each, -4.0F, 4.0F);
  for (std::size_t i = 0; i < statistic_count; ++i)
    for (std::size_t j = 0; j <= i; ++j)
      of.covariance[packed(i, j)] += rate * (near[i] * near[j] - of.covariance[packed(i, j)]);
}

} // namespace coldvigil
