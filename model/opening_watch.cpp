#include "model/opening_watch.hpp"

#include <algorithm>
#include <cmath>

namespace coldvigil {
namespace {

constexpr float opening_from = 3; ///< spreads above what is usual
constexpr float rising_opening_h = 0.28F, recovery_half_life_h = 0.75F;
constexpr float again = 2;            ///< spreads up while it falls: opened again
constexpr float most_openings = 2.5F; ///< of the last hours

/// It warms for a quarter of an hour, then falls back: what does not halve its rest in time is no opening.
bool runs_like_an_opening(const opening_watch& watch, float u) {
  if (watch.age_h < rising_opening_h) return true;
  return watch.age_h > watch.peak_h &&
         u <= watch.peak * std::exp2(-(watch.age_h - watch.peak_h) / recovery_half_life_h);
}

} // namespace

float watch_opening(unit_course& of, float u, float kelvin, double step_h, const course_rules& rules) {
  opening_watch& watch = of.opening;
  watch.recent *= static_cast<float>(std::exp(-step_h / 6));
  if (watch.age_h == 0) {
    if (u < opening_from) return 1;
    watch.before = of.means;
    watch.peak = 0;
    watch.lowest = u;
    watch.is_one = 1;
  }
  watch.age_h += static_cast<float>(step_h);
  watch.lowest = std::min(watch.lowest, u);
  const bool reopened = u > watch.lowest + again && u < watch.peak;
  if (reopened) watch.recent += 1;
  if (u > watch.peak || reopened) {
    watch.peak = watch.lowest = u;
    watch.peak_h = watch.age_h;
  }
  const bool allowed = static_cast<double>(watch.age_h) <= rules.longest_opening_h && watch.recent < most_openings &&
                       static_cast<double>(kelvin) < rules.warmest_opening_k;
  const bool over = u < std::max(1.5F, 0.15F * watch.peak);
  if (!allowed || (!over && !runs_like_an_opening(watch, u))) watch.is_one = 0;
  const bool is_one = watch.is_one != 0;
  if (over) {
    if (is_one) {
      of.means = watch.before;
      of.u_before = of.u;
      watch.recent += 1;
    }
    watch.age_h = 0;
    return 1;
  }
  if (!is_one) return 1;
  return watch.age_h < rising_opening_h ? 0.5F : 0.1F;
}

} // namespace coldvigil
