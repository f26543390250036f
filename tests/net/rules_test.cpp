// Rules over the API, on real sockets: whose they are, what is wrong with one, what is changed.
#include "tests/net/fake_engine.hpp"
#include "tests/support/http_test_client.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <map>
#include <set>

namespace coldvigil::test {
namespace {

namespace json = boost::json;

struct fixture {
  running_server server;

  http_reply ask(const std::string& method, const std::string& path, const std::string& body,
                 const std::string& token = "a-admin") const {
    return change(server.port, method, "/api/v1/rules" + path, body, token, if_match);
  }
  /// The body's first member is to come; the reason is put before it.
  http_reply put(const std::string& path, const std::string& body, const std::string& token = "a-admin") const {
    const bool empty = body == "{}";
    return ask("PUT", path, R"({"reason": "tried")" + std::string(empty ? "" : ", ") + body.substr(1), token);
  }
  std::string if_match{};
};

json::value body_of(const http_reply& reply) {
  json::error_code error;
  json::value out = json::parse(reply.body, error);
  BOOST_TEST(!error, "no JSON: " << reply.body);
  return out;
}

/// The pointers of the errors that an answer names.
std::set<std::string> pointers(const http_reply& reply) {
  BOOST_TEST(reply.status == 422, reply.body);
  std::set<std::string> out;
  const json::value body = body_of(reply);
  for (const auto& each : body.at("errors").as_array())
    out.insert(std::string(each.at("pointer").as_string()));
  return out;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(rules_api, fixture)

// A delay that a lost reading begins anew never ends on a bad link: whoever says nothing gets a rule that judges there.
BOOST_AUTO_TEST_CASE(what_a_silence_does_is_as_for_the_rules_that_nobody_gave_and_is_shown) {
  const auto done = ask("PUT", "/unit/ua_1", R"({"reason": "vaccines", "rules": [
    {"kind": "high_limit", "limit": -15, "on_delay_seconds": 90},
    {"kind": "low_limit", "limit": -25, "gaps": "restart"},
    {"kind": "model_persistence"},
    {"kind": "cumulative", "limit": -15, "window_seconds": 3600, "cumulative_seconds": 600},
    {"kind": "rate_of_change", "limit": 5, "window_seconds": 3600},
    {"kind": "no_data", "level": "warning"}]})",
                        "a-admin");
  BOOST_REQUIRE_MESSAGE(done.status == 200, done.body);
  const auto shown = body_of(ask("GET", "/unit/ua_1", "", "a-read")).at("rules").as_array();
  const std::vector<std::string> expected{"bridge", "restart", "bridge", "pause", "restart", "-"};
  BOOST_REQUIRE(shown.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const json::value* gaps = shown[i].as_object().if_contains("gaps");
    BOOST_TEST((gaps ? std::string(gaps->as_string()) : "-") == expected[i], shown[i]);
  }
}

