// Minutes to a breach when the slope says so, a stretch of time for slow drifts, nothing otherwise.
#include "model/time_to_breach.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <functional>
#include <random>

using namespace coldvigil;

namespace {

double nothing_happens(double) {
  return 0;
}

/// A day around -20 °C with a sensor's noise, then `hours` of the course (K by hours since), on top of what is usual
/// then.
breach_watch after(double hours, const std::function<double(double)>& kelvin, int spacing_s = 300,
                   const usual_course& usual = nothing_happens) {
  breach_watch out;
  std::mt19937 random{5};
  std::normal_distribution<double> noise{0, 0.05};
  timestamp at = from_ms(1'750'000'000'000);
  const double calm = 24;
  const int count = static_cast<int>((calm + hours) * 3600 / spacing_s);
  for (int i = 0; i < count; ++i, at += std::chrono::seconds{spacing_s}) {
    const double since = static_cast<double>(i) * spacing_s / 3600 - calm;
    const double celsius = -20 + noise(random) + usual(since) + (since > 0 ? kelvin(since) : 0);
    fold(out, at, static_cast<milli_celsius>(std::lround(celsius * 1000)), usual(since));
  }
  return out;
}

/// What is usual so many hours after the end of a course of `hours`.
usual_course later_than(double hours, const usual_course& usual) {
  return [=](double ahead) { return usual(hours + ahead); };
}

} // namespace

BOOST_AUTO_TEST_SUITE(time_to_a_breach)

BOOST_AUTO_TEST_CASE(a_steady_rise_gives_minutes_with_an_interval_around_them) {
  for (const int spacing : {60, 300}) {
    const auto watch = after(
        1, [](double hours) { return 4 * hours; }, spacing);
    const auto seen = time_to_breach(watch, -30'000, -12'000); // 4 K at 4 K/h
    BOOST_REQUIRE((seen.within == breach_horizon::minutes));
    BOOST_TEST(seen.high);
    BOOST_TEST((seen.minutes > 30 && seen.minutes < 120), "spacing " << spacing << ": " << seen.minutes);
    BOOST_TEST((seen.earliest < 60 && seen.latest > 60));
  }
}

BOOST_AUTO_TEST_CASE(a_steady_fall_leads_to_the_lower_limit) {
  const auto watch = after(1, [](double hours) { return -4 * hours; });
  const auto seen = time_to_breach(watch, -28'000, -12'000);
  BOOST_REQUIRE((seen.within == breach_horizon::minutes));
  BOOST_TEST(!seen.high);
}

BOOST_AUTO_TEST_CASE(a_slow_drift_gives_a_stretch_of_time) {
  const auto watch = after(16, [](double hours) { return 0.3 * hours; });
  const auto seen = time_to_breach(watch, -30'000, -15'000);
  BOOST_TEST((seen.within == breach_horizon::day || seen.within == breach_horizon::six_hours));
  BOOST_TEST(seen.minutes == 0);
}

BOOST_AUTO_TEST_CASE(a_breach_that_is_over_does_not_lead_to_its_limit_again) {
  for (double since = 0.5; since < 12; since += 0.5) { // hours after eight hours that were 7 K too warm
    const auto watch = after(8 + since, [](double hours) { return hours < 8 ? 7 : 7 * std::exp(-4 * (hours - 8)); });
    const auto seen = time_to_breach(watch, -30'000, -16'000);
    BOOST_TEST((seen.within == breach_horizon::none || !seen.high), since);
  }
}

BOOST_AUTO_TEST_CASE(a_usual_morning_leads_to_no_limit) {
  const auto day = [](double hours) { return 3 * std::sin(hours / 24 * 2 * 3.14159265); };
  for (double hours = 1; hours < 6; hours += 0.5) {
    const auto watch = after(hours, nothing_happens, 300, day);
    BOOST_TEST((time_to_breach(watch, -30'000, -16'600, later_than(hours, day)).within == breach_horizon::none), hours);
  }
}

BOOST_AUTO_TEST_CASE(an_unusual_rise_goes_on_on_top_of_the_usual_one) {
  const auto usual = [](double hours) { return hours; };
  const auto watch = after(
      1, [](double hours) { return 2 * hours; }, 300, usual);
  const auto rising = time_to_breach(watch, -30'000, -14'000, later_than(1, usual));
  BOOST_REQUIRE((rising.within == breach_horizon::minutes));
  BOOST_TEST((rising.minutes > 40 && rising.minutes < 90), rising.minutes); // 3 K at 3 K/h
  BOOST_TEST((rising.earliest < 60 && rising.latest > 60));
  // The same unit an hour before it usually cools by as much: not to that limit.
  const auto turns = [](double ahead) { return 1 - 2 * ahead; };
  BOOST_TEST((time_to_breach(watch, -30'000, -14'000, turns).within != breach_horizon::minutes));
}

BOOST_AUTO_TEST_CASE(a_unit_that_goes_nowhere_gives_nothing) {
  BOOST_TEST((time_to_breach(after(6, nothing_happens), -30'000, -19'500).within == breach_horizon::none));
}

BOOST_AUTO_TEST_CASE(nothing_is_said_without_limits_outside_of_them_and_of_a_unit_never_seen) {
  const auto watch = after(1, [](double hours) { return 4 * hours; });
  BOOST_TEST((time_to_breach(watch, {}, {}).within == breach_horizon::none));
  BOOST_TEST((time_to_breach(watch, -30'000, -17'000).within == breach_horizon::none));
  BOOST_TEST((time_to_breach({}, -30'000, -17'000).within == breach_horizon::none));
}

BOOST_AUTO_TEST_CASE(a_gap_forgets_the_rise_before_it) {
  auto watch = after(1, [](double hours) { return 4 * hours; });
  const timestamp later = from_ms(watch.last_ms) + std::chrono::hours{3};
  fold(watch, later, -20'000);
  BOOST_TEST((time_to_breach(watch, -30'000, -12'000).within != breach_horizon::minutes));
}

BOOST_AUTO_TEST_CASE(a_reading_that_is_not_newer_changes_nothing) {
  auto watch = after(1, nothing_happens);
  const breach_watch before = watch;
  fold(watch, from_ms(watch.last_ms), 50'000);
  BOOST_TEST(watch.fast.mean_y == before.fast.mean_y);
  BOOST_TEST(watch.slow.weight == before.slow.weight);
}

BOOST_AUTO_TEST_SUITE_END()
