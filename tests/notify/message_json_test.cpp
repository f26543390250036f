// What programs are sent, against what docs/notifications.md says of it.
#include "notify/http_channels.hpp"
#include "notify/message_text.hpp"
#include "notify/secrets.hpp"
#include "tests/notify/warm_freezer.hpp"
#include "tests/support/http_receiver.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <regex>
#include <sstream>

using namespace coldvigil;
using namespace coldvigil::test;

namespace {

const system_clock time_now;
const std::atomic<bool> going_on{false};
const timestamp now = utc("2026-11-21T02:20:00Z");
const person anna{"Anna", zone(), {}, severity::warning, ""};
const callee hook{"anna", "hook", ""};

std::string manual() {
  std::ifstream file(COLDVIGIL_SOURCE_DIR "/docs/notifications.md");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// The example as it is sent: without the line ends, and the blanks that no text has in it.
std::string example_of(const std::string& manual) {
  const std::size_t from = manual.find("```json\n") + 8;
  const std::string shown = manual.substr(from, manual.find("```", from) - from);
  std::string out;
  bool in_text = false;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (shown[i] == '"' && (i == 0 || shown[i - 1] != '\\')) in_text = !in_text;
    if (in_text || (shown[i] != ' ' && shown[i] != '\n')) out += shown[i];
  }
  return out;
}

/// With all that programs know it by.
alarm_notice placed_freezer() {
  alarm_notice out = warm_freezer();
  out.alarm = *parse_uuid("6f9619ff-8b86-4d11-b42d-00c04fc964ff");
  out.facility_name = "Store 2";
  out.facility_place = "Manchester, United Kingdom";
  out.codes = {"ALPHA", "STORE-2", "FZ-3", *parse_uuid("0e37df36-f698-4e6f-8a3b-0f2f5c6b1a77")};
  return out;
}

received_request sent_by_webhook(const outbox_entry& message) {
  http_receiver receiver([](const received_request&) { return receiver_answer{}; });
  const auto made = make_webhook_channel({receiver.url(), "k", "a secret that is long enough", {}}, time_now);
  BOOST_REQUIRE(made.ok());
  outgoing_message out;
  out.key = message.key;
  out.to = message.to;
  out.data = data_with_link(message.data, "https://cold.example.org/l/SECRET");
  BOOST_TEST(((*made)->send(out, going_on).result == send_result::delivered));
  return receiver.received().at(0);
}

void check_named(const std::string& json, const std::string& manual) {
  static const std::regex member("\"([a-z_]+)\":");
  for (auto at = std::sregex_iterator(json.begin(), json.end(), member); at != std::sregex_iterator(); ++at)
    BOOST_TEST(manual.find("`" + (*at)[1].str() + "`") != std::string::npos, (*at)[1].str());
}

} // namespace

BOOST_AUTO_TEST_SUITE(message_json)

BOOST_AUTO_TEST_CASE(the_example_of_the_manual_is_what_a_webhook_is_sent) {
  called_alarm alarm{placed_freezer()};
  alarm.standing = alarm_standing{utc("2026-11-21T02:19:34Z"), -11'900, -11'900};
  const planned_call call{to_string(alarm.notice.alarm) + ".c12-0-0.hook.anna", call_kind::call, hook, {alarm}};
  const outbox_entry message = message_of(call, anna, now);
  const received_request got = sent_by_webhook(message);
  BOOST_TEST(got.body == example_of(manual()));
  BOOST_TEST(got.headers.at("idempotency-key") == sha256_of(message.key));
}

BOOST_AUTO_TEST_CASE(every_member_is_in_the_manual) {
  const std::string text = manual();
  check_named(example_of(text), text);
  const unit_in_danger unit{
      "Alpha Foods", "Store 2", "Freezer 3", -12'345, -18'000, temperature_scale::celsius, now, placed_freezer().codes};
  const std::string stopped = recording_message_of({recording_news::stopped, now, {unit}}, hook, anna, now).data;
  check_named(stopped, text);
  BOOST_TEST(stopped.find("\"recording\":false,") != std::string::npos);
  BOOST_TEST(
      stopped.find("\"units\":[{\"customer_code\":\"ALPHA\",\"facility_code\":\"STORE-2\",\"unit_code\":\"FZ-3\","
                   "\"unit_id\":\"0e37df36-f698-4e6f-8a3b-0f2f5c6b1a77\",\"customer\":\"Alpha Foods\",") !=
      std::string::npos);
  const std::string again = recording_message_of({recording_news::again, now, {unit}}, hook, anna, now).data;
  BOOST_TEST(again.ends_with(",\"recording\":true,\"not_recording_since\":\"2026-11-21T02:20:00Z\",\"units\":[]}"));
}

BOOST_AUTO_TEST_CASE(where_there_is_no_unit_its_codes_are_null) {
  alarm_notice site = placed_freezer();
  site.codes = {"ALPHA", "STORE-2", "", {}};
  const std::string data = message_of({"k", call_kind::follow_up, hook, {{site}}}, anna, now).data;
  BOOST_TEST(data.find("\"facility_code\":\"STORE-2\",\"unit_code\":null,\"unit_id\":null,") != std::string::npos);
  BOOST_TEST(data.find("acknowledge_url") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
