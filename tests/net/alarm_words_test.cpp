// What people say of alarms and do to units, on real sockets.
#include "net/alarm_evidence.hpp"
#include "tests/net/fake_engine.hpp"
#include "tests/support/http_test_client.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <map>

namespace coldvigil::test {
namespace {

namespace json = boost::json;

struct fixture {
  running_server server;
  const std::string alarm = "/api/v1/alarms/" + to_string(fake_engine::public_id(4, 1));

  fixture() {
    alarm_record record = fake_engine::first_alarm(alarm_id{77});
    record.raised_at = from_ms(1'800'000'000'000);
    record.by.id = rule_id{100};
    record.by.name = "Too warm";
    record.by.limit = -18'000;
    record.by.scale = temperature_scale::fahrenheit;
    record.by.on_delay = millis{90'000};
    record.course = {record.raised_at, -17'500, -15'250, -16'000, -15'900, millis{61'500}};
    server.engine.alarm_list.push_back(record);
  }
  http_reply say(const std::string& word, const std::string& body, const std::string& token = "a-write") const {
    return post(server.port, alarm + "/" + word, body, token);
  }
};

json::value body_of(const http_reply& reply) {
  json::error_code error;
  json::value out = json::parse(reply.body, error);
  BOOST_TEST(!error, "no JSON: " << reply.body);
  return out;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(alarm_words, fixture)

BOOST_AUTO_TEST_CASE(an_acknowledgement_says_who_and_shows_the_alarm_as_it_stands_now) {
  const auto done = body_of(say("ack", R"({"reason": "I see it"})"));
  BOOST_TEST(done.at("stage").as_string() == "acknowledged");
  BOOST_TEST(done.at("life").at("acknowledged").at("who").as_string() == "token:a-write");
  BOOST_TEST(done.at("life").at("acknowledged").at("text").as_string() == "I see it");
  BOOST_TEST(done.at("said").at(0).at("event").as_string() == "acknowledge");
  const auto refused = say("ack", "");
  BOOST_TEST(refused.status == 409);
  BOOST_TEST(refused.body.find("acknowledged already") != std::string::npos);
  BOOST_TEST(say("close", "").status == 409); // its condition still holds
}

BOOST_AUTO_TEST_CASE(whoever_acts_on_an_alarm_sees_its_excursion_as_it_stands_now) {
  alarm_record now = server.engine.alarm_list.back();
  now.extreme = now.course.highest = -9'000;
  now.course.lasted = millis{7'200'000};
  server.engine.open_by_now = {now};
  for (const std::string word : {"ack", "comment"}) {
    const auto done = body_of(say(word, word == "ack" ? R"({"reason": "I see it"})" : R"({"text": "still warm"})"));
    BOOST_TEST(done.at("excursion").at("highest_c").to_number<double>() == -9.0, word);
    BOOST_TEST(done.at("excursion").at("seconds").to_number<double>() == 7'200.0, word);
    BOOST_TEST(done.at("extreme_c").to_number<double>() == -9.0, word);
  }
}

BOOST_AUTO_TEST_CASE(an_alarm_says_what_its_rule_judged_and_never_as_equal_to_its_limit) {
  alarm_record& record = server.engine.alarm_list.back();
  const auto shown = [&] { return body_of(get(server.port, alarm, "a-read")); };
  record.by.limit = -15'000;
  record.raised_value = -14'960;
  record.extreme = -14'958;
  BOOST_TEST(shown().at("finding").as_string() == "-14.96 °C (limit -15.00 °C)");
  BOOST_TEST(shown().at("worst").as_string() == "-14.96 °C");
  record.rule = record.by.kind = rule_kind::rate_of_change;
  record.by.limit = 2'000;
  record.measured = 4'200;
  BOOST_TEST(shown().at("finding").as_string() == "rising 4.2 K/h (limit 2.0 K/h)");
  BOOST_TEST(shown().at("worst").as_string().empty());
}

BOOST_AUTO_TEST_CASE(a_reason_is_asked_for_where_the_rule_wants_one) {
  server.engine.alarm_list[0].by.reason_required = true;
  const auto refused = say("ack", "{}");
  BOOST_TEST(refused.status == 422);
  BOOST_TEST(refused.body.find("#/reason") != std::string::npos);
  BOOST_TEST(server.engine.said[77].empty());
  BOOST_TEST(say("ack", R"({"reason": "door"})").status == 200);
}

BOOST_AUTO_TEST_CASE(comments_assignments_and_actions_have_their_own_members) {
  BOOST_TEST(say("comment", R"({"reason": "not this member"})").status == 422);
  BOOST_TEST(say("comment", R"({"text": "still warm"})").status == 200);
  BOOST_TEST(body_of(say("assign", R"({"to": "Anna"})")).at("life").at("assignee").as_string() == "Anna");
  BOOST_TEST(body_of(say("action", R"({"text": "moved the stock"})")).at("life").at("actions").to_number<int>() == 1);
}

BOOST_AUTO_TEST_CASE(shelving_needs_an_end_and_ends) {
  BOOST_TEST(say("shelve", R"({"reason": "mended"})").status == 422);
  BOOST_TEST(say("shelve", R"({"reason": "mended", "minutes": 0})").status == 422);
  BOOST_TEST(say("shelve", R"({"reason": "mended", "until": "tomorrow"})").status == 422);
  const auto shelved = body_of(say("shelve", R"({"reason": "mended", "until": "2027-01-15T09:00:00Z"})"));
  BOOST_TEST(shelved.at("life").at("shelved").at("until").as_string() == "2027-01-15T09:00:00Z");
  BOOST_TEST(say("shelve", R"({"reason": "longer", "until": "2027-01-15T10:00:00Z"})").status == 409);
  BOOST_TEST(say("unshelve", "").status == 200);
  BOOST_TEST(say("unshelve", "").status == 409);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_a_shelving_is_named_by_its_member) {
  const auto pointer = [&](const std::string& body) {
    const auto reply = say("shelve", body);
    BOOST_TEST(reply.status == 422, reply.body);
    return std::string(body_of(reply).at("errors").at(0).at("pointer").as_string());
  };
  BOOST_TEST(pointer(R"({"reason": "mended"})") == "#/until");
  BOOST_TEST(pointer(R"({"reason": "mended", "until": "2001-01-01T00:00:00Z"})") == "#/until");
  BOOST_TEST(pointer(R"({"reason": "mended", "until": "2028-01-01T00:00:00Z"})") == "#/until"); // longer than a day
  BOOST_TEST(pointer(R"({"reason": "mended", "minutes": 90000000})") == "#/minutes");
  BOOST_TEST(pointer(R"({"reason": " ", "until": "2027-01-15T09:00:00Z"})") == "#/reason");
}

BOOST_AUTO_TEST_CASE(what_nobody_can_see_is_no_part_of_a_text) {
  const std::map<std::string, std::string> members{
      {"ack", "reason"}, {"comment", "text"}, {"assign", "to"}, {"action", "text"}, {"shelve", "reason"}};
  for (const auto& [word, member] : members)
    for (const std::string text :
         {R"(door\u0000)", R"(\u001b[2J)", R"(\u007f)", R"(\u0085)", R"(\u200b)", R"(\u202e)", R"(\ufeff)"}) {
      const std::string until = word == "shelve" ? R"(, "until": "2027-01-15T09:00:00Z")" : "";
      const auto refused = say(word, "{\"" + member + R"(": "door )" + text + "\"" + until + "}");
      BOOST_TEST(refused.status == 422, word << " " << text);
      BOOST_TEST(body_of(refused).at("errors").at(0).at("pointer").as_string() == "#/" + member, word);
    }
  BOOST_TEST(server.engine.said[77].empty());
  BOOST_TEST(say("comment", R"({"text": "first line\nsecond, \u00e4\ttabbed"})").status == 200);
  BOOST_TEST(say("comment", R"({"text": "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"})").status ==
             200);                                                                              // a joiner in a word
  BOOST_TEST(say("assign", R"({"to": "Anna\nBert"})").status == 422);                           // a name has one line
  BOOST_TEST(say("shelve", R"({"reason": "\u00a0\u200d\u3000", "minutes": 5})").status == 422); // nothing but blanks
}

BOOST_AUTO_TEST_CASE(words_that_are_no_text_are_refused) {
  BOOST_TEST(say("ack", R"({"reason": 7})").status == 422);
  BOOST_TEST(server.engine.said[77].empty());
}

BOOST_AUTO_TEST_CASE(an_alarm_shows_its_rule_its_excursion_and_the_readings_around_it) {
  judged_reading reading;
  reading.value = -16'000;
  for (const std::int64_t ms : {-7'200'000, -60'000, 0, 60'000}) {
    reading.at = from_ms(1'800'000'000'000 + ms);
    server.engine.stored[1].readings.push_back(reading);
    if (ms == -60'000) reading.why.driver = {1, 3.5F, 0, 0}; // from then on the score has a reason
  }
  server.time.advance(from_ms(1'800'000'120'000) - server.time.now());
  const auto shown = body_of(get(server.port, alarm, "a-read"));
  BOOST_TEST(shown.at("definition").at("name").as_string() == "Too warm");
  BOOST_TEST(shown.at("definition").at("unit").as_string() == "F");
  BOOST_TEST(shown.at("definition").at("limit").to_number<double>() == -0.4);
  BOOST_TEST(shown.at("definition").at("on_delay_seconds").to_number<double>() == 90.0);
  BOOST_TEST(shown.at("excursion").at("highest_c").to_number<double>() == -15.25);
  BOOST_TEST(shown.at("excursion").at("seconds").to_number<double>() == 61.5);
  BOOST_TEST(shown.at("evidence").at("t").as_array().size() == 3U); // not what was two hours before
  BOOST_TEST(json::serialize(shown.at("evidence").at("usual")) == "[null,-1.95E1,-1.95E1]");
  BOOST_TEST(shown.at("evidence").at("to").as_string() == "2027-01-15T08:02:00Z");
}

BOOST_AUTO_TEST_CASE(evidence_ends_with_what_is_known) {
  const auto evidence_to = [&](int now, int cleared) {
    server.engine.alarm_list.back().cleared_at = from_ms(1'800'000'000'000 + 1'000 * cleared);
    server.time.advance(from_ms(1'800'000'000'000 + 1'000 * now) - server.time.now());
    return std::string(body_of(get(server.port, alarm, "a-read")).at("evidence").at("to").as_string());
  };
  BOOST_TEST(evidence_to(120, 60) == "2027-01-15T08:02:00Z");   // now: the hour after the end is not over yet
  BOOST_TEST(evidence_to(121, 180) == "2027-01-15T08:03:00Z");  // its readings are ahead of the clock
  BOOST_TEST(evidence_to(7'200, 60) == "2027-01-15T09:01:00Z"); // an hour after the end
}

BOOST_AUTO_TEST_CASE(an_alarm_that_is_open_for_weeks_shows_where_it_was_raised_and_how_it_is_now) {
  using std::chrono::days, std::chrono::hours;
  const timestamp raised = from_ms(1'800'000'000'000);
  judged_reading reading;
  for (const int hour : {0, 24, 20 * 24, 39 * 24}) {
    reading.at = raised + hours{hour};
    reading.value = -10'000 + hour;
    server.engine.stored[1].readings.push_back(reading);
  }
  server.engine.alarm_list.back().cleared_at.reset();
  server.time.advance(raised + days{40} - server.time.now());
  const auto shown = body_of(get(server.port, alarm, "a-read")).at("evidence");
  BOOST_TEST(json::serialize(shown.at("c")) == "[-10,-9.976E0,-9.064E0]"); // not that of the twentieth day
  BOOST_TEST(json::serialize(shown.at("left_out")) ==
             R"([{"from":"2027-01-17T15:00:00Z","to":"2027-02-22T00:00:00Z"}])");
  BOOST_TEST(shown.at("to").as_string() == "2027-02-24T08:00:00Z");
}

BOOST_AUTO_TEST_CASE(evidence_is_of_seven_days_at_most) {
  using std::chrono::days, std::chrono::hours;
  const timestamp begin = from_ms(1'800'000'000'000);
  alarm_record open;
  open.course.onset = begin + hours{1};
  open.raised_at = begin + days{3};
  const auto all = [&](millis length) { return evidence_of(open, begin + length); };
  BOOST_TEST((all(days{7}) == std::vector<time_stretch>{{begin, begin + days{7}}}));
  // The raising lies next to the onset, the end apart from both.
  BOOST_TEST((all(days{7} + millis{1}) ==
              std::vector<time_stretch>{{begin, begin + days{3} + hours{28}},
                                        {begin + days{7} + millis{1} - hours{56}, begin + days{7} + millis{1}}}));
  open.raised_at = begin + days{30}; // a sum over a month
  BOOST_TEST((all(days{60}) == std::vector<time_stretch>{{begin, begin + hours{56}},
                                                         {begin + days{30} - hours{28}, begin + days{30} + hours{28}},
                                                         {begin + days{60} - hours{56}, begin + days{60}}}));
  open.raised_at = begin + days{60}; // just now
  BOOST_TEST((all(days{60}) ==
              std::vector<time_stretch>{{begin, begin + hours{56}}, {begin + days{60} - hours{56}, begin + days{60}}}));
}

BOOST_AUTO_TEST_CASE(lists_are_narrowed_and_go_on_behind_a_cursor) {
  const auto page = body_of(get(server.port,
                                "/api/v1/alarms?rule=high_limit&severity=critical&facility=fa_1&"
                                "state=acknowledged,shelved&limit=1",
                                "a-read"));
  BOOST_TEST((server.engine.asked_alarms->facts.rule == rule_kind::high_limit));
  BOOST_TEST((server.engine.asked_alarms->facts.level == alarm_level::critical));
  BOOST_TEST((server.engine.asked_alarms->facts.facility == facility_id{1}));
  BOOST_TEST(server.engine.asked_alarms->stages.size() == 2U);
  BOOST_TEST(page.at("total").is_null());
  const std::string next(page.at("next_cursor").as_string());
  BOOST_TEST(get(server.port, "/api/v1/alarms?cursor=-3e8.1", "a-read").status == 200); // behind an alarm before 1970
  BOOST_TEST(get(server.port, "/api/v1/alarms?limit=2&cursor=" + next, "a-read").status == 200);
  const list_place expected{from_ms(1'800'000'000'000), alarm_id{77}};
  BOOST_TEST((server.engine.asked_alarms->facts.after == expected));
  for (const char* wrong :
       {"cursor=x", "cursor=1.", "cursor=-1.-1", "cursor=1.0", "cursor=01.1", "cursor=F.1", "rule=hot", "severity=9",
        "state=", "state=open", "state=closed,", "cursor=f.1&offset=1", "state=closed&offset=1"})
    BOOST_TEST(get(server.port, std::string("/api/v1/alarms?") + wrong, "a-read").status == 422, wrong);
}

BOOST_AUTO_TEST_CASE(a_unit_goes_out_of_service_with_a_reason_and_comes_back) {
  const auto serve = [&](const std::string& word, const std::string& body) {
    return post(server.port, "/api/v1/units/ua_1/" + word, body, "a-write");
  };
  BOOST_TEST(serve("out-of-service", "{}").status == 422);
  const auto out = body_of(serve("out-of-service", R"({"reason": "defrosting"})"));
  BOOST_TEST(out.at("out_of_service").at("who").as_string() == "token:a-write");
  const auto shown = body_of(get(server.port, "/api/v1/units/ua_1", "a-read"));
  BOOST_TEST(shown.at("out_of_service").at("reason").as_string() == "defrosting");
  BOOST_TEST(body_of(serve("in-service", R"({"reason": "done"})")).at("out_of_service").is_null());
  BOOST_TEST(server.engine.served.size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::test
