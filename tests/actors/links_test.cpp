// The link of a message and the alarms that it acknowledges, in the running engine on virtual time.
#include "tests/actors/notified_engine.hpp"

#include <boost/test/unit_test.hpp>

namespace coldvigil::test {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

struct fixture {
  std::shared_ptr<disk> storage = std::make_shared<disk>();
  std::unique_ptr<running> process = std::make_unique<running>(storage, actors::engine_limits{}, 1000, linked);
  running& now = *process;

  /// Every link has the same secret here.
  static void linked(actors::engine_parts& parts) {
    with_anna(parts);
    parts.notify->options.desk.link_url = "https://cold.example/l/";
  }
  void go_on(millis length) const {
    for (millis passed{0}; passed < length; passed += seconds{15})
      now.advance(seconds{15});
  }
  /// So many presses of the button at once, each with its answer.
  std::vector<result<used_link>> press(std::size_t times, const std::string& reason) const {
    std::string secret;
    for (int i = 0; i < 32; ++i)
      secret += "07";
    std::vector<result<used_link>> out(times, failure{error_code::internal, "no answer"});
    for (result<used_link>& each : out)
      now.engine->front().notifications()->use_link(secret, reason,
                                                    [&](const result<used_link>& done) { each = done; });
    now.finish();
    return out;
  }
  result<used_link> use_link(const std::string& reason) const { return press(1, reason).front(); }
  void acknowledge(const uuid& alarm, const std::string& who, const std::string& why) const {
    alarm_word word;
    word.alarm = alarm;
    word.event.kind = life_event_kind::acknowledge;
    word.event.who = who;
    word.event.text = why;
    now.engine->front().say(std::move(word), [](const result<alarm_story>& done) { BOOST_TEST(done.ok()); });
    now.finish();
  }
  [[nodiscard]] std::vector<life_event> said_of(const uuid& alarm) const {
    result<alarm_story> story = failure{error_code::internal, "no answer"};
    now.engine->front().story(alarm, std::nullopt, [&](const result<alarm_story>& got) { story = got; });
    now.settle();
    return story ? story->said : std::vector<life_event>{};
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(links, fixture)

BOOST_AUTO_TEST_CASE(who_comes_second_by_a_link_is_told_who_was_first_and_the_words_become_a_comment) {
  now.register_unit("u1");
  now.post("u1", {{now.time.now(), -5'000}});
  go_on(minutes{1}); // a message is on its way
  const auto open = now.board.of(customer_id{1})->open_alarms();
  BOOST_REQUIRE(!open.empty());
  const uuid alarm = open[0]->public_id;
  acknowledge(alarm, "token:desk", "I look");
  const auto used = use_link("the door was open");
  BOOST_REQUIRE(used.ok());
  const auto of_it = std::ranges::find(used->before, alarm, &alarm_dealt_with::alarm);
  BOOST_REQUIRE((of_it != used->before.end()));
  BOOST_TEST(of_it->how == "it is acknowledged already, by token:desk");
  BOOST_TEST(of_it->reason_kept);
  const auto said = said_of(alarm);
  BOOST_REQUIRE(said.size() == 2U);
  BOOST_TEST((said[1].kind == life_event_kind::comment));
  BOOST_TEST(said[1].who == "person:anna");
  BOOST_TEST(said[1].text == "the door was open");
}

BOOST_AUTO_TEST_CASE(who_is_first_by_a_link_acknowledges_and_without_words_nothing_is_added) {
  now.register_unit("u1");
  now.post("u1", {{now.time.now(), -5'000}});
  go_on(minutes{1});
  const auto used = use_link("");
  BOOST_REQUIRE(used.ok());
  BOOST_TEST(used->before.empty());
  BOOST_REQUIRE(!used->link.alarms.empty());
  const auto said = said_of(used->link.alarms[0]);
  BOOST_REQUIRE(said.size() == 1U);
  BOOST_TEST((said[0].kind == life_event_kind::acknowledge));
}

BOOST_AUTO_TEST_CASE(whoever_was_first_himself_is_not_told_of_somebody) {
  now.register_unit("u1");
  now.post("u1", {{now.time.now(), -5'000}});
  go_on(minutes{1});
  const uuid alarm = now.board.of(customer_id{1})->open_alarms()[0]->public_id;
  acknowledge(alarm, "person:anna", "I look");
  const auto used = use_link("the door was open");
  BOOST_REQUIRE(used.ok());
  BOOST_TEST(used->before.empty());
  const auto said = said_of(alarm);
  BOOST_REQUIRE(said.size() == 2U);
  BOOST_TEST((said[1].kind == life_event_kind::comment));
}

BOOST_AUTO_TEST_CASE(a_press_that_one_alarm_refuses_acknowledges_none) {
  now.register_unit("u1");
  now.rule_from(now.time.now(), "id=100 kind=high_limit limit=-15000");
  now.rule_from(now.time.now(), "id=101 kind=high_limit limit=-10000 reason_required=yes");
  now.post("u1", {{now.time.now(), -5'000}});
  go_on(minutes{1});
  const auto open = now.board.of(customer_id{1})->open_alarms();
  BOOST_REQUIRE(open.size() == 2U);
  const auto refused = use_link("");
  BOOST_REQUIRE(!refused.ok());
  BOOST_TEST((refused.error().code == error_code::invalid_argument));
  for (const auto& each : open)
    BOOST_TEST(said_of(each->public_id).empty());
  const auto used = use_link("on my way");
  BOOST_REQUIRE(used.ok());
  BOOST_TEST(used->link.alarms.size() == 2U);
  BOOST_TEST(used->before.empty());
  for (const auto& each : open)
    BOOST_TEST(said_of(each->public_id).size() == 1U);
}

BOOST_AUTO_TEST_CASE(presses_at_once_are_all_told_that_it_is_done_and_a_later_one_is_refused) {
  now.register_unit("u1");
  now.post("u1", {{now.time.now(), -5'000}});
  go_on(minutes{1});
  for (const auto& each : press(3, "on my way")) {
    BOOST_REQUIRE(each.ok());
    BOOST_TEST(!each->link.alarms.empty());
    BOOST_TEST(each->before.empty());
  }
  BOOST_TEST(said_of(now.board.of(customer_id{1})->open_alarms()[0]->public_id).size() == 1U);
  BOOST_TEST(!use_link("on my way").ok());
}

/// It has no comments: the words are in the audit trail.
BOOST_AUTO_TEST_CASE(words_about_an_alarm_of_coldvigil_itself_that_came_second_are_audited) {
  poll_record poll;
  poll.customer = customer_id{1};
  poll.status = poll_status::failure;
  poll.error = "no answer";
  for (int i = 0; i < 3; ++i)
    caf::anon_send(now.engine->writer(), poll);
  go_on(minutes{2});
  const auto alarms = now.context.system->alarms();
  BOOST_REQUIRE(alarms->size() == 1U);
  now.engine->front().acknowledge_system_alarm(alarms->at(0).id, std::nullopt, "token:desk", "",
                                               [](const result<system_alarm>& done) { BOOST_TEST(done.ok()); });
  now.finish();
  const auto used = use_link("their certificate is old");
  BOOST_REQUIRE(used.ok());
  BOOST_REQUIRE(used->before.size() == 1U);
  BOOST_TEST(used->before[0].how == "it is acknowledged already, by token:desk");
  BOOST_TEST(used->before[0].reason_kept);
  std::vector<audit_entry> about;
  for (const commit_batch& batch : storage->commits)
    for (const audit_entry& each : batch.audits)
      if (each.action == "system_alarm.commented") about.push_back(each);
  BOOST_REQUIRE(about.size() == 1U);
  BOOST_TEST(about[0].actor == "person:anna");
  BOOST_TEST(about[0].reason == "their certificate is old");
  BOOST_TEST(about[0].subject.starts_with("polls_failing A "));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::test
