// Everyday patterns: when they are there and when not.
#include "sim/fleet.hpp"
#include "sim/habits.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>

namespace coldvigil::sim {
namespace {

constexpr timestamp never = timestamp::max();

double at_noon(habit which, std::uint64_t key, int day, timestamp clocks = never) {
  return warmed_by(which, key, fleet_start + std::chrono::days{day} + std::chrono::hours{12}, clocks);
}

} // namespace

BOOST_AUTO_TEST_SUITE(habits)

BOOST_AUTO_TEST_CASE(every_habit_is_found_by_its_name_and_no_other) {
  for (std::size_t i = 0; i < habit_names.size(); ++i)
    BOOST_TEST((parse_habit(habit_names[i]) == static_cast<habit>(i)));
  BOOST_TEST(!parse_habit("sundays"));
}

BOOST_AUTO_TEST_CASE(work_warms_on_its_days_and_not_on_the_others) {
  for (std::uint64_t key = 1; key <= 20; ++key)
    for (int day = 0; day < 28; ++day) {
      BOOST_TEST((at_noon(habit::weekdays, key, day) > 0.4) == (day % 7 < 5));
      BOOST_TEST((at_noon(habit::six_days, key, day) > 0.4) == (day % 7 < 6));
      // Of the night before, nothing is left by noon.
      BOOST_TEST(at_noon(habit::nights, key, day) < 0.2);
    }
}

BOOST_AUTO_TEST_CASE(a_night_of_work_goes_on_over_midnight) {
  const timestamp tuesday = fleet_start + std::chrono::days{1};
  for (std::uint64_t key = 1; key <= 20; ++key)
    BOOST_TEST(warmed_by(habit::nights, key, tuesday + std::chrono::hours{1}, never) > 0.4);
}

BOOST_AUTO_TEST_CASE(some_working_days_are_holidays) {
  int off = 0;
  for (std::uint64_t key = 1; key <= 20; ++key)
    for (int day = 0; day < 70; ++day)
      off += day % 7 < 5 && at_noon(habit::holidays, key, day) < 0.2 ? 1 : 0;
  BOOST_TEST(off > 20); // of 1,000, 40 are expected
  BOOST_TEST(off < 70);
}

BOOST_AUTO_TEST_CASE(from_summer_time_on_all_comes_an_hour_earlier) {
  const bool held = rc::check([](std::uint64_t key) {
    const timestamp change = fleet_start + std::chrono::days{9};
    for (int minutes = 0; minutes < 2 * 1440; minutes += 15) {
      const timestamp at = fleet_start + std::chrono::days{15} + std::chrono::minutes{minutes};
      const double summer = warmed_by(habit::summer_time, key, at, change);
      const double winter = warmed_by(habit::summer_time, key, at + std::chrono::hours{1}, never);
      RC_ASSERT(std::abs(summer - winter) < 1e-6);
    }
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_CASE(goods_and_free_defrosts_come_and_go) {
  for (const habit which : {habit::goods, habit::free_defrosts})
    for (std::uint64_t key = 1; key <= 10; ++key) {
      double highest = 0;
      std::size_t calm = 0, steps = 0;
      for (int minutes = 0; minutes < 28 * 1440; minutes += 5, ++steps) {
        const double kelvin = warmed_by(which, key, fleet_start + std::chrono::minutes{minutes}, never);
        BOOST_REQUIRE(std::isfinite(kelvin));
        BOOST_REQUIRE(kelvin > -1e-9);
        highest = std::max(highest, kelvin);
        calm += kelvin < 0.3 ? 1 : 0;
      }
      BOOST_TEST(highest > 2.5);
      BOOST_TEST(highest < 17);
      BOOST_TEST(static_cast<double>(calm) > 0.6 * static_cast<double>(steps));
    }
}

BOOST_AUTO_TEST_CASE(a_fleet_deals_them_in_turn_and_lays_them_over_its_readings) {
  fleet_plan plan;
  plan.units = 4;
  plan.days = 8;
  const auto plain = plan_fleet(plan);
  plan.habits = {habit::weekdays, habit::goods};
  const auto fleet = plan_fleet(plan);
  BOOST_TEST((fleet[2].routine == habit::weekdays));
  BOOST_TEST((fleet[3].routine == habit::goods));
  std::vector<double> without, with;
  const auto into = [](std::vector<double>& out) {
    return [&](const fleet_reading& one) { out.push_back(one.celsius); };
  };
  run_unit(plan, plain[0], into(without));
  run_unit(plan, fleet[0], into(with));
  BOOST_REQUIRE(with.size() == without.size());
  double warmest = 0;
  for (std::size_t i = 0; i < with.size(); ++i)
    warmest = std::max(warmest, with[i] - without[i]);
  BOOST_TEST(warmest > 0.4);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::sim
