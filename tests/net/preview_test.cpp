// What other rules would have done, asked on real sockets.
#include "tests/net/fake_engine.hpp"
#include "tests/support/http_test_client.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

namespace coldvigil::test {
namespace {

namespace json = boost::json;

server_options few() {
  server_options out;
  out.max_preview_readings = 3'300;
  out.max_preview_rules = 2;
  return out;
}

/// Two days of a reading a minute at -20 °C, an hour of them at -17 °C.
struct fixture {
  running_server server{few()};

  fixture() {
    judged_reading reading;
    for (int minute = 0; minute < 2'880; ++minute) {
      reading.at = server.time.now() - std::chrono::minutes{2'880 - minute};
      reading.value = minute >= 600 && minute < 660 ? -17'000 : -20'000;
      server.engine.stored[1].readings.push_back(reading);
    }
  }
  http_reply ask(const std::string& body, const std::string& token = "a-read") const {
    return post(server.port, "/api/v1/rules/preview", body, token);
  }
};

json::value body_of(const http_reply& reply) {
  BOOST_TEST(reply.status == 200, reply.body);
  return json::parse(reply.body);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(rule_preview, fixture)

BOOST_AUTO_TEST_CASE(alarms_that_would_vanish_and_appear_over_the_api) {
  const auto borne = body_of(ask(R"({"unit_id": "ua_1", "rules": [
    {"kind": "high_limit", "limit": -18, "on_delay_seconds": 7200}]})"));
  BOOST_TEST(borne.at("readings").to_number<int>() == 2'880);
  BOOST_TEST(borne.at("vanish").to_number<int>() == 1);
  BOOST_TEST(borne.at("appear").to_number<int>() == 0);
  BOOST_TEST(borne.at("vanishing").at(0).at("excursion").at("highest_c").to_number<double>() == -17.0);
  BOOST_TEST(borne.at("per_month").at("now").to_number<double>() > 14.9);
  BOOST_TEST(borne.at("per_month").at("then").to_number<double>() == 0.0);
  const auto colder = body_of(ask(R"({"unit_id": "ua_1", "scope": "customer", "rules": [
    {"kind": "high_limit", "level": "warning", "limit": -19, "name": "Warmish"},
    {"kind": "no_data", "silent_after_seconds": 600}]})"));
  BOOST_TEST(colder.at("stay").to_number<int>() == 1);
  BOOST_TEST(colder.at("split").to_number<int>() == 1); // the warning runs beside the program's own
  BOOST_TEST(colder.at("not_judged").at(0).as_string() == "no_data");
  BOOST_TEST(server.engine.wanted_rules.empty()); // nothing was changed
}

BOOST_AUTO_TEST_CASE(a_unit_that_reports_often_is_replayed_as_far_back_as_may_be) {
  auto& stored = server.engine.stored[1].readings;
  const judged_reading oldest = stored.front();
  for (int minute = 1; minute <= 2'880; ++minute) { // four days: more than may be replayed
    stored.insert(stored.begin(), oldest);
    stored.front().at -= std::chrono::minutes{minute};
  }
  const auto found = body_of(ask(R"({"unit_id": "ua_1", "rules": []})"));
  BOOST_TEST(found.at("readings").to_number<int>() == 2'970); // 3,300 less a tenth
  BOOST_TEST(ask(R"({"unit_id": "ua_1", "rules": [], "from": "2026-12-01T00:00:00Z"})").status == 422);
}

BOOST_AUTO_TEST_CASE(as_many_readings_as_may_be_are_replayed_and_of_more_no_more_are_read) {
  auto& stored = server.engine.stored[1].readings;
  const timestamp begin = server.time.now() - std::chrono::days{200};
  stored.assign(3'300, judged_reading{});
  for (std::size_t i = 0; i < stored.size(); ++i)
    stored[i].at = begin + std::chrono::minutes{i};
  const std::string asked = R"({"unit_id": "ua_1", "rules": [], "from": ")" + format_utc(begin) + "\"}";
  BOOST_TEST(body_of(ask(asked)).at("readings").to_number<int>() == 3'300);
  const auto& pages = server.engine.asked_series;
  BOOST_TEST(pages.size() > 1U);
  BOOST_TEST((pages.front().from == begin));
  BOOST_TEST((pages.back().to == server.time.now()));
  for (std::size_t i = 1; i < pages.size(); ++i)
    BOOST_TEST((pages[i].from == pages[i - 1].to + millis{1}));
  server.engine.asked_series.clear();
  stored.push_back(stored.back());
  stored.back().at += std::chrono::minutes{1};
  const auto refused = ask(asked);
  BOOST_TEST(refused.status == 422);
  BOOST_TEST(refused.body.find("more than 3300 readings: give a later one") != std::string::npos, refused.body);
  BOOST_TEST(pages.size() == 1U); // the first page has too many already
}

BOOST_AUTO_TEST_CASE(less_than_a_day_of_readings_gives_no_rate_of_a_month) {
  auto& stored = server.engine.stored[1].readings;
  stored.erase(stored.begin(), stored.end() - 1'440); // a minute less than a day from the first to the last
  const auto found = body_of(ask(R"({"unit_id": "ua_1", "rules": []})"));
  BOOST_TEST(found.at("readings").to_number<int>() == 1'440);
  BOOST_TEST(found.at("per_month").at("now").is_null());
  BOOST_TEST(found.at("per_month").at("then").is_null());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_replayed_is_said) {
  for (const char* wrong :
       {R"({"rules": []})", R"({"unit_id": "ua_1"})", R"({"unit_id": "ua_1", "rules": [], "scope": "planet"})",
        R"({"unit_id": "ua_1", "rules": [], "from": "yesterday"})",
        R"({"unit_id": "ua_1", "rules": [], "from": "2027-01-15T09:00:00Z", "to": "2027-01-15T08:00:00Z"})",
        R"({"unit_id": "ua_1", "rules": [], "from": "2020-01-15T09:00:00Z"})",
        R"({"unit_id": "ua_1", "rules": [{"kind": "no_data"}, {"kind": "no_data"}, {"kind": "no_data"}]})"})
    BOOST_TEST(ask(wrong).status == 422, wrong);
  BOOST_TEST(ask("[]").status == 400);
  auto& stored = server.engine.stored[1].readings;
  stored.insert(stored.end(), 421, stored.back());
  BOOST_TEST(ask(R"({"unit_id": "ua_1", "rules": []})").status == 422);
}

BOOST_AUTO_TEST_CASE(nobody_replays_anothers_history) {
  BOOST_TEST(ask(R"({"unit_id": "ua_1", "rules": []})", "b-read").status == 404);
  BOOST_TEST(ask(R"({"unit_id": "none", "rules": []})").status == 404);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(a_server_that_replays_enough_already_says_so) {
  server_options options;
  options.max_previews = 0;
  running_server server(options);
  const auto refused = post(server.port, "/api/v1/rules/preview", R"({"unit_id": "ua_1", "rules": []})", "a-read");
  BOOST_TEST(refused.status == 503);
}

} // namespace coldvigil::test
