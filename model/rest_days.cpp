#include "model/rest_days.hpp"

#include "model/day_course.hpp"
#include "model/sketch.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace coldvigil {
namespace {

constexpr std::int64_t quarter_ms = 21'600'000;
constexpr std::int64_t first_monday_ms = 4 * day_ms;    ///< the epoch was a Thursday
constexpr double shape_days = 4;                        ///< memory of the shape, days of rest
constexpr double habit_h = 96, today_h = 2.5;           ///< memories of how far it went as foretold
constexpr float habit_doubt = 4, today_doubt = 1;       ///< hours of one spread, against chance
constexpr double varies_h = 80;                         ///< memory of how working days vary, hours of work
constexpr float varies_from = 2;                        ///< foretold: below it the last hours say little of the day
constexpr float most_varies = 0.5F;                     ///< a day of so much more or less is a holiday or a fault
constexpr float busier = 1.5F, most_busier = 0.3F;      ///< times what days vary, and the share of the shape
constexpr float quarter_moves = 0.4F;                   ///< what the six hours of a quarter change of what it showed
constexpr float most_shown = 4;                         ///< spreads: a fault on one day shall not hide the weekend
constexpr float shows_from = 0.8F, shows_within = 0.6F; ///< spreads between days that are alike and the others
constexpr float least_rest = 2.5F / 6, full_rest = 3.5F / 6; ///< of the furthest day's
constexpr std::size_t saturday = 5;
constexpr std::ptrdiff_t slots_a_quarter = rest_slots / 4;
constexpr float worth_learning = 0.3F;
constexpr float far = 8; ///< spreads

std::size_t quarter_of_week(std::int64_t ms) {
  return static_cast<std::size_t>(within(ms - first_monday_ms, 7 * day_ms) / quarter_ms);
}

using week = std::array<float, 7>;

float middle_of(week days) {
  std::nth_element(days.begin(), days.begin() + 3, days.end());
  return days[3];
}

/// How far the shape is to be believed: what is chance foretells nothing.
float belief(const rest_days& of) {
  return std::clamp(of.agreed / (of.foretold + habit_doubt), 0.0F, 1.0F);
}

/// The side on which days of rest were so far at that quarter of the day; 0 = not learnt.
float learnt_side(const rest_days& of, std::size_t quarter_of_day) {
  if (belief(of) == 0) return 0;
  const auto from = of.differs.begin() + static_cast<std::ptrdiff_t>(quarter_of_day) * slots_a_quarter;
  return std::accumulate(from, from + slots_a_quarter, 0.0F);
}

/// The weekday furthest from the others. A day that was busy once is on the other side than the days of rest, and shall
/// not unlearn them while they show.
float furthest_of(const week& shown, float usual, float learnt_side) {
  float furthest = 0, learnt = 0;
  for (const float each : shown) {
    const float away = each - usual;
    if (std::abs(away) > std::abs(furthest)) furthest = away;
    if (away * learnt_side > 0 && std::abs(away) > std::abs(learnt)) learnt = away;
  }
  return std::abs(learnt) > shows_from ? learnt : furthest;
}

/// How far each weekday is one of rest at that quarter of the day. Most days are alike: one that is far from them, on
/// the side where the furthest is, is a day of rest. Until the unit showed such, Saturday and Sunday are.
week rests_at(const rest_days& of, std::size_t quarter_of_day) {
  week shown;
  for (std::size_t day = 0; day < 7; ++day)
    shown[day] = of.showed[day * 4 + quarter_of_day];
  const float usual = middle_of(shown);
  const float furthest = furthest_of(shown, usual, learnt_side(of, quarter_of_day));
  const float known = std::clamp((std::abs(furthest) - shows_from) / shows_within, 0.0F, 1.0F);
  week out;
  for (std::size_t day = 0; day < 7; ++day) {
    const float guess = day >= saturday ? 1.0F : 0.0F;
    const float share = known == 0 ? 0 : (shown[day] - usual) / furthest;
    const float own = std::clamp((share - least_rest) / (full_rest - least_rest), 0.0F, 1.0F);
    out[day] = guess + known * (own - guess);
  }
  return out;
}

/// The usual course of the day has so much of it already.
float mean_of(const week& rests) {
  return std::accumulate(rests.begin(), rests.end(), 0.0F) / 7;
}

/// What the last hours say, leaning on what the week says.
float shown_now(const rest_days& of, float weekly) {
  return (today_doubt * weekly + of.now_agreed) / (today_doubt + of.now_foretold);
}

/// No working day is busier than the usual one by more than its days differ anyway, and no day of rest is: any warmth
/// would explain itself.
float rest_now(const rest_days& of, float weekly) {
  const float below = std::min(busier * of.varies, most_busier) * (1 - weekly);
  return std::clamp(shown_now(of, weekly), -below, 1.0F);
}

/// How far the working days of this unit are from each other.
void learn_variety(rest_days& of, float weekly, double step_h) {
  if (weekly > 0.5F || of.now_foretold < varies_from) return;
  const float away = std::min(std::abs(shown_now(of, weekly) - weekly), most_varies);
  of.varies += forgetting(step_h, varies_h) * (away - of.varies);
}

} // namespace

float rest_at(const rest_days& of, std::int64_t ms) {
  if (belief(of) == 0) return 0; // most units: the week need not be looked at
  const std::size_t quarter = quarter_of_week(ms);
  const week rests = rests_at(of, quarter % 4);
  return belief(of) * (rest_now(of, rests[quarter / 4]) - mean_of(rests)) * at_time(of.differs, ms);
}

bool usually_rests(const rest_days& of, std::int64_t ms) {
  const std::size_t quarter = quarter_of_week(ms);
  return rests_at(of, quarter % 4)[quarter / 4] > 0.5F;
}

void watch_rest(rest_days& of, std::int64_t ms, float off, float spread, double step_h, bool clean) {
  const std::size_t quarter = quarter_of_week(ms);
  const week rests = rests_at(of, quarter % 4);
  const float mean = mean_of(rests), weekly = rests[quarter / 4];
  const auto hours = static_cast<float>(step_h);
  const float shape = at_time(of.differs, ms) / spread, now = std::clamp(off / spread, -far, far);
  if (weekly > 0.5F) {
    const float kept = 1 - forgetting(step_h, habit_h), foretold = (weekly - mean) * shape;
    of.agreed = kept * of.agreed + hours * foretold * now;
    of.foretold = kept * of.foretold + hours * foretold * foretold;
  }
  const float believed = belief(of) * shape, kept = 1 - forgetting(step_h, today_h);
  of.now_agreed = kept * of.now_agreed + hours * believed * (now + mean * believed);
  of.now_foretold = kept * of.now_foretold + hours * believed * believed;
  const float shown = std::clamp(now, -most_shown, most_shown);
  of.showed[quarter] += quarter_moves * hours / 6 * (shown - of.showed[quarter]);
  if (!clean) return;
  learn_variety(of, weekly, step_h);
  const std::size_t slot = slot_of_day<rest_slots>(ms);
  const float share = rest_now(of, weekly) - mean;
  const double most = std::min(250.0, shape_days * std::max(1.0, 0.5 / step_h));
  std::uint8_t& seen = of.seen[slot];
  if (share > worth_learning) seen = static_cast<std::uint8_t>(std::min(seen + 1, static_cast<int>(most)));
  if (of.seen[slot] == 0) return;
  of.differs[slot] += 2 * share * (off - share * of.differs[slot]) / static_cast<float>(of.seen[slot]);
}

} // namespace coldvigil
