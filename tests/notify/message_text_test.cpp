#include "notify/message_text.hpp"
#include "tests/notify/warm_freezer.hpp"

#include <boost/test/unit_test.hpp>

using namespace coldvigil;
using namespace coldvigil::test;

namespace {

const timestamp now = utc("2026-11-21T02:20:00Z");

const person anna{"Anna", zone(), {}, severity::warning, ""};

outbox_entry told(call_kind kind, const std::vector<alarm_notice>& alarms) {
  planned_call call{"key-1", kind, {"anna", "mail", "a@b"}, {}};
  for (const alarm_notice& each : alarms)
    call.alarms.push_back({each});
  return message_of(call, anna, now);
}

/// Called for the third time, by now warmer than when it was raised.
called_alarm third_call() {
  called_alarm out{warm_freezer()};
  out.call = 3;
  out.unacknowledged_since = utc("2026-11-21T02:13:00Z");
  out.called_before = {"Anna", "The boss"};
  out.standing = alarm_standing{utc("2026-11-21T02:19:30Z"), -9'100, -8'000};
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(message_texts)

BOOST_AUTO_TEST_CASE(a_call_says_what_one_needs_at_three_in_the_morning) {
  const auto got = told(call_kind::call, {warm_freezer()});
  BOOST_TEST(got.subject == "ALARM: Freezer 3, Store Łódź - too warm: -12.3 °C (limit -18.0 °C)");
  BOOST_TEST(got.text == "Unit:   Freezer 3\n"
                         "Where:  Store Łódź, Alpha Foods\n"
                         "What:   too warm: -12.3 °C (limit -18.0 °C)\n"
                         "Since:  Sat 21 Nov 2026, 03:12 CET\n"
                         "Why:    3 readings above the limit\n"
                         "\n"
                         "What to do: go there or send somebody. See that doors are closed and the power is on. "
                         "If it does not recover soon, move the stock.\nThen acknowledge:\n{link}\n"
                         "Until somebody does, others are called and you are called again.\n");
  const std::string expected =
      R"x({"kind":"alarm","message":"key-1","person":"anna",)x"
      R"x("subject":"ALARM: Freezer 3, Store Łódź - too warm: -12.3 °C (limit -18.0 °C)",)x"
      R"x("at":"2026-11-21T02:20:00Z","alarms":[)x"
      R"x({"alarm_id":"00000000-0000-0000-0000-000000000007",)x"
      R"x("customer_code":null,"facility_code":null,"unit_code":null,"unit_id":null,)x"
      R"x("state":"raised","severity":"critical",)x"
      R"x("customer":"Alpha Foods","facility":"Store Łódź","place":"","unit":"Freezer 3","rule":"too warm",)x"
      R"x("value_celsius":-12.345,"limit_celsius":-18.000,"raised_at":"2026-11-21T02:12:34Z",)x"
      R"x("ended_at":null,"explanation":"3 readings above the limit","ending":"",)x"
      R"x("finding":"-12.3 °C (limit -18.0 °C)","newest_celsius":null,"worst_celsius":null,"newest_at":null,)x"
      R"x("call":1,"called_before":[]}],)x"
      R"x("acknowledge_url":"{link}"})x";
  BOOST_TEST(got.data == expected);
  BOOST_TEST(data_with_link(got.data, "https://x/l/1").ends_with(R"(}],"acknowledge_url":"https://x/l/1"})"));
  BOOST_TEST(data_with_link(got.data, "").ends_with(R"(}],"acknowledge_url":null})"));
  BOOST_TEST((got.alarms == std::vector{warm_freezer().alarm}));
  BOOST_TEST((got.kind == message_kind::alarm));
  BOOST_TEST(with_link(got.text, "https://x/l/1").find("acknowledge:\nhttps://x/l/1\nUntil") != std::string::npos);
  BOOST_TEST(with_link(got.text, "").find("acknowledge:\non the dashboard\nUntil") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(times_are_those_of_the_reader_and_values_in_the_customers_scale) {
  alarm_notice alarm = warm_freezer();
  alarm.scale = temperature_scale::fahrenheit;
  alarm.level = severity::warning;
  person reader = anna;
  reader.zone = zone("America/New_York");
  const auto got = message_of(planned_call{"k", call_kind::call, {}, {{alarm}}}, reader, now);
  BOOST_TEST(got.subject == "WARNING: Freezer 3, Store Łódź - too warm: 9.8 °F (limit -0.4 °F)");
  BOOST_TEST(got.text.find("Since:  Fri 20 Nov 2026, 21:12 EST") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(several_alarms_are_a_list) {
  alarm_notice second = warm_freezer();
  second.unit_name = "Room 1";
  second.rule = "no data";
  second.value.reset();
  second.level = severity::warning;
  const auto got = told(call_kind::call, {second, warm_freezer()});
  BOOST_TEST(got.subject == "ALARM: Freezer 3, Store Łódź - too warm: -12.3 °C (limit -18.0 °C) and 1 more");
  BOOST_TEST(got.text.starts_with("Where:  Store Łódź, Alpha Foods\n"
                                  "\n- warning, Room 1: no data\n  since Sat 21 Nov 2026, 03:12 CET\n"
                                  "  3 readings above the limit"
                                  "\n- critical, Freezer 3: too warm: -12.3 °C (limit -18.0 °C)\n"
                                  "  since Sat 21 Nov 2026, 03:12 CET\n"
                                  "  3 readings above the limit\n"
                                  "\nWhat to do:\n- no data: see whether the unit runs"),
             got.text);
  BOOST_TEST(got.text.find("\n- too warm: go there or send somebody.") != std::string::npos, got.text);
}

BOOST_AUTO_TEST_CASE(a_call_that_repeats_says_how_it_stands_by_now_and_whom_it_called_in_vain) {
  const planned_call call{"k", call_kind::call, {"anna", "mail", "a@b"}, {third_call()}};
  const auto got = message_of(call, anna, now);
  BOOST_TEST(got.subject == "ALARM, call 3: Freezer 3, Store Łódź - "
                            "too warm: -9.1 °C at 03:19 CET, worst -8.0 °C (limit -18.0 °C)");
  BOOST_TEST(got.text.starts_with(
                 "Unit:   Freezer 3\n"
                 "Where:  Store Łódź, Alpha Foods\n"
                 "What:   too warm: -9.1 °C at 03:19 CET, worst -8.0 °C (limit -18.0 °C)\n"
                 "Since:  Sat 21 Nov 2026, 03:12 CET, for 7 min\n"
                 "Why:    3 readings above the limit\n"
                 "Calls:  call 3; nobody has acknowledged since Sat 21 Nov 2026, 03:13 CET. Called before: Anna, The "
                 "boss\n\nWhat to do: "),
             got.text);
  BOOST_TEST(got.data.find(R"x("newest_celsius":-9.100,"worst_celsius":-8.000,"newest_at":"2026-11-21T02:19:30Z",)x"
                           R"x("call":3,"called_before":["Anna","The boss"]})x") != std::string::npos,
             got.data);
  planned_call several = call;
  several.alarms.push_back({warm_freezer()});
  const auto list = message_of(several, anna, now);
  BOOST_TEST(list.subject == "ALARM, call 3: Freezer 3, Store Łódź - too warm: -9.1 °C at 03:19 CET, worst -8.0 °C "
                             "(limit -18.0 °C) and 1 more");
  BOOST_TEST(list.text.find("\n  call 3; nobody has acknowledged since ") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_correction_of_an_alarm_that_goes_on_says_how_it_stands) {
  called_alarm alarm = third_call();
  alarm.call = 1;
  alarm.notice.state = notice_state::corrected;
  const auto subject = [&] { return message_of({"k", call_kind::follow_up, {}, {alarm}}, anna, now).subject; };
  BOOST_TEST(subject() == "CORRECTION, goes on since 03:12 CET: Freezer 3, Store Łódź - "
                          "too warm: -9.1 °C at 03:19 CET, worst -8.0 °C (limit -18.0 °C)");
  alarm.standing.reset(); // its record has the value of its raising, which need not be the worst
  BOOST_TEST(subject().ends_with("Store Łódź - too warm: -12.3 °C (limit -18.0 °C)"));
  alarm.notice.ended_at = now;
  BOOST_TEST(subject() == "CORRECTION, over since 03:20 CET: Freezer 3, Store Łódź - "
                          "too warm: worst -12.3 °C (limit -18.0 °C)");
}

BOOST_AUTO_TEST_CASE(a_correction_says_what_it_changed) {
  alarm_notice alarm = warm_freezer();
  alarm.state = notice_state::corrected;
  BOOST_TEST(told(call_kind::follow_up, {alarm})
                 .text.starts_with("Readings that came late change what you were told. This is how it was:\n\nUnit:"));
  alarm.ending = "It began at 2026-11-21 02:12 UTC, 9 min earlier than was known. It goes on.";
  const std::string expected = "It began at Sat 21 Nov 2026, 03:12 CET, 9 min earlier than was known. It goes on.\n";
  const auto one = told(call_kind::follow_up, {alarm}).text;
  BOOST_TEST(one.starts_with("Readings that came late change what you were told. " + expected + "\nUnit:"), one);
  const auto both = told(call_kind::follow_up, {alarm, alarm}).text;
  BOOST_TEST(both.find("the limit\n  " + expected) != std::string::npos, both);
  const auto call = told(call_kind::call, {alarm, alarm}).text; // people hear of it for the first time
  BOOST_TEST(call.find("earlier") == std::string::npos, call);
}

BOOST_AUTO_TEST_CASE(a_correction_sets_what_was_and_what_is_side_by_side) {
  called_alarm alarm{warm_freezer()};
  alarm.notice.state = notice_state::corrected;
  alarm.notice.ended_at = utc("2026-11-21T02:18:00Z");
  alarm.before = told_before{alarm.notice.raised_at, alarm.notice.ended_at, alarm.notice.value};
  const auto text = [&](std::size_t alarms) {
    return message_of({"k", call_kind::follow_up, {}, std::vector<called_alarm>(alarms, alarm)}, anna, now).text;
  };
  BOOST_TEST(text(1).starts_with("Readings that came late change what you were told. "), text(1));
  alarm.before->worst = -13'100;
  BOOST_TEST(text(1).starts_with("Readings that came late change what you were told: worst -12.3 °C, not -13.1 °C. "),
             text(1));
  alarm.before->raised_at = utc("2026-11-21T02:15:00Z");
  alarm.before->ended_at = utc("2026-11-21T02:17:00Z");
  const std::string all =
      "began 03:12 CET, not 03:15 CET; ended 03:18 CET, not 03:17 CET; worst -12.3 °C, not -13.1 °C";
  BOOST_TEST(text(1).find("told: " + all + ". ") != std::string::npos, text(1));
  BOOST_TEST(text(2).find("\n  corrected: " + all + "\n") != std::string::npos, text(2));
  alarm.notice.ended_at.reset(); // by now it may be worse without any late reading
  BOOST_TEST(text(1).find("worst -12.3 °C, not") == std::string::npos, text(1));
}

BOOST_AUTO_TEST_CASE(an_alarm_that_never_was_is_no_all_clear_while_its_unit_is_out_of_limits) {
  alarm_notice alarm = warm_freezer();
  alarm.state = notice_state::annulled;
  const auto gone = told(call_kind::follow_up, {alarm});
  BOOST_TEST(gone.subject.starts_with("FALSE ALARM: Freezer 3"));
  BOOST_TEST(gone.text.starts_with("Readings that came late show that this alarm never was. Nothing is to be done.\n"));
  alarm_notice out = alarm;
  out.ending = "The newest reading, -5.0 °C (limit -18.0 °C), is still out of the limit.";
  out.value = -5'000;
  const auto still = told(call_kind::follow_up, {out});
  BOOST_TEST(still.subject == "FALSE ALARM, but still out of its limit: Freezer 3, Store Łódź - too warm: -5.0 °C "
                              "(limit -18.0 °C)");
  BOOST_TEST(
      still.text.starts_with("Readings that came late show that this alarm never was.\n" + out.ending + "\n\nUnit:"),
      still.text);
  alarm_notice by_speed = out;
  by_speed.value.reset();
  by_speed.limit.reset();
  by_speed.finding = "rising 9.0 K/h (limit 8.0 K/h)";
  BOOST_TEST(told(call_kind::follow_up, {by_speed}).subject.starts_with("FALSE ALARM, but still out by its rule: "));
  alarm_notice unknown = out;
  unknown.value.reset();
  unknown.ending = "Whether it is still out of range is not known.";
  const auto nobody_knows = told(call_kind::follow_up, {unknown});
  BOOST_TEST(nobody_knows.subject.starts_with("FALSE ALARM, but how it is now is not known: Freezer 3"));
  BOOST_TEST(nobody_knows.text.find("Nothing is to be done") == std::string::npos, nobody_knows.text);
  const auto both = told(call_kind::follow_up, {alarm, out});
  BOOST_TEST(both.subject.ends_with("too warm: -5.0 °C (limit -18.0 °C) and 1 more"), both.subject);
  BOOST_TEST(both.text.starts_with("Readings that came late show that these alarms never were.\n\nWhere:"), both.text);
  BOOST_TEST(both.text.find("\n  " + out.ending) != std::string::npos);
  BOOST_TEST(told(call_kind::follow_up, {alarm, alarm}).text.find("Nothing is to be done.") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(times_in_kept_texts_are_told_on_the_readers_clock) {
  alarm_notice alarm = warm_freezer();
  alarm.value.reset();
  alarm.explanation = "nothing heard since 2026-11-21 02:02 UTC";
  alarm.ending = "It ended at 2026-11-21 02:12 UTC. UTC";
  alarm.state = notice_state::cleared;
  const std::string since = "nothing heard since Sat 21 Nov 2026, 03:02 CET\n";
  const auto one = told(call_kind::follow_up, {alarm});
  BOOST_TEST(one.text.find("Why:    " + since) != std::string::npos, one.text);
  BOOST_TEST(one.text.starts_with("It ended at Sat 21 Nov 2026, 03:12 CET. UTC\n\n"), one.text);
  BOOST_TEST(one.data.find("nothing heard since 2026-11-21 02:02 UTC") != std::string::npos); // programs want UTC
  BOOST_TEST(told(call_kind::follow_up, {alarm, alarm}).text.find("\n  " + since) != std::string::npos);
  alarm.explanation = "UTC, at noon UTC, 2026-11-21 99:02 UTC";
  BOOST_TEST(told(call_kind::follow_up, {alarm}).text.find("Why:    " + alarm.explanation + "\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_to_do_depends_on_what_is_wrong) {
  called_alarm alarm = third_call();
  const auto advice = [&] {
    const std::string text = message_of({"k", call_kind::call, {}, {alarm}}, anna, now).text;
    const std::size_t from = text.find("What to do: ") + 12;
    return text.substr(from, text.find_first_of(".,:", from) - from);
  };
  const auto of_rule = [&](rule_kind kind, rule_side side = rule_side::above) {
    alarm.standing->kind = kind;
    alarm.standing->side = side;
    return advice();
  };
  const std::string go = "go there or send somebody";
  BOOST_TEST(of_rule(rule_kind::high_limit) == go);
  BOOST_TEST(of_rule(rule_kind::mkt_limit) == go);
  BOOST_TEST(of_rule(rule_kind::model_persistence) == "look at it before it leaves its limits");
  BOOST_TEST(of_rule(rule_kind::rate_of_change) == "look at it before it leaves its limits");
  BOOST_TEST(of_rule(rule_kind::predicted_breach) == "look at it before it leaves its limits");
  BOOST_TEST(of_rule(rule_kind::sensor_fault) == "measure by hand");
  const auto is_cold = [&] {
    return message_of({"k", call_kind::call, {}, {alarm}}, anna, now).text.find("must not freeze") != std::string::npos;
  };
  (void)of_rule(rule_kind::cumulative);
  BOOST_TEST(!is_cold());
  (void)of_rule(rule_kind::cumulative, rule_side::below);
  BOOST_TEST(is_cold());
  (void)of_rule(rule_kind::low_limit);
  BOOST_TEST(is_cold());
  alarm.standing.reset();
  BOOST_TEST(advice() == go); // nobody knows its rule
  alarm.notice.value.reset();
  BOOST_TEST(advice() == "see whether the unit runs and how warm it is");
  alarm.notice.codes = {"ALPHA", "F1", "", {}};
  BOOST_TEST(advice() == "see whether the site has power and internet");
  alarm.notice.codes.unit = "U1";
  BOOST_TEST(advice() == "see whether the unit runs and how warm it is");
}

BOOST_AUTO_TEST_CASE(a_subject_of_several_names_the_worst) {
  alarm_notice warning = warm_freezer();
  warning.level = severity::warning;
  warning.unit_name = std::string(300, 'u');
  warning.facility_name = std::string(300, 'f');
  alarm_notice critical = warning;
  critical.level = severity::critical;
  critical.rule = "much too warm";
  const auto got = told(call_kind::call, {warning, critical, warning});
  BOOST_TEST(got.subject.starts_with("ALARM: uuu"));
  BOOST_TEST(got.subject.ends_with("… - much too warm: -12.3 °C (limit -18.0 °C) and 2 more"), got.subject);
  BOOST_TEST(got.subject.size() <= 200U);
  BOOST_TEST(told(call_kind::call, {warning, warning}).subject.starts_with("WARNING: uuu"));
  critical.rule = std::string(300, 'r');
  BOOST_TEST(told(call_kind::call, {critical, critical}).subject.size() <= 200U);
  BOOST_TEST(told(call_kind::call, {critical, critical}).subject.ends_with("… and 1 more"));
}

BOOST_AUTO_TEST_CASE(only_so_many_of_those_who_were_called_are_named) {
  called_alarm alarm = third_call();
  alarm.called_before = {"A", "B", "C", "D", "E"};
  const auto text = [&] { return message_of({"k", call_kind::call, {}, {alarm}}, anna, now).text; };
  BOOST_TEST(text().find("Called before: A, B, C, D, E\n") != std::string::npos);
  alarm.called_before.emplace_back("F");
  BOOST_TEST(text().find("Called before: A, B, C, D, E and 1 more\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_newest_reading_stands_beside_what_another_rule_judged) {
  called_alarm alarm = third_call();
  alarm.notice.rule = "changing too fast";
  alarm.notice.value.reset();
  alarm.notice.limit.reset();
  alarm.notice.finding = "rising 4.2 K/h (limit 2.0 K/h)";
  alarm.standing = alarm_standing{utc("2026-11-19T23:00:00Z"), -9'100, {}};
  const auto subject = [&] { return message_of({"k", call_kind::call, {}, {alarm}}, anna, now).subject; };
  BOOST_TEST(subject().ends_with("changing too fast: rising 4.2 K/h (limit 2.0 K/h)")); // no reading since
  alarm.notice.raised_at = utc("2026-11-19T22:00:00Z");
  BOOST_TEST(subject().ends_with("rising 4.2 K/h (limit 2.0 K/h), newest reading -9.1 °C at Fri 20 Nov 2026, 00:00 "
                                 "CET"),
             subject());
  alarm.notice.finding.clear(); // nothing was measured
  BOOST_TEST(subject().find("changing too fast: -9.1 °C at Fri") != std::string::npos, subject());
}

BOOST_AUTO_TEST_CASE(what_is_told_late_says_so_and_asks_for_the_stock) {
  alarm_notice alarm = warm_freezer();
  alarm.state = notice_state::cleared;
  alarm.ended_at = utc("2026-11-21T05:27:34Z");
  alarm.ending = "The temperature is within its limit again.";
  alarm.facility_place = "Łódź, Poland";
  const auto got = told(call_kind::late, {alarm});
  BOOST_TEST(got.subject == "OVER: Freezer 3, Store Łódź - too warm: worst -12.3 °C (limit -18.0 °C)");
  BOOST_TEST(got.text ==
                 "Recorded late: nobody could be called while it lasted, for Coldvigil heard of it when it was over.\n"
                 "The temperature is within its limit again.\n\n"
                 "Unit:   Freezer 3\n"
                 "Where:  Store Łódź, Łódź, Poland, Alpha Foods\n"
                 "What:   too warm: worst -12.3 °C (limit -18.0 °C)\n"
                 "Since:  Sat 21 Nov 2026, 03:12 CET\n"
                 "Until:  Sat 21 Nov 2026, 06:27 CET, after 3 h 15 min\n"
                 "Why:    3 readings above the limit\n"
                 "\nWhat to do: check the stock. Then acknowledge:\n{link}\n",
             got.text);
  BOOST_TEST((got.kind == message_kind::follow_up));
  BOOST_TEST(got.data.ends_with(R"("acknowledge_url":"{link}"})"));
  BOOST_TEST(told(call_kind::late, {alarm, alarm})
                 .text.starts_with("Recorded late: nobody could be called while it "
                                   "lasted, for Coldvigil heard of it when it was "
                                   "over.\n\nWhere:"));
}

BOOST_AUTO_TEST_CASE(alarms_of_coldvigil_itself_say_which_and_why) {
  const auto failing = [](const std::string& subject, const std::string& detail) {
    alarm_notice out;
    out.unit_name = out.customer_name = "Coldvigil";
    out.facility_name = subject;
    out.rule = "a customer's endpoint gives nothing usable";
    out.raised_at = utc("2026-11-21T02:12:34Z");
    out.explanation = detail;
    return out;
  };
  const auto both = told(call_kind::call, {failing("ALPHA", "no JSON"), failing("BETA", "404"), failing("", "")});
  BOOST_TEST(both.subject == "ALARM: Coldvigil, ALPHA - a customer's endpoint gives nothing usable and 2 more");
  BOOST_TEST(
      both.text.starts_with("Where:  Coldvigil\n\n- critical, a customer's endpoint gives nothing usable: ALPHA\n"
                            "  since Sat 21 Nov 2026, 03:12 CET\n  no JSON"
                            "\n- critical, a customer's endpoint gives nothing usable: BETA\n"
                            "  since Sat 21 Nov 2026, 03:12 CET\n  404"
                            "\n- critical, a customer's endpoint gives nothing usable\n"
                            "  since Sat 21 Nov 2026, 03:12 CET\n"
                            "\nWhat to do: find out why"),
      both.text);
  BOOST_TEST(told(call_kind::late, {failing("ALPHA", "404")}).text.find("What to do: find out why.") !=
             std::string::npos);
  const auto one = told(call_kind::call, {failing("", "disk I/O error")});
  BOOST_TEST(one.subject == "ALARM: Coldvigil - a customer's endpoint gives nothing usable");
  BOOST_TEST(one.text.find("Where:  Coldvigil\n") != std::string::npos, one.text);
}

BOOST_AUTO_TEST_CASE(what_follows_says_what_became_of_it) {
  alarm_notice alarm = warm_freezer();
  alarm.state = notice_state::cleared;
  alarm.ended_at = utc("2026-11-21T04:00:00Z");
  const auto over = told(call_kind::follow_up, {alarm});
  BOOST_TEST(over.subject.starts_with("OVER: Freezer 3"));
  BOOST_TEST(over.text.starts_with("It is over.\n\nUnit:")); // nothing is said that is not known
  alarm.ending = "It is heard of again.";
  BOOST_TEST(told(call_kind::follow_up, {alarm}).text.starts_with("It is heard of again.\n\nUnit:"));
  alarm_notice warm = alarm;
  warm.ending = "The temperature is within its limit again.";
  const auto both = told(call_kind::follow_up, {alarm, warm}).text;
  BOOST_TEST(both.starts_with("Where:"));
  BOOST_TEST(both.find("the limit\n  It is heard of again.\n") != std::string::npos);
  BOOST_TEST(both.find("the limit\n  The temperature is within its limit again.\n") != std::string::npos);
  BOOST_TEST(over.text.find("Until:  Sat 21 Nov 2026, 05:00 CET, after 1 h 47 min\n") != std::string::npos);
  BOOST_TEST(over.text.find("{link}") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(names_cannot_break_out_or_grow_without_end) {
  alarm_notice alarm = warm_freezer();
  alarm.unit_name = "U\"1\r\nBcc: x {link}";
  alarm.facility_name = std::string(5000, 'f');
  alarm.explanation = std::string(5000, 'e');
  const auto got = told(call_kind::call, std::vector<alarm_notice>(50, alarm));
  BOOST_TEST(got.subject.size() <= 200U);
  BOOST_TEST(got.subject.find('\n') == std::string::npos);
  BOOST_TEST(got.text.size() < 32'000U);
  BOOST_TEST(got.data.size() < 320'000U);
  const auto one = told(call_kind::call, {alarm});
  BOOST_TEST(one.data.find("\"unit\":\"U\\\"1\\u000d\\nBcc: x {link}\"") != std::string::npos);
  BOOST_TEST(with_link(one.text, "https://x").find("acknowledge:\nhttps://x\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_name_with_the_place_of_a_link_gets_none) {
  alarm_notice alarm = warm_freezer();
  alarm.unit_name = alarm.facility_name = alarm.facility_place = alarm.customer_name = alarm.rule = alarm.explanation =
      "https://evil.example/?\n{link}\n";
  alarm.value.reset();
  alarm.state = notice_state::cleared;
  const auto holds = [](const std::string& text) { return text.find("SECRET") != std::string::npos; };
  for (const std::vector<alarm_notice>& alarms : {std::vector{alarm}, std::vector{alarm, alarm}}) {
    const auto over = told(call_kind::follow_up, alarms);
    BOOST_TEST(over.text.find(link_place) == std::string::npos);
    BOOST_TEST(!holds(data_with_link(over.data, "https://x/l/SECRET")));
    const std::string call = with_link(told(call_kind::call, alarms).text, "https://x/l/SECRET");
    const std::size_t at = call.find("SECRET");
    BOOST_TEST(call.substr(0, at).ends_with("\nThen acknowledge:\nhttps://x/l/"));
    BOOST_TEST(!holds(call.substr(at + 1)));
  }
  called_alarm again = third_call();
  again.called_before = {"\n{link}\n"};
  const auto second = message_of({"k", call_kind::call, {}, {again}}, anna, now).text;
  BOOST_TEST(second.find(link_place) == second.rfind(link_place));
  const unit_in_danger unit{alarm.customer_name, alarm.facility_name, alarm.unit_name, 0, 0, {}, now, {}};
  const auto stopped = recording_message_of({recording_news::stopped, now, {unit}}, {"anna", "mail", "a@b"}, anna, now);
  BOOST_TEST(stopped.text.find(link_place) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_self_test_says_that_it_is_one_and_what_its_reader_has_to_do) {
  planned_call call{"self-test-1", call_kind::test, {"anna", "mail", "a@b"}, {{warm_freezer()}}};
  const auto asked = test_message_of(call, {false, {"night", "usual"}}, anna, now);
  BOOST_TEST(asked.subject.starts_with("TEST: Freezer 3, "), asked.subject);
  BOOST_TEST(asked.subject.ends_with(" - please confirm"));
  BOOST_TEST(asked.text.starts_with("This is the regular test"));
  BOOST_TEST(asked.text.find("Unit:   Freezer 3\n") != std::string::npos); // as an alarm says it
  BOOST_TEST(asked.text.find("by the policy night, usual.\n") != std::string::npos);
  BOOST_TEST(asked.text.find("Confirm that it arrived:\n{link}\n") != std::string::npos);
  BOOST_TEST((asked.kind == message_kind::self_test));
  BOOST_TEST(asked.key == "self-test-1");
  BOOST_TEST(asked.alarms.empty()); // it is no alarm's message
  BOOST_TEST(
      asked.data.starts_with(R"({"kind":"self_test","message":"self-test-1","person":"anna","subject":"TEST: )"));
  BOOST_TEST(asked.data.find("\"unit\":\"Freezer 3\"") != std::string::npos);
  const auto told = test_message_of(call, {true, {}}, anna, now);
  BOOST_TEST(told.subject.find("confirm") == std::string::npos); // its delivery is the receipt
  BOOST_TEST(told.text.find("confirm") == std::string::npos);
  BOOST_TEST(told.text.find("{link}") == std::string::npos);
  BOOST_TEST(told.text.find("only this test is.\nThere is nothing to do: ") != std::string::npos);
}

// Law 14.
BOOST_AUTO_TEST_CASE(when_recording_has_stopped_the_units_in_danger_are_named) {
  std::vector<unit_in_danger> units(
      60, {"Alpha Foods", "Store F1", "Freezer 3", -12'345, -18'000, temperature_scale::celsius, now});
  const auto told = [](const recording_report& what) {
    return recording_message_of(what, {"anna", "mail", "a@b"}, anna, now);
  };
  const auto stopped = told({recording_news::stopped, utc("2026-11-21T02:00:00Z"), units});
  BOOST_TEST(stopped.subject == "ALARM: Coldvigil has stopped recording, 60 units out of limits");
  BOOST_TEST(stopped.text.find("Nothing has been stored since Sat 21 Nov 2026, 03:00 CET.") == 0U);
  BOOST_TEST(stopped.text.find("- Freezer 3, Store F1, Alpha Foods: -12.3 °C (limit -18.0 °C) since Sat 21 Nov 2026, "
                               "03:20 CET\n") != std::string::npos);
  BOOST_TEST(stopped.text.ends_with("and 10 more\n"));
  const auto quiet = told({recording_news::stopped, now, {}});
  BOOST_TEST(quiet.text.ends_with("No unit is out of its limits.\n"));
  const auto again = told({recording_news::again, utc("2026-11-21T02:00:00Z"), units});
  BOOST_TEST(again.subject == "OVER: Coldvigil records again");
  BOOST_TEST(again.text.find("Freezer") == std::string::npos);
  BOOST_TEST(again.text.find("had waited is stored now, with its alarms; what was refused") != std::string::npos);
  BOOST_TEST(again.text.find("refused in that time is missing unless it is sent again") != std::string::npos);
  const auto anew = told({recording_news::again, utc("2026-11-21T02:00:00Z"), units, true});
  BOOST_TEST(anew.text == "Readings are stored again: Coldvigil was started again. What arrived between Sat 21 Nov "
                          "2026, 03:00 CET and that start and was not stored is missing unless it is sent again.\n");
}

BOOST_AUTO_TEST_SUITE_END()
