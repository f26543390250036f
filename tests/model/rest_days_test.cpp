// What is learnt of the days on which a unit has less to do.
#include "model/rest_days.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include <cmath>
#include <functional>

using namespace coldvigil;

namespace {

constexpr std::int64_t hour_ms = 3'600'000, day_ms = 24 * hour_ms, monday_ms = 20'262 * day_ms; // 2025-06-23
constexpr double step_h = 0.25;
constexpr float spread = 0.5F;

/// A usual day that is the mean of the week's, and `less` K less than a working day from 8 to 16 on a day of rest.
struct week {
  std::function<bool(int)> rests;
  float less = -4;
  std::function<float(int)> busy = [](int) { return 1.0F; }; ///< times the usual work, day by day
  rest_days state{};

  /// Until an hour and a half after work began, or would have.
  void live_until_the_morning_of(int day) { live((day - 1) * day_ms, day * day_ms + 19 * hour_ms / 2); }
  void live(std::int64_t from, std::int64_t until) {
    int resting = 0;
    for (int day = 0; day < 7; ++day)
      resting += rests(day) ? 1 : 0;
    for (std::int64_t at = from; at < until; at += hour_ms / 4) {
      const bool work_time = at % day_ms >= 8 * hour_ms && at % day_ms < 16 * hour_ms;
      const float mean = static_cast<float>(resting) / 7;
      const int day = static_cast<int>(at / day_ms);
      const float work = rests(day) ? 0 : busy(day);
      const float off = work_time ? less * (1 - work - mean) : 0;
      watch_rest(state, monday_ms + at, off, spread, step_h, true);
    }
  }
  [[nodiscard]] float at_noon(int day) const { return rest_at(state, monday_ms + day * day_ms + 12 * hour_ms); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(rest_days_of_a_unit)

BOOST_AUTO_TEST_CASE(a_unit_never_seen_has_no_days_of_rest) {
  for (int hour = 0; hour < 24 * 7; ++hour)
    BOOST_TEST(rest_at({}, monday_ms + hour * hour_ms) == 0);
}

BOOST_AUTO_TEST_CASE(a_weekend_is_foretold_after_three) {
  week of{[](int day) { return day % 7 >= 5; }};
  of.live(0, 25 * day_ms);
  of.live_until_the_morning_of(26);
  BOOST_TEST(of.at_noon(26) < -2); // Saturday: 2.9 K less in truth
  BOOST_TEST(std::abs(rest_at(of.state, monday_ms + 26 * day_ms + 3 * hour_ms)) < 0.3);
  of.live(26 * day_ms + 19 * hour_ms / 2, 27 * day_ms);
  of.live_until_the_morning_of(28);
  BOOST_TEST(of.at_noon(28) > 0.5); // Monday
}

BOOST_AUTO_TEST_CASE(any_other_day_of_rest_is_learnt_in_a_month_and_the_weekend_is_then_worked) {
  for (int rest = 0; rest < 5; ++rest) {
    week of{[&](int day) { return day % 7 == rest; }};
    const int then = 28 + rest;
    of.live(0, (then - 1) * day_ms);
    of.live_until_the_morning_of(then);
    BOOST_TEST(of.at_noon(then) < -1.7); // 3.4 K less in truth
    of.live(then * day_ms + 19 * hour_ms / 2, 33 * day_ms + 19 * hour_ms / 2);
    BOOST_TEST(of.at_noon(33) > 0); // Saturday
  }
}

BOOST_AUTO_TEST_CASE(a_fault_on_a_working_day_does_not_hide_the_weekend) {
  week of{[](int day) { return day % 7 >= 5; }};
  of.live(0, 29 * day_ms);
  for (std::int64_t at = 0; at < day_ms; at += hour_ms / 4)
    watch_rest(of.state, monday_ms + 29 * day_ms + at, 10, spread, step_h, false);
  of.live(30 * day_ms, 32 * day_ms);
  of.live_until_the_morning_of(33);
  BOOST_TEST(of.at_noon(33) < -2);
}

BOOST_AUTO_TEST_CASE(a_holiday_is_told_by_itself_within_two_hours) {
  week of{[](int day) { return day % 7 >= 5 || day == 30; }};
  of.live(0, 30 * day_ms);
  const float morning = of.at_noon(30);
  for (std::int64_t at = 8 * hour_ms; at < 10 * hour_ms; at += hour_ms / 4)
    watch_rest(of.state, monday_ms + 30 * day_ms + at, of.less * 5 / 7, spread, step_h, true);
  BOOST_TEST(morning > 0);
  BOOST_TEST(rest_at(of.state, monday_ms + 30 * day_ms + 10 * hour_ms) < -2);
}

BOOST_AUTO_TEST_CASE(busy_days_do_not_unlearn_the_weekend) {
  const auto told = [](float busy) {
    week of{[](int day) { return day % 7 >= 5; }};
    of.less = -0.8F;
    of.busy = [&](int day) { return day == 24 || day == 31 || day == 38 ? busy : 1; }; // Thursdays
    of.live(0, 39 * day_ms);
    of.live_until_the_morning_of(40);
    return of.at_noon(40); // Saturday
  };
  BOOST_TEST(told(1) < -0.4F); // 0.57 K less in truth
  BOOST_TEST(told(3.5F) < -0.3F);
}

BOOST_AUTO_TEST_CASE(a_busy_day_is_told_as_far_as_the_days_differ_anyway_and_no_further) {
  const auto told = [](float differ, float today) {
    week of{[](int day) { return day % 7 >= 5; }};
    of.busy = [&](int day) { return day == 43 ? today : 1 + (day % 2 == 0 ? differ : -differ); };
    of.live(0, 43 * day_ms);
    of.live(43 * day_ms, 43 * day_ms + 12 * hour_ms);
    return of.at_noon(43);
  };
  const float usual = told(0.3F, 1), busy = told(0.3F, 1.3F), of_a_steady_unit = told(0, 1.3F);
  BOOST_TEST(busy > usual + 0.5F);
  BOOST_TEST(of_a_steady_unit < busy - 0.5F);
  BOOST_TEST(told(0.3F, 3) < busy + 0.5F); // a failed compressor
}

BOOST_AUTO_TEST_CASE(what_is_not_clean_does_not_change_the_shape) {
  week of{[](int day) { return day % 7 >= 5; }};
  of.live(0, 21 * day_ms);
  const auto before = of.state.differs;
  for (std::int64_t at = 0; at < 2 * day_ms; at += hour_ms / 4)
    watch_rest(of.state, monday_ms + 26 * day_ms + at, 6, spread, step_h, false);
  BOOST_TEST(of.state.differs == before, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(chance_is_hardly_believed_and_nothing_grows_without_bound) {
  rc::check([](std::uint32_t seed) {
    std::uint32_t state = seed | 1U;
    rest_days of{};
    float sum = 0;
    std::size_t count = 0;
    for (std::int64_t at = 0; at < 35 * day_ms; at += hour_ms / 2) {
      state = state * 1'664'525U + 1'013'904'223U;
      const float off = (static_cast<float>(state >> 8) / 16'777'216.0F - 0.5F) * 3.4F * spread; // one spread
      watch_rest(of, monday_ms + at, off, spread, 0.5, true);
      const float told = rest_at(of, monday_ms + at);
      RC_ASSERT(std::isfinite(told));
      RC_ASSERT(std::abs(told) < 4 * spread);
      sum += std::abs(told);
      ++count;
    }
    RC_ASSERT(sum / static_cast<float>(count) < 0.3F * spread);
  });
}

BOOST_AUTO_TEST_SUITE_END()
