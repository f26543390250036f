// Contacts, deliveries, test messages and links on real sockets.
#include "tests/net/fake_notification_port.hpp"
#include "tests/support/http_test_client.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

using namespace coldvigil;
using coldvigil::test::fake_engine;
using coldvigil::test::fake_notification_port;
using coldvigil::test::get;
using coldvigil::test::http_reply;
using coldvigil::test::post;
using coldvigil::test::running_server;
namespace json = boost::json;

namespace {

const std::string secret = fake_notification_port::secret;

struct with_port {
  fake_notification_port port;
  running_server server;
  with_port() {
    server.engine.port = &port;
    alarm_record alarm = fake_engine::first_alarm(alarm_id{7});
    alarm.by.limit = -18'000;
    alarm.raised_value = -12'345;
    server.engine.alarm_list = {alarm};
  }
  http_reply ask(const std::string& target, const std::string& token) { return get(server.port, target, token); }
};

json::value body_of(const http_reply& reply) {
  BOOST_TEST(reply.status < 300, reply.body);
  return json::parse(reply.body);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(notification_routes, with_port)

BOOST_AUTO_TEST_CASE(people_are_shown_to_those_who_may_see_all) {
  const json::value all = body_of(ask("/api/v1/contacts", "admin"));
  BOOST_TEST(all.at("persons").at(0).at("ways").at(0).at("address").as_string() == "anna@example.org");
  BOOST_TEST(all.at("teams").at(0).at("members").at(0).at("schedule").as_string() == "office");
  BOOST_TEST(all.at("routes").at(1).at("customer").as_string() == "A");
  const json::value schedules = body_of(ask("/api/v1/schedules", "admin"));
  BOOST_TEST(schedules.at(0).at("week").at("monday").at(0).as_string() == "08:00-17:00");
  for (const char* path : {"/api/v1/contacts", "/api/v1/schedules", "/api/v1/notifications/tests"}) {
    BOOST_TEST(ask(path, "a-admin").status == 403);
    BOOST_TEST(ask(path, "a-read").status == 403);
    BOOST_TEST(ask(path, "").status == 401);
  }
  BOOST_TEST(body_of(ask("/api/v1/notifications/tests", "admin")).at(0).at("overdue").as_bool());
}

BOOST_AUTO_TEST_CASE(a_customer_sees_what_was_sent_for_its_own_alarms) {
  const std::string alarm = to_string(fake_engine::public_id(4, 1));
  const json::value all = body_of(ask("/api/v1/deliveries?person=anna&channel=mail&result=retry&limit=5", "admin"));
  BOOST_TEST(all.at(0).at("address").as_string() == "anna@example.org");
  BOOST_TEST((port.asked->result == send_result::retry));
  BOOST_TEST(port.asked->person.value() == "anna");
  BOOST_TEST(port.asked->limit == 5U);
  const json::value own = body_of(ask("/api/v1/deliveries?alarm=" + alarm, "a-read"));
  BOOST_TEST(own.at(0).at("person").as_string() == "anna");
  BOOST_TEST(!own.at(0).as_object().contains("address"));
  BOOST_TEST(!own.at(0).as_object().contains("detail"));
  BOOST_TEST(ask("/api/v1/deliveries?alarm=" + alarm, "b-read").status == 404);
  BOOST_TEST(ask("/api/v1/deliveries", "a-read").status == 422);
  for (const char* wrong : {"result=lost", "alarm=7", "limit=0", "limit=1001", "from=yesterday"})
    BOOST_TEST(ask(std::string("/api/v1/deliveries?") + wrong, "admin").status == 422);
}

BOOST_AUTO_TEST_CASE(a_test_message_on_demand) {
  const auto test = [&](const std::string& body, const std::string& token) {
    return post(server.port, "/api/v1/notifications/test", body, token);
  };
  const http_reply sent = test(R"({"person":"anna","channel":"mail"})", "admin");
  BOOST_TEST(sent.status == 202);
  BOOST_TEST(json::parse(sent.body).at("messages").at(0).as_string() == "token:admin mail");
  BOOST_TEST(test(R"({"person":"bert"})", "admin").status == 404);
  for (const char* wrong : {"{}", R"({"person":1})", R"({"person":"anna","channel":2})"})
    BOOST_TEST(test(wrong, "admin").status == 422);
  BOOST_TEST(test(R"({"person":")" + std::string(65, 'a') + R"("})", "admin").status == 422);
  BOOST_TEST(test(R"({"person":"anna"})", "a-admin").status == 403);
  BOOST_TEST(test(R"({"person":"anna"})", "a-write").status == 403);
  server.engine.port = nullptr;
  BOOST_TEST(test(R"({"person":"anna"})", "admin").status == 409);
}

BOOST_AUTO_TEST_CASE(opening_a_link_does_nothing_and_its_button_works_once) {
  for (int scanner = 0; scanner < 3; ++scanner) {
    const http_reply shown = ask("/l/" + secret, "");
    BOOST_TEST(shown.status == 200);
    BOOST_TEST(shown.headers.at("content-type") == "text/html; charset=utf-8");
    BOOST_TEST(shown.headers.at("referrer-policy") == "no-referrer");
    BOOST_TEST(shown.body.find("&lt;anna&gt;") != std::string::npos);
    BOOST_TEST(shown.body.find("<anna>") == std::string::npos);
    BOOST_TEST(shown.body.find("<li>ua_1, fa_1: too warm: -12.3 °C (limit -18.0 °C)</li>") != std::string::npos,
               shown.body);
  }
  BOOST_TEST(port.used == 0);
  port.needs_reason = true;
  BOOST_TEST(post(server.port, "/l/" + secret, "reason=", "").status == 422);
  for (const auto& [form, why] : {std::pair("reason=door+%FF", "it is no text in UTF-8"),
                                  std::pair("reason=door%00", "it has control characters"),
                                  std::pair("reason=door%F", "a percent sign needs two hex digits")}) {
    const http_reply refused = post(server.port, "/l/" + secret, form, "");
    BOOST_TEST(refused.status == 422, form);
    BOOST_TEST(refused.body.find(why) != std::string::npos, refused.body);
    BOOST_TEST(refused.body.find("<form method=\"post\">") != std::string::npos, "it can be said again");
  }
  BOOST_TEST(port.used == 0);
  const http_reply done = post(server.port, "/l/" + secret, "reason=door+%C3%B6pen", "");
  BOOST_TEST(done.status == 200);
  BOOST_TEST(port.reason == "door \xC3\xB6pen");
  BOOST_TEST(post(server.port, "/l/" + secret, "reason=again", "").status == 404);
  BOOST_TEST(ask("/l/" + secret, "").status == 404);
  BOOST_TEST(port.used == 1);
}

BOOST_AUTO_TEST_CASE(a_reason_that_is_refused_is_given_back_with_the_alarms_it_is_of) {
  port.link.person = "anna";
  BOOST_TEST(ask("/l/" + secret, "").body.find("<h1>Acknowledge as Anna?</h1>") != std::string::npos);
  const auto refused = [&](const std::string& reason) {
    const http_reply reply = post(server.port, "/l/" + secret, "reason=" + reason, "");
    BOOST_TEST(reply.status == 422);
    BOOST_TEST(reply.body.find("<h1>Say what you do about it, Anna</h1>") != std::string::npos, reply.body);
    BOOST_TEST(reply.body.find("<li>ua_1, fa_1: too warm") != std::string::npos, reply.body);
    return reply.body;
  };
  // What is too long for the record is asked for again, not cut.
  const std::string wordy(1'999, 'x');
  BOOST_TEST(refused(wordy + "%22%3E%3C").find(" value=\"" + wordy + "&quot;&gt;&lt;\">") != std::string::npos);
  // What nobody can see is left out, so that it can be sent now.
  BOOST_TEST(refused("do%00or%E2%80%AE").find(" value=\"door\">") != std::string::npos);
  port.needs_reason = true;
  BOOST_TEST(refused("").find(" value=") == std::string::npos);
  BOOST_TEST(port.used == 0);
  // Nothing is said of a link that is used up.
  port.used = 1;
  const http_reply gone = post(server.port, "/l/" + secret, "reason=" + std::string(2'001, 'x'), "");
  BOOST_TEST(gone.status == 404);
  BOOST_TEST(gone.body.find("ua_1") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_link_that_comes_second_says_who_was_first_and_that_the_words_are_kept) {
  port.before = {{port.link.alarms[0], "it is acknowledged already, by token:<desk>", true}};
  const http_reply second = post(server.port, "/l/" + secret, "reason=door+open", "");
  BOOST_TEST(second.status == 200);
  for (const char* part : {"<h1>Somebody was first</h1>", "<li>ua_1, fa_1: too warm: -12.3 °C (limit -18.0 °C): ",
                           "it is acknowledged already, by token:&lt;desk&gt;.", "What you wrote is kept beside it"})
    BOOST_TEST(second.body.find(part) != std::string::npos, second.body);
  BOOST_TEST(port.reason == "door open");
  port.used = 0;
  port.before[0].reason_kept = false;
  port.link.alarms.push_back(fake_engine::public_id(4, 2));
  const std::string mixed = post(server.port, "/l/" + secret, "reason=door+open", "").body;
  BOOST_TEST(mixed.find("<h1>Acknowledged; of some, somebody was first</h1>") != std::string::npos, mixed);
  BOOST_TEST(mixed.find("could not be kept") != std::string::npos);
  port.used = 0;
  BOOST_TEST(post(server.port, "/l/" + secret, "reason=+", "").body.find("What you wrote") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_link_says_which_alarm_of_coldvigil_itself_it_acknowledges) {
  system_alarm store;
  store.id = fake_engine::public_id(5, 1);
  store.what = {system_fault::store_away, {}, "store", "disk <full>", {}};
  system_alarm site = store;
  site.id = fake_engine::public_id(5, 2);
  site.what = {system_fault::site_silent, customer_id{1}, "fa_1", "nothing is heard", {}};
  server.engine.system.publish({store, site});
  port.link.alarms = {store.id, site.id};
  const std::string shown = ask("/l/" + secret, "").body;
  BOOST_TEST(shown.find("the store cannot be written to: disk &lt;full&gt;") != std::string::npos, shown);
  BOOST_TEST(shown.find("nothing is heard of a whole site, Customer A, fa_1") != std::string::npos, shown);
}

BOOST_AUTO_TEST_CASE(a_link_that_is_none_is_not_found_and_no_secret_is_logged) {
  BOOST_TEST(ask("/l/short", "").status == 404);
  BOOST_TEST(port.looked == 0);
  BOOST_TEST(ask("/l/" + std::string(64, 'b'), "").status == 404);
  const std::lock_guard lock(server.log_mutex);
  BOOST_TEST(!server.log.empty());
  for (const access_record& line : server.log)
    BOOST_TEST(line.path == "/l/");
}

BOOST_AUTO_TEST_CASE(where_nobody_is_told_the_lists_are_empty) {
  server.engine.port = nullptr;
  BOOST_TEST(body_of(ask("/api/v1/contacts", "admin")).at("persons").as_array().empty());
  BOOST_TEST(body_of(ask("/api/v1/deliveries", "admin")).as_array().empty());
  BOOST_TEST(ask("/l/" + secret, "").status == 404);
}

BOOST_AUTO_TEST_SUITE_END()
