// The contact book over the API, on real sockets: who may change it, what is wrong with one, what comes of it.
#include "net/contact_json.hpp"
#include "tests/net/fake_notification_port.hpp"
#include "tests/support/http_test_client.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <set>

namespace coldvigil::test {
namespace {

namespace json = boost::json;

struct fixture {
  fake_notification_port port;
  running_server server;
  std::string if_match{};

  fixture() { server.engine.port = &port; }
  http_reply ask(const std::string& method, const std::string& path, const std::string& body,
                 const std::string& token = "admin") const {
    return change(server.port, method, "/api/v1" + path, body, token, if_match);
  }
  /// `members` without their braces; the reason is put before them.
  http_reply put(const std::string& path, const std::string& members) const {
    return ask("PUT", path, R"({"reason": "Anna is ill")" + (members.empty() ? "" : ", " + members) + "}");
  }
  [[nodiscard]] const contact_book& book() const { return *port.stands.book; }
};

std::set<std::string> pointers(const http_reply& reply) {
  BOOST_TEST(reply.status == 422, reply.body);
  std::set<std::string> out;
  const json::value body = json::parse(reply.body);
  for (const auto& each : body.at("errors").as_array())
    out.insert(std::string(each.at("pointer").as_string()));
  return out;
}
using places = std::set<std::string>;

const std::string ben = R"({"id": "ben", "name": "Ben", "zone": "Europe/London", "severity": "critical",
  "ways": [{"channel": "sms", "address": "+44 123"}]})";

} // namespace

BOOST_FIXTURE_TEST_SUITE(contacts_api, fixture)

BOOST_AUTO_TEST_CASE(what_is_shown_can_be_sent_back_and_changes_nothing) {
  const auto shown = ask("GET", "/contacts", "");
  BOOST_REQUIRE(shown.status == 200);
  BOOST_TEST(shown.headers.at("etag") == "\"0\"");
  json::object document = json::parse(shown.body).as_object();
  BOOST_TEST(document.at("source").as_string() == "file");
  BOOST_TEST(document.at("schedules").at(0).at("zone").as_string() == "UTC");
  BOOST_TEST(document.at("persons").at(0).at("on_duty").is_bool());
  const auto before = contact_parts(book(), {{"A", customer_id{1}}});
  document["reason"] = "nothing";
  const auto done = ask("PUT", "/contacts", json::serialize(document));
  BOOST_REQUIRE_MESSAGE(done.status == 200, done.body);
  BOOST_TEST((contact_parts(book(), {{"A", customer_id{1}}}) == before));
  BOOST_TEST(port.asked_changes.at(0).who == "token:admin");
  BOOST_TEST(port.asked_changes.at(0).reason == "nothing");
  // The file's later changes still count: nobody has decided anything.
  BOOST_TEST(json::parse(done.body).at("changed").as_array().empty());
  BOOST_TEST(json::parse(ask("GET", "/contacts", "").body).at("source").as_string() == "file");
  BOOST_TEST(port.stands.revision == 0U);
  // One schedule as well.
  json::object office = document.at("schedules").at(0).as_object();
  office["reason"] = "nothing";
  BOOST_TEST(ask("PUT", "/schedules/office", json::serialize(office)).status == 200);
  BOOST_TEST((contact_parts(book(), {{"A", customer_id{1}}}) == before));
}

BOOST_AUTO_TEST_CASE(a_book_is_stored_as_it_is_read) {
  const customer_codes customers{{"A", customer_id{1}}, {"B", customer_id{2}}};
  const zone_finder zones = [&](const std::string& name) { return port.zone(name); };
  const std::string text = contact_document(book(), customers);
  const auto read = read_contact_document(text, customers, zones);
  BOOST_REQUIRE(read.ok());
  BOOST_TEST((contact_parts(*read, customers) == contact_parts(book(), customers)));
  BOOST_TEST(contact_document(*read, customers) == text);
  BOOST_TEST((read->routes[1].customer == customer_id{1}));
  for (const char* damaged : {"", "[]", R"({"persons": [{}]})", R"({"routes": [{"customer": "C", "policy": "x"}]})"}) {
    const auto refused = read_contact_document(damaged, customers, zones);
    BOOST_TEST((!refused.ok() && refused.error().code == error_code::corrupt), damaged);
  }
}

