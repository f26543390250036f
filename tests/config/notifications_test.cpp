#include "core/duty_text.hpp"
#include "tests/config/parse.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <sstream>

namespace coldvigil {
namespace {

using std::chrono::minutes;

const std::string sound = R"([notifications]
link_url = "https://cold.example"
system_policy = "usual"
self_test_days = 7
self_test_at = "09:30"
[[channel]]
name = "mail"
kind = "smtp"
host = "mail.example"
from = "cold@mail.example"
[[channel]]
name = "hook"
kind = "webhook"
url = "https://hook.example/in"
secret_env = "HOOK_SECRET"
[[channel]]
name = "sms"
kind = "http"
url = "https://sms.example/send?to={address}"
[[channel.header]]
name = "Authorization"
value = "Bearer {secret}"
[[schedule]]
id = "office"
zone = "Europe/London"
monday = "08:00-12:00, 22:00-06:00"
[[schedule.date]]
date = "2026-12-25"
duty = ""
[[person]]
id = "anna"
name = "Anna"
zone = "Europe/Berlin"
[[person.way]]
channel = "mail"
address = "anna@mail.example"
[[team]]
id = "night"
[[team.member]]
person = "anna"
schedule = "office"
[[policy]]
id = "usual"
repeat_minutes = 15
[[policy.step]]
after_minutes = 0
to = "team:night, anna/mail"
[[policy.step]]
after_minutes = 10
to = "anna"
[[route]]
policy = "usual"
[[route]]
customer = "A"
facility = "F1"
severity = "critical"
policy = "usual"
)";

/// The sound file with one piece of it replaced.
std::string but(const std::string& what, const std::string& with) {
  std::string out = sound;
  const std::size_t at = out.find(what);
  BOOST_REQUIRE(at != std::string::npos);
  return out.replace(at, what.size(), with);
}

void complains(const std::string& text, const std::string& part) {
  const auto parsed = parse(text);
  BOOST_REQUIRE(!parsed.ok());
  BOOST_TEST(parsed.error().text().find(part) != std::string::npos, parsed.error().text() << " lacks " << part);
}

} // namespace

BOOST_AUTO_TEST_SUITE(config_notifications)

BOOST_AUTO_TEST_CASE(people_channels_schedules_and_steps_are_read) {
  const auto parsed = parse(sound);
  BOOST_REQUIRE_MESSAGE(parsed.ok(), problem(parsed));
  const notification_settings& got = parsed->notifications;
  BOOST_TEST(got.any());
  BOOST_TEST((got.self_test_time == minutes{570}));
  BOOST_REQUIRE(got.channels.size() == 3U);
  BOOST_TEST((got.channels[1].kind == channel_kind::webhook));
  BOOST_TEST(got.channels[1].where == "test.toml line 11");
  BOOST_TEST(
      (got.channels[2].headers.at(0) == std::pair<std::string, std::string>("Authorization", "Bearer {secret}")));
  BOOST_REQUIRE(got.schedules.size() == 1U);
  BOOST_TEST((got.schedules[0].duty.week[0] ==
              std::vector<duty_span>{{minutes{480}, minutes{720}}, {minutes{1320}, minutes{360}}}));
  BOOST_TEST(got.schedules[0].duty.dates.size() == 1U);
  BOOST_TEST(got.persons.at(0).who.name == "Anna");
  BOOST_TEST(got.persons.at(0).zone == "Europe/Berlin");
  BOOST_TEST(got.teams.at(0).members.at(0).schedule == "office");
  const escalation_policy& policy = got.policies.at(0).policy;
  BOOST_TEST((policy.repeat == minutes{15}));
  BOOST_REQUIRE(policy.steps.size() == 2U);
  BOOST_TEST(policy.steps[0].to.at(0).team == "night");
  BOOST_TEST(policy.steps[0].to.at(1).channel == "mail");
  BOOST_TEST((policy.steps[1].after == minutes{10}));
  BOOST_TEST(got.routes.at(1).customer == "A");
  BOOST_TEST(got.routes.at(1).facility == "F1");
  BOOST_TEST((got.routes.at(1).least == severity::critical));
}

BOOST_AUTO_TEST_CASE(nothing_configured_tells_nobody) {
  const auto parsed = parse("");
  BOOST_REQUIRE(parsed.ok());
  BOOST_TEST(!parsed->notifications.any());
}

BOOST_AUTO_TEST_CASE(a_mistake_is_told_with_its_key_line_and_reason) {
  complains(but("person = \"anna\"", "person = \"bert\""), "team[1].member[1].person: there is no person 'bert'");
  complains(but("person = \"anna\"", "person = \"bert\""), "test.toml line 40");
  complains(but("to = \"anna\"", "to = \"anna,\""), "policy[1].step[2].to is no list of people");
  complains(but("to = \"anna\"", "to = \"anna/fax\""), "policy[1].step[2].to: there is no channel 'fax'");
  complains(but("after_minutes = 10", "after_minutes = 0"), "after_minutes is not later than the step before");
  complains(but("08:00-12:00", "8-12"), "schedule[1].monday is no list of spans");
  complains(but("2026-12-25", "2026-02-30"), "schedule[1].date[1].date is no date");
  complains(but("Europe/Berlin", "Berlin"), "person[1].zone 'Berlin' is no IANA time zone");
  complains(but("09:30", "24:00"), "notifications.self_test_at is no time of day");
  complains(but("secret_env = \"HOOK_SECRET\"\n", ""), "channel[2].secret_file is missing");
  complains(but("host = \"mail.example\"\n", ""), "channel[1].host is missing");
  complains(but("from = ", "user = \"me\"\nfrom = "), "channel[1].user and its secret go together");
  complains(but("id = \"anna\"", "id = \"anna b\""), "person[1].id must be 1 to 64 letters");
  complains(but("repeat_minutes = 15", "repeat_minutes = 10081"), "policy[1].repeat_minutes must be");
  complains(but("repeat_minutes", "repeat_minute"), "did you mean policy[1].repeat_minutes?");
  complains(but("system_policy = \"usual\"", "system_policy = \"other\""),
            "notifications.system_policy: there is no policy 'other'");
  complains(but("[[team]]", "[[person]]\nid = \"anna\"\n[[person.way]]\nchannel = \"mail\"\n[[team]]"),
            "person[2].id 'anna' is used by another person");
  complains(but("customer = \"A\"\n", ""), "route[2].facility stands without customer (test.toml line ");
  complains(but("[[team.member]]", "[team.member]"), "member is not a list of tables");
}

BOOST_AUTO_TEST_CASE(lists_have_an_end) {
  std::string many = sound;
  for (int i = 0; i < 99; ++i)
    many += "[[channel]]\nname = \"c" + std::to_string(i) + "\"\nkind = \"http\"\nurl = \"https://h/\"\n";
  complains(many, "there are more than 100 of channel");
}

BOOST_AUTO_TEST_CASE(the_commented_blocks_of_the_shipped_file_are_read) {
  std::ifstream file(std::string(COLDVIGIL_SOURCE_DIR) + "/config/coldvigil.toml");
  std::ostringstream text;
  text << file.rdbuf();
  const std::string all = text.str();
  const std::size_t from = all.find("# [[channel]]"), to = all.find("# A customer. Repeat");
  std::istringstream lines(all.substr(from, to - from));
  std::string block;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# ")) line.erase(0, 2);
    if (line == "host = \"\"") line = "host = \"h\"";
    if (line == "from = \"\"") line = "from = \"a@h\"";
    block += line + '\n';
  }
  const auto parsed = parse(block);
  BOOST_REQUIRE_MESSAGE(parsed.ok(), problem(parsed));
  BOOST_TEST(parsed->notifications.routes.size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_example_of_the_manual_is_sound) {
  std::ifstream file(std::string(COLDVIGIL_SOURCE_DIR) + "/docs/notifications.md");
  std::ostringstream text;
  text << file.rdbuf();
  const std::string all = text.str();
  const std::size_t from = all.find("```toml\n") + 8;
  const auto parsed = parse(all.substr(from, all.find("```", from) - from));
  BOOST_REQUIRE_MESSAGE(parsed.ok(), problem(parsed));
  BOOST_TEST(parsed->notifications.channels.size() == 2U);
}

BOOST_AUTO_TEST_CASE(times_of_day_and_dates) {
  BOOST_TEST((parse_time_of_day("24:00") == minutes{1440}));
  for (const char* bad : {"24:01", "8:00", "08:60", "-1:00", "08:0", "", "08:00:00"})
    BOOST_TEST(!parse_time_of_day(bad).has_value());
  BOOST_TEST(!parse_duty("24:00-08:00").has_value());
  BOOST_TEST(!parse_duty("08:00-09:00,").has_value());
  BOOST_TEST(parse_duty(" ")->empty());
  BOOST_TEST(!parse_date("2026-13-01").has_value());
  for (const char* bad : {"", "anna/", "/mail", "team:", "anna,,bert"})
    BOOST_TEST(!parse_targets(bad).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil
