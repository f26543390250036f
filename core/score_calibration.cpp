#include "core/score_calibration.hpp"

#include "core/driver_text.hpp"

#include <algorithm>
#include <cmath>

namespace coldvigil {

void fleet_scores::add(unit& of, timestamp at, score_state state, double score, const score_driver& driver) {
  if (!of.first) of.first = at;
  if (state != score_state::scored || is_sensor_rule(driver) || at - *of.first < young_) return;
  const auto ended = of.blocks.add(at, score);
  if (!ended) return;
  maxima_.add(ended->maximum);
  if (!ended->peak) return;
  peaks_.add(*ended->peak);
  over_ += *ended->peak > 1 ? 1U : 0U;
}

fleet_tail fleet_scores::fit() {
  auto all = maxima_.take();
  const double months = static_cast<double>(all.size()) / blocks_a_month;
  return {fit_tail(std::move(all), peaks_.take()), months};
}

tail_fit usual_course_tail() {
  const double shape = 0.12, scale = 0.0969; // a score of 1 is what the usual budget aims at
  return {.level = 0.6095, .over = 0.1, .shape = shape, .scale = scale, .blocks = 0};
}

double course_threshold(const std::optional<tail_fit>& of, double budget) {
  const double aim = budget_aim * budget;
  const double usual = usual_course_tail().threshold(aim);
  if (!of) return usual;
  constexpr double usual_is_worth = 600; // blocks: five unit-months
  const auto seen = static_cast<double>(of->blocks);
  const double own_share = seen / (seen + usual_is_worth);
  // Beyond that it is faults in the data that were taken for the tail of healthy units.
  constexpr double furthest = 3;
  const double own = std::clamp(of->threshold(aim), usual / furthest, usual * furthest);
  return std::pow(own, own_share) * std::pow(usual, 1 - own_share);
}

} // namespace coldvigil
