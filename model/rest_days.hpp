#pragma once
// Days on which a unit has less to do: a cold store that is opened from Monday to Friday and left alone at the weekend
// differs from its usual course every week, and nothing is wrong with it. Learnt from the unit; the first guess is that
// Saturday and Sunday are such days. A holiday is recognised by its own course within an hour or two; a day that is
// busier than usual, too, as far as working days of this unit differ anyway.

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace coldvigil {

inline constexpr std::size_t rest_slots = 48; ///< of a day, half an hour each
inline constexpr std::size_t week_quarters =
    28; ///< six hours each, Monday 0:00 UTC first: another zone's week fits too

/// Plain data; zeros for a unit never seen.
struct rest_days {
  std::array<float, rest_slots> differs{};     ///< of a day of rest from the usual course, K
  std::array<std::uint8_t, rest_slots> seen{}; ///< steps it was learnt from, up to a bound
  std::array<float, week_quarters> showed{};   ///< spreads away from the usual course, a mean of weeks
  float agreed = 0, foretold = 0;              ///< how far days of rest went as foretold; fading over days
  float now_agreed = 0, now_foretold = 0;      ///< and how far the last hours did; fading over hours
  float varies = 0;                            ///< how far working days are from the usual one, share of its work
};
static_assert(std::is_trivially_copyable_v<rest_days>);

/// K to be added to the usual course of the day. Over a week it is nothing in the mean, and nothing at any time for a
/// unit whose days are alike.
[[nodiscard]] float rest_at(const rest_days& of, std::int64_t ms);

/// The week says that it is a day of rest.
[[nodiscard]] bool usually_rests(const rest_days& of, std::int64_t ms);

/// Folds in a step of `step_h` hours. `off` is its difference to the usual course of the day, K, and `spread` what is
/// usual of that. What kind of day it is, is always learnt; the shape of a day of rest only from what is `clean`: no
/// alarm is open, or it is within what the unit showed in clean times.
void watch_rest(rest_days& of, std::int64_t ms, float off, float spread, double step_h, bool clean);

} // namespace coldvigil
