// An alarm leads to a mail and a webhook, with the real binary, a real mail server and a real receiver; kill -9 between
// the two loses none and doubles none; the link in the mail acknowledges once.
#include "core/time.hpp"
#include "tests/integration/running_server.hpp"
#include "tests/notify/smtp_server.hpp"
#include "tests/support/http_receiver.hpp"
#include "tests/support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <set>

namespace coldvigil::test {
namespace {

std::string from_base64(const std::string& text) {
  std::string out;
  unsigned bits = 0;
  int held = 0;
  for (const char c : text) {
    static const std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const std::size_t value = digits.find(c);
    if (value == std::string::npos) continue;
    bits = (bits << 6U | static_cast<unsigned>(value)) & 0xFFFFFU;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out += static_cast<char>(bits >> static_cast<unsigned>(held) & 0xFFU);
  }
  return out;
}

/// Of a message as the mail server took it: its text.
std::string text_of(const std::string& line) {
  const std::string mail(boost::json::parse(line).at("text").as_string());
  const std::size_t body = mail.find("\r\n\r\n");
  return body == std::string::npos ? mail : from_base64(mail.substr(body));
}

std::string link_in(const std::string& text) {
  const std::string before = "https://cold.example/l/";
  const std::size_t at = text.find(before);
  return at == std::string::npos ? "" : text.substr(at + before.size(), 64);
}

struct world {
  temp_dir folder;
  smtp_server mail;
  std::atomic<bool> receiver_works{false};
  http_receiver hook{[this](const received_request& asked) {
    receiver_answer out;
    out.status = receiver_works ? 200 : 503;
    out.body = asked.body;
    return out;
  }};
  std::unique_ptr<running_server> server;
  std::string writer, admin, other;