BOOST_AUTO_TEST_CASE(a_place_gets_its_rules_and_shows_them) {
  const auto done = ask("PUT", "/unit/ua_1", R"({"reason": "vaccines", "rules": [
    {"kind": "high_limit", "level": "warning", "limit": -0.4, "unit": "F", "on_delay_seconds": 90, "name": "Too warm"},
    {"kind": "low_limit", "off": true}]})",
                        "a-admin");
  BOOST_REQUIRE_MESSAGE(done.status == 200, done.body);
  const place_rules& wanted = server.engine.wanted_rules.at(0);
  BOOST_TEST(wanted.who == "token:a-admin");
  BOOST_TEST(wanted.reason == "vaccines");
  BOOST_TEST((wanted.place.unit == unit_id{1}));
  BOOST_TEST(wanted.rules.at(0).what.limit == -18'000);
  BOOST_TEST((wanted.rules.at(0).what.on_delay == millis{90'000}));
  BOOST_TEST(wanted.rules.at(1).off);
  BOOST_TEST(body_of(done).at("changed").as_array().size() == 2U);
  const auto shown = body_of(ask("GET", "/unit/ua_1", "", "a-read")).at("rules");
  BOOST_TEST(shown.as_array().size() == 2U);
  BOOST_TEST(shown.at(0).at("scope").as_string() == "unit");
  BOOST_TEST(shown.at(0).at("place").as_string() == "ua_1");
  BOOST_TEST(shown.at(0).at("limit").to_number<double>() == -0.4);
  BOOST_TEST(shown.at(1).at("off").as_bool());
  for (const char* of_a_rule : {"limit", "unit", "on_delay_seconds"})
    BOOST_TEST(!shown.at(1).as_object().contains(of_a_rule), of_a_rule << " of a rule that is off");
  const std::string again = R"({"rules": )" + json::serialize(shown) + "}";
  BOOST_TEST(put("/unit/ua_1", again).status == 200); // what is shown can be sent back
}

BOOST_AUTO_TEST_CASE(a_unit_shows_what_it_is_judged_by_and_where_that_comes_from) {
  BOOST_TEST(put("/facility/fa_1", R"({"rules": [{"kind": "high_limit", "limit": -15}]})").status == 200);
  const auto shown = body_of(ask("GET", "?unit_id=ua_1&at=2027-01-15T09:00:00Z", "", "a-read"));
  std::map<std::string, std::string> from;
  for (const auto& each : shown.at("rules").as_array())
    from[std::string(each.at("kind").as_string())] = std::string(each.at("scope").as_string());
  BOOST_TEST(from["high_limit"] == "facility");
  BOOST_TEST(from["low_limit"] == "program");
  const auto record = body_of(ask("GET", "/facility/fa_1", "", "a-read")).at("rules").at(0);
  for (const auto& each : shown.at("rules").as_array()) {
    const bool own = each.at("scope").as_string() == "program";
    BOOST_TEST(each.as_object().contains("from") != own); // since when a stored rule counts
    if (!own) BOOST_TEST((each.at("from") == record.at("from") && each.at("changed_at") == record.at("changed_at")));
  }
  const auto before = body_of(ask("GET", "?unit_id=ua_1&at=2001-01-01T00:00:00Z", "", "a-read"));
  BOOST_TEST(before.at("next_change").is_string());
  BOOST_TEST(before.at("rules").at(0).at("scope").as_string() == "program");
}

BOOST_AUTO_TEST_CASE(a_rule_that_is_about_to_be_replaced_or_taken_away_says_since_when_it_counts) {
  const timestamp now = server.time.now();
  const timestamp later = now + std::chrono::minutes{5};
  const auto history = std::make_shared<rule_history>();
  const auto add = [&](std::uint32_t id, rule_kind kind, milli_celsius limit, timestamp from) {
    rule_record out;
    out.revision = history->revision() + 1;
    out.rule.customer = customer_id{1};
    out.rule.what.id = rule_id{id};
    out.rule.what.kind = kind;
    out.rule.what.limit = limit;
    out.removed = limit == 0;
    out.from = from;
    out.changed_at = from - std::chrono::minutes{5};
    history->add(out);
  };
  add(100, rule_kind::high_limit, -15'000, now - std::chrono::days{2});
  add(101, rule_kind::low_limit, -30'000, now - std::chrono::days{1});
  add(100, rule_kind::high_limit, -16'000, later);
  add(101, rule_kind::low_limit, 0, later); // taken away
  server.engine.rules_now.publish(history);
  const auto shown = [&](timestamp at) {
    std::map<std::string, std::string> out;
    const auto body = body_of(ask("GET", "?unit_id=ua_1&at=" + format_utc(at), "", "a-read"));
    for (const auto& each : body.at("rules").as_array())
      if (each.as_object().contains("from"))
        out[std::string(each.at("kind").as_string())] = std::to_string(each.at("limit").to_number<int>()) + " since " +
                                                        std::string(each.at("from").as_string()) + ", changed " +
                                                        std::string(each.at("changed_at").as_string());
    out["next"] = json::serialize(body.at("next_change"));
    return out;
  };
  const auto text = [](const std::string& limit, timestamp from) {
    return limit + " since " + format_utc(from) + ", changed " + format_utc(from - std::chrono::minutes{5});
  };
  auto found = shown(now);
  BOOST_TEST(found["high_limit"] == text("-15", now - std::chrono::days{2}));
  BOOST_TEST(found["low_limit"] == text("-30", now - std::chrono::days{1}));
  BOOST_TEST(found["next"] == "\"" + format_utc(later) + "\"");
  found = shown(later);
  BOOST_TEST(found["high_limit"] == text("-16", later));
  BOOST_TEST(!found.contains("low_limit")); // the program's own counts again
  BOOST_TEST(found["next"] == "null");
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named_by_its_member) {
  const auto of = [&](const std::string& rule) { return pointers(put("/unit/ua_1", R"({"rules": [)" + rule + "]}")); };
  const auto only = [](const char* name) { return std::set<std::string>{std::string("#/rules/0/") + name}; };
  BOOST_TEST((of(R"({"kind": "high_limit"})") == only("limit")));
  BOOST_TEST((of(R"({"kind": "hot", "limit": 1})") == only("kind")));
  BOOST_TEST((of(R"({"kind": "high_limit", "limit": 1, "limmit": 2})") == only("limmit")));
  BOOST_TEST((of(R"({"kind": "high_limit", "limit": 1, "on_delay_seconds": -1})") == only("on_delay_seconds")));
  BOOST_TEST((of(R"({"kind": "high_limit", "limit": 1, "deadband": 101})") == only("deadband")));
  BOOST_TEST((of(R"({"kind": "high_limit", "limit": 1, "consecutive": 0})") == only("consecutive")));
  BOOST_TEST((of(R"({"kind": "mkt_limit", "limit": 8, "window_seconds": 60})") == only("window_seconds")));
  BOOST_TEST((of("7") == std::set<std::string>{"#/rules/0"}));
  BOOST_TEST((pointers(put("/unit/ua_1", "{}")) == std::set<std::string>{"#/rules"}));
  BOOST_TEST((pointers(put("/unit/ua_1", R"({"profile": "none"})")) == std::set<std::string>{"#/profile"}));
  BOOST_TEST(ask("PUT", "/unit/ua_1", "[]", "a-admin").status == 400);
  BOOST_TEST(server.engine.wanted_rules.empty());
}

/// Read as °C, a limit of 46 °F would never raise anything.
BOOST_AUTO_TEST_CASE(a_limit_without_a_unit_is_asked_for_it_where_a_unit_is_not_shown_in_celsius) {
  const std::string bare = R"({"rules": [{"kind": "no_data"}, {"kind": "high_limit", "limit": 46, "unit": null},
    {"kind": "rate_of_change", "limit": 3, "window_seconds": 600}, {"kind": "low_limit", "off": true}]})";
  const std::set<std::string> units{"#/rules/1/unit", "#/rules/2/unit"};
  for (const char* place : {"/unit/ub_1", "/facility/fb_1", "/customer/B", "/kind/freezer?customer=B"}) {
    const auto refused = put(place, bare, "admin");
    BOOST_TEST((pointers(refused) == units), place);
    BOOST_TEST(refused.body.find(R"(as unit ub_1 is shown in F: \"F\", or \"C\" for a limit in °C)") !=
                   std::string::npos,
               refused.body);
  }
  const std::string preview = R"({"unit_id": "ub_1", "scope": "facility", )" + bare.substr(1);
  BOOST_TEST((pointers(post(server.port, "/api/v1/rules/preview", preview, "b-read")) == units));
  BOOST_TEST(server.engine.wanted_rules.empty());
  BOOST_TEST(put("/kind/vaccine_fridge?customer=B", bare, "admin").status == 200); // no such unit is there
  BOOST_TEST(put("/customer/A", bare).status == 200);                              // all are shown in °C
  BOOST_TEST(server.engine.wanted_rules.back().rules.at(1).what.limit == 46'000);
  BOOST_TEST(put("/unit/ub_1", R"({"rules": [{"kind": "high_limit", "limit": 46.4, "unit": "F"}]})", "admin").status ==
             200);
  BOOST_TEST(server.engine.wanted_rules.back().rules.at(0).what.limit == 8'000);
}

BOOST_AUTO_TEST_CASE(the_same_rule_twice_in_one_place_is_named) {
  const auto of = [&](const std::string& rules) { return put("/unit/ua_1", R"({"rules": [)" + rules + "]}"); };
  const std::string warm = R"("kind": "high_limit", "limit": -15)", cold = R"("kind": "low_limit", "limit": -30)";
  const auto refused = of("{" + warm + "}, {" + cold + "}, {" + warm + "}");
  BOOST_TEST((pointers(refused) == std::set<std::string>{"#/rules/2"}));
  BOOST_TEST(refused.body.find("is the same rule as #/rules/0") != std::string::npos, refused.body);
  BOOST_TEST((pointers(of("{" + warm + R"(, "off": true}, {)" + warm + R"(, "off": true, "consecutive": 2})")) ==
              std::set<std::string>{"#/rules/1"})); // off, it says no more than its kind
  BOOST_TEST(server.engine.wanted_rules.empty());
  BOOST_TEST(
      of("{" + warm + "}, {" + warm + R"(, "level": "warning"}, {)" + warm + R"(, "on_delay_seconds": 60})").status ==
      200);
  BOOST_TEST((pointers(post(server.port, "/api/v1/rules/preview",
                            R"({"unit_id": "ua_1", "rules": [{)" + warm + "}, {" + warm + "}]}", "a-read")) ==
              std::set<std::string>{"#/rules/1"}));
}

BOOST_AUTO_TEST_CASE(what_a_rule_of_its_kind_makes_no_use_of_is_named_with_what_to_do) {
  const auto of = [&](const std::string& rules) { return put("/unit/ua_1", R"({"rules": [)" + rules + "]}"); };
  const std::vector<std::pair<std::string, std::string>> useless{
      {R"({"kind": "no_data", "off_delay_seconds": 600})", "off_delay_seconds"},
      {R"({"kind": "cumulative", "limit": 8, "window_seconds": 600, "cumulative_seconds": 60, "deadband": 1})",
       "deadband"},
      {R"({"kind": "predicted_breach", "limit": 8, "window_seconds": 600, "lead_seconds": 60, "score_limit": -3})",
       "score_limit"},
      {R"({"kind": "low_limit", "limit": -30, "side": "above"})", "side"},
      {R"({"kind": "high_limit", "limit": 8, "side": "either"})", "side"},
      {R"({"kind": "sensor_fault", "silent_after_seconds": 60})", "silent_after_seconds"}};
  for (const auto& [rule, member] : useless) {
    const auto refused = of(rule);
    BOOST_TEST((pointers(refused) == std::set<std::string>{"#/rules/0/" + member}), rule);
    BOOST_TEST(refused.body.find("leave it out") != std::string::npos, refused.body);
  }
  const auto both = of(R"({"kind": "high_limit", "off": true}, {"kind": "high_limit", "limit": -10})");
  BOOST_TEST((pointers(both) == std::set<std::string>{"#/rules/1"}));
  BOOST_TEST(both.body.find("#/rules/0 turns off") != std::string::npos, both.body);
  BOOST_TEST(server.engine.wanted_rules.empty());
  BOOST_TEST(
      of(R"({"kind": "high_limit", "level": "warning", "off": true}, {"kind": "high_limit", "limit": -10})").status ==
      200);
}

BOOST_AUTO_TEST_CASE(a_change_of_rules_says_why) {
  const std::set<std::string> reason{"#/reason"};
  for (const std::string given :
       {"", R"("reason": 7)", R"("reason": null)", R"("reason": " ")", R"("reason": "x\u0000")"}) {
    const std::string rules = given.empty() ? R"("rules": [])" : R"(, "rules": [])";
    BOOST_TEST((pointers(ask("PUT", "/unit/ua_1", "{" + given + rules + "}", "a-admin")) == reason), given);
    BOOST_TEST((pointers(ask("DELETE", "/unit/ua_1", "{" + given + "}", "a-admin")) == reason), given);
  }
  BOOST_TEST((pointers(ask("DELETE", "/unit/ua_1", "", "a-admin")) == reason));
  BOOST_TEST((pointers(ask("PUT", "/unit/ua_1", R"({"rules": 1})", "a-admin")) ==
              std::set<std::string>{"#/rules", "#/reason"}));
  BOOST_TEST((pointers(put("/unit/ua_1", R"({"rules": [], "profil": "x", "from": 1})")) ==
              std::set<std::string>{"#/profil", "#/from"}));
  BOOST_TEST((pointers(put("/unit/ua_1", R"({"rules": null})")) == std::set<std::string>{"#/rules"}));
  BOOST_TEST(ask("DELETE", "/unit/ua_1", "[]", "a-admin").status == 400);
  BOOST_TEST(server.engine.wanted_rules.empty());
}

BOOST_AUTO_TEST_CASE(nobody_overwrites_what_changed_meanwhile) {
  const std::string rules = R"({"rules": [{"kind": "high_limit", "limit": -15}]})";
  if_match = "\"0\""; // there were none
  const auto first = put("/customer/A", rules);
  BOOST_TEST(first.status == 200);
  const std::string tag = first.headers.at("etag");
  BOOST_TEST(ask("GET", "/customer/A", "", "a-read").headers.at("etag") == tag);
  BOOST_TEST("\"" + std::to_string(body_of(first).at("revision").to_number<int>()) + "\"" == tag);
  for (const char* old : {"\"0\"", "\"-1\"", "\"\"", "W/\"1\"", "1", "\"98\", \"99\""}) {
    if_match = old;
    const auto refused = put("/customer/A", R"({"rules": []})");
    BOOST_TEST(refused.status == 412, old);
    BOOST_TEST(refused.headers.at("etag") == tag);
    BOOST_TEST(ask("DELETE", "/customer/A", R"({"reason": "tried"})", "a-admin").status == 412, old);
  }
  if_match = "\"98\", W/\"99\", " + tag; // any of a list
  BOOST_TEST(ask("DELETE", "/customer/A", R"({"reason": "tried"})", "a-admin").status == 200);
  if_match = "*";
  BOOST_TEST(put("/customer/A", rules).status == 200);
}

BOOST_AUTO_TEST_CASE(a_profile_is_taken_by_its_name) {
  const auto profiles = body_of(ask("GET", "/profiles", "", "a-read"));
  BOOST_TEST(profiles.as_array().size() > 10U);
  BOOST_TEST(put("/kind/vaccine_fridge", R"({"profile": "cdc_fridge"})").status == 200);
  BOOST_TEST(!server.engine.wanted_rules.at(0).rules.empty());
  BOOST_TEST((server.engine.wanted_rules.at(0).place.kind == unit_kind::vaccine_fridge));
}

BOOST_AUTO_TEST_CASE(rules_are_taken_away) {
  BOOST_TEST(put("/customer/A", R"({"rules": [{"kind": "high_limit", "limit": -15}]})").status == 200);
  BOOST_TEST(ask("DELETE", "/customer/A?reason=tried", "", "a-admin").status == 200);
  BOOST_TEST(server.engine.wanted_rules.at(1).rules.empty());
  BOOST_TEST(server.engine.wanted_rules.at(1).reason == "tried");
  BOOST_TEST(server.engine.wanted_rules.at(1).place_name == "customer A");
  BOOST_TEST(ask("DELETE", "/customer/A", R"({"reason": "in a body"})", "a-admin").status == 200);
  BOOST_TEST(server.engine.wanted_rules.at(2).reason == "in a body");
  BOOST_TEST(body_of(ask("GET", "", "", "a-read")).at("rules").as_array().empty());
}

BOOST_AUTO_TEST_CASE(nobody_sees_or_changes_anothers_rules) {
  for (const char* place : {"/unit/ub_1", "/facility/fb_1", "/customer/B", "/planet/A", "/kind/spoon", "/unit/none"}) {
    BOOST_TEST(ask("GET", place, "", "a-read").status == 404, place);
    BOOST_TEST(put(place, R"({"rules": []})").status == 404, place);
    BOOST_TEST(ask("DELETE", place, R"({"reason": "mine"})", "a-admin").status == 404, place);
  }
  BOOST_TEST(put("/customer/B", R"({"rules": [{"kind": "high_limit", "limit": 1, "unit": "C"}]})", "admin").status ==
             200);
  BOOST_TEST(body_of(ask("GET", "", "", "a-read")).at("rules").as_array().empty());
  BOOST_TEST(body_of(ask("GET", "", "", "b-read")).at("rules").as_array().size() == 1U);
  BOOST_TEST(ask("GET", "?unit_id=ub_1", "", "a-read").status == 404);
  // A kind is one customer's: a token of all must say whose.
  BOOST_TEST(put("/kind/freezer", R"({"rules": []})", "admin").status == 404);
  BOOST_TEST(put("/kind/freezer?customer=A", R"({"rules": []})", "admin").status == 200);
  BOOST_TEST(put("/customer/A", R"({"rules": []})", "a-write").status == 403);
}

BOOST_AUTO_TEST_CASE(what_the_engine_refuses_is_told_in_its_words) {
  server.engine.fails = failure{error_code::limit, "a place has at most 32 rules", "unit", "leave out some"};
  const auto refused = put("/unit/ua_1", R"({"rules": []})");
  BOOST_TEST(refused.status == 422);
  BOOST_TEST(refused.body.find("at most 32 rules: leave out some") != std::string::npos);
  BOOST_TEST((pointers(refused) == std::set<std::string>{"#/rules"}));
  server.engine.fails = failure{error_code::not_found, "there is no such rule", "#/rules/2/id", "leave the id out"};
  const auto unknown = put("/unit/ua_1", R"({"rules": []})");
  BOOST_TEST(unknown.status == 422);
  BOOST_TEST((pointers(unknown) == std::set<std::string>{"#/rules/2/id"}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::test
