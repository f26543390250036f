// From settings to people and channels; the file itself is the business of tests/config.
#include "notify/configured.hpp"

#include <boost/test/unit_test.hpp>

using namespace coldvigil;

namespace {

notification_settings sound() {
  notification_settings out;
  channel_settings mail;
  mail.name = "mail";
  mail.host = "mail.example";
  mail.from = "cold@mail.example";
  mail.where = "f.toml line 3";
  channel_settings hook;
  hook.name = "hook";
  hook.kind = channel_kind::webhook;
  hook.url = "https://hook.example/";
  hook.secret_env = "HOOK";
  hook.where = "f.toml line 9";
  out.channels = {mail, hook};
  person_settings anna;
  anna.id = "anna";
  anna.zone = "Europe/Berlin";
  anna.who.name = "Anna";
  anna.who.ways = {{"mail", "anna@mail.example"}, {"hook", ""}};
  anna.where = "f.toml line 20";
  out.persons = {anna};
  policy_settings usual;
  usual.id = "usual";
  usual.policy.steps = {{millis{0}, {{"anna", "", ""}}}};
  out.policies = {usual};
  out.routes = {{"", "", severity::warning, "usual", ""}, {"A", "F1", severity::critical, "usual", "f.toml line 31"}};
  return out;
}

const std::map<std::string, customer_id> customers{{"A", customer_id{7}}};

result<std::string> long_secret(const channel_settings&) {
  return std::string("0123456789abcdef");
}

template <class T> std::string problem(const result<T>& from) {
  return from ? "" : from.error().text();
}

} // namespace

BOOST_AUTO_TEST_SUITE(configured)

BOOST_AUTO_TEST_CASE(people_have_the_clocks_of_their_zones_and_routes_their_customers) {
  const auto book = contacts_of(sound(), customers);
  BOOST_REQUIRE_MESSAGE(book.ok(), problem(book));
  BOOST_TEST(book->persons.at("anna").zone->abbreviation(parse_utc("2026-07-01T00:00:00Z").value()) == "CEST");
  BOOST_TEST((book->routes.at(1).customer == customer_id{7}));
  BOOST_TEST(!book->routes.at(0).facility.has_value());
  BOOST_TEST(book->routes.at(1).facility.value() == "F1");
}

BOOST_AUTO_TEST_CASE(an_unknown_customer_is_told_with_its_line) {
  const auto book = contacts_of(sound(), {});
  BOOST_REQUIRE(!book.ok());
  BOOST_TEST(book.error().text() ==
             "route: there is no customer 'A' (f.toml line 31): name the code of a [[customer]]");
}

BOOST_AUTO_TEST_CASE(a_policy_that_ends_at_nobody_is_refused) {
  notification_settings config = sound();
  config.persons[0].who.least = severity::critical;
  const auto book = contacts_of(config, customers);
  BOOST_REQUIRE(!book.ok());
  BOOST_TEST(book.error().text().find("nobody of the last step is there at any time (policy usual/steps/") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_said_twice_is_refused) {
  notification_settings config = sound();
  config.routes.push_back(config.routes[1]);
  const auto book = contacts_of(config, customers);
  BOOST_REQUIRE(!book.ok());
  BOOST_TEST(book.error().text() ==
             "routes 2 ('usual') and 3 ('usual') are of the same customer, facility and severity "
             "(routes): leave one out: only the first is ever taken");
}

BOOST_AUTO_TEST_CASE(every_channel_is_made_and_the_heartbeat_has_its_own) {
  notification_settings config = sound();
  config.heartbeat_url = "https://beat.example/x";
  const system_clock time;
  const auto channels = channels_of(config, long_secret, time);
  BOOST_REQUIRE_MESSAGE(channels.ok(), problem(channels));
  BOOST_TEST(channels->size() == 3U);
  BOOST_TEST(channels->contains(std::string(heartbeat_channel_name)));
}

BOOST_AUTO_TEST_CASE(mail_and_templates_with_a_place_for_it_need_an_address) {
  notification_settings config = sound();
  const auto needs = [&] { return contact_channels_of(config)[1].needs_address; };
  BOOST_TEST(contact_channels_of(config)[0].needs_address);
  BOOST_TEST(!needs()); // a webhook has its own
  channel_settings& hook = config.channels[1];
  hook.kind = channel_kind::http;
  BOOST_TEST(!needs());
  hook.body = R"({"to": "{address}"})";
  BOOST_TEST(needs());
  hook.body.clear();
  hook.headers = {{"To", "tel:{address}"}};
  BOOST_TEST(needs());
  hook.headers.clear();
  hook.url += "?to={address}";
  BOOST_TEST(needs());
  const auto book = contacts_of(config, customers);
  BOOST_REQUIRE(!book.ok());
  BOOST_TEST(book.error().text().find("without the address") != std::string::npos, book.error().text());
}

BOOST_AUTO_TEST_CASE(an_address_has_the_form_of_its_channel) {
  const auto refused = [](std::size_t way, const char* address, channel_kind hook) {
    notification_settings config = sound();
    config.channels[1].kind = hook;
    config.persons[0].who.ways[way].address = address;
    return problem(contacts_of(config, customers));
  };
  BOOST_TEST(refused(0, "anna", channel_kind::webhook).find("is no e-mail address (person anna/ways/0/address)") !=
             std::string::npos);
  BOOST_TEST(refused(1, "anna", channel_kind::webhook).find("is no http or https URL") != std::string::npos);
  BOOST_TEST(refused(1, "https://anna.example/", channel_kind::webhook) == "");
  BOOST_TEST(refused(1, "anna", channel_kind::http) == ""); // in a template it is what the gateway wants
}

BOOST_AUTO_TEST_CASE(a_secret_that_is_missing_or_short_is_told_without_showing_it) {
  const system_clock time;
  const auto missing = channels_of(
      sound(),
      [](const channel_settings&) -> result<std::string> {
        return failure{error_code::not_found, "there is no environment variable HOOK"};
      },
      time);
  BOOST_REQUIRE(!missing.ok());
  BOOST_TEST(missing.error().text() == "channel hook: there is no environment variable HOOK (f.toml line 9)");
  const auto weak = channels_of(
      sound(), [](const channel_settings&) -> result<std::string> { return std::string("hunter2"); }, time);
  BOOST_REQUIRE(!weak.ok());
  BOOST_TEST(weak.error().text().find("hunter2") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(without_links_a_delivery_is_the_receipt_of_a_self_test) {
  notification_settings config = sound();
  BOOST_TEST(desk_options_of(config).self_tests.taken_is_enough.size() == 2U);
  config.link_url = "https://cold.example/";
  const desk_options options = desk_options_of(config);
  BOOST_TEST(options.link_url == "https://cold.example/l/");
  const std::vector<std::string> hook{"hook"};
  BOOST_TEST((options.self_tests.taken_is_enough == hook)); // it carries no text, so no link
  config.channels[1].kind = channel_kind::http;
  config.channels[1].body = "{subject} {text}";
  BOOST_TEST(desk_options_of(config).self_tests.taken_is_enough.empty());
  config.channels[1].body = "{subject}";
  BOOST_TEST((desk_options_of(config).self_tests.taken_is_enough == hook));
  config.channels[1].body = "{subject} {text}";
  config.channels[1].delivery_is_receipt = true;
  BOOST_TEST((desk_options_of(config).self_tests.taken_is_enough == hook));
}

BOOST_AUTO_TEST_SUITE_END()