  world() {
    std::ofstream(folder.path("secret")) << "a-secret-that-signs-things\n";
    std::ofstream config(folder.path("test.toml"));
    config << "[demo]\nenabled = true\n[model]\npath = \"none\"\n"
           << "[notifications]\nself_test_days = 0\nlink_url = \"https://cold.example\"\n"
           << "backoff_initial_ms = 50\nbackoff_max_ms = 200\n"
           << "[[channel]]\nname = \"mail\"\nkind = \"smtp\"\nhost = \"127.0.0.1\"\nport = " << mail.port()
           << "\nsecurity = \"plain\"\nfrom = \"cold@example.org\"\n"
           << "[[channel]]\nname = \"hook\"\nkind = \"webhook\"\nurl = \"" << hook.url("/in") << "\"\nsecret_file = \""
           << folder.path("secret") << "\"\n"
           << "[[person]]\nid = \"anna\"\nname = \"Anna\"\n[[person.way]]\nchannel = \"mail\"\n"
           << "address = \"anna@example.org\"\n[[person.way]]\nchannel = \"hook\"\n"
           << "[[policy]]\nid = \"usual\"\nrepeat_minutes = 0\nquiet_seconds = 0\n"
           << "[[policy.step]]\nafter_minutes = 0\nto = \"anna\"\n[[route]]\npolicy = \"usual\"\n"
           << "[[customer]]\ncode = \"T\"\nname = \"Test\"\n[[customer.unit]]\nfacility = \"f\"\ncode = \"u1\"\n"
           << "set_temperature = -20.0\nlow_limit = -25.0\nhigh_limit = -15.0\n"
           << "[[customer]]\ncode = \"O\"\nname = \"Other\"\n";
  }
  void start() {
    server.reset();
    server = std::make_unique<running_server>(
        folder.path("test.toml"),
        std::vector<std::string>{"store.path=" + folder.path("coldvigil.db"), "log.level=debug"}, folder.path("log"));
    const auto tokens = read_tokens(folder.path("tokens.json"));
    writer = std::string(tokens.at("T").as_object().at("write").as_string());
    other = std::string(tokens.at("O").as_object().at("read").as_string());
    admin = std::string(tokens.at("admin").as_string());
  }
  void kill() {
    server->process().signal(SIGKILL);
    BOOST_REQUIRE(server->process().wait(call_patience_ms).has_value());
  }
  /// Warm readings of now, until the alarm is open; its id.
  std::string raise_alarm() {
    std::string alarm;
    for (int minute = 10; minute > 0; --minute) {
      const auto now = std::chrono::time_point_cast<millis>(std::chrono::system_clock::now());
      const std::string at = format_utc(timestamp{now.time_since_epoch()} - std::chrono::minutes{minute});
      const auto reply = server->post(
          "/api/v1/temperature", writer,
          R"({"storage_unit_id":"u1","temperature":-5,"temperature_unit":"C","recorded_at":")" + at + "\"}");
      BOOST_REQUIRE(reply.status == 201);
    }
    const auto page = server->json("/api/v1/alarms?open=true", writer);
    for (const auto& each : page.at("items").as_array())
      alarm = std::string(each.at("id").as_string());
    BOOST_REQUIRE(!alarm.empty());
    return alarm;
  }
  [[nodiscard]] std::size_t deliveries(const std::string& query) const {
    return server->json("/api/v1/deliveries?" + query, admin).as_array().size();
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(notification, world)

BOOST_AUTO_TEST_CASE(an_alarm_reaches_people_through_kill_9_and_its_link_acknowledges_once) {
  start();
  const std::string alarm = raise_alarm();
  const std::string first_mail = mail.next_message();
  BOOST_REQUIRE(!first_mail.empty());
  BOOST_TEST(eventually([&] { return deliveries("channel=mail&result=delivered") == 1; }));
  BOOST_TEST(eventually([&] { return deliveries("channel=hook&result=retry") >= 1; }));
  kill(); // the mail is out, the webhook is not
  receiver_works = true;
  start();
  BOOST_TEST(eventually([&] { return deliveries("channel=hook&result=delivered") == 1; }));
  std::set<std::string> keys;
  for (const received_request& each : hook.received()) {
    keys.insert(each.headers.at("idempotency-key"));
    BOOST_TEST(each.headers.at("x-coldvigil-signature").starts_with("v1="));
    BOOST_TEST(each.body.find(alarm) != std::string::npos);
  }
  BOOST_TEST(keys.size() == 1U);
  const std::string by_hook = link_in(hook.received().back().body);
  BOOST_TEST(server->get("/l/" + by_hook, "").status == 200);
  BOOST_TEST(server->get("/api/v1/deliveries", admin).body.find(by_hook) == std::string::npos);

  // Opening the link does nothing; its button acknowledges, once.
  const std::string text = text_of(first_mail);
  BOOST_TEST(text.find("u1") != std::string::npos, text);
  const std::string link = "/l/" + link_in(text);
  BOOST_REQUIRE(link.size() == 67U);
  const auto acknowledgements = [&] {
    std::size_t out = 0;
    const auto entries = server->json("/api/v1/audit?limit=1000", admin);
    for (const auto& each : entries.as_array())
      if (each.at("action").as_string() == "alarm.acknowledge" && each.at("actor").as_string() == "person:anna") ++out;
    return out;
  };
  BOOST_TEST(server->get(link, "").status == 200);
  BOOST_TEST(acknowledgements() == 0U);
  BOOST_TEST(server->post(link, "", "reason=on+my+way").status == 200);
  BOOST_TEST(server->post(link, "", "reason=again").status == 404);
  kill();
  start();
  BOOST_TEST(server->post(link, "", "reason=again").status == 404);
  BOOST_TEST(acknowledgements() == 1U);

  // Nobody is told twice.
  BOOST_TEST(deliveries("channel=mail") == 1U);
  BOOST_TEST(deliveries("channel=hook&result=delivered") == 1U);
  BOOST_TEST(mail.no_more_messages());

  // Its own customer sees it, another one does not.
  BOOST_TEST(server->json("/api/v1/deliveries?alarm=" + alarm, writer).as_array().size() >= 2U);
  BOOST_TEST(server->get("/api/v1/deliveries?alarm=" + alarm, other).status == 404);
  const std::string log = read_file(folder.path("log"));
  BOOST_TEST(log.find(link) == std::string::npos);
  BOOST_TEST(log.find("a-secret-that-signs-things") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(duty_is_swapped_while_the_server_runs) {
  start();
  const auto put = [&](const std::string& path, const std::string& members) {
    return test::call(server->port,
                      {"PUT", "/api/v1/contacts/" + path, admin, "{" + members + R"(, "reason": "Anna is ill"})", {}},
                      call_patience_ms)
        .status;
  };
  BOOST_TEST(put("persons/bert", R"("ways": [{"channel": "mail", "address": "bert@example.org"}])") == 200);
  BOOST_TEST(put("policies/usual", R"("repeat_seconds": 0, "quiet_seconds": 0,
    "steps": [{"to": [{"person": "bert", "channel": "mail"}]}])") == 200);
  (void)raise_alarm();
  BOOST_TEST(mail.next_message().find("bert@example.org") != std::string::npos);
  BOOST_TEST(eventually([&] { return deliveries("channel=mail&result=delivered") == 1; }));
  kill();
  start();
  const auto book = server->json("/api/v1/contacts", admin);
  BOOST_TEST(book.at("source").as_string() == "api");
  BOOST_TEST(book.at("persons").as_array().size() == 2U);
  BOOST_TEST(read_file(folder.path("log")).find("contacts_from_store") != std::string::npos);
  const auto entries = server->json("/api/v1/audit?limit=1000", admin);
  const auto changed = std::find_if(entries.as_array().begin(), entries.as_array().end(), [](const auto& each) {
    return each.at("action").as_string() == "contact.changed";
  });
  BOOST_REQUIRE(changed != entries.as_array().end());
  BOOST_TEST(changed->at("subject").as_string() == "policy usual");
  BOOST_TEST(changed->at("reason").as_string() == "Anna is ill");
  BOOST_TEST(eventually([&] {
    const auto check = boost::json::parse(server->get("/api/v1/audit/verify", admin).body);
    return check.at("state").as_string() == "whole";
  }));
  BOOST_TEST(mail.no_more_messages());
}

BOOST_AUTO_TEST_CASE(a_test_message_on_demand_is_confirmed_by_its_link) {
  receiver_works = true;
  start();
  const auto sent = server->post("/api/v1/notifications/test", admin, R"({"person":"anna","channel":"mail"})");
  BOOST_TEST(sent.status == 202);
  const std::string message = mail.next_message();
  BOOST_REQUIRE(!message.empty());
  const std::string link = "/l/" + link_in(text_of(message));
  const auto received = [&] {
    const auto tests = server->json("/api/v1/notifications/tests", admin);
    return tests.as_array().size() == 1 && !tests.at(0).at("received_at").is_null();
  };
  BOOST_TEST(!received());
  BOOST_TEST(server->post(link, "", "").status == 200);
  BOOST_TEST(received());
  // The message is with the receiver a little before the sender knows that it was taken.
  const auto counted = [&](const std::string& line) {
    return server->get("/metrics", admin).body.find(line) != std::string::npos;
  };
  BOOST_TEST(eventually([&] { return counted("coldvigil_deliveries_total{result=\"delivered\"} 1"); }));
  BOOST_TEST(counted("coldvigil_dead_letters_total 0"));
}

BOOST_AUTO_TEST_CASE(a_secret_that_is_missing_is_told_with_its_line) {
  std::ofstream(folder.path("secret"), std::ios::trunc).flush();
  BOOST_CHECK_THROW(start(), std::runtime_error);
  const std::string log = read_file(folder.path("log"));
  BOOST_TEST(log.find("channel hook: the file of secret_file cannot be read or is empty") != std::string::npos, log);
  BOOST_TEST(log.find("line ") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::test
