// What became of the times to a breach that were said.
#include "evaluation/breach_ledger.hpp"

#include <boost/test/unit_test.hpp>

using namespace coldvigil;

namespace {

constexpr timestamp start = from_ms(1'750'000'000'000);
constexpr std::chrono::minutes minute{1};
constexpr milli_celsius inside = 5000, too_warm = 9000, too_cold = 1000;

struct booked {
  breach_ledger ledger;
  breach_outcomes seen;

  void add(int at_minute, milli_celsius value, const breach_forecast& said = {}) {
    ledger.add(start + at_minute * minute, value, said, 2000, 8000, seen);
  }
  const breach_outcome& of(breach_horizon within) const { return seen.of(within); }
};

breach_forecast in_minutes(float minutes, float earliest, float latest, bool high = true) {
  breach_forecast out{breach_horizon::minutes, high, minutes};
  out.earliest = earliest;
  out.latest = latest;
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(what_became_of_forecasts)

BOOST_FIXTURE_TEST_CASE(minutes_are_held_against_when_the_limit_was_passed, booked) {
  add(0, inside, in_minutes(60, 30, 90));
  add(40, inside, in_minutes(70, 60, 80)); // came after 20
  add(60, too_warm);
  BOOST_TEST(of(breach_horizon::minutes).said == 2U);
  BOOST_TEST(of(breach_horizon::minutes).came == 2U);
  BOOST_TEST(of(breach_horizon::minutes).near == 1U);
  BOOST_TEST(of(breach_horizon::minutes).inside == 1U);
  BOOST_TEST(seen.looked_at == 2U);
}

BOOST_FIXTURE_TEST_CASE(what_does_not_come_in_time_or_on_the_other_side_did_not_come_true, booked) {
  add(0, inside, in_minutes(60, 30, 90));
  add(10, too_cold);
  BOOST_TEST(of(breach_horizon::minutes).said == 0U); // nobody knows yet
  add(4 * 60 + 1, too_warm);
  BOOST_TEST(of(breach_horizon::minutes).said == 1U);
  BOOST_TEST(of(breach_horizon::minutes).came == 0U);
}

BOOST_FIXTURE_TEST_CASE(stretches_may_take_half_as_long_again, booked) {
  add(0, inside, {breach_horizon::day, true});
  add(35 * 60, too_warm);
  BOOST_TEST(of(breach_horizon::day).came == 1U);
  add(36 * 60, inside, {breach_horizon::six_hours, true});
  add(36 * 60 + 9 * 60 + 1, inside);
  BOOST_TEST(of(breach_horizon::six_hours).said == 1U);
  BOOST_TEST(of(breach_horizon::six_hours).came == 0U);
}

BOOST_FIXTURE_TEST_CASE(one_reading_in_five_minutes_counts_and_none_outside_the_limits, booked) {
  for (int i = 0; i < 20; ++i)
    add(i, i < 10 ? inside : too_warm, in_minutes(10, 5, 20));
  BOOST_TEST(seen.looked_at == 2U);
  BOOST_TEST(of(breach_horizon::minutes).said == 2U);
}

BOOST_AUTO_TEST_CASE(a_unit_without_limits_is_not_looked_at) {
  breach_ledger ledger;
  breach_outcomes seen;
  ledger.add(start, inside, {}, {}, {}, seen);
  BOOST_TEST(seen.looked_at == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
