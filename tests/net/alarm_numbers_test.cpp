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
  const auto reply = ask(std::string(day) + "&operators=2");
  BOOST_REQUIRE_MESSAGE(reply.status == 200, reply.body);
  const auto numbers = json::parse(reply.body);
  BOOST_TEST(numbers.at("alarms").to_number<int>() == 3);
  BOOST_TEST(numbers.at("retroactive").to_number<int>() == 1);
  BOOST_TEST(numbers.at("per_operator_day").to_number<double>() == 1.5);
  BOOST_TEST(numbers.at("most_in_10_min").to_number<int>() == 2);
  BOOST_TEST(numbers.at("floods").as_array().empty());
  BOOST_TEST(numbers.at("top").at(0).at("unit_code").as_string() == "ua_1");
  BOOST_TEST(numbers.at("top").at(0).at("alarms").to_number<int>() == 2);
  BOOST_TEST(numbers.at("seconds_to_acknowledge").at("median").to_number<double>() == 90.0);
  BOOST_TEST((server.engine.asked_courses->customer == customer_id{1}));
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
