#include "core/alarm_book.hpp"
#include "core/driver_text.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

namespace coldvigil {
namespace {

constexpr score_driver rising_alone{driver_one_side, 2.3F, 3.1F, 40};

judged_reading scored(int minute, float score, const score_driver& driver) {
  judged_reading out;
  out.at = from_ms(60'000 * minute);
  out.value = -18'000;
  out.state = score_state::scored;
  out.score = score;
  out.why.driver = driver;
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(driver_words)

BOOST_AUTO_TEST_CASE(what_stopped_says_since_when_and_where_it_leads) {
  BOOST_TEST(driver_text(rising_alone) == "cycling stopped 40 min ago; 2.3 K warmer than usual, rising 3.1 K/h");
}

BOOST_AUTO_TEST_CASE(a_temperature_that_may_still_swing_is_not_said_to_have_stopped) {
  const std::string side = "the temperature has stayed on one side of its 3-hour mean, for 110 min";
  BOOST_TEST(driver_text({driver_one_side, 1.6F, 0, 110}) == side + "; 1.6 K warmer than usual");
  BOOST_TEST(driver_text({driver_one_side, 1.6F, -1, 110}) == side + "; 1.6 K warmer than usual, falling 1.0 K/h");
  BOOST_TEST(driver_text({driver_one_side, 0.8F, 1, 110}).starts_with(side)); // half of a swing
  BOOST_TEST(driver_text({driver_one_side, 4, 1, 110}).starts_with(side));    // it was off before
  BOOST_TEST(driver_text({driver_one_side, -1.6F, -1, 110}) ==
             "cycling stopped 110 min ago; 1.6 K colder than usual, falling 1.0 K/h");
}

BOOST_AUTO_TEST_CASE(a_span_is_told_by_its_own_departure) {
  constexpr std::uint8_t last_hour = driver_means, half_day_cold = driver_mostly_less + 2;
  BOOST_TEST(driver_text({last_hour, 0.2F, 0, 0, 1.4F}) ==
             "the last hour is away from the usual course; 1.4 K warmer than usual");
  BOOST_TEST(driver_text({half_day_cold, 0.5F, 0.3F, 300, -2}) ==
             "unlike itself in several ways, most of all: the last half day is too cold, for 5 h; 2.0 K colder than "
             "usual, rising 0.3 K/h");
  BOOST_TEST(driver_text({last_hour, 9, 0, 0, 1.4F}).ends_with("; 9.0 K warmer than usual")); // a mean is bounded
  BOOST_TEST(driver_text({last_hour, 0.2F, 0, 0}).ends_with("; 0.2 K warmer than usual"));    // from before it was kept
}

BOOST_AUTO_TEST_CASE(all_together_names_the_one_that_is_furthest) {
  BOOST_TEST(driver_text({driver_mostly_less + 4, -0.6F, 0, 0}) ==
             "unlike itself in several ways, most of all: readings jump less; 0.6 K colder than usual");
  BOOST_TEST(driver_text({driver_mostly_more + 8, 0, -0.2F, 300}) ==
             "unlike itself in several ways, most of all: cycling is faster, for 5 h, falling 0.2 K/h");
}

BOOST_AUTO_TEST_CASE(readings_far_apart_say_nothing_of_a_cycle) {
  BOOST_TEST(driver_text({driver_one_side_coarse, 2.3F, 0, 420}) ==
             "the temperature has stayed on one side of its 3-hour mean, for 7 h; 2.3 K warmer than usual");
  BOOST_TEST(driver_text({driver_one_side_coarse, 2.3F, 3.1F, 40}).find("cycling") == std::string::npos);
  for (const std::uint8_t first : {driver_mostly_more, driver_mostly_less}) {
    const std::string text = driver_text({static_cast<std::uint8_t>(first + driver_crossings_coarse)});
    BOOST_TEST(text.find("most of all: it goes up and down") != std::string::npos, text);
  }
}

BOOST_AUTO_TEST_CASE(what_the_network_of_fault_shapes_saw_is_said_by_what_it_was_shown) {
  BOOST_TEST(driver_text({driver_shape, 0.6F, 0, 25}) ==
             "the temperature moves as with a door ajar or a failing compressor, for 25 min; 0.6 K warmer than usual");
}

BOOST_AUTO_TEST_CASE(an_ill_sensor_has_no_temperature_worth_a_word) {
  BOOST_TEST(driver_text({driver_stuck, 5, 5, 4'500}) ==
             "the sensor shows the same value for longer than it ever did, for 3 days");
  BOOST_TEST(is_sensor_rule({driver_spikes}));
  BOOST_TEST(!is_sensor_rule({driver_window}));
}

BOOST_AUTO_TEST_CASE(every_driver_has_words_of_its_own_and_nothing_has_none) {
  BOOST_TEST(driver_text({}).empty());
  std::set<std::string> all;
  for (const int channel : {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 60, 100, 101, 102})
    BOOST_TEST(all.insert(driver_text({static_cast<std::uint8_t>(channel)})).second);
}

BOOST_AUTO_TEST_CASE(an_alarm_says_what_raised_it_or_what_ails_its_sensor) {
  alarm_book book({}, std::make_shared<const rule_set>(own_rules({-25'000, -15'000}, 1)));
  judged run;
  run.readings = {scored(0, 1.5F, rising_alone), scored(1, 2.5F, {driver_stuck, 0, 0, 55}),
                  scored(2, 1.2F, {driver_spikes})};
  const auto fresh = [] { return uuid{}; };
  const auto raised = book.apply(run, from_ms(0), fresh);
  BOOST_REQUIRE(raised.size() == 1U);
  BOOST_TEST(raised[0].after.explanation == "cycling stopped 40 min ago; 2.3 K warmer than usual, rising 3.1 K/h");
  run.readings = {scored(3, 0.5F, {}), scored(13, 0.5F, {})};
  const auto cleared = book.apply(run, from_ms(0), fresh);
  BOOST_REQUIRE(cleared.size() == 1U);
  BOOST_TEST(cleared[0].after.explanation == driver_text({driver_stuck, 0, 0, 55}));
}

BOOST_AUTO_TEST_CASE(a_limit_explains_itself) {
  alarm_book book({}, std::make_shared<const rule_set>(own_rules({-25'000, -19'000}, 3)));
  judged run;
  run.readings = {scored(0, 1.5F, rising_alone)};
  const auto raised = book.apply(run, from_ms(0), [] { return uuid{}; });
  BOOST_REQUIRE(raised.size() == 1U);
  BOOST_TEST(raised[0].after.explanation.empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil
