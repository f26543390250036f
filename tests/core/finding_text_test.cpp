#include "core/finding_text.hpp"

#include <boost/test/unit_test.hpp>

using namespace coldvigil;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

alarm_record alarm_of(rule_kind kind, milli_celsius limit, std::optional<std::int64_t> measured = {}) {
  alarm_record out;
  out.rule = out.by.kind = kind;
  out.by.limit = limit;
  out.measured = measured;
  return out;
}
constexpr auto celsius = temperature_scale::celsius;
constexpr auto fahrenheit = temperature_scale::fahrenheit;

} // namespace

BOOST_AUTO_TEST_SUITE(finding_texts)

BOOST_AUTO_TEST_CASE(a_value_beyond_a_limit_is_never_shown_as_equal_to_it) {
  BOOST_TEST(beside_limit(-12'345, -18'000, celsius) == "-12.3 °C (limit -18.0 °C)");
  BOOST_TEST(beside_limit(-14'960, -15'000, celsius) == "-14.96 °C (limit -15.00 °C)");
  BOOST_TEST(beside_limit(-14'999, -15'000, celsius) == "-14.999 °C (limit -15.000 °C)");
  BOOST_TEST(beside_limit(-15'000, -15'000, celsius) == "-15.0 °C (limit -15.0 °C)"); // an inclusive limit
  BOOST_TEST(beside_limit(-40, 0, celsius) == "-0.04 °C (limit 0.00 °C)");
  BOOST_TEST(in_degrees(-40, celsius) == "0.0 °C");
  BOOST_TEST(in_degrees(-14'960, -15'000, celsius) == "-14.96 °C");
  BOOST_TEST(in_degrees(-14'960, std::nullopt, celsius) == "-15.0 °C");
  // A thousandth of a degree Celsius is told apart in every scale.
  for (const auto scale : {celsius, fahrenheit, temperature_scale::kelvin})
    for (milli_celsius limit = -30'000; limit < -29'900; ++limit)
      BOOST_TEST(in_degrees(limit + 1, limit, scale) != in_degrees(limit, limit + 1, scale));
}

BOOST_AUTO_TEST_CASE(what_a_rule_over_a_window_judged_is_told_not_the_last_reading) {
  const alarm_record mkt = alarm_of(rule_kind::mkt_limit, 8'000, 8'285);
  BOOST_TEST(finding_in_words(mkt, 5'000, celsius) == "8.3 °C (limit 8.0 °C)");
  BOOST_TEST(finding_in_words(mkt, 5'000, fahrenheit) == "46.9 °F (limit 46.4 °F)");

  alarm_record fast = alarm_of(rule_kind::rate_of_change, 2'000, 4'200);
  BOOST_TEST(finding_in_words(fast, 5'000, celsius) == "rising 4.2 K/h (limit 2.0 K/h)");
  fast.by.side = rule_side::below;
  BOOST_TEST(finding_in_words(fast, 5'000, fahrenheit) == "falling 7.6 °F/h (limit 3.6 °F/h)");
  fast.by.side = rule_side::either;
  fast.measured = 2'010;
  BOOST_TEST(finding_in_words(fast, 5'000, celsius) == "changing by 2.01 K/h (limit 2.00 K/h)");

  alarm_record sum = alarm_of(rule_kind::cumulative, 8'000, 95 * 60'000);
  sum.by.cumulative = hours{1};
  sum.by.window = hours{24};
  BOOST_TEST(finding_in_words(sum, 5'000, celsius) == "1 h 35 min above 8.0 °C within 24 h (limit 1 h)");
  sum.by.side = rule_side::below;
  sum.by.inclusive = true;
  BOOST_TEST(finding_in_words(sum, 5'000, celsius) == "1 h 35 min at or below 8.0 °C within 24 h (limit 1 h)");
  sum.by.cumulative = seconds{150};
  sum.measured = 155'999;
  BOOST_TEST(finding_in_words(sum, 5'000, celsius) == "155 s at or below 8.0 °C within 24 h (limit 150 s)");
  for (const rule_kind kind : {rule_kind::mkt_limit, rule_kind::rate_of_change, rule_kind::cumulative})
    BOOST_TEST(finding_in_words(alarm_of(kind, 8'000), 5'000, celsius).empty()); // of before it was kept
}

BOOST_AUTO_TEST_CASE(other_rules_tell_the_value) {
  BOOST_TEST(finding_in_words(alarm_of(rule_kind::high_limit, 8'000), 9'000, celsius) == "9.0 °C (limit 8.0 °C)");
  BOOST_TEST(finding_in_words(alarm_of(rule_kind::predicted_breach, 8'000), 7'980, celsius) ==
             "7.98 °C (limit 8.00 °C)");
  BOOST_TEST(finding_in_words(alarm_of(rule_kind::model_persistence, 0), 7'000, celsius) == "7.0 °C");
  BOOST_TEST(finding_in_words(alarm_of(rule_kind::no_data, 0), no_temperature, celsius).empty());
  alarm_record warm = alarm_of(rule_kind::high_limit, -15'000);
  warm.extreme = -14'960;
  BOOST_TEST(worst_in_words(warm, celsius) == "-14.96 °C");
  warm.by.kind = rule_kind::model_persistence;
  BOOST_TEST(worst_in_words(warm, celsius).empty());
}

BOOST_AUTO_TEST_CASE(a_length_of_time_is_told_as_people_say_it) {
  BOOST_TEST(rough_duration(seconds{90}) == "90 s");
  BOOST_TEST(rough_duration(seconds{446}) == "7 min");
  BOOST_TEST(rough_duration(minutes{59} + seconds{59}) == "59 min");
  BOOST_TEST(rough_duration(minutes{60}) == "1 h");
  BOOST_TEST(rough_duration(hours{47} + minutes{59}) == "47 h 59 min");
  BOOST_TEST(rough_duration(hours{76} + minutes{30}) == "3 d 4 h");
  BOOST_TEST(duration(minutes{90}) == "90 min");
}

BOOST_AUTO_TEST_SUITE_END()
