// All of notification together, with a store that dies and channels that fail.
#include "notify/delivery_pool.hpp"
#include "notify/desk.hpp"
#include "notify/http_channels.hpp"
#include "tests/notify/contacts_fixture.hpp"
#include "tests/support/http_receiver.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include <future>
#include <set>

using namespace coldvigil;
using namespace coldvigil::test;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const timestamp noon = utc("2026-11-21T11:00:00Z");

uuid alarm_number(int number) {
  std::array<std::uint8_t, 16> bytes{};
  bytes[15] = static_cast<std::uint8_t>(number);
  return uuid_from_random(bytes);
}

alarm_notice notice(int alarm, std::uint64_t transition = 1, notice_state state = notice_state::raised) {
  alarm_notice out;
  out.alarm = alarm_number(alarm);
  out.transition = transition;
  out.state = state;
  out.customer = customer_id{1};
  out.facility = facility_id{1};
  out.unit_name = "U" + std::to_string(alarm);
  out.facility_name = "F1";
  out.rule = "too warm";
  out.raised_at = noon;
  if (state == notice_state::cleared) out.ended_at = noon + minutes{5};
  return out;
}

/// What a store keeps, in the least words.
struct kept {
  std::map<std::pair<uuid, std::uint64_t>, alarm_notice> notices;
  std::map<uuid, alarm_case> cases;
  std::vector<outbox_entry> outbox;
  std::vector<delivery_record> deliveries;
  std::map<std::string, message_link> links;
  std::map<std::string, self_test> self_tests;

  void commit(const notification_changes& changes) {
    for (const auto& each : changes.notices)
      notices[{each.alarm, each.transition}] = each;
    for (const auto& each : changes.cases)
      cases[each.alarm] = each;
    for (const auto& each : changes.outbox) {
      const auto same = [&](const outbox_entry& one) { return one.key == each.key; };
      const auto known = std::find_if(outbox.begin(), outbox.end(), same);
      if (known == outbox.end())
        outbox.push_back(each);
      else
        *known = each;
    }
    deliveries.insert(deliveries.end(), changes.deliveries.begin(), changes.deliveries.end());
    for (const auto& each : changes.links)
      links[each.sha256_hex] = each;
    for (const auto& each : changes.self_tests)
      self_tests[each.key] = each;
  }
  [[nodiscard]] stored_notifications load() const {
    stored_notifications out;
    for (const auto& [alarm, one] : cases)
      out.cases.emplace_back(one, notices.at({alarm, one.seen}));
    for (const auto& [name, each] : notices)
      if (const auto one = cases.find(each.alarm); one == cases.end() || one->second.seen < each.transition)
        out.unseen.push_back(each);
    out.outbox = outbox;
    for (const auto& [hash, link] : links)
      out.links.push_back(link);
    for (const auto& [key, test] : self_tests)
      out.self_tests.push_back(test);
    return out;
  }
};

desk_options options() {
  desk_options out;
  out.link_url = "https://cold.example/l/";
  out.self_tests.every = std::chrono::days{0};
  return out;
}

/// A process: a desk on what is kept, without self-tests unless asked for.
class process {
 public:
  explicit process(kept& on, timestamp now, desk_options chosen = options())
      : on_(on), desk(
                     std::move(chosen), [this](std::span<std::uint8_t> bytes) { fill(bytes); }, [] { return 0.5; }) {
    desk.use(std::make_shared<contact_book>(small_book()), now);
    desk.restore(on.load(), now);
  }
  void tell(const alarm_notice& what, timestamp now) {
    on_.commit({.notices = {what}});
    desk.tell({what}, now);
  }
  /// A tick, a commit, and what is to be sent then.
  std::vector<outgoing_message> turn(timestamp now) {
    desk.tick(now);
    on_.commit(desk.take_changes());
    desk.committed();
    return desk.take_due(now, 100);
  }
  void store() {
    on_.commit(desk.take_changes());
    desk.committed();
  }

 private:
  void fill(std::span<std::uint8_t> bytes) {
    for (std::uint8_t& each : bytes)
      each = next_++;
  }
  kept& on_;
  static inline std::uint8_t next_ = 0;

 public:
  notification_desk desk;
};

std::string link_in(const outgoing_message& message) {
  const std::string url = "https://cold.example/l/";
  const std::size_t at = message.text.find(url);
  return at == std::string::npos ? "" : message.text.substr(at + url.size(), 64);
}

const send_outcome taken{send_result::delivered, "ok", {}, {}};
const send_outcome lost{send_result::retry, "lost", {}, {}};

} // namespace

BOOST_AUTO_TEST_SUITE(desk)

BOOST_AUTO_TEST_CASE(nothing_is_sent_before_it_is_committed) {
  kept disk;
  process one(disk, noon);
  one.tell(notice(1), noon);
  one.desk.tick(noon + seconds{30});
  BOOST_TEST(one.desk.take_due(noon + seconds{30}, 9).empty());
  const auto first = one.desk.take_changes();
  BOOST_TEST(first.outbox.size() == 1U);
  BOOST_TEST(one.desk.take_changes().empty()); // one commit at a time
  BOOST_TEST(one.desk.take_due(noon + seconds{30}, 9).empty());
  one.desk.not_committed();
  BOOST_TEST(one.desk.take_due(noon + seconds{30}, 9).empty());
  const auto again = one.desk.take_changes();
  BOOST_TEST((again.outbox == first.outbox));
  BOOST_TEST((again.links == first.links));
  one.desk.committed();
  BOOST_TEST(one.desk.take_due(noon + seconds{30}, 9).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_link_acknowledges_once) {
  kept disk;
  process one(disk, noon);
  one.tell(notice(1), noon);
  const auto sent = one.turn(noon + seconds{30});
  BOOST_REQUIRE(sent.size() == 1U);
  BOOST_TEST(sent[0].person_name == "Anna");
  const std::string secret = link_in(sent[0]);
  BOOST_REQUIRE(secret.size() == 64U);
  BOOST_TEST(sent[0].data.ends_with(R"("acknowledge_url":"https://cold.example/l/)" + secret + "\"}"));
  BOOST_TEST(sent[0].link_secret == secret);
  BOOST_TEST(one.desk.look_at_link(secret, noon + minutes{1}).ok());
  const auto used = one.desk.use_link(secret, noon + minutes{1});
  BOOST_REQUIRE(used.ok());
  BOOST_TEST(used->person == "anna");
  BOOST_TEST((used->alarms == std::vector{alarm_number(1)}));
  BOOST_TEST(!one.desk.use_link(secret, noon + minutes{2}).ok());
  BOOST_TEST(!one.desk.use_link(std::string(64, '0'), noon + minutes{2}).ok());
  BOOST_TEST(one.turn(noon + minutes{10} + seconds{30}).empty()); // the boss sleeps on
  BOOST_TEST(disk.cases.at(alarm_number(1)).acknowledged_by == "anna");
  process next(disk, noon + minutes{20});
  BOOST_TEST(!next.desk.use_link(secret, noon + minutes{21}).ok());
  // Neither the store nor a message for programs has the secret.
  for (const outbox_entry& each : disk.outbox)
    BOOST_TEST((each.text + each.data).find(secret) == std::string::npos);
  BOOST_TEST(disk.links.begin()->first != secret);
}

BOOST_AUTO_TEST_CASE(a_name_cannot_have_a_link_made_for_a_message_that_has_none) {
  kept disk;
  process one(disk, noon);
  alarm_notice named = notice(1);
  named.rule = "warm https://evil.example/?{link}";
  one.tell(named, noon);
  const auto called = one.turn(noon + seconds{30});
  BOOST_REQUIRE(called.size() == 1U);
  one.desk.settled(called[0].key, taken, noon + seconds{31});
  BOOST_TEST(disk.links.size() == 1U);
  named.transition += 1;
  named.state = notice_state::cleared;
  named.ended_at = noon + minutes{1};
  one.tell(named, noon + minutes{1});
  const auto over = one.turn(noon + minutes{2});
  BOOST_REQUIRE(over.size() == 1U);
  BOOST_TEST(link_in(over[0]).empty());
  BOOST_TEST(over[0].text.find("?{link}") != std::string::npos); // as it was written
  BOOST_TEST(disk.links.size() == 1U);
}

BOOST_AUTO_TEST_CASE(after_a_crash_a_message_goes_out_with_a_link_that_works) {
  kept disk;
  {
    process one(disk, noon);
    one.tell(notice(1), noon);
    one.desk.tick(noon + seconds{30});
    disk.commit(one.desk.take_changes()); // and dies
  }
  process next(disk, noon + minutes{1});
  BOOST_TEST(next.desk.take_due(noon + minutes{1}, 9).empty()); // its new link is not committed
  const auto sent = next.turn(noon + minutes{1});
  BOOST_REQUIRE(sent.size() == 1U);
  BOOST_TEST(next.desk.use_link(link_in(sent[0]), noon + minutes{2}).ok());
}

BOOST_AUTO_TEST_CASE(another_book_leaves_messages_and_links_that_are_out_as_they_are) {
  kept disk;
  process one(disk, noon);
  one.tell(notice(1), noon);
  one.desk.tick(noon + seconds{30});
  one.store();
  contact_book without = small_book();
  without.persons.erase("anna");
  without.teams["technicians"] = {{"ben", ""}};
  one.desk.use(std::make_shared<contact_book>(without), noon + seconds{31});
  const auto sent = one.turn(noon + seconds{32});
  BOOST_REQUIRE(sent.size() == 1U); // it was committed: it goes where it was to go
  BOOST_TEST(sent[0].to.address == "anna@example.org");
  BOOST_TEST(one.desk.use_link(link_in(sent[0]), noon + minutes{1}).ok());
  BOOST_TEST(one.turn(noon + minutes{11}).empty());
  BOOST_TEST(disk.cases.at(alarm_number(1)).acknowledged_by == "anna");
}

BOOST_AUTO_TEST_CASE(an_alarm_whose_policy_went_while_nothing_ran_calls_by_the_one_that_fits) {
  kept disk;
  {
    process one(disk, noon);
    one.tell(notice(1), noon);
    BOOST_TEST(one.turn(noon + seconds{30}).size() == 1U);
  }
  disk.cases.at(alarm_number(1)).policy = "gone";
  process next(disk, noon + minutes{1});
  const auto sent = next.turn(noon + minutes{2});
  BOOST_REQUIRE(sent.size() == 1U);
  BOOST_TEST(sent[0].to.person == "anna");
  BOOST_TEST(disk.cases.at(alarm_number(1)).policy == "usual");
}

BOOST_AUTO_TEST_CASE(attempts_and_dead_letters_are_recorded) {
  kept disk;
  process one(disk, noon);
  one.tell(notice(1), noon);
  auto sent = one.turn(noon + seconds{30});
  BOOST_REQUIRE(sent.size() == 1U);
  one.desk.settled(sent[0].key, lost, noon + seconds{31});
  BOOST_TEST(one.turn(noon + seconds{32}).empty());
  sent = one.turn(noon + seconds{40});
  BOOST_REQUIRE(sent.size() == 1U);
  one.desk.settled(sent[0].key, {send_result::refused, "550 no", {}, {}}, noon + seconds{41});
  one.store();
  BOOST_TEST(disk.deliveries.size() == 2U);
  BOOST_TEST((disk.outbox[0].state == outbox_state::dead));
  BOOST_TEST(disk.outbox[0].last_error == "550 no");
  const auto given_up = one.desk.take_trouble().dead_letters;
  BOOST_REQUIRE(given_up.size() == 1U);
  BOOST_TEST(given_up[0].key == sent[0].key);
  BOOST_TEST((given_up[0].to == sent[0].to));
  BOOST_TEST(one.desk.take_trouble().empty());
}

BOOST_AUTO_TEST_CASE(while_the_store_is_away_attempts_pile_up_only_so_far) {
  kept disk;
  desk_options few = options();
  few.max_unstored_attempts = 3;
  process one(disk, noon, few);
  one.tell(notice(1), noon);
  timestamp now = noon + seconds{30};
  auto sent = one.turn(now);
  for (int i = 0; i < 10; ++i) {
    BOOST_REQUIRE(sent.size() == 1U);
    one.desk.settled(sent[0].key, lost, now);
    now += minutes{5};
    sent = one.desk.take_due(now, 9);
  }
  BOOST_TEST(one.desk.take_changes().deliveries.size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_self_test_is_confirmed_by_its_link_or_becomes_an_alarm) {
  kept disk;
  desk_options chosen = options();
  chosen.self_tests = self_test_rule{};
  process one(disk, noon, chosen);
  BOOST_TEST(one.turn(noon).empty());
  timestamp now = noon + std::chrono::days{1};
  const auto sent = one.turn(now);
  BOOST_REQUIRE(sent.size() == 4U);
  for (const outgoing_message& each : sent)
    one.desk.settled(each.key, taken, now);
  BOOST_TEST(one.desk.use_link(link_in(sent[0]), now).ok());
  one.store();
  BOOST_TEST(disk.self_tests.at(sent[0].key).received_at.has_value());
  now += hours{25};
  (void)one.turn(now);
  BOOST_TEST(one.desk.take_trouble().overdue_tests.size() == 3U);
  BOOST_TEST(disk.self_tests.at(sent[1].key).overdue);
}

BOOST_AUTO_TEST_CASE(a_self_test_is_a_made_up_alarm_and_asks_only_for_what_its_channel_needs) {
  kept disk;
  desk_options chosen = options();
  chosen.self_tests.taken_is_enough = {"sms"};
  process one(disk, noon, chosen);
  BOOST_TEST(one.desk.send_test("ben", "", noon)->size() == 2U);
  for (const outgoing_message& each : one.turn(noon)) {
    BOOST_TEST(each.subject.starts_with("TEST: test unit (not real), self-test - too warm: 9.0 °C (limit 8.0 °C)"),
               each.subject);
    BOOST_TEST(each.text.find("by the policy usual.") != std::string::npos);
    const bool by_mail = each.to.channel == "mail";
    BOOST_TEST(link_in(each).empty() != by_mail);
    BOOST_TEST((each.text.find("There is nothing to do") == std::string::npos) == by_mail);
    one.desk.settled(each.key, taken, noon);
    one.store();
    BOOST_TEST(disk.self_tests.at(each.key).received_at.has_value() != by_mail);
  }
  BOOST_TEST(disk.cases.empty()); // nobody is called about it, and no alarm is told of
  BOOST_TEST(disk.notices.empty());
  BOOST_TEST(disk.deliveries.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_made_up_alarm_that_is_lost_on_its_way_is_a_failed_test_at_once) {
  kept disk;
  desk_options chosen = options();
  chosen.drill = [](const self_test&, const person&, timestamp) {
    return failure{error_code::internal, "no alarm was raised"};
  };
  process one(disk, noon, chosen);
  const auto keys = one.desk.send_test("anna", "", noon);
  BOOST_REQUIRE(keys.ok());
  BOOST_TEST(one.turn(noon).empty());
  BOOST_TEST(disk.self_tests.at(keys->at(0)).overdue);
  BOOST_TEST((one.desk.overdue_ways() == std::vector<std::string>{"anna by mail"}));
  BOOST_TEST(one.desk.take_trouble().overdue_tests.size() == 1U);
}

// Law 14.
BOOST_AUTO_TEST_CASE(that_recording_has_stopped_is_said_without_a_commit_and_recorded_later) {
  kept disk;
  process one(disk, noon);
  const unit_in_danger unit{"A", "F1", "U1", -5'000, -18'000, temperature_scale::celsius, noon};
  one.desk.tell_of_recording({recording_news::stopped, noon, {unit}}, noon);
  const auto said = one.desk.take_due(noon, 9);
  BOOST_REQUIRE(said.size() == 2U); // anna and the boss; ben is off duty
  BOOST_TEST(said[0].to.person == "anna");
  BOOST_TEST(said[1].to.person == "boss");
  BOOST_TEST(said[0].text.find("U1, F1, A: -5.0 °C") != std::string::npos);
  BOOST_TEST(said[0].data.starts_with(R"({"kind":"system","message":")" + said[0].key + "\""));
  one.desk.settled(said[1].key, taken, noon);
  timestamp now = noon;
  for (int failure = 0; failure < 2; ++failure) { // it is tried again like any other message
    one.desk.settled(said[0].key, lost, now);
    BOOST_TEST(one.desk.take_due(now + seconds{1}, 9).empty());
    now += minutes{1};
    const auto again = one.desk.take_due(now, 9);
    BOOST_REQUIRE(again.size() == 1U);
    BOOST_TEST(again[0].key == said[0].key);
  }
  one.desk.settled(said[0].key, taken, now);
  BOOST_TEST(one.desk.take_due(now + hours{1}, 9).empty());
  BOOST_TEST(disk.deliveries.empty());
  one.store(); // it is back
  BOOST_TEST(disk.deliveries.size() == 4U);
  BOOST_REQUIRE(disk.outbox.size() == 2U);
  for (const outbox_entry& each : disk.outbox)
    BOOST_TEST((each.state == outbox_state::delivered));
}

BOOST_AUTO_TEST_CASE(newer_news_of_recording_takes_the_place_of_what_waits_and_outlives_the_process) {
  kept disk;
  process one(disk, noon);
  one.desk.tell_of_recording({recording_news::stopped, noon, {}}, noon);
  auto said = one.desk.take_due(noon, 9);
  BOOST_REQUIRE(said.size() == 2U);
  one.desk.settled(said[0].key, lost, noon); // the other one is on its way still
  one.desk.tell_of_recording({recording_news::again, noon, {}}, noon + seconds{1});
  one.desk.settled(said[1].key, lost, noon + seconds{1});
  const auto again = one.desk.take_due(noon + minutes{1}, 9);
  BOOST_REQUIRE(again.size() == 2U);
  for (const outgoing_message& each : again)
    BOOST_TEST(each.subject == "OVER: Coldvigil records again");
  one.desk.settled(again[0].key, lost, noon + minutes{1});
  one.store();
  BOOST_TEST(one.desk.withdrawn_messages() == 2U);
  BOOST_TEST(std::count_if(disk.deliveries.begin(), disk.deliveries.end(), [](const delivery_record& each) {
               return each.result == send_result::withdrawn && each.detail == "there is newer news";
             }) == 2);
  process next(disk, noon + minutes{2});
  BOOST_TEST(next.desk.take_due(noon + minutes{10}, 9).size() == 2U); // the other's outcome was lost
}

BOOST_AUTO_TEST_CASE(who_cannot_be_told_that_recording_has_stopped_is_counted_and_what_is_kept_of_it_is_bounded) {
  kept disk;
  desk_options few = options();
  few.outbox.max_system = 1;
  few.max_unstored_attempts = 5;
  process one(disk, noon, few);
  timestamp now = noon;
  for (int i = 0; i < 10; ++i, now += minutes{15}) {
    one.desk.tell_of_recording({recording_news::still_stopped, noon, {}}, now);
    BOOST_TEST(one.desk.take_trouble().not_told_of_recording == 1U);
    const auto said = one.desk.take_due(now, 9);
    BOOST_REQUIRE(said.size() == 1U);
    BOOST_TEST(said[0].to.person == "anna"); // of the first step
    one.desk.settled(said[0].key, taken, now);
  }
  BOOST_TEST(one.desk.take_changes().outbox.size() == 5U);
}

BOOST_AUTO_TEST_CASE(a_call_that_waits_is_withdrawn_when_its_alarm_needs_none_any_more) {
  const auto end = [](process& of, int how) {
    if (how == 0) of.desk.acknowledge(alarm_number(1), "person:ben", noon + minutes{1});
    if (how == 1) of.tell(notice(1, 2, notice_state::cleared), noon + minutes{1});
    if (how == 2) of.desk.shelve(alarm_number(1), noon + hours{1});
  };
  const std::string reasons[] = {"acknowledged by person:ben", "the alarm is over",
                                 "the alarm is shelved or suppressed, or its unit is out of service"};
  for (int how = 0; how < 3; ++how)
    for (const bool restarted : {false, true}) {
      kept disk;
      auto alive = std::make_unique<process>(disk, noon);
      alive->tell(notice(1), noon);
      const auto sent = alive->turn(noon + seconds{30});
      BOOST_REQUIRE(sent.size() == 1U);
      alive->desk.settled(sent[0].key, lost, noon + seconds{31});
      alive->store();
      if (restarted) alive = std::make_unique<process>(disk, noon + minutes{1});
      end(*alive, how);
      for (const outgoing_message& each : alive->turn(noon + minutes{2}))
        BOOST_TEST(each.subject.starts_with("OVER: "), each.subject); // what became of it is told
      BOOST_TEST(alive->desk.withdrawn_messages() == 1U);
      alive->store();
      BOOST_TEST((disk.outbox[0].state == outbox_state::withdrawn));
      BOOST_REQUIRE(disk.deliveries.size() == 2U);
      BOOST_TEST((disk.deliveries[1].result == send_result::withdrawn));
      BOOST_TEST(disk.deliveries[1].attempt == 2U);
      BOOST_TEST(disk.deliveries[1].detail == reasons[how]);
      BOOST_TEST(alive->desk.take_trouble().dead_letters.empty());
      process next(disk, noon + hours{5}); // nor does a later process send it
      for (const outgoing_message& each : next.turn(noon + hours{5}))
        BOOST_TEST(each.key != sent[0].key);
    }
}

BOOST_AUTO_TEST_CASE(a_call_whose_alarm_was_over_long_before_a_start_is_withdrawn) {
  kept disk;
  {
    process one(disk, noon);
    one.tell(notice(1), noon);
    (void)one.turn(noon + seconds{30});
  }
  disk.cases.clear(); // finished, and no longer loaded
  disk.notices.clear();
  process next(disk, noon + hours{6});
  BOOST_TEST(next.turn(noon + hours{6}).empty());
  next.store();
  BOOST_REQUIRE(disk.deliveries.size() == 1U);
  BOOST_TEST(disk.deliveries[0].detail == "the alarm has been over for long");
}

BOOST_AUTO_TEST_CASE(a_call_is_sent_as_long_as_one_of_its_alarms_calls_and_tests_and_what_follows_always_are) {
  kept disk;
  process one(disk, noon);
  one.tell(notice(1), noon);
  one.tell(notice(2), noon);
  auto sent = one.turn(noon + seconds{30});
  BOOST_REQUIRE(sent.size() == 1U);
  one.desk.settled(sent[0].key, lost, noon + seconds{31});
  one.desk.acknowledge(alarm_number(1), "person:ben", noon + seconds{32});
  sent = one.turn(noon + minutes{1});
  BOOST_REQUIRE(sent.size() == 1U);
  one.desk.acknowledge(alarm_number(2), "person:ben", noon + minutes{1});
  one.desk.settled(sent[0].key, lost, noon + minutes{1}); // it was on its way
  BOOST_TEST(one.turn(noon + minutes{2}).empty());
  one.store();
  BOOST_TEST(disk.deliveries.back().detail ==
             "none of its alarms calls any more; the last: acknowledged by person:ben");
  BOOST_REQUIRE(one.desk.send_test("anna", "", noon + minutes{3}).ok());
  one.tell(notice(1, 2, notice_state::cleared), noon + minutes{3});
  for (int i = 0; i < 3; ++i) {
    sent = one.turn(noon + minutes{4 + 5 * i});
    BOOST_TEST(sent.size() == 2U); // the test, and that it is over
    for (const outgoing_message& each : sent)
      one.desk.settled(each.key, lost, noon + minutes{4 + 5 * i});
  }
}

BOOST_AUTO_TEST_CASE(without_an_address_for_links_messages_point_to_the_dashboard) {
  kept disk;
  desk_options chosen = options();
  chosen.link_url.clear();
  process one(disk, noon, chosen);
  one.tell(notice(1), noon);
  const auto sent = one.turn(noon + seconds{30});
  BOOST_TEST(sent.at(0).text.find("acknowledge:\non the dashboard\n") != std::string::npos);
  BOOST_TEST(disk.links.empty());
}

BOOST_AUTO_TEST_CASE(full_books_are_said) {
  kept disk;
  desk_options chosen = options();
  chosen.escalation.max_cases = 1;
  chosen.escalation.max_waiting_cases = 1;
  chosen.max_links = 0;
  process one(disk, noon, chosen);
  BOOST_TEST((one.desk.shortage() == notification_shortage{}));
  for (const int alarm : {1, 2, 3})
    one.tell(notice(alarm), noon);
  (void)one.turn(noon + seconds{30});
  BOOST_TEST((one.desk.shortage() == notification_shortage{{}, 1, 1, 1}));
  BOOST_TEST(one.desk.dropped() == 1U);
  BOOST_TEST(one.desk.take_trouble().links_full);
  // What was not taken is taken up by the next process.
  for (const int alarm : {1, 2})
    one.tell(notice(alarm, 2, notice_state::cleared), noon + minutes{1});
  for (int i = 1; i <= 2; ++i)
    (void)one.turn(noon + minutes{i});
  process next(disk, noon + minutes{3}, chosen);
  for (const outgoing_message& each : next.turn(noon + minutes{3}))
    next.desk.settled(each.key, taken, noon + minutes{3}); // the ends of the others
  const auto sent = next.turn(noon + minutes{4});
  BOOST_TEST(std::any_of(sent.begin(), sent.end(),
                         [](const outgoing_message& each) { return each.subject.starts_with("ALARM: U3"); }));
}

namespace {

/// Anna has mail and sms, and the mail server hangs.
class two_ways {
 public:
  kept disk;
  bool mail_works = false;
  std::vector<std::string> by_sms; ///< subjects

  two_ways() {
    contacts_.persons["anna"].ways.push_back({"sms", "+49 anna"});
    restart(noon);
  }
  void restart(timestamp now) {
    desk_options chosen = options();
    chosen.outbox.max_waiting = 3;
    one = std::make_unique<process>(disk, now, chosen);
    one->desk.use(std::make_shared<contact_book>(contacts_), now);
  }
  /// Of a facility of its own.
  void tell(alarm_notice what, int number, timestamp now) {
    what.facility = facility_id{number};
    one->tell(what, now);
  }
  void turn(timestamp now) {
    for (const outgoing_message& each : one->turn(now)) {
      const bool sms = each.to.channel == "sms";
      if (sms) by_sms.push_back(each.subject.substr(0, each.subject.find(',')));
      one->desk.settled(each.key, sms || mail_works ? taken : lost, now);
    }
    one->store();
  }
  std::unique_ptr<process> one;

 private:
  contact_book contacts_ = small_book();
};

using lines = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_CASE(a_channel_that_hangs_until_it_is_full_keeps_no_call_from_the_others) {
  two_ways to;
  for (int alarm = 1; alarm <= 5; ++alarm) {
    to.tell(notice(alarm), alarm, noon + minutes{alarm});
    to.turn(noon + minutes{alarm} + seconds{30});
  }
  BOOST_TEST(to.by_sms == (lines{"ALARM: U1", "ALARM: U2", "ALARM: U3", "ALARM: U4", "ALARM: U5"}));
  BOOST_TEST(to.one->desk.waiting_messages() == 3U);
  BOOST_TEST((to.one->desk.shortage() == notification_shortage{{"mail"}, 0, 0}));
  BOOST_TEST(to.one->desk.take_trouble().not_called == 2U);
  BOOST_TEST(!to.one->desk.send_test("anna", "mail", noon + minutes{6}).ok());
  BOOST_TEST(to.one->desk.send_test("anna", "sms", noon + minutes{6}).ok());
  to.mail_works = true;
  to.turn(noon + minutes{7});
  to.turn(noon + minutes{8});
  to.turn(noon + minutes{9});
  BOOST_TEST((to.one->desk.shortage() == notification_shortage{}));
}

BOOST_AUTO_TEST_CASE(what_became_of_an_alarm_is_told_once_although_a_channel_was_full_and_the_process_died) {
  two_ways to;
  to.mail_works = true;
  to.tell(notice(1), 1, noon);
  to.turn(noon + seconds{30});
  to.mail_works = false;
  for (int alarm = 2; alarm <= 4; ++alarm)
    to.tell(notice(alarm), alarm, noon);
  for (const int second : {0, 10})
    to.turn(noon + minutes{1} + seconds{second});
  to.by_sms.clear();
  to.tell(notice(1, 2, notice_state::cleared), 1, noon + minutes{2});
  to.turn(noon + minutes{2});
  to.restart(noon + minutes{3});
  to.turn(noon + minutes{3});
  BOOST_TEST(to.by_sms == lines{"OVER: U1"});
  to.mail_works = true;
  for (int minute = 4; minute <= 9; ++minute)
    to.turn(noon + minutes{minute});
  BOOST_TEST(to.by_sms == lines{"OVER: U1"});
  const auto over_by_mail = [](const delivery_record& each) {
    return each.kind == message_kind::follow_up && each.to.channel == "mail" && each.result == send_result::delivered;
  };
  BOOST_TEST(std::count_if(to.disk.deliveries.begin(), to.disk.deliveries.end(), over_by_mail) == 1);
}

// The whole way under deaths at random points: every alarm that stays open reaches somebody, every key is delivered at
// most once for each time that a delivery's record was lost.
BOOST_AUTO_TEST_CASE(nothing_is_lost_and_nothing_is_doubled) {
  const bool held = rc::check([] {
    kept disk;
    auto alive = std::make_unique<process>(disk, noon);
    std::map<std::string, int> arrived;
    std::set<std::string> excused;
    std::map<int, std::uint64_t> transitions;
    std::map<int, bool> open;
    timestamp now = noon;
    std::set<std::string> unrecorded; // arrived, and the commit of that is yet to come
    const auto die = [&] {
      excused.merge(unrecorded);
      unrecorded.clear();
      alive = std::make_unique<process>(disk, now);
    };
    const auto turn = [&] {
      auto out = alive->turn(now);
      unrecorded.clear();
      return out;
    };
    const auto deliver = [&](const std::vector<outgoing_message>& messages, bool calm) {
      for (const outgoing_message& each : messages) {
        const int fate = calm ? 0 : *rc::gen::inRange(0, 5);
        if (fate == 1) { // dies before it is sent
          die();
          return;
        }
        if (fate == 2) { // a channel that fails
          alive->desk.settled(each.key, lost, now);
          continue;
        }
        ++arrived[each.key];
        if (fate == 3) { // it arrived, its answer did not
          excused.insert(each.key);
          alive->desk.settled(each.key, lost, now);
          continue;
        }
        unrecorded.insert(each.key);
        alive->desk.settled(each.key, taken, now);
        if (fate == 4) { // dies before the outcome is stored
          die();
          return;
        }
      }
    };
    const int turns = *rc::gen::inRange(5, 60);
    for (int i = 0; i < turns; ++i) {
      now += seconds{*rc::gen::inRange(1, 400)};
      const int alarm = *rc::gen::inRange(1, 4);
      if (*rc::gen::inRange(0, 3) == 0) {
        open[alarm] = !open[alarm];
        alive->tell(notice(alarm, ++transitions[alarm], open[alarm] ? notice_state::raised : notice_state::cleared),
                    now);
        if (*rc::gen::inRange(0, 4) == 0) die();
      }
      deliver(turn(), false);
    }
    for (int i = 0; i < 20; ++i) {
      now += minutes{5};
      deliver(turn(), true);
    }
    alive->store();
    for (const outbox_entry& each : disk.outbox) {
      const bool withdrawn = each.state == outbox_state::withdrawn; // its alarm was over
      RC_ASSERT(arrived[each.key] >= 1 || withdrawn);
      if (withdrawn && arrived[each.key] == 0) continue;
      RC_ASSERT(arrived[each.key] == 1 || excused.contains(each.key));
    }
    for (const auto& [alarm, is_open] : open) {
      if (!is_open) continue;
      const auto about = [&](const outbox_entry& each) {
        return each.kind == message_kind::alarm &&
               each.key.find(to_string(alarm_number(alarm)) + ".c" + std::to_string(transitions[alarm])) == 0;
      };
      const auto listed = [&](const outbox_entry& each) {
        return std::find(each.alarms.begin(), each.alarms.end(), alarm_number(alarm)) != each.alarms.end();
      };
      RC_ASSERT(std::any_of(disk.outbox.begin(), disk.outbox.end(), about) ||
                std::any_of(disk.outbox.begin(), disk.outbox.end(), listed));
    }
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(pool)

namespace {

/// Counts outcomes and lets a test wait for them.
class outcomes {
 public:
  delivery_pool::done_function sink() {
    return [this](const std::string& key, const send_outcome& outcome) {
      const std::lock_guard lock(mutex_);
      got_[key] = outcome;
      more_.notify_all();
    };
  }
  std::map<std::string, send_outcome> wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    more_.wait(lock, [&] { return got_.size() >= count; });
    return got_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable more_;
  std::map<std::string, send_outcome> got_;
};

outgoing_message message(const std::string& key, const std::string& channel) {
  outgoing_message out;
  out.key = key;
  out.to = {"anna", channel, ""};
  out.data = "{}";
  return out;
}

std::shared_ptr<const channel> hook(const http_receiver& to) {
  static const system_clock time;
  auto made = make_webhook_channel({to.url(), "k", "a secret that is long enough", {}}, time);
  BOOST_REQUIRE(made.ok());
  return *made;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_channel_that_hangs_holds_up_no_other_and_a_stop_ends_it) {
  std::promise<void> hanging;
  http_receiver hangs([&](const received_request&) {
    hanging.set_value();
    return receiver_answer{receiver_answer::kind::hang};
  });
  http_receiver works([](const received_request&) { return receiver_answer{}; });
  outcomes seen;
  {
    delivery_pool pool({{"hangs", hook(hangs)}, {"works", hook(works)}}, 2, 10, seen.sink());
    BOOST_TEST(pool.send(message("h", "hangs")));
    hanging.get_future().wait();
    BOOST_TEST(pool.send(message("w", "works")));
    BOOST_TEST(pool.send(message("x", "nobody")));
    const auto got = seen.wait_for(2);
    BOOST_TEST((got.at("w").result == send_result::delivered));
    BOOST_TEST((got.at("x").result == send_result::retry));
    BOOST_TEST(pool.room() <= 9U);
  }
  const auto all = seen.wait_for(3);
  BOOST_TEST((all.at("h").result == send_result::retry));
  BOOST_TEST(all.at("h").detail.find("stopping") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_the_other_side_answers_shows_no_secret) {
  http_receiver echo([](const received_request& asked) {
    receiver_answer out;
    out.body = asked.body;
    return out;
  });
  outcomes seen;
  delivery_pool pool({{"echo", hook(echo)}}, 1, 10, seen.sink());
  for (const std::size_t before : {0U, 250U}) { // the second is cut within the secret
    outgoing_message one = message(std::to_string(before), "echo");
    one.link_secret = sha256_of("chance");
    one.data = std::string(before, 'x') + one.link_secret + " ends";
    BOOST_TEST(pool.send(one));
  }
  const auto got = seen.wait_for(2);
  BOOST_TEST(got.at("0").detail == "HTTP 200: (secret) ends");
  BOOST_TEST(got.at("250").detail == "HTTP 200: " + std::string(250, 'x') + "(secret)…");
  BOOST_TEST(without_secret("abcdefg abcdefgh", "abcdefghi") == "abcdefg (secret)");
  BOOST_TEST(without_secret("as it is", "") == "as it is");
}

BOOST_AUTO_TEST_CASE(the_pool_is_bounded_and_settles_all_it_took) {
  std::promise<void> hanging;
  http_receiver hangs([&](const received_request&) {
    hanging.set_value();
    return receiver_answer{receiver_answer::kind::hang};
  });
  outcomes seen;
  {
    delivery_pool pool({{"hangs", hook(hangs)}}, 1, 3, seen.sink());
    for (const char* key : {"a", "b", "c"})
      BOOST_TEST(pool.send(message(key, "hangs")));
    hanging.get_future().wait();
    BOOST_TEST(pool.room() == 0U);
    BOOST_TEST(!pool.send(message("d", "hangs")));
  }
  BOOST_TEST(seen.wait_for(3).size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_self_test_without_receipt_makes_its_way_overdue_until_one_arrives) {
  kept disk;
  process one(disk, noon);
  const auto keys = one.desk.send_test("anna", "", noon);
  BOOST_REQUIRE(keys.ok());
  const auto sent = one.turn(noon);
  BOOST_REQUIRE(sent.size() == keys->size());
  for (const auto& each : sent)
    one.desk.settled(each.key, taken, noon + seconds{1});
  one.store();
  (void)one.turn(noon + hours{24} - seconds{1});
  BOOST_TEST(one.desk.overdue_ways().empty());
  const auto late = noon + hours{24};
  (void)one.turn(late);
  BOOST_TEST(one.desk.take_trouble().overdue_tests.size() == keys->size());
  BOOST_REQUIRE(one.desk.overdue_ways().size() == keys->size());
  BOOST_TEST(one.desk.overdue_ways()[0].starts_with("anna by "));
  process next(disk, late + minutes{2}); // it outlives the process
  BOOST_TEST((next.desk.overdue_ways() == one.desk.overdue_ways()));
  BOOST_TEST(next.desk.use_link(link_in(sent[0]), late + minutes{2}).ok());
  next.store();
  BOOST_TEST(disk.self_tests.at(sent[0].key).received_at.has_value());
  BOOST_TEST(next.desk.overdue_ways().size() == keys->size() - 1);
  next.desk.use(std::make_shared<contact_book>(), late); // people who are gone need no test
  BOOST_TEST(next.desk.overdue_ways().empty());
  BOOST_TEST(!next.desk.send_test("nobody", "", late).ok());
  BOOST_TEST(!next.desk.send_test("anna", "fax", late).ok());
}

BOOST_AUTO_TEST_SUITE_END()
