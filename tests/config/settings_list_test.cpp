#include "config/keys.hpp"
#include "config/settings_list.hpp"
#include "tests/config/parse.hpp"

#include <boost/test/unit_test.hpp>

namespace coldvigil {
namespace {

constexpr const char* file = R"(
[model]
budget = 0.25
[store]
url = "postgresql://cold:s3cret@db/cold"
[notifications]
heartbeat_url = "https://hc.example.org/s3cret"
link_url = "https://coldvigil.example.org"
[[channel]]
name = "mail"
kind = "smtp"
host = "mail.example.org"
from = "cold@example.org"
[[channel]]
name = "chat"
kind = "http"
url = "https://hooks.example.org:8443/services/s3cret"
body = "one\ntwo"
[[channel.header]]
name = "X-Key"
value = "s3cret"
[[customer]]
code = "ACME"
url = "http://sensors.example.org/now?hours={hours}"
header_name = "X-Api-Key"
header_value = "s3cret"
[[customer]]
code = "BETA"
url = "http://beta.example.org/now"
user = "cold"
password = "s3cret"
)";

settings_list listed() {
  const auto parsed = parse(file);
  BOOST_REQUIRE_MESSAGE(parsed.ok(), problem(parsed));
  return list_settings(*parsed);
}

} // namespace

BOOST_AUTO_TEST_SUITE(config_settings_list)

BOOST_AUTO_TEST_CASE(every_key_of_the_file_is_listed) {
  const settings_list all = list_settings(settings{});
  BOOST_TEST(all.size() == setting_keys().size());
  for (const auto& key : setting_keys())
    BOOST_TEST(all.contains(std::string(key.name)), key.name);
  BOOST_TEST(all.at("rules.consecutive") == "1");
  BOOST_TEST(all.at("store.url") == "\"\"");
}

BOOST_AUTO_TEST_CASE(channels_and_customers_are_listed_where_they_are_not_as_usual) {
  const settings_list all = listed();
  BOOST_TEST(all.at("model.budget") == "0.25");
  BOOST_TEST(all.at("channel.mail.host") == "\"mail.example.org\"");
  BOOST_TEST(!all.contains("channel.mail.port"));
  BOOST_TEST(all.at("channel.chat.body") == "\"one\\ntwo\""); // a line each
  BOOST_TEST(all.at("customer.ACME.url") == "\"http://sensors.example.org/now?hours={hours}\"");
  BOOST_TEST(all.at("customer.BETA.user") == "\"cold\"");
  BOOST_TEST(!all.contains("customer.BETA.interval_seconds"));
}

BOOST_AUTO_TEST_CASE(no_secret_is_listed) {
  const settings_list all = listed();
  for (const auto& [key, value] : all)
    BOOST_TEST(value.find("s3cret") == std::string::npos, key);
  for (const char* key :
       {"store.url", "channel.chat.header.X-Key", "customer.ACME.header_value", "customer.BETA.password"})
    BOOST_TEST(all.at(key) == "\"(not shown)\"");
  BOOST_TEST(all.at("channel.chat.url") == "\"https://hooks.example.org:8443/...\"");
  BOOST_TEST(all.at("notifications.heartbeat_url") == "\"https://hc.example.org/...\"");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil
