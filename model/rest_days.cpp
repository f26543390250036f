#include "model/rest_days.hpp"

#include "model/day_course.hpp"
#include "model/sketch.hpp"

#include <algorithm>
#include <cmath>

namespace coldvigil {
namespace {

constexpr std::int64_t quarter_ms = 21'600'000;
constexpr std::int64_t first_monday_ms = 4 * day_ms; ///< the epoch was a Thursday
constexpr double shape_days = 4;                     ///< memory of the shape, days of rest
constexpr double habit_h = 96, today_h = 2.5;        ///< memories of how far it went as foretold
constexpr float habit_doubt = 4, today_doubt = 1;    ///< hours of one spread, against chance
constexpr float quarter_moves = 0.5F;                ///< what a whole quarter of an hour's six changes of its own week
constexpr float tells = 0.7F;                        ///< spreads
constexpr float clear_rest = 0.25F;                  ///< beyond the mean of the week
constexpr float worth_learning = 0.3F;
constexpr float far = 8; ///< spreads

std::size_t quarter_of_week(std::int64_t ms) {
  return static_cast<std::size_t>(within(ms - first_monday_ms, 7 * day_ms) / quarter_ms);
}

/// How far such a quarter of the week is one of rest.
float usual_rest(const rest_days& of, std::size_t quarter) {
  constexpr std::size_t saturday = 5 * 4;
  return std::clamp((quarter >= saturday ? 1.0F : 0.0F) + of.learnt[quarter], 0.0F, 1.0F);
}

/// The same for all days of the week at that time: the usual course of the day has so much of it already.
float mean_rest(const rest_days& of, std::size_t quarter) {
  float sum = 0;
  for (std::size_t day = 0; day < 7; ++day)
    sum += usual_rest(of, day * 4 + quarter % 4);
  return sum / 7;
}

/// How far the shape is to be believed: what is chance foretells nothing.
float belief(const rest_days& of) {
  return std::clamp(of.agreed / (of.foretold + habit_doubt), 0.0F, 1.0F);
}

/// What the week says, and what the last hours say. No day is busier than the usual one: warmth would explain itself.
float rest_now(const rest_days& of, float weekly) {
  return std::clamp((today_doubt * weekly + of.now_agreed) / (today_doubt + of.now_foretold), 0.0F, 1.0F);
}

} // namespace

float rest_at(const rest_days& of, std::int64_t ms) {
  if (belief(of) == 0) return 0; // most units: the week need not be looked at
  const std::size_t quarter = quarter_of_week(ms);
  return belief(of) * (rest_now(of, usual_rest(of, quarter)) - mean_rest(of, quarter)) * at_time(of.differs, ms);
}

bool usually_rests(const rest_days& of, std::int64_t ms) {
  return usual_rest(of, quarter_of_week(ms)) > 0.5F;
}

void watch_rest(rest_days& of, std::int64_t ms, float off, float spread, double step_h, bool clean) {
  const std::size_t quarter = quarter_of_week(ms);
  const float mean = mean_rest(of, quarter), weekly = usual_rest(of, quarter);
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
  // By what it showed, not by what the week had said of it; where days do not differ it shows nothing.
  if (std::abs(believed) > tells && of.now_foretold > today_doubt) {
    const float showed = of.now_agreed > (mean + clear_rest) * of.now_foretold ? 1.0F : 0.0F;
    of.learnt[quarter] += quarter_moves * hours / 6 * (showed - weekly);
  }
  if (!clean) return;
  const std::size_t slot = slot_of_day<rest_slots>(ms);
  const float share = rest_now(of, weekly) - mean;
  const double most = std::min(250.0, shape_days * std::max(1.0, 0.5 / step_h));
  if (share > worth_learning && of.seen[slot] < static_cast<std::uint8_t>(most)) ++of.seen[slot];
  if (of.seen[slot] == 0) return;
  of.differs[slot] += 2 * share * (off - share * of.differs[slot]) / static_cast<float>(of.seen[slot]);
}

} // namespace coldvigil
