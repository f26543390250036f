// POST /api/v1/temperature: the border and the answers.
#include "tests/net/fake_engine.hpp"
#include "tests/support/http_test_client.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

using namespace coldvigil;
using coldvigil::test::fake_engine;
using coldvigil::test::http_reply;
using coldvigil::test::running_server;
namespace json = boost::json;

namespace {

const std::string time_now = "2027-01-15T08:00:00Z";

std::string item(const std::string& unit, const std::string& temperature, const std::string& more = {},
                 const std::string& at = "\"2027-01-15T08:00:00Z\"") {
  return R"({"storage_unit_id":")" + unit + R"(","temperature":)" + temperature + R"(,"recorded_at":)" + at + more +
         "}";
}

http_reply send(const running_server& server, const std::string& body, const std::string& token = "a-write",
                const std::string& query = {}) {
  return test::post(server.port, "/api/v1/temperature" + query, body, token);
}

std::string reason_of(const http_reply& reply) {
  const json::value body = json::parse(reply.body);
  const json::value* reason = body.as_object().if_contains("reason");
  return reason ? std::string(reason->as_string()) : std::string{};
}

} // namespace

BOOST_AUTO_TEST_SUITE(post_temperature)

BOOST_AUTO_TEST_CASE(one_reading_is_converted_and_answered_after_its_commit) {
  running_server server;
  judged_reading stored;
  stored.at = server.time.now();
  stored.value = -20'500;
  stored.sensor = 1;
  server.engine.stored[1] = series{{stored}, {"probe-1"}};
  const auto reply = send(server, item("ua_1", "-4.9", R"(,"temperature_unit":"°F","sensor_id":"probe-1","x":1)"));
  BOOST_TEST(reply.status == 201, reply.body);
  BOOST_REQUIRE(server.engine.submissions.size() == 1u);
  const submission& taken = server.engine.submissions[0];
  BOOST_TEST((taken.customer == customer_id{1}));
  BOOST_TEST((taken.items[0].unit == unit_id{1}));
  const auto& value = std::get<measured>(taken.items[0].content);
  BOOST_TEST(value.value == -20'500);
  BOOST_TEST((value.scale == temperature_scale::fahrenheit));
  BOOST_TEST(value.sensor == "probe-1");
  BOOST_TEST(!value.history);
  const auto body = json::parse(reply.body);
  BOOST_TEST(body.at("outcome").as_string() == "stored");
  BOOST_TEST(body.at("temperature_c").as_double() == -20.5);
  BOOST_TEST(body.at("sensor_id").as_string() == "probe-1");
}

BOOST_AUTO_TEST_CASE(the_units_own_scale_is_the_default) {
  running_server server;
  BOOST_TEST(send(server, item("ub_1", "5"), "b-write").status == 201);
  BOOST_TEST(std::get<measured>(server.engine.submissions[0].items[0].content).value == -15'000);
}

BOOST_AUTO_TEST_CASE(outcomes_of_one_reading) {
  running_server server;
  const auto with_fate = [&](item_result fate) {
    server.engine.fates = [fate](const submission&) { return std::vector<item_result>{fate}; };
    return send(server, item("ua_1", "-20"));
  };
  const auto duplicate = with_fate({item_outcome::duplicate, {}});
  BOOST_TEST(duplicate.status == 200);
  BOOST_TEST(json::parse(duplicate.body).at("outcome").as_string() == "duplicate");
  const auto conflict = with_fate({item_outcome::rejected, reject_reason::conflict});
  BOOST_TEST(conflict.status == 409);
  BOOST_TEST(reason_of(conflict) == "conflict");
  BOOST_TEST(with_fate({item_outcome::rejected, reject_reason::late_not_judged}).status == 422);
  const auto full = with_fate({item_outcome::rejected, reject_reason::queue_full});
  BOOST_TEST(full.status == 429);
  BOOST_TEST(full.headers.at("retry-after") == "1");
  server.engine.full = true;
  BOOST_TEST(send(server, item("ua_1", "-20")).status == 429);
  BOOST_TEST(send(server, "[" + item("ua_1", "-20") + "]").status == 429);
  BOOST_TEST(server.web->metrics().engine_full.load() == 3u);
}

BOOST_AUTO_TEST_CASE(what_is_no_temperature_is_kept_apart_with_its_reason) {
  running_server server;
  const std::string future = "\"2027-01-15T08:05:00.001Z\"";
  const std::vector<std::pair<std::string, reject_reason>> cases{
      {item("ua_1", "null"), reject_reason::null_value},
      {R"({"storage_unit_id":"ua_1","recorded_at":"2027-01-15T08:00:00Z"})", reject_reason::null_value},
      {item("ua_1", "\"-20\""), reject_reason::bad_value},
      {item("ua_1", "true"), reject_reason::bad_value},
      {item("ua_1", "{}"), reject_reason::bad_value},
      {item("ua_1", "-20", R"(,"temperature_unit":"X")"), reject_reason::bad_value},
      {item("ua_1", "1e400"), reject_reason::non_finite},
      {item("ua_1", "-1e400"), reject_reason::non_finite},
      {item("ua_1", "-273.2"), reject_reason::implausible},
      {item("ua_1", "1000.1"), reject_reason::implausible},
      {item("ua_1", "99999999999999999999"), reject_reason::implausible},
      {item("ua_1", "-20", "", "null"), reject_reason::bad_time},
      {item("ua_1", "-20", "", "1800000000"), reject_reason::bad_time},
      {item("ua_1", "-20", "", "\"2027-01-15T08:00:00\""), reject_reason::bad_time},
      {item("ua_1", "-20", "", "\"2027-02-30T08:00:00Z\""), reject_reason::bad_time},
      {item("ua_1", "-20", "", "\"1970-01-01T00:00:10Z\""), reject_reason::bad_time},
      {item("ua_1", "null", "", "\"0001-01-01T00:00:00Z\""), reject_reason::bad_time},
      {item("ua_1", "-20", "", "\"2009-12-31T23:59:59.999Z\""), reject_reason::bad_time},
      {R"({"storage_unit_id":"ua_1","temperature":1})", reject_reason::bad_time},
      {item("ua_1", "-20", "", future), reject_reason::future}};
  std::string many = "[";
  for (const auto& [body, reason] : cases) {
    server.engine.submissions.clear();
    const auto reply = send(server, body);
    BOOST_TEST_CONTEXT(body) {
      BOOST_TEST(reply.status == 422);
      BOOST_TEST(reason_of(reply) == to_string(reason));
      BOOST_TEST(json::parse(reply.body).at("errors").at(0).at("pointer").as_string().starts_with("#/"));
      BOOST_REQUIRE(server.engine.submissions.size() == 1u);
      const auto& apart = std::get<rejected_reading>(server.engine.submissions[0].items[0].content);
      BOOST_TEST((apart.reason == reason));
      BOOST_TEST((apart.point == point_id{101}));
      BOOST_TEST((apart.received_at == server.time.now()));
      BOOST_TEST(apart.raw.size() <= 64u);
      BOOST_TEST((reason == reject_reason::bad_time) == !apart.at);
    }
    many += (many.size() > 1 ? "," : "") + body;
  }
  const auto list = json::parse(send(server, many + "]").body);
  BOOST_TEST(list.at("rejected").to_number<std::size_t>() == cases.size());
  for (std::size_t i = 0; i < cases.size(); ++i)
    BOOST_TEST(list.at("items").at(i).at("reason").as_string() == to_string(cases[i].second));
  BOOST_TEST(send(server, item("ua_1", "-20", "", "\"2027-01-15T08:05:00Z\"")).status == 201);
  BOOST_TEST(send(server, item("ua_1", "-20", "", "\"2027-01-15T09:00:00+01:00\"")).status == 201);
}

BOOST_AUTO_TEST_CASE(long_names_are_cut_between_characters) {
  running_server server;
  std::string name;
  for (int i = 0; i < 40; ++i)
    name += "ä";
  BOOST_TEST(send(server, item("ua_1", "\"x" + name + "\"", ",\"sensor_id\":\"x" + name + "\"")).status == 422);
  const auto& apart = std::get<rejected_reading>(server.engine.submissions[0].items[0].content);
  BOOST_TEST(apart.raw.size() == 63u);
  BOOST_TEST(apart.sensor.size() == 63u);
}

BOOST_AUTO_TEST_CASE(unknown_and_foreign_units) {
  running_server server;
  BOOST_TEST(send(server, item("nobody", "-20")).status == 404);
  BOOST_TEST(send(server, item("ub_1", "-20")).status == 404);
  BOOST_TEST(send(server, item(fake_engine::unit_uuid(3), "-20")).status == 404);
  BOOST_TEST(server.engine.submissions.empty());
  const auto list = json::parse(
      send(server, "[" + item("ub_1", "-20") + "," + item("ua_2", "-20") + ", 7, {}, {\"storage_unit_id\": 1}]").body);
  BOOST_TEST(list.at("stored").to_number<int>() == 1);
  BOOST_TEST(list.at("rejected").to_number<int>() == 4);
  BOOST_TEST(list.at("items").at(3).at("reason").as_string() == "unknown_unit");
  BOOST_TEST(list.at("items").at(4).at("reason").as_string() == "unknown_unit");
  BOOST_TEST(list.at("items").at(0).at("reason").as_string() == "unknown_unit");
  BOOST_TEST(list.at("items").at(1).at("outcome").as_string() == "stored");
  BOOST_TEST(server.engine.submissions[0].items.size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_is_no_object_is_a_bad_value) {
  running_server server;
  const auto list = json::parse(send(server, "[1, null, \"x\", [], " + item("ua_1", "-20") + "]").body);
  BOOST_TEST(list.at("stored").to_number<int>() == 1);
  for (std::size_t i = 0; i < 4; ++i)
    BOOST_TEST(list.at("items").at(i).at("reason").as_string() == "bad_value");
  BOOST_TEST(server.engine.submissions[0].items.size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_admin_of_all_posts_by_uuid_and_by_code_when_narrowed) {
  running_server server;
  BOOST_TEST(send(server, item("ua_1", "-20"), "admin").status == 404);
  BOOST_TEST(send(server, item("ua_1", "-20"), "admin", "?customer=A").status == 201);
  BOOST_TEST(send(server, item("ua_1", "-20"), "admin", "?customer=B").status == 404);
  server.engine.submissions.clear();
  const std::string both =
      "[" + item(fake_engine::unit_uuid(3), "-20") + "," + item(fake_engine::unit_uuid(1), "-20") + "]";
  const auto list = json::parse(send(server, both, "admin").body);
  BOOST_TEST(list.at("stored").to_number<int>() == 2);
  BOOST_TEST(server.engine.submissions.size() == 2u);
}

BOOST_AUTO_TEST_CASE(bodies_that_cannot_be_read) {
  server_options options;
  options.max_items = 3;
  running_server server(options);
  for (const char* wrong : {"", "{", "nonsense", "{\"a\":1}x", "\"\xff\"", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["})
    BOOST_TEST(send(server, wrong).status == 400, wrong);
  for (const char* wrong : {"[]", "7", "null", "{}", R"({"storage_unit_id": 7})"})
    BOOST_TEST(send(server, wrong).status == 422, wrong);
  const std::string one = item("ua_1", "-20");
  BOOST_TEST(send(server, "[" + one + "," + one + "," + one + "]").status == 201);
  const auto many = send(server, "[" + one + "," + one + "," + one + "," + one + "]");
  BOOST_TEST(many.status == 422);
  BOOST_TEST(many.body.find("1 to 3 items") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(ten_thousand_items) {
  running_server server;
  std::string body = "[";
  for (int i = 0; i < 10'000; ++i)
    body += (i ? "," : "") + item("ua_1", "-20", ",\"sensor_id\":\"" + std::to_string(i) + "\"");
  const auto list = json::parse(send(server, body + "]").body);
  BOOST_TEST(list.at("stored").to_number<int>() == 10'000);
  BOOST_TEST(list.at("items").as_array().size() == 10'000u);
}

BOOST_AUTO_TEST_CASE(no_commit_in_time) {
  server_options options;
  options.request_timeout = millis{20};
  running_server server(options);
  server.engine.silent = true;
  const auto reply = send(server, item("ua_1", "-20"));
  BOOST_TEST(reply.status == 503);
  BOOST_TEST(reply.body.find("may be stored") != std::string::npos);
  BOOST_TEST(server.web->metrics().engine_timeouts.load() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
