#include "model/opening_watch.hpp"

#include <algorithm>
#include <cmath>

namespace coldvigil {
namespace {

constexpr float opening_from = 3; ///< spreads above what is usual
constexpr float rising_opening_h = 0.28F, recovery_half_life_h = 0.75F;
constexpr float rising_steps = 2.1F; ///< of a coarse grid; the tenth is for rounding
constexpr float recovery_strays = 2; ///< spreads: the compressor's cycle goes on meanwhile,
constexpr float cycle_adds = 0.3F;   ///< and warms a little beyond the peak,
constexpr float has_fallen = 0.6F;   ///< or more where it was falling already
constexpr float slow_rise_h = 0.2F, longest_rise_h = 0.6F, longest_bump_h = 1.7F;
constexpr float least_bump = 4; ///< spreads
constexpr float enough_bumps = 2.5F, most_bumps = 10, longer_rise = 1.5F;
constexpr double bumps_memory_h = 240;
constexpr float again = 3.5F;         ///< spreads up while it falls: opened again
constexpr float most_openings = 2.5F; ///< of the last hours
constexpr float cold_from = -6;       ///< spreads
constexpr float step_alone = 0.1F;    ///< of the score counts while nobody knows whether it is one step only
constexpr float lone_steps = 2.5F;    ///< one, and the one that shows that it is over

/// Defrosts that keep no time of day are no part of the day's course: they are known by having come again and again.
bool has_bumps(const opening_watch& watch) {
  return watch.bumps > enough_bumps;
}

bool first_lone(const opening_watch& watch) {
  return watch.cold_steps < 0.5F;
}

bool may_rise(const opening_watch& watch, double step_h) {
  const float as_usual = has_bumps(watch) ? std::min(longer_rise * watch.bump_rise_h, longest_rise_h) : 0;
  return watch.age_h < std::max({rising_opening_h, rising_steps * static_cast<float>(step_h), as_usual});
}

void learn_bump(opening_watch& watch) {
  const bool slow = watch.peak_h > slow_rise_h && watch.peak_h < longest_rise_h;
  if (!slow || watch.age_h > longest_bump_h || watch.peak < least_bump) return;
  watch.bumps += 1;
  watch.bump_rise_h += (watch.peak_h - watch.bump_rise_h) / std::min(watch.bumps, most_bumps);
}

/// The share of the score that counts while it runs like an opening.
float counted(const opening_watch& watch, double step_h) {
  const bool falls = watch.age_h > watch.peak_h;
  if (!may_rise(watch, step_h) || (has_bumps(watch) && falls)) return 0.1F;
  return has_bumps(watch) ? 0.25F : 0.5F;
}

/// What an opening may still have of its peak.
float most_left(const opening_watch& watch) {
  return watch.peak * std::exp2(-(watch.age_h - watch.peak_h) / recovery_half_life_h) + recovery_strays;
}

/// Warmer than what the compressor's cycle makes of the peak that was.
bool peaks_anew(const opening_watch& watch, float u, double step_h) {
  if (u <= watch.peak) return false;
  if (may_rise(watch, step_h) || u > most_left(watch)) return true;
  return watch.lowest >= watch.peak - has_fallen && u > watch.peak + cycle_adds;
}

/// It warms for a quarter of an hour, then falls back: what does not halve its rest in time is no opening.
bool runs_like_an_opening(const opening_watch& watch, float u, double step_h) {
  if (may_rise(watch, step_h)) return true;
  return watch.age_h > watch.peak_h && u <= most_left(watch);
}

/// One step far below what is usual that goes back in the next is a reading that went wrong, and no cold: no unit cools
/// and warms so fast. Two steps are believed, and so is another one on the same day. True while it is cold.
bool stays_cold(unit_course& of, float u, double step_h) {
  opening_watch& watch = of.opening;
  watch.age_h += static_cast<float>(step_h);
  if (u < std::min(-1.5F, 0.15F * watch.peak)) return true;
  if (watch.age_h < lone_steps * static_cast<float>(step_h)) {
    if (first_lone(watch)) {
      of.means = watch.before;
      of.u_before = of.u;
    }
    watch.cold_steps += 1;
  }
  watch.age_h = watch.peak = 0;
  return false;
}

/// The share of the score that counts at the first step of it.
float begin_cold(opening_watch& watch, float u, double step_h) {
  watch.peak = u;
  watch.age_h = static_cast<float>(step_h);
  return first_lone(watch) ? step_alone : 1;
}

} // namespace

float watch_opening(unit_course& of, float u, float kelvin, double step_h, const course_rules& rules) {
  opening_watch& watch = of.opening;
  watch.recent *= static_cast<float>(std::exp(-step_h / 6));
  watch.cold_steps *= static_cast<float>(std::exp(-step_h / 24));
  watch.bumps *= static_cast<float>(std::exp(-step_h / bumps_memory_h));
  if (watch.peak < 0 && stays_cold(of, u, step_h)) return 1;
  if (watch.age_h == 0) {
    if (u > cold_from && u < opening_from) return 1;
    watch.before = of.means;
    if (u < 0) return begin_cold(watch, u, step_h);
    watch.peak = 0;
    watch.lowest = u;
    watch.is_one = 1;
  }
  watch.age_h += static_cast<float>(step_h);
  watch.lowest = std::min(watch.lowest, u);
  const bool reopened = u > watch.lowest + again && u < watch.peak;
  if (reopened) watch.recent += 1;
  if (reopened || peaks_anew(watch, u, step_h)) {
    watch.peak = watch.lowest = u;
    watch.peak_h = watch.age_h;
  }
  const bool allowed = static_cast<double>(watch.age_h) <= rules.longest_opening_h && watch.recent < most_openings &&
                       static_cast<double>(kelvin) < rules.warmest_opening_k;
  const bool over = u < std::max(1.5F, 0.15F * watch.peak);
  if (!allowed || (!over && !runs_like_an_opening(watch, u, step_h))) watch.is_one = 0;
  const bool is_one = watch.is_one != 0;
  if (over) {
    learn_bump(watch);
    if (is_one) {
      of.means = watch.before;
      of.u_before = of.u;
      watch.recent += 1;
    }
    watch.age_h = 0;
    return 1;
  }
  if (!is_one) return 1;
  return counted(watch, step_h);
}

} // namespace coldvigil
