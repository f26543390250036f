// The alarms of Coldvigil itself, on real sockets.
#include "tests/net/fake_engine.hpp"
#include "tests/support/http_test_client.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

namespace coldvigil::test {
namespace {

namespace json = boost::json;

struct fixture {
  running_server server;

  fixture() {
    system_alarm store;
    store.id = fake_engine::public_id(5, 1);
    store.level = alarm_level::critical;
    store.what = {system_fault::store_away, {}, "store", "disk I/O error", {}};
    store.raised_at = from_ms(1'800'000'000'000);
    system_alarm site = store;
    site.id = fake_engine::public_id(5, 2);
    site.what = {system_fault::site_silent, customer_id{1}, "fa_1", "nothing is heard", {unit_id{1}, unit_id{2}}};
    system_alarm polls = site;
    polls.id = fake_engine::public_id(5, 3);
    polls.what = {system_fault::polls_failing, customer_id{2}, "B", "3 polls in a row failed", {}};
    polls.cleared_at = polls.raised_at + std::chrono::hours{1};
    server.engine.system.publish({store, site, polls});
  }
  [[nodiscard]] json::array ask(const std::string& query, const std::string& token) const {
    const auto reply = get(server.port, "/api/v1/system/alarms" + query, token);
    BOOST_REQUIRE_MESSAGE(reply.status == 200, reply.body);
    return json::parse(reply.body).as_array();
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(system_alarm_route, fixture)

BOOST_AUTO_TEST_CASE(who_looks_after_all_sees_all_and_a_customer_his_own) {
  BOOST_TEST(ask("", "admin").size() == 3U);
  BOOST_TEST(ask("?open=true", "admin").size() == 2U);
  const auto of_b = ask("", "b-read");
  BOOST_REQUIRE(of_b.size() == 1U);
  BOOST_TEST(of_b[0].at("fault").as_string() == "polls_failing");
  const auto of_a = ask("", "a-read");
  BOOST_REQUIRE(of_a.size() == 1U);
  BOOST_TEST(of_a[0].at("severity").as_string() == "critical");
  BOOST_TEST(of_a[0].at("customer_code").as_string() == "A");
  BOOST_TEST(of_a[0].at("units").as_array().size() == 2U);
  BOOST_TEST(of_a[0].at("units").at(0).at("unit_code").as_string() == "ua_1");
  BOOST_TEST(of_a[0].at("cleared_at").is_null());
  BOOST_TEST(ask("?customer=B", "admin").size() == 1U);
}

BOOST_AUTO_TEST_CASE(an_open_one_is_acknowledged_by_who_may_see_it_and_write) {
  const auto ack = [&](std::uint8_t number, const std::string& token, const std::string& body = "") {
    const std::string path = "/api/v1/system/alarms/" + to_string(fake_engine::public_id(5, number)) + "/ack";
    return post(server.port, path, body, token);
  };
  BOOST_TEST(ack(2, "a-read").status == 403);
  BOOST_TEST(ack(2, "b-write").status == 404); // another customer's
  BOOST_TEST(ack(1, "a-write").status == 404); // Coldvigil's own
  BOOST_TEST(ack(9, "admin").status == 404);
  BOOST_TEST(ack(3, "b-write").status == 404); // over
  BOOST_TEST(ack(2, "a-write", "[]").status == 400);
  BOOST_TEST(ack(2, "a-write", R"({"reason": 7})").status == 422);
  const auto reply = ack(2, "a-write", R"({"reason": "power cut"})");
  BOOST_REQUIRE_MESSAGE(reply.status == 200, reply.body);
  const auto seen = json::parse(reply.body);
  BOOST_TEST(seen.at("acknowledged").at("who").as_string() == "token:a-write");
  BOOST_TEST(seen.at("acknowledged").at("text").as_string() == "power cut");
  BOOST_TEST(seen.at("units").as_array().size() == 2U);
  BOOST_TEST(ask("", "a-read")[0].at("acknowledged").at("at").is_string());
  BOOST_TEST(ack(2, "admin", R"({"reason": "me too"})").status == 409);
  server.engine.fails = failure{error_code::unavailable, "it could not be stored yet"};
  BOOST_TEST(ack(1, "admin").status == 503);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::test