BOOST_AUTO_TEST_CASE(lists_that_are_given_are_replaced_and_others_stay) {
  const auto done = put("/contacts", R"("persons": [)" + ben + R"(, {"id": "anna", "ways": [{"channel": "mail"}]}],
    "teams": [{"id": "night", "members": [{"person": "ben", "schedule": "office"}]}], "system_policy": "usual")");
  BOOST_REQUIRE_MESSAGE(done.status == 200, done.body);
  BOOST_TEST(done.headers.at("etag") == "\"1\"");
  BOOST_TEST(json::parse(done.body).at("revision").to_number<int>() == 1);
  BOOST_TEST(book().persons.size() == 2U);
  BOOST_TEST(book().persons.at("anna").name == "anna");
  BOOST_TEST((book().persons.at("ben").least == severity::critical));
  BOOST_TEST(book().persons.at("ben").zone->name() == "Europe/London");
  BOOST_TEST(book().teams.at("night").at(0).schedule == "office");
  BOOST_TEST(book().policies.size() == 1U);
  BOOST_TEST(book().schedules.size() == 1U);
  BOOST_TEST(book().system_policy == "usual");
  BOOST_TEST(put("/contacts", R"("system_policy": null)").status == 200);
  BOOST_TEST(book().system_policy.empty());
}

BOOST_AUTO_TEST_CASE(tonights_duty_is_swapped_with_one_date) {
  const auto done = put("/schedules/office", R"("zone": "Europe/London",
    "week": {"monday": ["22:00-06:00"], "sunday": ["00:00-24:00"]}, "dates": {"2026-11-23": [], "2026-11-24": ["08:00-12:00"]})");
  BOOST_REQUIRE_MESSAGE(done.status == 200, done.body);
  const schedule& office = book().schedules.at("office");
  BOOST_TEST(office.zone->name() == "Europe/London");
  BOOST_TEST(office.week[0].size() == 1U);
  BOOST_TEST(office.dates.size() == 2U);
  BOOST_TEST(office.dates.begin()->second.empty());
  BOOST_TEST(put("/schedules/night", R"("zone": "UTC", "week": {"monday": ["20:00-08:00"]})").status ==
             200); // a new one
  BOOST_TEST(ask("DELETE", "/schedules/night?reason=unused", "").status == 200);
  BOOST_TEST(book().schedules.size() == 1U);
}

BOOST_AUTO_TEST_CASE(one_person_team_or_policy_is_changed_alone) {
  BOOST_TEST(put("/contacts/persons/ben", ben.substr(1, ben.size() - 2)).status == 200);
  BOOST_TEST(put("/contacts/teams/night", R"("members": [{"person": "ben"}])").status == 200);
  BOOST_TEST(book().teams.at("night").at(0).person == "ben");
  BOOST_TEST(put("/contacts/persons/anna", R"("ways": [{"channel": "mail", "address": "a@b"}])").status == 200);
  BOOST_TEST(put("/contacts/policies/loud", R"("repeat_seconds": 60, "quiet_seconds": 0, "max_rounds": 3,
    "steps": [{"to": [{"team": "night"}]}, {"after_seconds": 300, "to": [{"person": "anna", "channel": "mail"}]}])")
                 .status == 200);
  const escalation_policy& loud = book().policies.at("loud");
  BOOST_TEST((loud.repeat == millis{60'000}));
  BOOST_TEST((loud.steps.at(1).after == millis{300'000}));
  BOOST_TEST(ask("DELETE", "/contacts/policies/loud", R"({"reason": "tried"})").status == 200);
  BOOST_TEST(ask("DELETE", "/contacts/policies/loud", R"({"reason": "tried"})").status == 404);
  const auto used = ask("DELETE", "/contacts/persons/ben", R"({"reason": "left"})");
  BOOST_TEST(used.status == 409);
  BOOST_TEST(used.body.find("team night: there is no person 'ben'") != std::string::npos, used.body);
  BOOST_TEST(ask("DELETE", "/contacts/animals/ben", R"({"reason": "left"})").status == 404);
  BOOST_TEST(put("/contacts/animals/ben", "").status == 404);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named_by_its_member) {
  const auto of = [&](const std::string& members) { return pointers(put("/contacts", members)); };
  BOOST_TEST((of(R"("persons": 7)") == places{"#/persons"}));
  BOOST_TEST((of(R"("persons": null)") == places{"#/persons"}));
  BOOST_TEST((of(R"("persons": [7])") == places{"#/persons/0"}));
  BOOST_TEST((of(R"("people": [])") == places{"#/people"}));
  BOOST_TEST((of(R"("persons": [{"ways": [{"address": 7}]}])") ==
              places{"#/persons/0/id", "#/persons/0/ways/0/channel", "#/persons/0/ways/0/address"}));
  BOOST_TEST((of(R"("persons": [{"id": "x", "zone": "Mars/Base", "severity": "dire", "phone": "1"}])") ==
              places{"#/persons/0/ways", "#/persons/0/zone", "#/persons/0/severity", "#/persons/0/phone"}));
  BOOST_TEST((of(R"("persons": [)" + ben + ", " + ben + "]") == places{"#/persons/1/id"}));
  BOOST_TEST((of(R"("policies": [{"id": "x", "repeat_seconds": -1, "max_rounds": 1.5, "steps": {}}])") ==
              places{"#/policies/0/repeat_seconds", "#/policies/0/max_rounds", "#/policies/0/steps"}));
  BOOST_TEST(
      (of(R"("schedules": [{"id": "x", "zone": "UTC", "week": {"someday": []}, "dates": {"2026-02-30": []}}])") ==
       places{"#/schedules/0/week/someday", "#/schedules/0/dates/2026-02-30"}));
  BOOST_TEST((of(R"("schedules": [{"id": "x", "zone": "UTC", "week": {"monday": ["08:00-12:00", "8-12"]}}])") ==
              places{"#/schedules/0/week/monday/1"}));
  BOOST_TEST((of(R"("routes": [{"customer": "Z", "policy": "usual"}])") == places{"#/routes/0/customer"}));
  // What the parts say of one another is found once they are put together.
  BOOST_TEST((of(R"("persons": [)" + ben + "]") == places{"#"})); // the team has anna
  BOOST_TEST((of(R"("teams": [{"id": "x", "members": []}, {"id": "y", "members": [{"person": "zoe"}]}])") ==
              places{"#/teams/1/members/0/person"}));
  BOOST_TEST((of(R"("routes": [{"policy": "none"}])") == places{"#/routes"}));
  BOOST_TEST((of(R"("system_policy": "none")") == places{"#/system_policy"}));
  BOOST_TEST((of(R"("teams": [{"id": "no id", "members": []}])") == places{"#/teams"}));
  BOOST_TEST(
      (pointers(put("/contacts/persons/anna", R"("id": "ben", "ways": [{"channel": "mail"}])")) == places{"#/id"}));
  BOOST_TEST((pointers(put("/contacts/persons/anna", R"("ways": [{"channel": "mail"}, {"channel": "pigeon"}])")) ==
              places{"#/ways/1/channel"}));
  BOOST_TEST((pointers(put("/contacts/persons/anna", R"("name": "\u202eAnna", "ways": [{"channel": "mail"}])")) ==
              places{"#/name"}));
  BOOST_TEST(
      (pointers(put("/contacts/policies/usual", R"("steps": [{"to": [{"person": "anna"}, {"person": "zoe"}]}])")) ==
       places{"#/steps/0/to/1"}));
  BOOST_TEST((pointers(put("/contacts/persons/no%20id", R"("ways": [{"channel": "mail"}])")) == places{"#"}));
  BOOST_TEST((pointers(put("/contacts/persons/anna", R"("id": "", "ways": [{"channel": "mail"}])")) == places{"#/id"}));
  BOOST_TEST((of(R"("persons": [{"id": "", "ways": [{"channel": "mail"}]}])") == places{"#/persons/0/id"}));
  for (const char* path : {"/contacts", "/schedules/office", "/contacts/persons/anna"}) {
    BOOST_TEST(ask("PUT", path, "[]").status == 400);
    BOOST_TEST(pointers(ask("PUT", path, "{}")).contains("#/reason"));
    BOOST_TEST(pointers(ask("PUT", path, R"({"reason": " "})")).contains("#/reason"));
    BOOST_TEST((pointers(ask("DELETE", path, "")) == places{"#/reason"}));
  }
  BOOST_TEST(port.stands.revision == 0U);
}

BOOST_AUTO_TEST_CASE(nobody_overwrites_what_changed_meanwhile) {
  if_match = "\"0\"";
  BOOST_TEST(put("/contacts/persons/ben", ben.substr(1, ben.size() - 2)).status == 200);
  for (const char* old : {"\"0\"", "\"7\"", "1", "W/\"1\""}) {
    if_match = old;
    const auto refused = put("/contacts", R"("teams": [])");
    BOOST_TEST(refused.status == 412, old);
    BOOST_TEST(refused.headers.at("etag") == "\"1\"");
    BOOST_TEST(ask("DELETE", "/schedules/office?reason=x", "").status == 412);
  }
  if_match = "\"7\",, \"a,b\" , W/\"9\",\"1\""; // any of a list
  BOOST_TEST(put("/contacts", R"("teams": [])").status == 200);
  BOOST_TEST(ask("GET", "/schedules", "").headers.at("etag") == "\"2\"");
}

BOOST_AUTO_TEST_CASE(any_state_will_do_where_there_is_one) {
  if_match = "*";
  BOOST_TEST(put("/contacts/persons/zoe", ben.substr(1, ben.size() - 2)).status == 422); // the body says "ben"
  const auto refused = put("/contacts/persons/zoe", R"("ways": [{"channel": "mail"}])");
  BOOST_TEST(refused.status == 412);
  BOOST_TEST(refused.body.find("there is no zoe in persons") != std::string::npos, refused.body);
  BOOST_TEST(put("/contacts/persons/anna", R"("name": "Anne", "ways": [{"channel": "mail"}])").status == 200);
  BOOST_TEST(put("/contacts", R"("teams": [])").status == 200);
}

// A member that is forgotten must not empty what stands: what an element is about has to be said.
BOOST_AUTO_TEST_CASE(what_is_left_out_or_null_empties_nothing) {
  const auto before = contact_parts(book(), {{"A", customer_id{1}}});
  const auto of = [&](const std::string& path, const std::string& members) { return pointers(put(path, members)); };
  BOOST_TEST((of("/schedules/office", "") == places{"#/zone", "#/week"}));
  BOOST_TEST((of("/schedules/office", R"("zone": null, "week": null, "dates": null)") ==
              places{"#/zone", "#/week", "#/dates"}));
  BOOST_TEST(
      (of("/schedules/office", R"("zone": "", "week": [], "dates": 7)") == places{"#/zone", "#/week", "#/dates"}));
  BOOST_TEST((of("/schedules/office", R"("zone": 7, "week": {"monday": null, "friday": "08:00-09:00"}, "x": 1)") ==
              places{"#/zone", "#/week/monday", "#/week/friday", "#/x"}));
  BOOST_TEST((of("/schedules/office", R"("zone": "UTC", "week": {}, "dates": {"2026-12-25": null})") ==
              places{"#/dates/2026-12-25"}));
  BOOST_TEST((of("/contacts/teams/night", "") == places{"#/members"}));
  BOOST_TEST((of("/contacts/teams/night", R"("members": null)") == places{"#/members"}));
  BOOST_TEST((of("/contacts/teams/night", R"("members": [null, {"person": null, "role": "x"}])") ==
              places{"#/members/0", "#/members/1/person", "#/members/1/role"}));
  BOOST_TEST((of("/contacts/persons/anna", "") == places{"#/ways"}));
  BOOST_TEST(
      (of("/contacts/persons/anna", R"("id": null, "name": null, "zone": null, "severity": null, "ways": null)") ==
       places{"#/id", "#/name", "#/zone", "#/severity", "#/ways"}));
  BOOST_TEST((of("/contacts/persons/anna", R"("ways": [{"channel": null, "address": null, "phone": 1}])") ==
              places{"#/ways/0/channel", "#/ways/0/address", "#/ways/0/phone"}));
  BOOST_TEST((of("/contacts/policies/usual", "") == places{"#/steps"}));
  BOOST_TEST((of("/contacts/policies/usual", R"("repeat_seconds": null, "max_rounds": null, "quiet_seconds": null,
    "steps": [{"after_seconds": null}, {"to": null}, {"to": [{"persons": "anna"}]}])") ==
              places{"#/repeat_seconds", "#/max_rounds", "#/quiet_seconds", "#/steps/0/after_seconds", "#/steps/0/to",
                     "#/steps/1/to", "#/steps/2/to/0/persons"}));
  BOOST_TEST((of("/contacts", R"("teams": null, "policies": null, "routes": null, "schedules": null)") ==
              places{"#/teams", "#/policies", "#/routes", "#/schedules"}));
  BOOST_TEST((of("/contacts", R"("routes": [{"customer": null, "severity": null, "policy": null, "facility": "x"}])") ==
              places{"#/routes/0/severity", "#/routes/0/policy", "#/routes/0/facility"}));
  BOOST_TEST((contact_parts(book(), {{"A", customer_id{1}}}) == before));
  // Said, it is so: nobody of the team, nobody on duty.
  BOOST_TEST(put("/contacts/teams/night", R"("members": [])").status == 200);
  BOOST_TEST(put("/schedules/office", R"("zone": "UTC", "week": {})").status == 200);
}

BOOST_AUTO_TEST_CASE(what_is_said_twice_is_named) {
  const auto refused = [&](const std::string& path, const std::string& members, const std::string& place) {
    const auto reply = put(path, members);
    BOOST_TEST((pointers(reply) == places{place}), reply.body);
    return std::string(json::parse(reply.body).at("errors").at(0).at("detail").as_string());
  };
  BOOST_TEST(refused("/contacts/teams/night", R"("members": [{"person": "anna"}, {"person": "anna"}])", "#")
                 .starts_with("team night: 'anna' is there twice: "));
  BOOST_TEST(refused("/schedules/office", R"("zone": "UTC", "week": {"monday": ["08:00-12:00", "11:00-13:00"]})", "#")
                 .starts_with("schedule office: 08:00-12:00 and 11:00-13:00 of monday overlap: "));
  BOOST_TEST(refused("/contacts", R"("routes": [{"policy": "usual"}, {"policy": "usual"}])", "#/routes")
                 .starts_with("routes: routes 1 ('usual') and 2 ('usual') are of the same customer"));
  BOOST_TEST(put("/schedules/office", R"("zone": "UTC", "week": {"monday": ["08:00-08:00"]})").status == 200);
}

BOOST_AUTO_TEST_CASE(a_route_may_be_of_one_facility) {
  BOOST_REQUIRE(put("/contacts/policies/site", R"("steps": [{"to": [{"person": "anna"}]}])").status == 200);
  const auto routes = [&](const std::string& second) {
    return put("/contacts", R"("routes": [{"policy": "usual"}, {"policy": "site", )" + second + "}]");
  };
  const auto wrong = [&](const std::string& second) { return pointers(routes(second)); };
  const places facility{"#/routes/1/facility"};
  BOOST_TEST((wrong(R"("customer": "A", "facility": "fb_1")") == facility)); // another customer's
  BOOST_TEST((wrong(R"("facility": "fa_1")") == facility));
  BOOST_TEST((wrong(R"("customer": "A", "facility": 7)") == facility));
  const auto done = routes(R"("customer": "A", "facility": "fa_1")");
  BOOST_REQUIRE_MESSAGE(done.status == 200, done.body);
  BOOST_TEST(book().routes.at(1).facility.value() == "fa_1");
  json::object shown = json::parse(ask("GET", "/contacts", "").body).as_object();
  BOOST_TEST(shown.at("routes").at(0).at("facility").is_null());
  BOOST_TEST(shown.at("routes").at(1).at("facility").as_string() == "fa_1");

  const auto policy = [&](const std::string& query, const std::string& token) {
    const auto body = json::parse(ask("GET", "/on-call?severity=warning&" + query, "", token).body);
    return std::string(body.at("policy").as_string()) + " " + json::serialize(body.at("facility"));
  };
  BOOST_TEST(policy("customer=A&facility=fa_1", "admin") == "site \"fa_1\"");
  BOOST_TEST(policy("facility=" + to_string(fake_engine::public_id(2, 1)), "a-read") == "site \"fa_1\"");
  BOOST_TEST(policy("customer=A", "admin") == "usual null");
  BOOST_TEST(policy("facility=fb_1", "b-read") == "usual \"fb_1\"");
  BOOST_TEST(ask("GET", "/on-call?facility=fa_1", "", "b-read").status == 404);
  BOOST_TEST((pointers(ask("GET", "/on-call?facility=fa_1", "")) == places{"?facility"}));

  // The file may name one that is registered later: what is shown can be sent back all the same.
  contact_book later = book();
  later.routes[1].facility = "soon";
  port.stands.book = std::make_shared<const contact_book>(later);
  BOOST_TEST(routes(R"("customer": "A", "facility": "soon", "severity": "critical")").status == 200);
  BOOST_TEST((wrong(R"("customer": "A", "facility": "son")") == facility));
}

BOOST_AUTO_TEST_CASE(a_way_has_the_address_that_its_channel_needs) {
  for (const char* way : {R"({"channel": "sms"})", R"({"channel": "sms", "address": "  "})"}) {
    const auto refused = put("/contacts/persons/ben", R"("ways": [)" + std::string(way) + "]");
    BOOST_TEST((pointers(refused) == places{"#/ways/0/address"}));
    BOOST_TEST(refused.body.find("person ben: a way without the address") != std::string::npos, refused.body);
  }
  BOOST_TEST(put("/contacts/persons/ben", R"("ways": [{"channel": "mail"}])").status == 200);
}

BOOST_AUTO_TEST_CASE(an_address_where_nothing_can_arrive_is_refused) {
  port.channels = {{"mail", true, address_form::mail}, {"hook", false, address_form::url}, {"sms", true}};
  const auto with = [](const char* channel, const char* address) {
    return R"("ways": [{"channel": ")" + std::string(channel) + R"(", "address": ")" + address + R"("}])";
  };
  for (const auto& [channel, address] : {std::pair("mail", "bert"), std::pair("hook", "file:///etc/passwd")}) {
    const auto refused = put("/contacts/persons/bert", with(channel, address));
    BOOST_TEST((pointers(refused) == places{"#/ways/0/address"}));
    const std::string said = "person bert: the address on the channel '" + std::string(channel) + "' is no ";
    BOOST_TEST(refused.body.find(said) != std::string::npos, refused.body);
  }
  BOOST_TEST((pointers(put("/contacts", R"("persons": [{"id": "anna", )" + with("mail", "anna") + "}]")) ==
              places{"#/persons/0/ways/0/address"}));
  BOOST_TEST(put("/contacts/persons/bert", with("mail", "bert@example.org")).status == 200);
  BOOST_TEST(put("/contacts/persons/bert", with("sms", "bert")).status == 200);
}

BOOST_AUTO_TEST_CASE(it_is_said_who_is_called_now_and_when_others_are) {
  BOOST_REQUIRE(put("/contacts/persons/ben", ben.substr(1, ben.size() - 2)).status == 200);
  BOOST_REQUIRE(put("/contacts/policies/usual", R"("steps": [{"to": [{"team": "night"}, {"person": "ben"}]},
    {"after_seconds": 600, "to": [{"person": "anna", "channel": "mail"}]}])")
                    .status == 200);
  server.time.advance(std::chrono::hours{70}); // Monday, 06:00
  const auto reply = ask("GET", "/on-call?customer=A", "");
  BOOST_REQUIRE_MESSAGE(reply.status == 200, reply.body);
  const json::value body = json::parse(reply.body);
  BOOST_TEST(body.at("policy").as_string() == "usual");
  BOOST_TEST(body.at("customer").as_string() == "A");
  const json::value& first = body.at("steps").at(0).at("persons");
  BOOST_TEST(first.as_array().size() == 2U);
  BOOST_TEST(first.at(0).at("person").as_string() == "anna");
  BOOST_TEST(!first.at(0).at("on_duty").as_bool());
  BOOST_TEST(first.at(0).at("duty_changes_at").as_string() == "2027-01-18T08:00:00Z");
  BOOST_TEST(first.at(1).at("name").as_string() == "Ben");
  BOOST_TEST(first.at(1).at("on_duty").as_bool());
  BOOST_TEST(first.at(1).at("duty_changes_at").is_null());
  BOOST_TEST(first.at(1).at("channels").at(0).as_string() == "sms");
  BOOST_TEST(reply.body.find("+44") == std::string::npos, "addresses are nobody's here");
  BOOST_TEST(body.at("steps").at(1).at("after_seconds").to_number<int>() == 600);
  server.time.advance(std::chrono::hours{3});
  const json::value book_then = json::parse(ask("GET", "/contacts", "").body);
  const json::value& member = book_then.at("teams").at(0).at("members").at(0);
  BOOST_TEST(member.at("on_duty").as_bool());
  BOOST_TEST(member.at("duty_changes_at").as_string() == "2027-01-18T17:00:00Z");
  BOOST_TEST(book_then.at("schedules").at(0).at("duty_changes_at").as_string() == "2027-01-18T17:00:00Z");
  // Ben is called for critical alarms only; a customer asks for its own; nobody for another's.
  const auto warning = json::parse(ask("GET", "/on-call?severity=warning", "", "a-read").body);
  BOOST_TEST(warning.at("customer").as_string() == "A");
  BOOST_TEST(warning.at("steps").at(0).at("persons").as_array().size() == 1U);
  BOOST_TEST(ask("GET", "/on-call?customer=B", "", "a-read").status == 404);
  BOOST_TEST((pointers(ask("GET", "/on-call?severity=dire", "")) == places{"?severity"}));
  BOOST_TEST(ask("GET", "/on-call", "", "").status == 401);
  const auto itself = json::parse(ask("GET", "/on-call", "").body);
  BOOST_TEST(itself.at("customer").is_null());
  server.engine.port = nullptr;
  BOOST_TEST(json::parse(ask("GET", "/on-call?customer=A", "").body).at("policy").is_null());
}

BOOST_AUTO_TEST_CASE(the_book_is_of_those_who_may_change_all) {
  const std::string body = R"({"reason": "mine"})";
  for (const char* path : {"/contacts", "/contacts/persons/anna", "/schedules/office"})
    for (const char* method : {"PUT", "DELETE"}) {
      BOOST_TEST(ask(method, path, body, "a-admin").status == 403);
      BOOST_TEST(ask(method, path, body, "a-write").status == 403);
      BOOST_TEST(ask(method, path, body, "").status == 401);
    }
  BOOST_TEST(port.asked_changes.empty());
  server.engine.port = nullptr;
  BOOST_TEST(put("/contacts", "").status == 409);
  BOOST_TEST(ask("DELETE", "/contacts", body).status == 409);
}

BOOST_AUTO_TEST_CASE(the_book_of_the_file_comes_back) {
  BOOST_TEST(put("/contacts", R"("teams": [])").status == 200);
  BOOST_TEST(ask("DELETE", "/contacts", R"({"reason": "the file is right again"})").status == 200);
  BOOST_TEST(port.asked_changes.back().reason == "the file is right again");
  BOOST_TEST(json::parse(ask("GET", "/contacts", "").body).at("source").as_string() == "file");
}

BOOST_AUTO_TEST_CASE(a_store_that_is_away_is_said) {
  port.fails = failure{error_code::unavailable, "no disk"};
  const auto refused = put("/contacts", R"("teams": [])");
  BOOST_TEST(refused.status == 503);
  BOOST_TEST(refused.body.find("disk") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_book_may_be_as_large_as_it_may_be) {
  const auto persons = [](std::size_t count) {
    std::string out = R"("persons": [{"id": "anna", "ways": [{"channel": "mail"}]})";
    for (std::size_t i = 1; i < count; ++i)
      out += R"(, {"id": "person)" + std::to_string(i) + R"(", "ways": [{"channel": "sms", "address": "+44 123"}]})";
    return out + "]";
  };
  const auto send = [&](const std::string& members) { // a megabyte may take its time on a busy machine
    const http_call call{"PUT", "/api/v1/contacts", "admin", R"({"reason": "all", )" + members + "}", {}};
    return test::call(server.port, call, 60'000);
  };
  const auto most = send(persons(contact_limits::persons));
  BOOST_REQUIRE_MESSAGE(most.status == 200, most.body);
  BOOST_TEST(book().persons.size() == contact_limits::persons);
  BOOST_TEST((pointers(send(persons(contact_limits::persons + 1))) == places{"#/persons"}));
  std::string dates;
  for (int year = 2026; dates.size() < 70'000; ++year)
    for (int month = 10; month <= 12; ++month)
      dates += (dates.empty() ? "\"" : ", \"") + std::to_string(year) + "-" + std::to_string(month) +
               R"(-01": ["00:00-01:00", "02:00-03:00", "04:00-05:00", "06:00-07:00", "08:00-09:00", "10:00-11:00"])";
  const auto long_year = put("/schedules/office", R"("zone": "UTC", "week": {}, "dates": {)" + dates + "}");
  BOOST_TEST(long_year.status == 200, long_year.body);
}

BOOST_AUTO_TEST_CASE(a_book_is_no_larger_than_a_body_may_be) {
  server_options small;
  small.http.max_body_bytes = 1'000;
  running_server narrow(small);
  narrow.engine.port = &port;
  http_call call{"PUT", "/api/v1/contacts", "admin", R"({"reason": ")" + std::string(1'000, 'x') + "\"}", {}};
  BOOST_TEST(test::call(narrow.port, call).status == 413);
  call.body = R"({"reason": "x", "teams": []})";
  BOOST_TEST(test::call(narrow.port, call).status == 200);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::test
