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
                         "What to do: go there or send somebody. See that doors are closed and the power is on.\n"
                         "If it does not recover soon, move the stock. Then acknowledge: {link}\n"
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
  BOOST_TEST(with_link(got.text, "https://x/l/1").find("acknowledge: https://x/l/1\n") != std::string::npos);
  BOOST_TEST(with_link(got.text, "").find("acknowledge: on the dashboard\n") != std::string::npos);
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
  BOOST_TEST(got.subject == "ALARM: 2 alarms at Store Łódź");
  BOOST_TEST(
      got.text.starts_with("Where:  Store Łódź, Alpha Foods\n"
                           "\n- Room 1: no data\n  since Sat 21 Nov 2026, 03:12 CET\n  3 readings above the limit"
                           "\n- Freezer 3: too warm: -12.3 °C (limit -18.0 °C)\n  since Sat 21 Nov 2026, 03:12 CET\n"
                           "  3 readings above the limit\n"
                           "\nWhat to do: "),
      got.text);
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
  BOOST_TEST(list.subject == "ALARM, call 3: 2 alarms at Store Łódź");
  BOOST_TEST(list.text.find("\n  call 3; nobody has acknowledged since ") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_correction_of_an_alarm_that_goes_on_says_how_it_stands) {
  called_alarm alarm = third_call();
  alarm.call = 1;
  alarm.notice.state = notice_state::corrected;
  const auto subject = [&] { return message_of({"k", call_kind::follow_up, {}, {alarm}}, anna, now).subject; };
  BOOST_TEST(subject() == "CORRECTION: Freezer 3, Store Łódź - "
                          "too warm: -9.1 °C at 03:19 CET, worst -8.0 °C (limit -18.0 °C)");
  alarm.standing.reset(); // its record has the value of its raising, which need not be the worst
  BOOST_TEST(subject() == "CORRECTION: Freezer 3, Store Łódź - too warm: -12.3 °C (limit -18.0 °C)");
  alarm.notice.ended_at = now;
  BOOST_TEST(subject() == "CORRECTION: Freezer 3, Store Łódź - too warm: worst -12.3 °C (limit -18.0 °C)");
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
                 "\nWhat to do: check the stock. Then acknowledge: {link}\n",
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
  BOOST_TEST(both.subject == "ALARM: 3 alarms of Coldvigil itself");
  BOOST_TEST(both.text.starts_with("Where:  Coldvigil\n\n- a customer's endpoint gives nothing usable: ALPHA\n"
                                   "  since Sat 21 Nov 2026, 03:12 CET\n  no JSON"
                                   "\n- a customer's endpoint gives nothing usable: BETA\n"
                                   "  since Sat 21 Nov 2026, 03:12 CET\n  404"
                                   "\n- a customer's endpoint gives nothing usable\n"
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
  alarm.state = notice_state::annulled;
  BOOST_TEST(told(call_kind::follow_up, {alarm}).subject.starts_with("FALSE ALARM: Freezer 3"));
  alarm.state = notice_state::corrected;
  BOOST_TEST(told(call_kind::follow_up, {alarm}).subject.starts_with("CORRECTION: Freezer 3"));
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
  BOOST_TEST(with_link(one.text, "https://x").find("acknowledge: https://x") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_self_test_says_that_it_is_one_and_what_its_reader_has_to_do) {
  planned_call call{"self-test-1", call_kind::test, {"anna", "mail", "a@b"}, {{warm_freezer()}}};
  const auto asked = test_message_of(call, {false, {"night", "usual"}}, anna, now);
  BOOST_TEST(asked.subject.starts_with("TEST: Freezer 3, "), asked.subject);
  BOOST_TEST(asked.subject.ends_with(" - please confirm"));
  BOOST_TEST(asked.text.starts_with("This is the regular test"));
  BOOST_TEST(asked.text.find("Unit:   Freezer 3\n") != std::string::npos); // as an alarm says it
  BOOST_TEST(asked.text.find("by the policy night, usual.\n") != std::string::npos);
  BOOST_TEST(asked.text.find("Confirm that it arrived: {link}\n") != std::string::npos);
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
}

BOOST_AUTO_TEST_SUITE_END()
