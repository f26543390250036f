// Every route on real sockets: who may, what comes back, what a mistake looks like.
#include "core/driver_text.hpp"
#include "net/openapi.hpp"
#include "net/router.hpp"
#include "tests/net/fake_engine.hpp"
#include "tests/support/http_test_client.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <thread>

using namespace coldvigil;
using coldvigil::test::fake_engine;
using coldvigil::test::get;
using coldvigil::test::http_call;
using coldvigil::test::http_reply;
using coldvigil::test::post;
using coldvigil::test::running_server;
namespace json = boost::json;

namespace {

json::value body_of(const http_reply& reply) {
  boost::json::error_code error;
  json::value out = json::parse(reply.body, error);
  BOOST_TEST(!error, "no JSON: " << reply.body);
  return out;
}

void check_problem(const http_reply& reply, int status) {
  BOOST_TEST(reply.status == status, reply.body);
  BOOST_TEST(reply.headers.at("content-type") == "application/problem+json");
  const json::value body = body_of(reply);
  for (const char* member : {"type", "title", "detail", "instance"})
    BOOST_TEST(body.at(member).is_string(), member);
  BOOST_TEST(body.at("status").to_number<int>() == status);
}

judged_reading reading(std::int64_t ms, milli_celsius value) {
  judged_reading out;
  out.at = from_ms(1'800'000'000'000 + ms);
  out.value = value;
  return out;
}

/// A path of the pattern that names customer A's things.
std::string filled(std::string_view pattern) {
  std::string path(pattern);
  if (const auto place = path.find("{scope}/{name}"); place != std::string::npos)
    return path.replace(place, path.size(), "unit/" + fake_engine::unit_uuid(1));
  const auto name = path.find("{id}");
  if (name == std::string::npos) return path;
  const bool alarm = path.find("alarms") != std::string::npos;
  return path.replace(name, 4, alarm ? to_string(fake_engine::public_id(4, 1)) : fake_engine::unit_uuid(1));
}

alarm_record alarm_of_a() {
  alarm_record alarm = fake_engine::first_alarm(alarm_id{77});
  alarm.rule = rule_kind::high_limit;
  alarm.raised_at = from_ms(1'800'000'000'000);
  alarm.raised_value = -17'500;
  alarm.explanation = "cycling stopped 40 min ago";
  return alarm;
}

/// An open alarm about a site of customer A, under the same id.
system_alarm system_alarm_of_a() {
  system_alarm out;
  out.id = fake_engine::public_id(4, 1);
  out.what = {system_fault::site_silent, customer_id{1}, "fa_1", "nothing is heard", {unit_id{1}}};
  return out;
}

/// What they show is no customer's.
bool for_all(std::string_view pattern) {
  return pattern.starts_with("/api/v1/contacts") || pattern.starts_with("/api/v1/schedules") ||
         pattern.starts_with("/api/v1/notifications/") || pattern.starts_with("/api/v1/audit/");
}

/// What is said of an alarm or done to a unit: whether it is possible depends on what was before.
bool is_word(const route& one) {
  return one.method == http::verb::post && one.pattern.find("{id}") != std::string_view::npos;
}

http_reply ask(const running_server& server, const route& one, const std::string& token,
               const std::string& query = {}) {
  http_call call;
  call.method = std::string(http::to_string(one.method));
  call.target = filled(one.pattern) + query;
  call.token = token;
  if (call.target == "/api/v1/deliveries") call.target += "?alarm=" + to_string(fake_engine::public_id(4, 1));
  if (call.target == "/api/v1/temperature" && call.method == "POST")
    call.body = R"({"storage_unit_id":"ua_1","temperature":-20,"recorded_at":"2027-01-15T08:00:00Z"})";
  if (call.target == "/predict") call.body = R"({"temperature":-20})";
  if (is_word(one) || call.target == "/api/v1/notifications/test") call.body = "{}";
  if (call.method == "PUT") call.body = R"({"rules":[],"reason":"tried"})";
  if (call.method == "DELETE") call.body = R"({"reason":"tried"})";
  if (call.target.starts_with("/api/v1/rules/preview")) call.body = R"({"unit_id":"ua_1","rules":[]})";
  return test::call(server.port, call);
}

} // namespace

BOOST_AUTO_TEST_SUITE(api_routes)

