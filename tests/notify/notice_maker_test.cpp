#include "core/finding_text.hpp"
#include "core/notice_maker.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

using namespace coldvigil;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const timestamp noon = parse_utc("2026-11-21T11:00:00Z").value();

struct place_fixture {
  customer_record customer;
  facility_record facility;
  unit_record unit;
  notice_maker maker{41};
  alarm_record alarm;

  place_fixture() {
    customer.code = "A";
    customer.name = "Alpha Foods";
    facility.code = "F1";
    unit.code = "U1";
    unit.name = "Freezer 1";
    unit.public_id.bytes[15] = 9;
    unit.scale = temperature_scale::fahrenheit;
    alarm.public_id.bytes[15] = 1;
    alarm.customer = customer_id{3};
    alarm.facility = facility_id{4};
    alarm.by.kind = rule_kind::high_limit;
    alarm.by.limit = -18'000;
    alarm.by.level = alarm_level::warning;
    alarm.raised_at = noon;
    alarm.raised_value = -17'000;
    alarm.extreme = -12'000;
  }
  std::optional<alarm_notice> tell(transition_kind kind) {
    return maker.make({alarm, kind, alarm.raised_at, noon}, {customer, facility, unit});
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(notice_making, place_fixture)

BOOST_AUTO_TEST_CASE(a_transition_in_words) {
  alarm.by.on_delay = minutes{30};
  alarm.by.consecutive = 3;
  const auto told = tell(transition_kind::raised);
  BOOST_REQUIRE(told.has_value());
  BOOST_TEST((told->alarm == alarm.public_id));
  BOOST_TEST(told->transition == 42U);
  BOOST_TEST((told->state == notice_state::raised));
  BOOST_TEST((told->level == severity::warning));
  BOOST_TEST((told->customer == customer_id{3}));
  BOOST_TEST((told->facility == facility_id{4}));
  BOOST_TEST(told->customer_name == "Alpha Foods");
  BOOST_TEST(told->facility_name == "F1");
  BOOST_TEST(told->unit_name == "Freezer 1");
  BOOST_TEST(told->codes.customer == "A");
  BOOST_TEST(told->codes.facility == "F1");
  BOOST_TEST(told->codes.unit == "U1");
  BOOST_TEST((told->codes.unit_id == unit.public_id));
  BOOST_TEST(told->rule == "too warm");
  BOOST_TEST((told->raised_at == noon));
  BOOST_TEST((told->value == -17'000));
  BOOST_TEST((told->limit == -18'000));
  BOOST_TEST((told->scale == temperature_scale::fahrenheit));
  BOOST_TEST(told->explanation == "for 30 min and in 3 readings in a row");
}

BOOST_AUTO_TEST_CASE(what_history_raised_calls_once_it_is_live) {
  alarm.retroactive = true;
  const auto past = maker.make({alarm, transition_kind::raised, noon, noon, true}, {customer, facility, unit});
  BOOST_REQUIRE(past.has_value());
  BOOST_TEST(past->retroactive);
  const auto live = tell(transition_kind::revised);
  BOOST_REQUIRE(live.has_value());
  BOOST_TEST(!live->retroactive);
  BOOST_TEST((live->state == notice_state::raised));
  BOOST_TEST(!tell(transition_kind::revised).has_value()); // that was all
  notice_maker next(live->transition);                     // after a restart
  next.remember(*past);
  const auto told = next.make({alarm, transition_kind::revised, noon, noon}, {customer, facility, unit});
  BOOST_REQUIRE(told.has_value());
  BOOST_TEST((told->state == notice_state::raised));
}

BOOST_AUTO_TEST_CASE(the_condition_of_every_sort_of_rule_is_a_sentence) {
  using std::chrono::hours;
  const auto words = [](rule_kind kind, auto... settings) {
    rule by;
    by.kind = kind;
    by.consecutive = 1;
    (settings(by), ...);
    return condition_in_words(by);
  };
  const auto lasting = [](rule& by) {
    by.on_delay = minutes{10};
    by.consecutive = 2;
  };
  const auto window = [](rule& by) { by.window = hours{2}; };
  const auto lead = [](rule& by) { by.lead = hours{1}; };
  const auto sum = [](rule& by) { by.cumulative = minutes{30}; };
  BOOST_TEST(words(rule_kind::high_limit) == "");
  BOOST_TEST(words(rule_kind::high_limit, lasting) == "for 10 min and in 2 readings in a row");
  BOOST_TEST(words(rule_kind::cumulative, sum, window) == "30 min in all within 2 h");
  BOOST_TEST(words(rule_kind::rate_of_change, window, lasting) ==
             "over the last 2 h, for 10 min and in 2 readings in a row");
  BOOST_TEST(words(rule_kind::mkt_limit, window) == "over the last 2 h");
  BOOST_TEST(words(rule_kind::predicted_breach, lead) == "expected within 1 h");
  BOOST_TEST(words(rule_kind::predicted_breach, lead, window, lasting) ==
             "expected within 1 h if it goes on as in the last 2 h, for 10 min and in 2 readings in a row");
  BOOST_TEST(words(rule_kind::no_data, [](rule& by) { by.silent_after = minutes{15}; }) ==
             "silent for 15 min or longer");
}

BOOST_AUTO_TEST_CASE(an_end_that_nobody_saw_is_told_with_its_bounds) {
  (void)tell(transition_kind::raised);
  alarm.cleared_at = noon + minutes{100};
  alarm.course.lasted = minutes{10} + seconds{30};
  alarm.course.unseen = minutes{89};
  alarm.course.end_unseen = true;
  const auto told = tell(transition_kind::cleared);
  BOOST_REQUIRE(told.has_value());
  BOOST_TEST(told->ending.starts_with("When it ended is not known, for nothing was heard before: it lasted at least "
                                      "10 min and at most 100 min. The temperature is within its limit again."),
             told->ending);
  // One reading out of limits, then silence.
  alarm.course.lasted = {};
  alarm.course.unseen = minutes{4};
  const auto hardly_seen = tell(transition_kind::cleared);
  BOOST_REQUIRE(hardly_seen.has_value());
  BOOST_TEST(hardly_seen->ending.find("at least 0 min and at most 4 min") != std::string::npos, hardly_seen->ending);
}

BOOST_AUTO_TEST_CASE(a_silence_in_it_is_told_when_its_end_was_seen) {
  (void)tell(transition_kind::raised);
  alarm.cleared_at = noon + minutes{100};
  alarm.course.lasted = minutes{10};
  alarm.course.unseen = minutes{89} + seconds{30};
  const auto told = tell(transition_kind::cleared);
  BOOST_REQUIRE(told.has_value());
  BOOST_TEST(
      told->ending.starts_with("For 1 h 29 min of it nothing was heard. The temperature is within its limit again."),
      told->ending);
  // Told as the whole is, and what was before the alarm is no part of it.
  alarm.cleared_at = noon + minutes{116} + seconds{10};
  alarm.course.unseen = minutes{116} + seconds{30};
  const auto most = tell(transition_kind::cleared);
  BOOST_TEST(most->ending.starts_with("For " + rough_duration(*alarm.cleared_at - noon) + " of it"), most->ending);
}

BOOST_AUTO_TEST_CASE(a_correction_of_an_end_that_nobody_saw_does_not_say_when_it_ended) {
  (void)tell(transition_kind::raised);
  alarm.cleared_at = noon + minutes{100};
  alarm.course.lasted = minutes{10};
  alarm.course.unseen = minutes{89};
  (void)tell(transition_kind::cleared);
  alarm.raised_at += minutes{1};
  BOOST_TEST(tell(transition_kind::revised)->ending.find("It ended at ") != std::string::npos);
  alarm.raised_at += minutes{1};
  alarm.course.end_unseen = true;
  const auto told = tell(transition_kind::revised);
  BOOST_TEST(told->ending.find("It ended at ") == std::string::npos, told->ending);
  BOOST_TEST(told->ending.find("The reading that showed it over is of ") != std::string::npos, told->ending);
  BOOST_TEST(told->ending.find("When it ended is not known") != std::string::npos, told->ending);
}

BOOST_AUTO_TEST_CASE(what_drove_the_model_is_told_before_the_rule) {
  alarm.explanation = "cycling stopped 40 min ago";
  alarm.by.consecutive = 3;
  BOOST_TEST(tell(transition_kind::raised)->explanation == "cycling stopped 40 min ago; in 3 readings in a row");
  alarm.by.consecutive = 1;
  BOOST_TEST(tell(transition_kind::cleared)->explanation == "cycling stopped 40 min ago");
}

BOOST_AUTO_TEST_CASE(only_news_is_told) {
  BOOST_TEST(tell(transition_kind::raised).has_value());
  alarm.extreme = -11'000;
  BOOST_TEST(!tell(transition_kind::revised).has_value());
  alarm.raised_at += minutes{1};
  auto told = tell(transition_kind::revised);
  BOOST_REQUIRE(told.has_value());
  BOOST_TEST((told->state == notice_state::corrected));
  BOOST_TEST(told->transition == 43U);
  BOOST_TEST((told->value == -11'000));
  BOOST_TEST(maker.remembered() == 1U);
  alarm.cleared_at = noon + minutes{9};
  told = tell(transition_kind::cleared);
  BOOST_TEST((told->state == notice_state::cleared));
  BOOST_TEST((told->ended_at == noon + minutes{9}));
  BOOST_TEST(maker.remembered() == 0U);
  alarm.annulled = true;
  BOOST_TEST((tell(transition_kind::annulled)->state == notice_state::annulled));
}

BOOST_AUTO_TEST_CASE(a_correction_says_what_it_moved_and_whether_it_goes_on) {
  (void)tell(transition_kind::raised);
  alarm.raised_at = noon - minutes{3};
  BOOST_TEST(tell(transition_kind::revised)->ending ==
             "It began at 2026-11-21 10:57 UTC, not at 2026-11-21 11:00 UTC (3 min earlier). It goes on.");
  alarm.raised_at = noon - minutes{2};
  alarm.cleared_at = noon + minutes{9};
  const auto over = tell(transition_kind::revised);
  BOOST_TEST(over->ending.starts_with("It began at 2026-11-21 10:58 UTC, not at 2026-11-21 10:57 UTC (1 min later). "
                                      "It ended at 2026-11-21 11:09 UTC. The temperature is within its limit again."),
             over->ending);
  alarm.cleared_at = noon + minutes{11}; // what was over is known no more
  const auto later = tell(transition_kind::revised);
  BOOST_TEST(later->ending.starts_with("It began at 2026-11-21 10:58 UTC. It ended at 2026-11-21 11:11 UTC. The "),
             later->ending);
}

BOOST_AUTO_TEST_CASE(an_annulled_alarm_says_that_its_condition_holds_all_the_same) {
  (void)tell(transition_kind::raised);
  alarm.annulled = true;
  alarm.by.limit = -15'000;
  alarm.by.on_delay = seconds{20};
  alarm.measured = -5'000;
  unit.scale = temperature_scale::celsius;
  const auto told = tell(transition_kind::annulled);
  BOOST_TEST(told->ending == "By the newest reading it is still out of its limit, -5.0 °C (limit -15.0 °C): another "
                             "alarm says so, or will when that has lasted (for 20 s).");
  BOOST_TEST((told->value == -5'000));
  alarm.measured.reset();
  BOOST_TEST(tell(transition_kind::annulled)->ending.empty());
}

BOOST_AUTO_TEST_CASE(an_annulled_alarm_of_any_rule_says_how_it_is_now_or_that_nobody_knows) {
  alarm.annulled = true;
  alarm.measured = 9'000;
  alarm.by.limit = 8'000;
  alarm.by.cumulative = alarm.by.window = minutes{60};
  unit.scale = temperature_scale::celsius;
  const std::map<rule_kind, std::string> words{
      {rule_kind::low_limit, "it is still out of its limit, 9.0 °C (limit 8.0 °C):"},
      {rule_kind::high_limit, "it is still out of its limit, 9.0 °C (limit 8.0 °C):"},
      {rule_kind::model_persistence, "it still behaves unusually, 9.0 °C:"},
      {rule_kind::cumulative, "it is still out of range, 9 s above 8.0 °C within 1 h (limit 1 h):"},
      {rule_kind::rate_of_change, "its temperature still changes too fast, rising 9.0 K/h (limit 8.0 K/h):"},
      {rule_kind::predicted_breach, "it is still about to leave its limits, 9.0 °C (limit 8.0 °C):"},
      {rule_kind::sensor_fault, "its sensor still seems to be at fault, 9.0 °C:"},
      {rule_kind::mkt_limit, "its mean kinetic temperature is still too high, 9.0 °C (limit 8.0 °C):"}};
  BOOST_TEST(words.size() + 1 == rule_kind_count); // silence is a fact of the wall clock, which no reading annuls
  for (const auto& [kind, expected] : words) {
    alarm.by.kind = kind;
    const auto out = tell(transition_kind::annulled);
    BOOST_TEST(out->ending.starts_with("By the newest reading " + expected + " another alarm says so"), out->ending);
    BOOST_TEST(!value_in_words(*out).empty());
    BOOST_TEST(out->ending.find(value_in_words(*out)) != std::string::npos, value_in_words(*out));
    alarm.end = alarm_end::rule_changed;
    alarm.measured.reset();
    const auto unknown = tell(transition_kind::annulled);
    BOOST_TEST(unknown->ending.ends_with("Whether it is still out of range is not known."), unknown->ending);
    BOOST_TEST(value_in_words(*unknown).empty());
    alarm.end = alarm_end::condition;
    alarm.measured = 9'000;
  }
}

BOOST_AUTO_TEST_CASE(an_end_says_what_its_rule_knows_and_no_more) {
  BOOST_TEST(tell(transition_kind::raised)->ending.empty());
  alarm.cleared_at = noon + minutes{9};
  const std::map<rule_kind, std::string> words{{rule_kind::low_limit, "within its limit again"},
                                               {rule_kind::high_limit, "within its limit again"},
                                               {rule_kind::model_persistence, "as usual again"},
                                               {rule_kind::cumulative, "time out of range"},
                                               {rule_kind::rate_of_change, "no longer changes too fast"},
                                               {rule_kind::predicted_breach, "no longer expected"},
                                               {rule_kind::no_data, "heard of again"},
                                               {rule_kind::sensor_fault, "values change again"},
                                               {rule_kind::mkt_limit, "mean kinetic temperature is within"}};
  BOOST_TEST(words.size() == rule_kind_count);
  for (const auto& [kind, expected] : words) {
    alarm.by.kind = kind;
    BOOST_TEST(tell(transition_kind::cleared)->ending.find(expected) != std::string::npos, to_string(kind));
  }
  alarm.end = alarm_end::rule_changed; // the temperature may be anywhere
  BOOST_TEST(tell(transition_kind::cleared)->ending.find("may still be out of range") != std::string::npos);
  BOOST_TEST(tell(transition_kind::cleared)->rule.ends_with("(its rule was changed)")); // the subject says it too
  alarm.annulled = true;
  BOOST_TEST(tell(transition_kind::annulled)->ending.find("not known") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(after_a_restart_it_knows_what_was_told) {
  const auto told = tell(transition_kind::raised);
  notice_maker next(told->transition);
  next.remember(*told);
  const notice_place place{customer, facility, unit};
  BOOST_TEST(!next.make({alarm, transition_kind::revised, noon, noon}, place).has_value());
  alarm.cleared_at = noon;
  BOOST_TEST(next.make({alarm, transition_kind::revised, noon, noon}, place)->transition == 43U);
}

BOOST_AUTO_TEST_CASE(calls_about_a_silent_unit_wait_for_a_common_cause) {
  notice_maker holding(1, seconds{75});
  const notice_place place{customer, facility, unit};
  alarm.by.kind = rule_kind::no_data;
  BOOST_TEST((holding.make({alarm, transition_kind::raised, noon, noon}, place)->hold_until == noon + seconds{75}));
  BOOST_TEST(!tell(transition_kind::raised)->hold_until.has_value()); // nobody wants it
  alarm.by.kind = rule_kind::high_limit;
  BOOST_TEST(!holding.make({alarm, transition_kind::raised, noon, noon}, place)->hold_until.has_value());
}

BOOST_AUTO_TEST_CASE(what_the_rule_judged_is_told_and_where_the_facility_is) {
  alarm.by.kind = rule_kind::mkt_limit;
  alarm.by.limit = 8'000;
  alarm.raised_value = 5'000;                                    // the last reading says nothing of the mean
  BOOST_TEST(!tell(transition_kind::raised)->value.has_value()); // of before it was kept
  alarm.measured = 8'300;
  auto told = tell(transition_kind::raised);
  BOOST_TEST((told->value == 8'300));
  BOOST_TEST(value_in_words(*told) == "46.9 °F (limit 46.4 °F)");
  alarm.by.kind = rule_kind::rate_of_change;
  told = tell(transition_kind::raised);
  BOOST_TEST(!told->value.has_value());
  BOOST_TEST(!told->limit.has_value());
  BOOST_TEST(value_in_words(*told) == "rising 14.9 °F/h (limit 14.4 °F/h)");
  alarm.by.kind = rule_kind::cumulative;
  alarm.by.cumulative = alarm.by.window = minutes{60};
  alarm.measured = 61 * 60'000;
  told = tell(transition_kind::raised);
  BOOST_TEST(!told->value.has_value());
  BOOST_TEST(value_in_words(*told) == "1 h 1 min above 46.4 °F within 1 h (limit 1 h)");
  BOOST_TEST(told->facility_place.empty());
  facility.country = "Poland";
  BOOST_TEST(tell(transition_kind::raised)->facility_place == "Poland");
  facility.city = "Łódź";
  BOOST_TEST(tell(transition_kind::raised)->facility_place == "Łódź, Poland");
}

BOOST_AUTO_TEST_CASE(only_temperatures_are_shown_as_such) {
  alarm.by.kind = rule_kind::no_data;
  alarm.by.silent_after = minutes{90};
  const auto silent = tell(transition_kind::raised);
  BOOST_TEST(!silent->value.has_value());
  BOOST_TEST(silent->rule == "no data");
  BOOST_TEST(silent->explanation == "silent for 90 min or longer");
  alarm.by.name = "Fridge, silent";
  BOOST_TEST(tell(transition_kind::raised)->rule == "Fridge, silent");
}

BOOST_AUTO_TEST_SUITE_END()
