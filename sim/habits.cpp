#include "sim/habits.hpp"

#include "sim/chance.hpp"

#include <algorithm>
#include <cmath>

namespace coldvigil::sim {
namespace {

enum channel : std::uint64_t { ch_work = 400, ch_day, ch_holiday, ch_goods, ch_defrost };

constexpr double hour_ms = 3'600'000, hours_a_day = 24;
constexpr double warming_h = 0.7; ///< time constant of the air, both ways

double decay(double hours, double time_constant) {
  return std::exp(-hours / time_constant);
}

std::uint64_t number(std::int64_t day) {
  return static_cast<std::uint64_t>(day);
}

/// Monday is 0; the epoch was a Thursday.
std::int64_t weekday_of(std::int64_t day) {
  return (day + 3) % 7;
}

bool is_worked(habit which, std::uint64_t key, std::int64_t day) {
  if (weekday_of(day) >= (which == habit::six_days ? 6 : 5)) return false;
  return which != habit::holidays || uniform(mix({key, ch_holiday, number(day)})) >= 0.04;
}

/// Of the work of one day; `hours` since its midnight.
double work_of(habit which, std::uint64_t key, std::int64_t day, double hours) {
  if (!is_worked(which, key, day)) return 0;
  const double usual_begin =
      which == habit::nights ? between(mix({key, ch_work, 1}), 19, 21) : between(mix({key, ch_work, 1}), 6, 9);
  const double begin = usual_begin + 0.25 * normal(mix({key, ch_day, number(day), 1}));
  const double end =
      usual_begin + between(mix({key, ch_work, 2}), 7, 10) + 0.4 * normal(mix({key, ch_day, number(day), 2}));
  const double kelvin =
      between(mix({key, ch_work, 3}), 1, 6) * std::exp(0.2 * normal(mix({key, ch_day, number(day), 3})));
  if (hours < begin) return 0;
  const double reached = kelvin * (1 - decay(std::min(hours, end) - begin, warming_h));
  return hours < end ? reached : reached * decay(hours - end, warming_h);
}

double goods_of(std::uint64_t key, std::int64_t day, double hours) {
  const std::uint64_t dice = mix({key, ch_goods, number(day)});
  if (weekday_of(day) == 6 || uniform(dice) >= 2.0 / 6) return 0;
  const double since = hours - between(mix({dice, 1}), 8, 17);
  if (since < 0) return 0;
  const double half_life = between(mix({dice, 2}), 20.0 / 60, 45.0 / 60);
  return between(mix({dice, 3}), 4, 8) * std::min(since / 0.1, 1.0) * std::exp2(-since / half_life);
}

double free_defrost(std::uint64_t key, double hours) {
  const double every = mix({key, ch_defrost, 1}) % 2 == 0 ? 7 : 25;
  const double since = std::fmod(hours + between(mix({key, ch_defrost, 2}), 0, every), every);
  const double lasts = between(mix({key, ch_defrost, 3}), 0.3, 0.5), kelvin = between(mix({key, ch_defrost, 4}), 3, 8);
  return since < lasts ? kelvin * since / lasts : kelvin * decay(since - lasts, 0.3);
}

} // namespace

std::optional<habit> parse_habit(std::string_view name) {
  const auto found = std::find(habit_names.begin(), habit_names.end(), name);
  if (found == habit_names.end()) return std::nullopt;
  return static_cast<habit>(found - habit_names.begin());
}

double warmed_by(habit which, std::uint64_t key, timestamp at, timestamp clocks_change) {
  double hours = static_cast<double>(to_ms(at)) / hour_ms;
  if (which == habit::free_defrosts) return free_defrost(key, hours);
  if (which == habit::summer_time && at >= clocks_change) hours += 1;
  const auto day = static_cast<std::int64_t>(std::floor(hours / hours_a_day));
  const double of_day = hours - static_cast<double>(day) * hours_a_day;
  const auto of = [&](std::int64_t which_day, double hour) {
    return which == habit::goods ? goods_of(key, which_day, hour) : work_of(which, key, which_day, hour);
  };
  // What began yesterday may go on over midnight.
  return of(day, of_day) + of(day - 1, of_day + hours_a_day);
}

} // namespace coldvigil::sim
