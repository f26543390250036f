// Every route that takes a body: what is no JSON, or has a member twice, is 400, and a member that it does not know is
// 422, named.
#include "net/router.hpp"
#include "tests/net/fake_notification_port.hpp"
#include "tests/support/http_test_client.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>

namespace coldvigil::test {
namespace {

namespace json = boost::json;

enum class takes { nothing, form, object, object_or_nothing, readings };

/// A route, and a body with which it would do something.
struct body_case {
  std::string_view route;
  takes what = takes::nothing;
  std::string_view sound{};
  bool passes_over = false; ///< members that it does not know, as docs/api.md says
};

constexpr auto cases = std::to_array<body_case>({
    {"POST /predict", takes::object, R"({"temperature": -20})", true},
    {"POST /api/v1/temperature", takes::readings,
     R"({"storage_unit_id": "ua_1", "temperature": -20, "recorded_at": "2027-01-15T08:00:00Z"})", true},
    {"POST /api/v1/alarms/{id}/ack", takes::object_or_nothing, R"({"reason": "door"})"},
    {"POST /api/v1/alarms/{id}/comment", takes::object, R"({"text": "door"})"},
    {"POST /api/v1/alarms/{id}/assign", takes::object, R"({"to": "Anna"})"},
    {"POST /api/v1/alarms/{id}/shelve", takes::object, R"({"reason": "door", "minutes": 5})"},
    {"POST /api/v1/alarms/{id}/unshelve", takes::object_or_nothing, R"({"reason": "door"})"},
    {"POST /api/v1/alarms/{id}/action", takes::object, R"({"text": "door"})"},
    {"POST /api/v1/alarms/{id}/close", takes::object_or_nothing, R"({"reason": "door"})"},
    {"POST /api/v1/units/{id}/out-of-service", takes::object, R"({"reason": "door"})"},
    {"POST /api/v1/units/{id}/in-service", takes::object, R"({"reason": "door"})"},
    {"POST /api/v1/rules/preview", takes::object, R"({"unit_id": "ua_1", "rules": []})"},
    {"PUT /api/v1/rules/{scope}/{name}", takes::object, R"({"rules": [], "reason": "door"})"},
    {"DELETE /api/v1/rules/{scope}/{name}", takes::object_or_nothing, R"({"reason": "door"})"},
    {"POST /api/v1/system/alarms/{id}/ack", takes::object_or_nothing, R"({"reason": "door"})"},
    {"PUT /api/v1/contacts", takes::object, R"({"teams": [], "reason": "door"})"},
    {"DELETE /api/v1/contacts", takes::object_or_nothing, R"({"reason": "door"})"},
    {"PUT /api/v1/contacts/{list}/{id}", takes::object, R"({"ways": [{"channel": "mail"}], "reason": "door"})"},
    {"DELETE /api/v1/contacts/{list}/{id}", takes::object_or_nothing, R"({"reason": "door"})"},
    {"PUT /api/v1/schedules/{id}", takes::object, R"({"zone": "UTC", "week": {}, "reason": "door"})"},
    {"DELETE /api/v1/schedules/{id}", takes::object_or_nothing, R"({"reason": "door"})"},
    {"POST /api/v1/notifications/test", takes::object, R"({"person": "anna"})"},
    {"POST /l/{secret}", takes::form},
    {"POST /api/v1/live/ticket"},
});

/// The path with the names of what there is.
std::string path_of(std::string_view pattern) {
  std::string out(pattern);
  const auto put = [&](std::string_view name, const std::string& value) {
    if (const auto at = out.find(name); at != std::string::npos) out.replace(at, name.size(), value);
  };
  const bool of_alarm = out.find("alarms") != std::string::npos, of_unit = out.find("units") != std::string::npos;
  put("{scope}/{name}", "unit/" + fake_engine::unit_uuid(1));
  put("{list}", "persons");
  put("schedules/{id}", "schedules/office");
  put("temperature", "temperature?customer=A"); // units by their codes
  put("{id}", of_alarm ? to_string(fake_engine::public_id(4, 1)) : of_unit ? fake_engine::unit_uuid(1) : "anna");
  return out;
}

struct fixture {
  fake_notification_port port;
  running_server server;