BOOST_AUTO_TEST_CASE(every_route_asks_for_its_permission) {
  running_server server;
  server.engine.alarm_list.push_back(alarm_of_a());
  server.engine.system.publish({system_alarm_of_a()});
  server.engine.check_now.ended_at = from_ms(1);
  for (const route& one : route_table()) {
    if (one.needs == access::open || one.needs == access::by_route) continue;
    BOOST_TEST_CONTEXT(one.pattern) {
      BOOST_TEST((one.needs == access::admin_of_all) == for_all(one.pattern));
      for (const char* token : {"", "wrong", "expired"}) {
        const auto reply = ask(server, one, token);
        check_problem(reply, 401);
        BOOST_TEST(reply.headers.at("www-authenticate") == "Bearer");
      }
      const std::map<std::string, permission> holders{
          {"a-read", permission::read}, {"a-write", permission::write}, {"a-admin", permission::admin}};
      const permission needed = one.needs == access::admin   ? permission::admin
                                : one.needs == access::write ? permission::write
                                                             : permission::read;
      for (const auto& [token, held] : holders) {
        const auto reply = ask(server, one, token);
        if (held < needed || for_all(one.pattern))
          check_problem(reply, 403);
        else if (is_word(one))
          BOOST_TEST((reply.status == 200 || reply.status == 409 || reply.status == 422));
        else
          BOOST_TEST(reply.status == (needed == permission::write ? 201 : 200));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(another_customers_things_are_not_found) {
  running_server server;
  server.engine.alarm_list.push_back(alarm_of_a());
  server.engine.system.publish({system_alarm_of_a()});
  for (const route& one : route_table()) {
    if (one.pattern.find("{id}") == std::string_view::npos || for_all(one.pattern)) continue;
    BOOST_TEST_CONTEXT(one.pattern) {
      check_problem(ask(server, one, "b-write"), 404);
      BOOST_TEST(ask(server, one, "admin").status != 404);
      check_problem(ask(server, one, "admin", "?customer=B"), 404);
    }
  }
  check_problem(get(server.port, "/api/v1/temperature?unit_id=ua_1", "b-read"), 404);
  check_problem(get(server.port, "/api/v1/alarms?unit_id=ua_1", "b-read"), 404);
  check_problem(get(server.port, "/api/v1/alarms?facility=fa_1", "b-read"), 404);
  check_problem(get(server.port, "/api/v1/units?customer=A", "b-read"), 404);
  check_problem(get(server.port, "/api/v1/units?customer=Z", "admin"), 404);
  check_problem(post(server.port, "/api/v1/live/ticket?customer=A", "", "b-read"), 404);
}

BOOST_AUTO_TEST_CASE(a_check_of_the_record_says_how_far_it_is_and_what_it_found) {
  running_server server;
  check_problem(get(server.port, "/api/v1/audit/verify", "a-read"), 403);
  check_problem(get(server.port, "/api/v1/audit/head", "a-read"), 403);
  // The commits are those of all customers: one of them could count the others'.
  check_problem(get(server.port, "/api/v1/audit/verify", "a-admin"), 403);
  check_problem(get(server.port, "/api/v1/audit/head", "a-admin"), 403);
  BOOST_TEST(get(server.port, "/api/v1/audit/head", "admin").body == "null");
  BOOST_TEST(get(server.port, "/api/v1/audit/verify", "admin").status == 202);
  record_check& check = server.engine.check_now;
  check.head = chain_head{7, "ab", from_ms(0)};
  check.ended_at = from_ms(1);
  BOOST_TEST(body_of(get(server.port, "/api/v1/audit/verify", "admin")).at("state").as_string() == "whole");
  BOOST_TEST(body_of(get(server.port, "/api/v1/audit/head", "admin")).at("commit").to_number<int>() == 7);
  check.so_far.fault = chain_fault{5, "it was changed"};
  const auto changed = body_of(get(server.port, "/api/v1/audit/verify", "admin"));
  BOOST_TEST(changed.at("state").as_string() == "changed");
  BOOST_TEST(changed.at("first_bad").at("commit").to_number<int>() == 5);
}

BOOST_AUTO_TEST_CASE(a_token_says_what_it_may_do_and_whose_it_is) {
  running_server server;
  const auto said = [&](const char* token, const std::string& narrowed = {}) {
    const auto body = body_of(post(server.port, "/api/v1/live/ticket" + narrowed, "", token));
    return json::serialize(json::array{body.at("permission"), body.at("customer")});
  };
  BOOST_TEST(said("a-read") == R"(["read","A"])");
  BOOST_TEST(said("b-write") == R"(["write","B"])");
  BOOST_TEST(said("a-admin") == R"(["admin","A"])");
  BOOST_TEST(said("admin") == R"(["admin",null])");
  BOOST_TEST(said("admin", "?customer=B") == R"(["admin",null])"); // the ticket is B's, the token is of all
}

BOOST_AUTO_TEST_CASE(lists_show_the_own_customer_only) {
  running_server server;
  for (const char* list : {"/api/v1/units", "/api/v1/facilities"}) {
    const auto of_a = body_of(get(server.port, list, "a-read"));
    const auto of_all = body_of(get(server.port, list, "admin"));
    const auto narrowed = body_of(get(server.port, std::string(list) + "?customer=B", "admin"));
    const bool units = std::string_view(list).find("units") != std::string_view::npos;
    BOOST_TEST(of_a.at("total").to_number<int>() == (units ? 2 : 1));
    BOOST_TEST(of_all.at("total").to_number<int>() == (units ? 3 : 2));
    BOOST_TEST(narrowed.at("total").to_number<int>() == 1);
  }
  const auto polls = body_of(get(server.port, "/api/v1/polls", "a-read"));
  BOOST_TEST(polls.at(0).at("customer").as_string() == "A");
  BOOST_TEST(polls.at(0).at("rejected").at("null_value").to_number<int>() == 2);
  rejected_reading late;
  late.customer = customer_id{1};
  late.unit_code = "ua_1";
  late.at = *parse_utc("2026-11-01T00:00:00Z");
  late.value = -18'500;
  late.reason = reject_reason::late_not_judged;
  late.received_at = *parse_utc("2026-11-02T00:00:00Z");
  server.engine.kept_apart = {late};
  BOOST_TEST(get(server.port,
                 "/api/v1/rejects?unit_code=ua_1&reason=late_not_judged&from=2026-11-02T00:00:00Z"
                 "&to=2026-11-03T00:00:00Z&limit=5&offset=2",
                 "a-read")
                 .body == R"([{"customer":"A","unit_code":"ua_1","sensor_id":"","recorded_at":"2026-11-01T00:00:00Z",)"
                          R"("temperature_c":-18.5,"sent":"","reason":"late_not_judged",)"
                          R"("received_at":"2026-11-02T00:00:00Z"}])");
  BOOST_TEST((*server.engine.asked_rejects == reject_query{.customer = customer_id{1},
                                                           .unit = "ua_1",
                                                           .reason = reject_reason::late_not_judged,
                                                           .from = *parse_utc("2026-11-02T00:00:00Z"),
                                                           .to = *parse_utc("2026-11-03T00:00:00Z"),
                                                           .limit = 5,
                                                           .offset = 2}));
  check_problem(get(server.port, "/api/v1/rejects?reason=none", "a-read"), 422);
  const auto audit = body_of(get(server.port, "/api/v1/audit", "a-read"));
  BOOST_TEST(audit.at(0).at("customer").as_string() == "A");
  BOOST_TEST(audit.at(0).at("action").as_string() == "rule.changed");
  BOOST_TEST(!server.engine.asked_audits->unit);
  BOOST_TEST(get(server.port,
                 "/api/v1/audit?unit_id=ua_1&action=alarm&actor=token%3Anight&from=2026-11-01T00:00:00Z"
                 "&to=2026-11-02T00:00:00Z&limit=5&offset=2",
                 "admin")
                 .status == 200);
  BOOST_TEST((*server.engine.asked_audits == audit_query{.customer = customer_id{1},
                                                         .unit = "ua_1",
                                                         .action = "alarm",
                                                         .actor = "token:night",
                                                         .from = *parse_utc("2026-11-01T00:00:00Z"),
                                                         .to = *parse_utc("2026-11-02T00:00:00Z"),
                                                         .limit = 5,
                                                         .offset = 2}));
  check_problem(get(server.port, "/api/v1/audit?unit_id=ub_1", "a-read"), 404); // another customer's
  check_problem(get(server.port, "/api/v1/audit?from=yesterday", "a-read"), 422);
  BOOST_TEST(get(server.port, "/api/v1/alarms", "a-read").status == 200);
  BOOST_TEST((server.engine.asked_alarms->facts.customer == customer_id{1}));
  BOOST_TEST(get(server.port, "/api/v1/alarms?open=true", "admin").status == 200);
  BOOST_TEST(!server.engine.asked_alarms->facts.customer);
  BOOST_TEST(*server.engine.asked_alarms->facts.open);
}

BOOST_AUTO_TEST_CASE(pages_of_units_across_customers) {
  running_server server;
  std::vector<std::string> codes;
  for (int offset = 0; offset < 4; ++offset) {
    const auto page = body_of(get(server.port, "/api/v1/units?limit=1&offset=" + std::to_string(offset), "admin"));
    BOOST_TEST(page.at("page").to_number<int>() == offset + 1);
    BOOST_TEST(page.at("pages").to_number<int>() == 3);
    for (const auto& item : page.at("items").as_array())
      codes.emplace_back(item.at("unit_code").as_string());
  }
  BOOST_TEST(codes == (std::vector<std::string>{"ua_1", "ua_2", "ub_1"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_unit_in_its_own_scale_and_state) {
  running_server server;
  auto warm = reading(0, -17'001); // 1.3982 °F: the third digit is the conversion's
  warm.scale = temperature_scale::fahrenheit;
  warm.score = 1.25F;
  warm.state = score_state::scored;
  warm.error = 0.25F;
  warm.why.breach = {breach_horizon::minutes, true, 35.2F, 20, 71};
  server.engine.measure(unit_id{3}, warm);
  auto unit = body_of(get(server.port, "/api/v1/units/ub_1", "b-read"));
  BOOST_TEST(unit.at("id").as_string() == fake_engine::unit_uuid(3));
  BOOST_TEST(unit.at("current_temperature").as_double() == 1.4);
  BOOST_TEST(unit.at("current_temperature_c").to_number<double>() == -17.001);
  BOOST_TEST(unit.at("low").to_number<double>() == -13.0);
  BOOST_TEST(unit.at("score").as_double() == 1.25);
  BOOST_TEST(unit.at("reconstruction_error").as_double() == 0.25);
  BOOST_TEST(json::serialize(unit.at("time_to_breach")) ==
             R"({"within":"minutes","limit":"high","minutes":35,"earliest":20,"latest":71})");
  BOOST_TEST(unit.at("temperature_status").as_string() == "normal");
  server.time.advance(millis{180'000});
  BOOST_TEST(body_of(get(server.port, "/api/v1/units/ub_1", "b-read")).at("temperature_status").as_string() ==
             "normal");
  server.time.advance(millis{1});
  BOOST_TEST(body_of(get(server.port, "/api/v1/units/ub_1", "b-read")).at("temperature_status").as_string() == "stale");
  unit = body_of(get(server.port, "/api/v1/units/ua_2", "a-read"));
  BOOST_TEST(unit.at("temperature_status").as_string() == "no_data");
  BOOST_TEST(unit.at("current_temperature").is_null());
}

BOOST_AUTO_TEST_CASE(limits_of_the_file_that_do_not_count_are_said) {
  running_server server;
  server.in_file[1] = {-25'000, -18'500};
  const auto shown = get(server.port, "/api/v1/units/ua_1", "a-read");
  const json::value limits = json::parse(shown.body).at("limits_not_taken");
  BOOST_TEST(limits.at("low_c").to_number<double>() == -25.0);
  BOOST_TEST(limits.at("high_c").to_number<double>() == -18.5);
  const auto list = json::parse(get(server.port, "/api/v1/units", "a-read").body);
  BOOST_TEST(list.at("items").at(0).at("limits_not_taken").is_object());
  BOOST_TEST(list.at("items").at(1).at("limits_not_taken").is_null());
}

BOOST_AUTO_TEST_CASE(readings_newest_first_filtered_and_paged) {
  running_server server;
  auto& first = server.engine.stored[1];
  auto& second = server.engine.stored[2];
  first.sensors = {"probe-1"};
  for (int i = 0; i < 10; ++i)
    first.readings.push_back(reading(i * 2000, -20'000 - i * 100));
  for (int i = 0; i < 5; ++i)
    second.readings.push_back(reading(i * 2000 + 1000, -10'000));
  first.readings.back().sensor = 1;
  first.readings.back().model = 3;
  first.readings.back().why.driver = {driver_one_side, 2.3F, 3.1F, 40};
  auto page = body_of(get(server.port, "/api/v1/temperature?limit=3", "a-read"));
  BOOST_TEST(page.at("total").to_number<int>() == 15);
  BOOST_TEST(page.at("pages").to_number<int>() == 5);
  const auto& newest = page.at("items").at(0);
  BOOST_TEST(newest.at("unit_code").as_string() == "ua_1");
  BOOST_TEST(newest.at("sensor_id").as_string() == "probe-1");
  BOOST_TEST(newest.at("recorded_at").as_string() == "2027-01-15T08:00:18Z");
  BOOST_TEST(newest.at("id").as_string() == fake_engine::unit_uuid(1) + "@1800000018000");
  BOOST_TEST(newest.at("model").to_number<int>() == 3);
  BOOST_TEST(newest.at("explanation").as_string() ==
             "cycling stopped 40 min ago; 2.3 K warmer than usual, rising 3.1 K/h");
  BOOST_TEST(page.at("items").at(1).at("model").is_null());
  BOOST_TEST(newest.at("score").is_null());
  BOOST_TEST(newest.at("reconstruction_error").is_null());
  BOOST_TEST(newest.at("time_to_breach").is_null());
  BOOST_TEST(newest.at("equipment_status").as_string() == "normal");
  page = body_of(get(server.port, "/api/v1/temperature?min_temperature=-15", "a-read"));
  BOOST_TEST(page.at("total").to_number<int>() == 5);
  BOOST_TEST(page.at("items").at(0).at("equipment_status").as_string() == "error");
  page = body_of(get(server.port, "/api/v1/temperature/unit/ua_1?offset=8&limit=5", "a-read"));
  BOOST_TEST(page.at("items").as_array().size() == 2u);
  page = body_of(get(server.port,
                     "/api/v1/temperature?unit_id=ua_1&start_date=2027-01-15T08:00:02Z"
                     "&end_date=2027-01-15T09:00:04%2B01:00",
                     "a-read"));
  BOOST_TEST(page.at("total").to_number<int>() == 2);
}

BOOST_AUTO_TEST_CASE(too_wide_lists_are_refused) {
  server_options options;
  options.max_listed_units = 1;
  options.max_scanned_readings = 3;
  running_server server(options);
  for (int i = 0; i < 4; ++i)
    server.engine.stored[1].readings.push_back(reading(i, 0));
  check_problem(get(server.port, "/api/v1/temperature", "a-read"), 422);
  check_problem(get(server.port, "/api/v1/temperature?unit_id=ua_1", "a-read"), 422);
  const std::string curve = "/api/v1/units/ua_1/series?points=2&from=2027-01-15T08:00:00Z&to=2027-01-16T08:00:00Z";
  check_problem(get(server.port, curve, "a-read"), 422);
  server.engine.stored[1].readings.pop_back();
  BOOST_TEST(get(server.port, curve, "a-read").status == 200);
  BOOST_TEST(get(server.port, "/api/v1/temperature?unit_id=ua_1", "a-read").status == 200);
}

BOOST_AUTO_TEST_CASE(latest_is_a_bare_list) {
  running_server server;
  judged_reading named = reading(0, -20'000);
  named.sensor = 1;
  server.engine.measure(unit_id{1}, named, {{std::uint8_t{1}, "upper"}});
  server.engine.measure(unit_id{2}, reading(5000, -21'000));
  const auto list = body_of(get(server.port, "/api/v1/temperature/latest", "a-read"));
  BOOST_REQUIRE(list.as_array().size() == 2u);
  BOOST_TEST(list.at(0).at("unit_code").as_string() == "ua_2");
  BOOST_TEST(list.at(0).at("sensor_id").as_string().empty());
  BOOST_TEST(list.at(1).at("sensor_id").as_string() == "upper");
  BOOST_TEST(body_of(get(server.port, "/api/v1/temperature/latest?limit=1", "a-read")).as_array().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_series_keeps_the_extremes) {
  running_server server;
  auto& stored = server.engine.stored[1].readings;
  for (int i = 0; i < 1000; ++i)
    stored.push_back(reading(i * 1000, -20'000));
  server.time.advance(millis{1'000'000});
  stored[500].value = -5'000;
  stored[501].value = -40'000;
  const auto body = body_of(get(server.port, "/api/v1/units/ua_1/series?points=10", "a-read"));
  BOOST_TEST(body.at("t").as_array().size() <= 10u);
  BOOST_TEST(body.at("t").as_array().size() == body.at("score").as_array().size());
  const std::string curve = json::serialize(body.at("c"));
  BOOST_TEST(curve.find("-5,") != std::string::npos, curve);
  BOOST_TEST(curve.find("-40") != std::string::npos, curve);
  BOOST_TEST(get(server.port, "/api/v1/units/ua_1/reconstruction", "a-read").body ==
             R"({"actual_c":[-20,-20.5],"reconstructed_c":[-20.1,-20.4],"error":0.1,"threshold":0.3})");
  server.engine.fails = failure{error_code::not_found, "no window"};
  check_problem(get(server.port, "/api/v1/units/ua_1/reconstruction", "a-read"), 409);
}

BOOST_AUTO_TEST_CASE(an_alarm_with_its_transitions) {
  running_server server;
  server.engine.alarm_list.push_back(alarm_of_a());
  server.engine.alarm_list.back().course.unseen = millis{90'500};
  server.engine.alarm_list.back().course.end_unseen = true;
  const auto listed = body_of(get(server.port, "/api/v1/alarms", "a-read")).at("items").at(0);
  BOOST_TEST(listed.at("unseen_seconds").to_number<double>() == 90.5);
  BOOST_TEST(listed.at("end_unknown").as_bool());
  const auto alarm = body_of(get(server.port, "/api/v1/alarms/" + to_string(fake_engine::public_id(4, 1)), "a-read"));
  BOOST_TEST(alarm.at("rule").as_string() == "high_limit");
  BOOST_TEST(alarm.at("state").as_string() == "open");
  BOOST_TEST(alarm.at("customer_code").as_string() == "A");
  BOOST_TEST(alarm.at("rule_limit_c").to_number<double>() == 0.001 * alarm_of_a().by.limit);
  BOOST_TEST(alarm.at("explanation").as_string() == "cycling stopped 40 min ago");
  BOOST_TEST(alarm.at("transitions").at(0).at("event").as_string() == "raised");
  check_problem(get(server.port, "/api/v1/alarms/" + to_string(fake_engine::public_id(4, 2)), "a-read"), 404);
  check_problem(get(server.port, "/api/v1/alarms/77", "a-read"), 404);
}

BOOST_AUTO_TEST_CASE(invalid_parameters_have_pointers) {
  running_server server;
  for (const char* query :
       {"/api/v1/temperature?limit=0", "/api/v1/temperature?limit=1001", "/api/v1/temperature?limit=x",
        "/api/v1/temperature?limit=-1", "/api/v1/temperature?start_date=2027-01-15T08:00:00",
        "/api/v1/temperature?offset=100001", "/api/v1/temperature?min_temperature=nan",
        "/api/v1/temperature?min_temperature=1e9", "/api/v1/alarms?open=maybe", "/api/v1/units/ua_1/series?points=1",
        "/api/v1/units/ua_1/series?from=2027-01-15T08:00:00Z&to=2027-01-15T07:00:00Z",
        "/api/v1/units/ua_1/series?from=2020-01-15T08:00:00Z", "/api/v1/units?limit=%zz",
        "/api/v1/temperature/latest?limit=100001"}) {
    const auto reply = get(server.port, query, "a-read");
    BOOST_TEST_CONTEXT(query) {
      check_problem(reply, 422);
      BOOST_TEST(body_of(reply).at("errors").at(0).at("pointer").as_string().starts_with("?"));
    }
  }
  BOOST_TEST(get(server.port, "/api/v1/units?&&=&limit=10000", "a-read").status == 200);
}

BOOST_AUTO_TEST_CASE(no_paged_route_takes_a_place_that_it_never_gave) {
  running_server server;
  const json::value document = json::parse(openapi_text());
  std::size_t asked = 0;
  for (const route& one : route_table()) {
    if (one.method != http::verb::get) continue;
    const json::object& operation = document.at("paths").at(one.pattern).at("get").as_object();
    if (!operation.contains("parameters")) continue;
    for (const json::value& each : operation.at("parameters").as_array()) {
      const json::value* named = each.as_object().if_contains("name");
      const std::string name = named ? std::string(named->as_string()) : "";
      if (name != "limit" && name != "offset" && name != "cursor" && name != "after") continue;
      for (const char* wrong :
           {"", "-1", "-1.-1", "1.5.2", "%2B1.1", "1e3", "0x10", "99999999999999999999", "..", "a%20b", "%00"}) {
        http_call call;
        call.target = filled(one.pattern) + "?" + name + "=" + wrong;
        call.token = "admin";
        if (name == "after")
          call.headers = {"Connection: upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
                          "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="};
        const auto reply = test::call(server.port, call);
        BOOST_TEST_CONTEXT(call.target) {
          check_problem(reply, 422);
          BOOST_TEST(body_of(reply).at("errors").at(0).at("pointer").as_string() == "?" + name);
        }
        ++asked;
      }
    }
  }
  BOOST_TEST(asked > 150U);
}

BOOST_AUTO_TEST_CASE(a_parameter_that_a_path_does_not_know_is_named_with_those_that_it_does) {
  running_server server;
  const auto reply = get(server.port, "/api/v1/facilities?limt=5&limit=5", "a-read");
  check_problem(reply, 422);
  const auto errors = body_of(reply).at("errors").as_array();
  BOOST_TEST(errors.size() == 1U);
  BOOST_TEST(errors[0].at("pointer").as_string() == "?limt");
  BOOST_TEST(errors[0].at("detail").as_string() == "not known: this path takes customer, limit, offset");
}

BOOST_AUTO_TEST_CASE(no_path_passes_an_unknown_parameter_over) {
  running_server server;
  for (const route& one : route_table()) {
    http_call call;
    call.method = std::string(http::to_string(one.method));
    call.target = std::string(one.pattern) + "?colour=red";
    call.token = "admin";
    if (call.method != "GET") call.body = "{}";
    BOOST_TEST_CONTEXT(call.method << " " << call.target) {
      const auto reply = test::call(server.port, call);
      check_problem(reply, 422);
      BOOST_TEST(body_of(reply).at("errors").at(0).at("pointer").as_string() == "?colour");
    }
  }
}

BOOST_AUTO_TEST_CASE(unknown_paths_methods_and_head) {
  running_server server;
  check_problem(get(server.port, "/api/v1/nothing", "a-read"), 404);
  check_problem(get(server.port, "/api/v1/units/", "a-read"), 404);
  check_problem(get(server.port, "/"), 404);
  http_call call;
  call.method = "DELETE";
  call.target = "/api/v1/temperature";
  const auto refused = test::call(server.port, call);
  check_problem(refused, 405);
  BOOST_TEST(refused.headers.at("allow") == "GET, HEAD, POST");
  call.method = "HEAD";
  call.target = "/ping";
  const auto head = test::call(server.port, call);
  BOOST_TEST(head.status == 200);
  BOOST_TEST(head.headers.at("content-length") == "15");
}

BOOST_AUTO_TEST_CASE(every_answer_is_guarded_and_logged) {
  running_server server;
  const auto reply = get(server.port, "/api/v1/units?limit=5", "a-read");
  BOOST_TEST(reply.headers.at("x-content-type-options") == "nosniff");
  BOOST_TEST(reply.headers.at("referrer-policy") == "no-referrer");
  BOOST_TEST(reply.headers.at("cache-control") == "no-store");
  BOOST_TEST(reply.headers.at("content-security-policy").find("frame-ancestors 'none'") != std::string::npos);
  server.web->stop();
  BOOST_REQUIRE(server.log.size() == 1u);
  BOOST_TEST(server.log[0].path == "/api/v1/units");
  BOOST_TEST(server.log[0].token == "a-read");
  BOOST_TEST(server.log[0].status == 200u);
  BOOST_TEST(server.log[0].request_id == reply.headers.at("x-request-id"));
}

BOOST_AUTO_TEST_CASE(health_says_when_recording_has_stopped) {
  running_server server;
  auto health = get(server.port, "/health");
  BOOST_TEST(health.status == 200);
  auto body = body_of(health);
  BOOST_TEST(body.at("status").as_string() == "ok");
  BOOST_TEST(body.at("model").as_string() == "model-1");
  BOOST_TEST(body.at("timestamp").as_string() == "2027-01-15T08:00:00Z");
  server.engine.health_now.store_ok = false;
  server.engine.health_now.store_text = "password=secret is wrong";
  server.engine.health_now.model_name.clear();
  health = get(server.port, "/health");
  BOOST_TEST(health.status == 503);
  BOOST_TEST(health.body.find("secret") == std::string::npos);
  BOOST_TEST(body_of(health).at("model").is_null());
  BOOST_TEST(get(server.port, "/ping").body == R"({"ping":"pong"})");
}

BOOST_AUTO_TEST_CASE(metrics_for_the_admin_of_all_or_from_loopback) {
  running_server server;
  check_problem(get(server.port, "/metrics"), 401);
  check_problem(get(server.port, "/metrics", "a-write"), 403);
  check_problem(get(server.port, "/metrics", "a-admin"), 403);
  const auto text = get(server.port, "/metrics", "admin");
  BOOST_TEST(text.status == 200);
  BOOST_TEST(text.body.find("coldvigil_http_requests_total{class=\"4xx\"} 3") != std::string::npos, text.body);
  BOOST_TEST(text.body.find("# more") != std::string::npos);
  server_options options;
  options.metrics_from_loopback = true;
  running_server open(options);
  BOOST_TEST(get(open.port, "/metrics").status == 200);
}

BOOST_AUTO_TEST_CASE(a_target_may_name_the_host) {
  running_server server;
  for (const char* target : {"http://localhost/ping", "HTTP://localhost:8080/ping?"})
    BOOST_TEST(get(server.port, target).status == 200);
  BOOST_TEST(get(server.port, "http://localhost/api/v1/facilities").status == 401);
}

BOOST_AUTO_TEST_CASE(predict) {
  running_server server;
  const std::string alone = R"({"temperature": -22.5})";
  check_problem(post(server.port, "/predict", alone), 401);
  BOOST_TEST(post(server.port, "/predict", alone, "a-read").body ==
             R"({"temperature":-22.5,"reconstruction_error":0,"raw_anomaly":false,"persistence_alert":false,)"
             R"("bounds_breach":false,"hybrid_alert":false})");
  BOOST_TEST(server.engine.predicted->low == -25);
  BOOST_TEST(server.engine.predicted->high == -18);
  server.engine.fails = failure{error_code::unavailable, "no model"};
  const auto away = post(server.port, "/predict", alone, "a-read");
  check_problem(away, 503);
  BOOST_TEST(away.body.find("No model is loaded") != std::string::npos);
  server_options options;
  options.demo_mode = true;
  options.max_history = 2;
  running_server demo(options);
  BOOST_TEST(post(demo.port, "/predict", alone).status == 200);
  check_problem(post(demo.port, "/predict", R"({"temperature": -22.5, "unit_id": "ua_1"})"), 401);
  check_problem(post(demo.port, "/predict", R"({"temperature": -22.5, "unit_id": "ua_1"})", "b-read"), 404);
  BOOST_TEST(post(demo.port, "/predict", R"({"temperature": -22.5, "unit_id": "ua_1"})", "a-read").status == 200);
  BOOST_TEST((demo.engine.predicted->unit == unit_id{1}));
  BOOST_TEST(post(demo.port, "/predict", R"({"temperature": 3, "history": [1, 2]})").status == 200);
  BOOST_TEST(demo.engine.predicted->values == (std::vector<double>{1, 2, 3}), boost::test_tools::per_element());
  for (const char* wrong : {"{}", R"({"temperature": null})", R"({"temperature": "1"})", R"({"temperature": 1e400})",
                            R"({"temperature": 5000})", R"({"temperature": 1, "history": 3})",
                            R"({"temperature": 1, "history": [1, 2, 3]})", R"({"temperature": 1, "history": [null]})"})
    check_problem(post(demo.port, "/predict", wrong), 422);
}

BOOST_AUTO_TEST_CASE(many_clients_on_several_threads) {
  server_options options;
  options.threads = 3;
  running_server server(options);
  std::atomic<int> answered{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 8; ++i)
    clients.emplace_back([&] {
      for (int n = 0; n < 20; ++n)
        answered += get(server.port, "/api/v1/alarms", "a-read").status == 200;
    });
  for (auto& client : clients)
    client.join();
  BOOST_TEST(answered.load() == 160);
}

BOOST_AUTO_TEST_CASE(an_engine_that_fails_or_is_silent) {
  server_options options;
  options.request_timeout = millis{20};
  running_server server(options);
  server.engine.fails = failure{error_code::internal, "SELECT * FROM secrets"};
  const auto failed = get(server.port, "/api/v1/alarms", "a-read");
  check_problem(failed, 500);
  BOOST_TEST(failed.body.find("SELECT") == std::string::npos);
  server.engine.fails = failure{error_code::unavailable, "away"};
  check_problem(get(server.port, "/api/v1/polls", "a-read"), 503);
  server.engine.silent = true;
  for (const char* path : {"/api/v1/alarms", "/api/v1/polls", "/api/v1/temperature", "/api/v1/units/ua_1/series",
                           "/api/v1/units/ua_1/reconstruction"}) {
    const auto late = get(server.port, path, "a-read");
    check_problem(late, 503);
    BOOST_TEST(late.headers.count("retry-after") == 1u);
  }
  // What comes late, even after the server has gone, finds nobody.
  for (const auto& call : server.engine.unanswered)
    call();
  BOOST_TEST(get(server.port, "/ping").status == 200);
  (void)get(server.port, "/api/v1/alarms", "a-read");
  server.web->stop();
  server.web.reset();
  for (const auto& call : server.engine.unanswered)
    call();
  server.web = std::make_unique<coldvigil::server>(
      server_options{}, server_parts{server.engine, server.tokens, server.time, "", {}, {}, {}});
}

BOOST_AUTO_TEST_SUITE_END()
