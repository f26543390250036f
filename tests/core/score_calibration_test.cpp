#include "core/driver_text.hpp"
#include "core/score_calibration.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <random>

namespace coldvigil {
namespace {

constexpr timestamp start = from_ms(1'767'571'200'000);

/// A month of hourly scores a unit, drawn from an exponential tail.
void fill(fleet_scores& with, std::size_t units, const score_driver& driver = {}) {
  std::mt19937_64 random{3};
  std::exponential_distribution<double> draw{8};
  for (std::size_t u = 0; u < units; ++u) {
    fleet_scores::unit unit;
    for (int hour = 0; hour < 30 * 24; ++hour)
      with.add(unit, start + std::chrono::hours{hour}, score_state::scored, 0.3 + draw(random), driver);
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(score_calibration)

BOOST_AUTO_TEST_CASE(the_shipped_threshold_is_the_usual_budget) {
  BOOST_TEST(std::abs(course_threshold({}, usual_budget) - 1) < 0.005);
  BOOST_TEST(course_threshold({}, 3) < course_threshold({}, 0.15));
}

BOOST_AUTO_TEST_CASE(less_than_the_budget_is_aimed_at) {
  fleet_scores all;
  fill(all, 400);
  const auto tail = all.fit().fit;
  BOOST_REQUIRE(tail.has_value());
  BOOST_TEST(course_threshold(tail, usual_budget) > 1.005 * tail->threshold(usual_budget));
  BOOST_TEST(course_threshold(tail, usual_budget) < tail->threshold(0.8 * usual_budget));
}

BOOST_AUTO_TEST_CASE(too_little_is_no_fit_but_says_how_much) {
  fleet_scores few;
  fill(few, 6); // less than five unit-months without the first weeks
  const fleet_tail tail = few.fit();
  BOOST_TEST(!tail.fit);
  BOOST_TEST(tail.unit_months > 4.4);
  BOOST_TEST(tail.unit_months < 5);
}

BOOST_AUTO_TEST_CASE(the_more_was_seen_the_nearer_to_the_fleets_own) {
  fleet_scores some, many;
  fill(some, 10);
  fill(many, 400);
  const auto little = some.fit().fit;
  const auto much = many.fit().fit;
  BOOST_REQUIRE((little && much));
  const double own = much->threshold(budget_aim * usual_budget);
  BOOST_TEST(std::abs(std::log(course_threshold(much, usual_budget) / own)) < 0.05);
  const double between = course_threshold(little, usual_budget);
  BOOST_TEST(between > std::min(1.0, little->threshold(budget_aim * usual_budget)) - 1e-9);
  BOOST_TEST(between < std::max(1.0, little->threshold(budget_aim * usual_budget)) + 0.005);
}

BOOST_AUTO_TEST_CASE(ill_sensors_and_readings_without_a_score_are_no_tail) {
  fleet_scores all;
  fill(all, 50, score_driver{driver_stuck});
  BOOST_TEST(all.fit().unit_months == 0);
  fleet_scores::unit unit;
  for (int hour = 0; hour < 2000; ++hour)
    all.add(unit, start + std::chrono::hours{hour}, score_state::timeout, std::nan(""), {});
  BOOST_TEST(all.fit().unit_months == 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil
