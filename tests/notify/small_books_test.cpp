// Links, self-tests, the watch over the recording, the heartbeat.
#include "core/alarm_drill.hpp"
#include "core/link_book.hpp"
#include "core/notification_metrics.hpp"
#include "core/recording_watch.hpp"
#include "core/self_test.hpp"
#include "tests/notify/contacts_fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace coldvigil;
using namespace coldvigil::test;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const timestamp noon = utc("2026-11-21T11:00:00Z");
const channel_room plenty{100};

message_link link(const std::string& hash, timestamp expires) {
  message_link out;
  out.sha256_hex = hash;
  out.message = "m";
  out.person = "anna";
  out.expires_at = expires;
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(links)

BOOST_AUTO_TEST_CASE(a_link_works_once_and_not_for_ever) {
  link_book book(10);
  BOOST_TEST(book.add(link("a", noon + hours{1}), noon));
  BOOST_TEST(book.look("a", noon).ok());
  BOOST_TEST(book.look("a", noon).ok());
  BOOST_TEST((book.look("b", noon).error().code == error_code::not_found));
  const auto used = book.use("a", noon + minutes{1});
  BOOST_REQUIRE(used.ok());
  BOOST_TEST((used->used_at == noon + minutes{1}));
  BOOST_TEST((book.use("a", noon + minutes{2}).error().code == error_code::conflict));
  BOOST_TEST((book.look("a", noon + minutes{2}).error().code == error_code::conflict));
  BOOST_TEST(book.add(link("c", noon + hours{1}), noon));
  BOOST_TEST(book.use("c", noon + hours{1} - millis{1}).ok());
  BOOST_TEST(book.add(link("d", noon + hours{1}), noon));
  BOOST_TEST((book.use("d", noon + hours{1}).error().code == error_code::not_found));
}

BOOST_AUTO_TEST_CASE(the_book_of_links_is_bounded) {
  link_book book(2);
  BOOST_TEST(book.add(link("a", noon + hours{1}), noon));
  BOOST_TEST(book.add(link("b", noon + hours{2}), noon));
  BOOST_TEST(!book.add(link("c", noon + hours{3}), noon));
  BOOST_TEST(book.add(link("c", noon + hours{3}), noon + hours{1})); // in the place of one that has expired
  BOOST_TEST(book.size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(self_tests)

BOOST_AUTO_TEST_CASE(every_way_to_every_person_is_tried_at_its_local_time) {
  const contact_book contacts = small_book(); // four ways; Berlin is an hour ahead of UTC
  self_test_book book({});
  std::vector<timestamp> sent;
  std::size_t overdue = 0;
  for (timestamp at = noon; at < noon + days{15}; at += minutes{10}) {
    const auto plan = book.plan(contacts, at, plenty);
    for (const self_test& each : plan.due) {
      BOOST_TEST((each.sent_at == at));
      sent.push_back(at);
      if (each.to.person == "anna") BOOST_TEST(book.confirmed(each.key, at + minutes{5}).has_value());
    }
    overdue += plan.overdue.size();
  }
  const timestamp first = utc("2026-11-22T09:00:00Z");
  BOOST_TEST(sent.size() == 12U);
  for (std::size_t i = 0; i < sent.size(); ++i)
    BOOST_TEST((sent[i] == first + days{7 * static_cast<int>(i / 4)}));
  BOOST_TEST(overdue == 6U); // the other three ways, after the first two rounds; said once each
}

BOOST_AUTO_TEST_CASE(its_breach_is_judged_told_and_planned_as_a_real_one) {
  const contact_book contacts = small_book();
  const self_test test{"self-test-1", {"ben", "sms", "+4930123"}, noon, {}, false};
  person ben = contacts.persons.at("ben"); // off duty at noon, and wants to hear of the worst alone
  ben.least = severity::critical;
  const auto call = drill(test, ben, noon);
  BOOST_REQUIRE_MESSAGE(call.ok(), (call.ok() ? "" : call.error().text()));
  BOOST_TEST(call->key == "self-test-1");
  BOOST_TEST((call->kind == call_kind::test));
  BOOST_TEST((call->to == test.to));
  BOOST_REQUIRE(call->alarms.size() == 1U);
  const alarm_notice& told = call->alarms[0].notice;
  BOOST_TEST((told.state == notice_state::raised));
  BOOST_TEST((told.raised_at == noon));
  BOOST_TEST((told.value == 9'000));
  BOOST_TEST((told.limit == 8'000));
  BOOST_TEST(told.unit_name == "test unit (not real)");
}

BOOST_AUTO_TEST_CASE(by_which_policies_real_alarms_come_is_known) {
  contact_book contacts = small_book();
  const callee ben{"ben", "sms", "+4930123"};
  BOOST_TEST((policies_that_reach(contacts, ben) == std::vector<std::string>{"usual"})); // though he is off duty now
  contacts.policies["unused"] = contacts.policies["usual"];
  contacts.teams["technicians"] = {{"anna", ""}};
  BOOST_TEST(policies_that_reach(contacts, ben).empty());
  contacts.policies["own"].steps = {{millis{0}, {{"ben", "", ""}}}};
  contacts.system_policy = "own";
  BOOST_TEST((policies_that_reach(contacts, ben) == std::vector<std::string>{"own"}));
  BOOST_TEST(policies_that_reach(contacts, {"ben", "sms", "+490"}).empty());
}

BOOST_AUTO_TEST_CASE(lost_messages_are_known_by_person_and_channel_for_a_while) {
  lost_ways lost;
  lost.note({"anna", "mail", "anna@example.org"}, noon);
  lost.note({"anna", "mail", "new@example.org"}, noon - hours{1});
  lost.note({"ben", "sms", "+4930123"}, noon - hours{2});
  BOOST_TEST((lost.between(noon - hours{1}, noon) == std::vector<std::string>{"anna by mail"}));
  for (std::size_t i = 0; i < lost_ways::most; ++i)
    lost.note({"p" + std::to_string(i), "mail", ""}, noon + seconds{1});
  BOOST_TEST(lost.between(timestamp::min(), timestamp::max()).size() == lost_ways::most);
  BOOST_TEST(lost.between(timestamp::min(), noon).empty()); // the oldest are forgotten
}

BOOST_AUTO_TEST_CASE(where_nobody_can_confirm_delivery_is_enough) {
  self_test_rule rule;
  rule.taken_is_enough = {"sms"};
  self_test_book book(rule);
  const auto contacts = small_book();
  (void)book.plan(contacts, noon, plenty);
  const auto due = book.plan(contacts, noon + days{1}, plenty).due;
  BOOST_REQUIRE(due.size() == 4U);
  std::size_t received = 0;
  for (const self_test& each : due)
    if (book.delivered(each.key, noon + days{1})) ++received;
  BOOST_TEST(received == 2U);
  BOOST_TEST(book.plan(contacts, noon + days{2}, plenty).overdue.size() == 2U);
  BOOST_TEST(!book.confirmed("unknown", noon).has_value());
}

BOOST_AUTO_TEST_CASE(tests_follow_the_book) {
  contact_book contacts = small_book();
  self_test_book book({});
  (void)book.plan(contacts, noon, plenty);
  BOOST_REQUIRE(book.plan(contacts, noon + days{1}, plenty).due.size() == 4U);
  contacts.persons["anna"].ways[0].address = "new@example.org"; // a way that was never tried
  contacts.persons.erase("ben");
  contacts.teams["technicians"] = {{"anna", ""}};
  const auto next = book.plan(contacts, noon + days{2} + minutes{1}, plenty);
  BOOST_TEST(next.due.empty());
  BOOST_REQUIRE(next.overdue.size() == 1U);
  BOOST_TEST(next.overdue[0].to.person == "boss");
  const auto due = book.plan(contacts, noon + days{3}, plenty).due;
  BOOST_REQUIRE(due.size() == 1U);
  BOOST_TEST(due[0].to.address == "new@example.org");
}

BOOST_AUTO_TEST_CASE(a_restart_neither_repeats_nor_forgets_a_test) {
  const auto contacts = small_book();
  self_test_book before({});
  (void)before.plan(contacts, noon, plenty);
  channel_room three{2};
  three.take("sms");
  BOOST_TEST(before.plan(contacts, noon + days{1}, three).due.size() == 3U); // what does not fit stays due
  self_test_book after({});
  for (const self_test& each : before.all())
    after.restore(each);
  BOOST_TEST(after.plan(contacts, noon + days{1}, plenty).due.empty());
  const auto later = after.plan(contacts, noon + days{2}, plenty);
  BOOST_TEST(later.due.size() == 1U);
  BOOST_TEST(later.overdue.size() == 3U);
  self_test_rule off;
  off.every = days{0};
  BOOST_TEST(self_test_book(off).plan(contacts, noon, plenty).due.empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(watches)

// Law 14.
BOOST_AUTO_TEST_CASE(after_thirty_seconds_without_a_commit_it_is_said) {
  recording_watch watch({seconds{30}, minutes{15}});
  const auto look = [&](timestamp at) { return static_cast<int>(watch.look(at)); };
  const auto is = [](recording_news news) { return static_cast<int>(news); };
  BOOST_TEST(look(noon + hours{5}) == is(recording_news::none)); // nothing to record is no fault
  watch.committed();
  watch.waiting(noon + seconds{1});
  watch.waiting(noon + seconds{20});
  BOOST_TEST(look(noon + seconds{31} - millis{1}) == is(recording_news::none));
  BOOST_TEST(look(noon + seconds{31}) == is(recording_news::stopped));
  BOOST_TEST((watch.stopped_since() == noon + seconds{1})); // not since the last commit: nothing was there to record
  BOOST_TEST(look(noon + minutes{15}) == is(recording_news::none));
  BOOST_TEST(look(noon + minutes{16}) == is(recording_news::still_stopped));
  watch.committed();
  watch.waiting(noon + minutes{17}); // a busy system has always something waiting
  BOOST_TEST(look(noon + minutes{17}) == is(recording_news::again));
  BOOST_TEST(look(noon + minutes{17}) == is(recording_news::none));
  BOOST_TEST((watch.stopped_since() == std::nullopt));
  BOOST_TEST(look(noon + minutes{18}) == is(recording_news::stopped));
}

BOOST_AUTO_TEST_CASE(that_recording_works_again_is_said_by_the_next_process) {
  recording_watch watch({seconds{30}, minutes{15}});
  watch.told_before(noon - hours{1});
  BOOST_TEST((watch.stopped_since() == noon - hours{1}));
  BOOST_TEST((watch.look(noon) == recording_news::again));
  BOOST_TEST((watch.look(noon + seconds{1}) == recording_news::none));
  BOOST_TEST((watch.stopped_since() == std::nullopt));
}

BOOST_AUTO_TEST_CASE(the_heart_beats_only_after_a_commit_and_a_tick) {
  heartbeat_gate gate(minutes{1});
  BOOST_TEST(!gate.due(noon));
  gate.committed();
  BOOST_TEST(!gate.due(noon));
  gate.ticked();
  BOOST_TEST(gate.due(noon));
  gate.ticked();
  BOOST_TEST(!gate.due(noon + minutes{5}));
  gate.committed();
  BOOST_TEST(gate.due(noon + minutes{5}));
  gate.committed();
  gate.ticked();
  BOOST_TEST(!gate.due(noon + minutes{6} - millis{1}));
  BOOST_TEST(gate.due(noon + minutes{6}));
}

BOOST_AUTO_TEST_SUITE_END()