  fixture() {
    server.engine.port = &port;
    const alarm_record alarm = fake_engine::first_alarm(alarm_id{77});
    server.engine.alarm_list.push_back(alarm);
    system_alarm site;
    site.id = alarm.public_id;
    site.what = {system_fault::site_silent, customer_id{1}, "fa_1", "nothing is heard", {unit_id{1}}};
    server.engine.system.publish({site});
  }
  [[nodiscard]] http_reply send(const body_case& to, std::string body) const {
    const std::size_t blank = to.route.find(' ');
    return call(
        server.port,
        {std::string(to.route.substr(0, blank)), path_of(to.route.substr(blank + 1)), "admin", std::move(body), {}});
  }
  void nothing_came_of_it() const {
    BOOST_TEST(server.engine.said.empty());
    BOOST_TEST(server.engine.served.empty());
    BOOST_TEST(server.engine.wanted_rules.empty());
    BOOST_TEST(server.engine.submissions.empty());
    BOOST_TEST(port.asked_changes.empty());
  }
};

bool names(const http_reply& reply, std::string_view pointer) {
  const json::value body = json::parse(reply.body);
  const auto& errors = body.at("errors").as_array();
  return std::any_of(errors.begin(), errors.end(),
                     [&](const json::value& each) { return each.at("pointer").as_string() == pointer; });
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(body_forms, fixture)

BOOST_AUTO_TEST_CASE(every_route_that_may_have_a_body_is_looked_at) {
  for (const route& one : route_table()) {
    if (one.method == http::verb::get) continue;
    const std::string name = std::string(http::to_string(one.method)) + " " + std::string(one.pattern);
    BOOST_TEST(std::count_if(cases.begin(), cases.end(), [&](const auto& each) { return each.route == name; }) == 1,
               name);
  }
}

BOOST_AUTO_TEST_CASE(a_body_that_is_no_json_is_malformed_everywhere) {
  for (const body_case& each : cases) {
    if (each.what == takes::nothing || each.what == takes::form) continue;
    BOOST_TEST_CONTEXT(each.route) {
      for (const char* body : {"{", "reason=door", "{\"reason\": \"\xff\"}", "{} {}", " "}) {
        const auto refused = send(each, body);
        BOOST_TEST(refused.status == 400, body << " " << refused.body);
        BOOST_TEST(refused.body.find("/problems/malformed") != std::string::npos, refused.body);
      }
      for (const char* body : {"[]", "7", "null"})
        BOOST_TEST(send(each, body).status == (each.what == takes::readings ? 422 : 400), body);
      const bool may_be_empty = each.what == takes::object_or_nothing;
      BOOST_TEST((send(each, "").status == 400) != may_be_empty);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_member_that_is_not_known_is_named) {
  for (const body_case& each : cases) {
    if (each.sound.empty() || each.passes_over) continue;
    BOOST_TEST_CONTEXT(each.route) {
      json::object body = json::parse(each.sound).as_object();
      body["reson"] = "door";
      const auto refused = send(each, json::serialize(body));
      BOOST_TEST(refused.status == 422, refused.body);
      BOOST_TEST(names(refused, "#/reson"), refused.body);
    }
  }
  nothing_came_of_it();
}

BOOST_AUTO_TEST_CASE(a_member_that_is_there_twice_is_malformed_and_named) {
  const auto refused = [&](const body_case& to, const std::string& body, const std::string& name) {
    const auto reply = send(to, body);
    BOOST_TEST(reply.status == 400, to.route << " " << body << " " << reply.body);
    BOOST_TEST(reply.body.find("the member '" + name + "' twice") != std::string::npos, reply.body);
  };
  for (const body_case& each : cases) {
    if (each.sound.empty()) continue;
    const std::string name(json::parse(each.sound).as_object().begin()->key());
    refused(each, "{\"" + name + "\": 1, " + std::string(each.sound.substr(1)), name);
  }
  const auto of = [](std::string_view route) {
    return *std::find_if(cases.begin(), cases.end(), [&](const body_case& each) { return each.route == route; });
  };
  const body_case comment = of("POST /api/v1/alarms/{id}/comment"), contacts = of("PUT /api/v1/contacts");
  refused(comment, R"({"text": "a", "t\u0065xt": "b"})", "text");
  refused(contacts, R"({"teams": [{"id": "x", "members": [], "id": "y"}], "reason": "door"})", "id");
  refused(of("POST /api/v1/temperature"), R"([{"temperature": 1}, {"temperature": 1, "temperature": 2}])",
          "temperature");
  nothing_came_of_it();
  BOOST_TEST(send(comment, R"({"text": "{\"text\": \\\":\\\", [\"text\": 1"})").status < 300);
  const auto alike =
      send(contacts, R"({"teams": [{"id": "x", "members": []}, {"id": "y", "members": []}], "reason": ":"})");
  BOOST_TEST(alike.status < 300, alike.body);
}

BOOST_AUTO_TEST_CASE(what_is_sound_is_taken) {
  for (const body_case& each : cases) {
    if (each.sound.empty()) continue;
    json::object body = json::parse(each.sound).as_object();
    if (each.passes_over) body["reson"] = "door";
    const fixture fresh;
    const auto reply = fresh.send(each, json::serialize(body));
    BOOST_TEST((reply.status < 300 || reply.status == 409), each.route << " " << reply.body); // 409: of its turn
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::test
