// How good the alarm system is, asked on real sockets.
#include "tests/net/fake_engine.hpp"
#include "tests/support/http_test_client.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

namespace coldvigil::test {
namespace {

namespace json = boost::json;

struct fixture {
  running_server server;

  void alarm(int unit, int raised_minute, int cleared_minute) {
    alarm_course one;
    one.id = alarm_id{static_cast<std::int64_t>(server.engine.course_list.size() + 1)};
    one.unit = unit_id{unit};
    one.rule = rule_id{2};
    one.raised_at = from_ms(1'800'000'000'000) + std::chrono::minutes{raised_minute};
    one.cleared_at = from_ms(1'800'000'000'000) + std::chrono::minutes{cleared_minute};
    one.acknowledged_at = one.raised_at + std::chrono::seconds{90};
    server.engine.course_list.push_back(one);
  }
  http_reply ask(const std::string& query, const std::string& token = "a-read") const {
    return get(server.port, "/api/v1/alarms/numbers" + query, token);
  }
};

constexpr const char* day = "?from=2027-01-15T08:00:00Z&to=2027-01-16T08:00:00Z";

} // namespace

BOOST_FIXTURE_TEST_SUITE(alarm_numbers, fixture)

BOOST_AUTO_TEST_CASE(the_numbers_of_a_day) {
  alarm(1, 0, 30);
  alarm(1, 60, 90);
  alarm(2, 61, 90);
  alarm(2, 62, 90);
  server.engine.course_list.back().retroactive = true; // found late: it called nobody then
  alarm(2, 63, 90);
  server.engine.course_list.back().suppressed = true; // nor did this
  const auto reply = ask(std::string(day) + "&operators=2");
  BOOST_REQUIRE_MESSAGE(reply.status == 200, reply.body);
  const auto numbers = json::parse(reply.body);
  BOOST_TEST(numbers.at("alarms").to_number<int>() == 3);
  BOOST_TEST(numbers.at("retroactive").to_number<int>() == 1);
  BOOST_TEST(numbers.at("suppressed").to_number<int>() == 1);
  BOOST_TEST(numbers.at("per_operator_day").to_number<double>() == 1.5);
  BOOST_TEST(numbers.at("most_in_10_min").to_number<int>() == 2);
  BOOST_TEST(numbers.at("floods").as_array().empty());
  BOOST_TEST(numbers.at("top").at(0).at("unit_code").as_string() == "ua_1");
  BOOST_TEST(numbers.at("top").at(0).at("alarms").to_number<int>() == 2);
  BOOST_TEST(numbers.at("seconds_to_acknowledge").at("median").to_number<double>() == 90.0);
  BOOST_TEST((server.engine.asked_courses->customer == customer_id{1}));
}

BOOST_AUTO_TEST_CASE(they_are_for_as_many_operators_as_the_settings_say) {
  server_options options;
  options.alarm_operators = 4;
  const running_server shared(options);
  BOOST_TEST(json::parse(get(shared.port, "/api/v1/alarms/numbers", "admin").body).at("operators").as_int64() == 4);
  BOOST_TEST(json::parse(get(shared.port, "/api/v1/alarms/numbers?operators=2", "admin").body).at("operators") == 2);
}

struct scraped : fixture {
  [[nodiscard]] std::string scrape() const { return get(server.port, "/metrics", "admin").body; }
  [[nodiscard]] bool has(const std::string& line) const {
    return scrape().find("\n" + line + "\n") != std::string::npos;
  }
};

BOOST_FIXTURE_TEST_CASE(metrics_have_the_numbers_of_the_last_day, scraped) {
  server.time.advance(std::chrono::minutes{100});
  alarm(1, -2'000, 95); // open for more than a day
  for (int i = 0; i < 11; ++i)
    alarm(2, 91, 99);
  alarm(1, 92, 99);
  alarm(3, 93, 99);
  server.engine.course_list.back().level = alarm_level::warning;
  alarm(2, 93, 99);
  server.engine.course_list.back().suppressed = true;
  const std::string text = scrape();
  for (const char* line :
       {"coldvigil_alarm_day_raised{severity=\"critical\"} 12", "coldvigil_alarm_day_raised{severity=\"warning\"} 1",
        "coldvigil_alarm_day_per_operator 13", "coldvigil_alarm_day_most_in_10_min 13",
        "coldvigil_alarm_day_most_active 14", "coldvigil_alarm_day_floods 1", "coldvigil_alarm_flood_now 1",
        "coldvigil_alarm_day_stale 1", "coldvigil_alarm_day_fleeting 0", "coldvigil_alarm_day_found_late 0",
        "coldvigil_alarm_day_suppressed 1", "coldvigil_alarm_day_acknowledged 13",
        "coldvigil_alarm_day_chattering{customer=\"A\",unit=\"ua_2\",rule_id=\"2\",rule=\"high_limit\"} 11",
        "coldvigil_alarm_day_top{customer=\"A\",unit=\"ua_2\",rule_id=\"2\",rule=\"high_limit\"} 11",
        "coldvigil_alarm_day_top{customer=\"B\",unit=\"ub_1\",rule_id=\"2\",rule=\"high_limit\"} 1",
        "coldvigil_alarm_day_top_share 1"})
    BOOST_TEST(text.find("\n" + std::string(line) + "\n") != std::string::npos, line << " in\n" << text);
  BOOST_TEST(!server.engine.asked_courses->customer);
  BOOST_TEST((server.engine.asked_courses->to - server.engine.asked_courses->from == std::chrono::hours{24}));
}

BOOST_FIXTURE_TEST_CASE(metrics_count_anew_after_a_minute, scraped) {
  BOOST_TEST(has("coldvigil_alarm_day_per_operator 0"));
  alarm(1, -5, -4);
  server.time.advance(std::chrono::seconds{59});
  BOOST_TEST(has("coldvigil_alarm_day_per_operator 0"));
  server.time.advance(std::chrono::seconds{1});
  BOOST_TEST(has("coldvigil_alarm_day_per_operator 1"));
  server.time.advance(-std::chrono::hours{1}); // the clock is set back: what was counted is of the future
  server.engine.course_list.clear();
  BOOST_TEST(has("coldvigil_alarm_day_per_operator 0"));
}

BOOST_FIXTURE_TEST_CASE(metrics_do_without_what_cannot_be_counted, scraped) {
  server.engine.fails = failure{error_code::limit, "more than 100000 alarms lived then", "", "take a shorter period"};
  const std::string text = scrape();
  BOOST_TEST(text.find("coldvigil_alarm_day") == std::string::npos);
  BOOST_TEST(text.find("coldvigil_http_requests_total") != std::string::npos);
  BOOST_TEST(text.find("# more") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(sources_that_the_token_may_not_see_are_not_named) {
  alarm(3, 0, 30); // as if the engine had given another customer's
  const auto numbers = json::parse(ask(day).body);
  BOOST_TEST(numbers.at("top").as_array().empty());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_counted_is_said) {
  for (const char* wrong : {"?from=2027-01-15T08:00:00Z&to=2027-01-15T08:00:00Z", "?operators=0", "?from=x",
                            "?from=2020-01-01T00:00:00Z", "?slow_chatter_seconds=-1"})
    BOOST_TEST(ask(wrong).status == 422, wrong);
  BOOST_TEST(ask("?customer=B").status == 404);
  server.engine.fails = failure{error_code::limit, "more than 100000 alarms lived then", "", "take a shorter period"};
  BOOST_TEST(ask(day).status == 422);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::test
