#include "core/escalation.hpp"
#include "tests/notify/contacts_fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include <set>

using namespace coldvigil;
using namespace coldvigil::test;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const timestamp noon = utc("2026-11-21T11:00:00Z"); // ben is off duty
const timestamp night = utc("2026-11-21T02:00:00Z");
const channel_room plenty{1000};

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
  out.raised_at = utc("2026-11-21T00:00:00Z") + seconds{alarm};
  if (state == notice_state::cleared) out.ended_at = out.raised_at + hours{1};
  return out;
}

/// "anna/mail: U1 U2" for each call.
std::vector<std::string> said(const call_plan& plan) {
  std::vector<std::string> out;
  for (const planned_call& call : plan.calls) {
    std::string line = call.to.person + "/" + call.to.channel + ":";
    for (const called_alarm& alarm : call.alarms)
      line += " " + alarm.notice.unit_name;
    if (call.kind != call_kind::call) line += " " + std::string(to_string(call.alarms.front().notice.state));
    if (call.kind == call_kind::late) line += ", late";
    out.push_back(line);
  }
  return out;
}
using lines = std::vector<std::string>;

bool coin() {
  return *rc::gen::arbitrary<bool>();
}

/// A sound book: who is in it, at which address, and how often and in which steps they are called is chance.
contact_book random_book() {
  contact_book out = small_book();
  if (coin()) out.persons["anna"].ways[0].address = "anna" + std::to_string(*rc::gen::inRange(0, 3));
  if (coin()) {
    out.persons.erase("ben");
    out.teams["technicians"] = {{"anna", ""}};
  }
  escalation_policy& policy = out.policies["usual"];
  policy.repeat = minutes{*rc::gen::inRange(0, 20)};
  policy.max_rounds = static_cast<std::uint32_t>(*rc::gen::inRange(1, 4));
  if (coin()) policy.steps[1].after = minutes{*rc::gen::inRange(1, 30)};
  if (coin()) policy.steps.erase(policy.steps.begin());
  if (coin()) policy.steps.push_back({policy.steps.back().after + minutes{2}, {{"anna", "", ""}}});
  if (*rc::gen::inRange(0, 4) == 0) {
    out.policies["other"] = policy;
    out.policies.erase("usual");
    out.routes[0].policy = "other";
  }
  return out;
}

struct world {
  contact_book contacts = small_book();
  escalation_book book{escalation_limits{}};
  world() {
    contacts.policies["usual"].quiet = seconds{20};
    use();
  }
  void use(timestamp now = noon) { book.use(std::make_shared<contact_book>(contacts), now); }
  void tell(const alarm_notice& what, timestamp now) { book.tell(what, now); }
  lines at(timestamp now) { return said(book.plan(now, plenty)); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(escalation)

BOOST_AUTO_TEST_CASE(steps_are_climbed_until_somebody_acknowledges) {
  world w;
  w.tell(notice(1), noon);
  BOOST_TEST(w.at(noon + seconds{19}).empty());
  BOOST_TEST(w.at(noon + seconds{20}) == lines{"anna/mail: U1"});
  BOOST_TEST(w.at(noon + minutes{10} + seconds{19}).empty());
  BOOST_TEST(w.at(noon + minutes{10} + seconds{20}) == lines{"boss/sms: U1"});
  const timestamp again = noon + minutes{40} + seconds{20};
  BOOST_TEST(w.at(again - seconds{1}).empty());
  BOOST_TEST(w.at(again) == lines{"anna/mail: U1"});
  BOOST_TEST(w.book.acknowledge(alarm_number(1), "anna", again + seconds{1}));
  BOOST_TEST(w.at(again + hours{100}).empty());
  BOOST_TEST(!w.book.acknowledge(alarm_number(2), "anna", again));
  BOOST_TEST(w.book.acknowledge(alarm_number(1), "ben", again + seconds{2}));
  BOOST_TEST(w.book.find(alarm_number(1))->acknowledged_by == "anna"); // who was first
}

BOOST_AUTO_TEST_CASE(a_step_with_nobody_on_duty_is_passed_over_at_once) {
  world w;
  w.contacts.persons["anna"].schedule = "night";
  w.use();
  w.tell(notice(1), noon);
  BOOST_TEST(w.at(noon + seconds{20}) == lines{"boss/sms: U1"});
  w.tell(notice(2), night);
  BOOST_TEST(w.at(night + seconds{20}) == (lines{"anna/mail: U2", "ben/mail: U2", "ben/sms: U2"}));
}

BOOST_AUTO_TEST_CASE(alarms_of_a_site_inside_the_quiet_time_become_one_message) {
  world w;
  alarm_notice elsewhere = notice(9);
  elsewhere.facility = facility_id{2};
  w.tell(notice(2), noon);
  w.tell(notice(1), noon + seconds{5});
  w.tell(elsewhere, noon + seconds{5});
  w.tell(notice(3), noon + seconds{20});
  BOOST_TEST(w.at(noon + seconds{20}) == lines{"anna/mail: U1 U2 U3"});
  w.tell(notice(4), noon + seconds{21});
  BOOST_TEST(w.at(noon + seconds{25}) == lines{"anna/mail: U9"});
  BOOST_TEST(w.at(noon + seconds{41}) == lines{"anna/mail: U4"});
  // What was told together goes on together.
  BOOST_TEST(w.at(noon + minutes{10} + seconds{20}) == lines{"boss/sms: U1 U2 U3"});
}

BOOST_AUTO_TEST_CASE(a_message_lists_so_many_alarms_and_no_more) {
  contact_book contacts = small_book();
  escalation_book book({100, 3, hours{4}});
  book.use(std::make_shared<contact_book>(contacts), noon);
  for (int i = 1; i <= 7; ++i)
    book.tell(notice(i), noon);
  const auto plan = book.plan(noon + minutes{1}, plenty);
  BOOST_TEST(said(plan) == (lines{"anna/mail: U1 U2 U3", "anna/mail: U4 U5 U6", "anna/mail: U7"}));
  BOOST_TEST(std::set<std::string>({plan.calls[0].key, plan.calls[1].key, plan.calls[2].key}).size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_call_that_is_held_waits_and_is_never_made_when_a_common_cause_is_found) {
  world w;
  alarm_notice held = notice(1);
  held.hold_until = noon + seconds{75};
  w.tell(held, noon);
  held.alarm = alarm_number(2);
  w.tell(held, noon);
  w.tell(notice(3), noon); // another alarm of the site takes none of them along
  BOOST_TEST(w.at(noon + seconds{20}) == lines{"anna/mail: U3"});
  BOOST_TEST(w.at(noon + seconds{94}).empty());
  BOOST_TEST(w.book.shelve(alarm_number(2), noon + hours{9}));
  BOOST_TEST(w.at(noon + seconds{95}) == lines{"anna/mail: U1"});
  BOOST_TEST(w.at(noon + minutes{9}).empty());
}

// Law 15.
BOOST_AUTO_TEST_CASE(history_calls_nobody) {
  world w;
  alarm_notice old = notice(1);
  old.retroactive = true;
  w.tell(old, noon);
  alarm_notice gone = notice(1, 2, notice_state::cleared);
  gone.retroactive = true;
  w.tell(gone, noon);
  BOOST_TEST(w.at(noon + hours{1}).empty());
}

// A logger's buffer of hours comes in one piece.
BOOST_AUTO_TEST_CASE(what_was_over_before_anybody_could_be_called_is_told_once) {
  world w;
  w.tell(notice(1), noon);
  w.tell(notice(1, 2, notice_state::cleared), noon);
  w.tell(notice(2), noon + seconds{5});
  w.tell(notice(2, 2, notice_state::cleared), noon + seconds{5});
  BOOST_TEST(w.at(noon).empty()); // others of the site may come with it
  BOOST_TEST(w.at(noon + seconds{25}) == lines{"anna/mail: U1 U2 cleared, late"});
  BOOST_TEST(w.at(noon + hours{3}).empty()); // once
  w.tell(notice(1, 3, notice_state::annulled), noon + hours{3});
  BOOST_TEST(w.at(noon + hours{3}) == lines{"anna/mail: U1 annulled"}); // and corrected as anything told is
  // Where nobody of the first step is on duty, it is the next step's.
  w.contacts.persons["anna"].schedule = "night";
  w.use();
  w.tell(notice(3), noon + hours{4});
  w.tell(notice(3, 2, notice_state::cleared), noon + hours{4});
  BOOST_TEST(w.at(noon + hours{4} + seconds{20}) == lines{"boss/sms: U3 cleared, late"});
}

BOOST_AUTO_TEST_CASE(what_was_too_short_for_a_call_or_is_known_already_is_not_told_late) {
  const auto short_one = [](int alarm, millis lasted) {
    alarm_notice out = notice(alarm, 2, notice_state::cleared);
    out.ended_at = out.raised_at + lasted;
    return out;
  };
  world w;
  for (int alarm = 1; alarm <= 6; ++alarm)
    w.tell(notice(alarm), noon);
  w.tell(short_one(1, seconds{20}), noon + seconds{1}); // no longer than it would have been quiet
  w.tell(short_one(2, seconds{20} + millis{1}), noon + seconds{1});
  BOOST_TEST(w.book.acknowledge(alarm_number(3), "anna", noon + seconds{1}));
  w.tell(short_one(3, hours{1}), noon + seconds{2});
  w.tell(short_one(4, hours{1}), noon + seconds{2});
  BOOST_TEST(w.book.acknowledge(alarm_number(4), "anna", noon + seconds{3})); // seen on the page meanwhile
  BOOST_TEST(w.book.shelve(alarm_number(5), noon + hours{9}));
  w.tell(short_one(5, hours{1}), noon + seconds{2});
  w.tell(notice(6, 2, notice_state::annulled), noon + seconds{2}); // it never was
  BOOST_TEST(w.at(noon + hours{1}) == lines{"anna/mail: U2 cleared, late"});
  BOOST_TEST(w.at(noon + hours{2}).empty());
  // Late readings show that the first one lasted longer than was known.
  alarm_notice longer = short_one(1, hours{1});
  longer.transition = 3;
  longer.state = notice_state::corrected;
  w.tell(longer, noon + hours{2});
  BOOST_TEST(w.at(noon + hours{2}) == lines{"anna/mail: U1 corrected, late"});
  // A policy that waits ten minutes at first does not want to hear of less.
  w.contacts.policies["usual"].steps.erase(w.contacts.policies["usual"].steps.begin());
  w.use();
  w.tell(notice(7), noon + hours{2});
  w.tell(short_one(7, minutes{10}), noon + hours{2});
  w.tell(notice(8), noon + hours{2});
  w.tell(short_one(8, minutes{11}), noon + hours{2});
  BOOST_TEST(w.at(noon + hours{3}) == lines{"boss/sms: U8 cleared, late"});
  BOOST_TEST(!w.book.find(alarm_number(7))->open());
}

BOOST_AUTO_TEST_CASE(what_is_to_be_told_late_outlives_a_restart_and_ends_when_it_begins_again) {
  world w;
  w.tell(notice(1), noon);
  w.tell(notice(1, 2, notice_state::cleared), noon);
  w.tell(notice(2), noon);
  w.tell(notice(2, 2, notice_state::cleared), noon);
  w.tell(notice(2, 3), noon); // a late reading shows that it goes on
  const auto plan = w.book.plan(noon + seconds{1}, plenty);
  world next;
  for (const alarm_case& each : plan.changed)
    next.book.restore(each, each.alarm == alarm_number(1) ? notice(1, 2, notice_state::cleared) : notice(2, 3));
  BOOST_TEST(next.at(noon + seconds{20}) == (lines{"anna/mail: U1 cleared, late", "anna/mail: U2"}));
}

BOOST_AUTO_TEST_CASE(a_call_counts_and_names_who_was_called_before_and_how_the_alarm_stands) {
  std::map<uuid, alarm_standing> standings;
  escalation_book book({}, no_facility, [&](const uuid& alarm) -> std::optional<alarm_standing> {
    const auto found = standings.find(alarm);
    return found == standings.end() ? std::nullopt : std::optional(found->second);
  });
  book.use(std::make_shared<contact_book>(small_book()), noon);
  book.tell(notice(1), noon);
  const auto called = [&](timestamp at) { return book.plan(at, plenty).calls.at(0).alarms.at(0); };
  called_alarm now = called(noon + seconds{20});
  BOOST_TEST(now.call == 1U);
  BOOST_TEST(now.called_before.empty());
  BOOST_TEST(!now.standing.has_value());
  standings[alarm_number(1)] = {noon + minutes{9}, -9'000, -8'000};
  now = called(noon + minutes{10} + seconds{20});
  BOOST_TEST(now.call == 2U);
  BOOST_TEST(now.called_before == lines{"Anna"});
  BOOST_TEST((now.unacknowledged_since == noon));
  BOOST_TEST((now.standing == standings[alarm_number(1)]));
  book.tell(notice(1, 2, notice_state::corrected), noon + minutes{11});
  now = called(noon + minutes{11}); // that it is worse than was told
  BOOST_TEST((now.standing == standings[alarm_number(1)]));
  BOOST_TEST(now.call == 1U);
  (void)called(noon + minutes{40} + seconds{20});
  now = called(noon + minutes{50} + seconds{20});
  BOOST_TEST(now.call == 4U);
  BOOST_TEST(now.called_before == (lines{"Anna", "The boss"})); // each once
  book.tell(notice(1, 3, notice_state::cleared), noon + hours{1});
  BOOST_TEST(!called(noon + hours{1}).standing.has_value());
  book.tell(notice(1, 4), noon + hours{2}); // raised again
  BOOST_TEST(called(noon + hours{2} + seconds{20}).call == 1U);
}

// Law 5.
BOOST_AUTO_TEST_CASE(corrections_follow_what_was_told_and_only_that) {
  world w;
  w.tell(notice(1), noon);
  w.tell(notice(2), noon);
  BOOST_TEST(w.at(noon + seconds{20}) == lines{"anna/mail: U1 U2"});
  w.tell(notice(1, 2, notice_state::corrected), noon + minutes{1});
  BOOST_TEST(w.at(noon + minutes{1}) == lines{"anna/mail: U1 corrected"});
  BOOST_TEST(w.at(noon + minutes{11}) == lines{"boss/sms: U1 U2"});
  w.tell(notice(1, 3, notice_state::annulled), noon + minutes{12});
  w.tell(notice(2, 2, notice_state::cleared), noon + minutes{12});
  BOOST_TEST(w.at(noon + minutes{12}) == (lines{"anna/mail: U2 cleared", "boss/sms: U2 cleared",
                                                "anna/mail: U1 annulled", "boss/sms: U1 annulled"}));
  // A late reading corrects what was said of an alarm that is over, as long as a reading can be late.
  w.tell(notice(2, 3, notice_state::annulled), noon + hours{2});
  BOOST_TEST(w.at(noon + hours{2}) == (lines{"anna/mail: U2 annulled", "boss/sms: U2 annulled"}));
  BOOST_TEST(w.at(noon + hours{7}).empty());
  BOOST_TEST(w.book.size() == 0U);
  // Nobody was told of the third one.
  w.tell(notice(3), noon + hours{8});
  w.tell(notice(3, 2, notice_state::annulled), noon + hours{8} + seconds{10});
  BOOST_TEST(w.at(noon + hours{9}).empty());
}

BOOST_AUTO_TEST_CASE(a_correction_knows_what_people_were_told_last) {
  world w;
  w.tell(notice(1), noon);
  (void)w.at(noon + seconds{20});
  alarm_notice over = notice(1, 2, notice_state::cleared);
  over.value = 8'100;
  w.tell(over, noon + hours{1});
  BOOST_TEST(!w.book.plan(noon + hours{1}, plenty).calls.at(0).alarms.at(0).before.has_value());
  for (const int at : {3, 4}) { // two before anybody has room to hear of them
    alarm_notice fixed = over;
    fixed.state = notice_state::corrected;
    fixed.transition = static_cast<std::uint64_t>(at);
    fixed.raised_at -= minutes{at};
    fixed.value = 9'000 + at;
    w.tell(fixed, noon + hours{1});
    BOOST_TEST(w.book.plan(noon + hours{1}, channel_room{0}).calls.empty());
  }
  const auto plan = w.book.plan(noon + hours{2}, plenty);
  const called_alarm& told = plan.calls.at(0).alarms.at(0);
  BOOST_TEST((told.notice.value == 9'004));
  BOOST_REQUIRE(told.before.has_value());
  BOOST_TEST((told.before->worst == 8'100));
  BOOST_TEST((told.before->raised_at == over.raised_at));
  BOOST_TEST((told.before->ended_at == over.ended_at));
}

BOOST_AUTO_TEST_CASE(an_alarm_that_comes_back_calls_again_with_keys_of_its_own) {
  world w;
  std::set<std::string> keys;
  std::size_t calls = 0;
  const auto run = [&](timestamp at) {
    for (const planned_call& call : w.book.plan(at, plenty).calls) {
      keys.insert(call.key);
      ++calls;
    }
  };
  for (std::uint64_t i = 0; i < 5; ++i) {
    const timestamp at = noon + hours{static_cast<int>(5 * i)};
    w.tell(notice(1, 2 * i + 1), at);
    run(at + minutes{1});
    BOOST_TEST(w.book.acknowledge(alarm_number(1), "anna", at + minutes{2}));
    w.tell(notice(1, 2 * i + 2, notice_state::cleared), at + minutes{3});
    run(at + minutes{3});
    w.tell(notice(1, 2 * i + 2, notice_state::cleared), at + minutes{4}); // told twice by a replay
    run(at + minutes{4});
  }
  BOOST_TEST(calls >= 10U);
  BOOST_TEST(keys.size() == calls);
}

// A late reading reopens it before people could hear that it was over: who acknowledged it saw the end of that.
BOOST_AUTO_TEST_CASE(an_alarm_that_is_reopened_at_once_calls_again_although_it_was_acknowledged) {
  world w;
  w.tell(notice(1), noon);
  BOOST_TEST(w.at(noon + seconds{20}) == lines{"anna/mail: U1"});
  BOOST_TEST(w.book.acknowledge(alarm_number(1), "anna", noon + minutes{1}));
  w.tell(notice(1, 2, notice_state::cleared), noon + minutes{2});
  w.tell(notice(1, 3, notice_state::corrected), noon + minutes{2});
  BOOST_TEST(w.at(noon + minutes{2}).empty()); // the call says all
  BOOST_TEST(w.at(noon + minutes{2} + seconds{20}) == lines{"anna/mail: U1"});
  BOOST_TEST(w.at(noon + minutes{12} + seconds{20}) == lines{"boss/sms: U1"});
  BOOST_TEST(!w.book.find(alarm_number(1))->acknowledged_at.has_value());
}

BOOST_AUTO_TEST_CASE(a_shelving_that_ended_while_the_alarm_was_over_keeps_it_quiet_no_longer) {
  world w;
  w.tell(notice(1), noon);
  BOOST_TEST(w.book.shelve(alarm_number(1), noon + std::chrono::years{100})); // its unit is out of service
  w.tell(notice(1, 2, notice_state::cleared), noon + minutes{1});
  BOOST_TEST(w.at(noon + minutes{1}).empty());
  BOOST_TEST(!w.book.unshelve(alarm_number(1), noon + minutes{2})); // the unit is back
  w.tell(notice(1, 3, notice_state::corrected), noon + minutes{3});
  BOOST_TEST(w.at(noon + minutes{3} + seconds{20}) == lines{"anna/mail: U1"});
}

BOOST_AUTO_TEST_CASE(a_shelved_alarm_is_quiet_and_begins_anew) {
  world w;
  w.tell(notice(1), noon);
  BOOST_TEST(w.at(noon + seconds{20}).size() == 1U);
  BOOST_TEST(w.book.shelve(alarm_number(1), noon + hours{2}));
  BOOST_TEST(w.at(noon + hours{1}).empty());
  BOOST_TEST(w.at(noon + hours{2}) == lines{"anna/mail: U1"});
  BOOST_TEST(w.at(noon + hours{2} + minutes{10}) == lines{"boss/sms: U1"});
  BOOST_TEST(w.book.shelve(alarm_number(1), noon + hours{9}));
  BOOST_TEST(w.book.unshelve(alarm_number(1), noon + hours{3}));
  BOOST_TEST(w.at(noon + hours{3}) == lines{"anna/mail: U1"});
  BOOST_TEST(!w.book.unshelve(alarm_number(1), noon + hours{3}));
}

BOOST_AUTO_TEST_CASE(the_rounds_end_and_that_is_said) {
  world w;
  w.contacts.policies["usual"].max_rounds = 2;
  w.use();
  w.tell(notice(1), noon);
  std::size_t calls = 0;
  std::size_t exhausted = 0;
  for (timestamp at = noon; at < noon + hours{10}; at += minutes{1}) {
    const auto plan = w.book.plan(at, plenty);
    calls += plan.calls.size();
    exhausted += plan.exhausted.size();
  }
  BOOST_TEST(calls == 4U);
  BOOST_TEST(exhausted == 1U);
}

BOOST_AUTO_TEST_CASE(what_nobody_acknowledged_in_all_rounds_is_known_until_somebody_does) {
  escalation_limits limits;
  limits.max_unheard_named = 2;
  escalation_book book(limits);
  contact_book contacts = small_book();
  contacts.policies["usual"].max_rounds = 1;
  book.use(std::make_shared<contact_book>(contacts), noon);
  for (int alarm = 1; alarm <= 4; ++alarm) {
    alarm_notice each = notice(alarm);
    if (alarm == 4) each.customer = customer_id{}; // of Coldvigil itself: it would go on for ever
    each.facility_name = "F1";
    each.rule = "too warm";
    book.tell(each, noon);
  }
  (void)book.plan(noon + minutes{1}, plenty);
  BOOST_TEST((book.unheard(noon + minutes{1}) == unheard_alarms{}));
  (void)book.plan(noon + minutes{12}, plenty);
  // Whoever was called last has as long as another round would have waited: half an hour here.
  const timestamp last = noon + minutes{10} + seconds{20} + minutes{30};
  BOOST_TEST((book.unheard(last - millis{1}) == unheard_alarms{}));
  BOOST_TEST(book.unheard(last).named.size() == 2U);
  const timestamp now = noon + hours{1};
  BOOST_TEST(book.acknowledge(alarm_number(3), "ben", now));
  const unheard_alarms found = book.unheard(now);
  BOOST_REQUIRE(found.named.size() == 2U);
  BOOST_TEST((found.named[0].alarm == alarm_number(1)));
  BOOST_TEST(found.named[0].words == "U1, F1: too warm");
  BOOST_TEST(found.more == 0U);
  BOOST_TEST(book.shelve(alarm_number(2), now + hours{1}));
  BOOST_TEST(book.unheard(now).named.size() == 1U);
  book.tell(notice(1, 2, notice_state::cleared), now);
  BOOST_TEST(book.unheard(now).named.empty());
  for (int alarm = 5; alarm <= 9; ++alarm)
    book.tell(notice(alarm), now);
  for (const int wait : {1, 12, 24})
    (void)book.plan(now + minutes{wait}, plenty);
  BOOST_TEST(book.unheard(now + minutes{45}).named.size() == 2U);
  BOOST_TEST(book.unheard(now + minutes{45}).more == 3U);
  escalation_book next(limits); // it outlives the process
  next.use(std::make_shared<contact_book>(contacts), now);
  next.restore(*book.find(alarm_number(5)), notice(5));
  BOOST_TEST(next.unheard(now + minutes{45}).named.size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_stays_due) {
  world w;
  for (int i = 1; i <= 3; ++i) {
    alarm_notice each = notice(i);
    each.facility = facility_id{i};
    w.tell(each, noon);
  }
  BOOST_TEST(w.book.plan(noon + minutes{1}, channel_room{0}).calls.empty());
  // Where a step has no room the next one is taken at once.
  BOOST_TEST(said(w.book.plan(noon + minutes{1}, channel_room{2})) ==
             (lines{"anna/mail: U1", "anna/mail: U2", "boss/sms: U3"}));
  BOOST_TEST(w.book.plan(noon + minutes{1}, channel_room{2}).calls.empty());
  for (int i = 1; i <= 3; ++i) {
    alarm_notice over = notice(i, 2, notice_state::cleared);
    over.facility = facility_id{i};
    w.tell(over, noon + minutes{2});
  }
  BOOST_TEST(said(w.book.plan(noon + minutes{2}, channel_room{1})) ==
             (lines{"anna/mail: U1 cleared", "boss/sms: U3 cleared"}));
  BOOST_TEST(said(w.book.plan(noon + minutes{2}, channel_room{9})) == lines{"anna/mail: U2 cleared"});
}

BOOST_AUTO_TEST_CASE(a_channel_without_room_keeps_nobody_else_from_being_called) {
  const auto without = [](const char* channel) {
    channel_room out{1};
    out.take(channel);
    return out;
  };
  world w;
  w.tell(notice(1), night); // anna/mail, ben/mail, ben/sms, and later the boss by sms
  auto plan = w.book.plan(night + seconds{20}, without("mail"));
  BOOST_TEST(said(plan) == lines{"ben/sms: U1"});
  BOOST_TEST((plan.full == std::set<std::string>{"mail"}));
  BOOST_TEST(plan.not_called == 2U);
  plan = w.book.plan(night + minutes{10} + seconds{20}, without("mail"));
  BOOST_TEST(said(plan) == lines{"boss/sms: U1"}); // in time
  BOOST_TEST(plan.not_called == 0U);
  BOOST_TEST(w.book.acknowledge(alarm_number(1), "ben", night + hours{1}));
  // By day the first step is Anna's alone: it is passed over at once, for every site.
  for (const int alarm : {2, 3}) {
    alarm_notice each = notice(alarm);
    each.facility = facility_id{alarm};
    w.tell(each, noon);
  }
  channel_room two_by_sms{2};
  two_by_sms.take("mail");
  two_by_sms.take("mail");
  plan = w.book.plan(noon + seconds{20}, two_by_sms);
  BOOST_TEST(said(plan) == (lines{"boss/sms: U2", "boss/sms: U3"}));
  BOOST_TEST(plan.not_called == 2U);
}

BOOST_AUTO_TEST_CASE(a_call_for_which_nobody_has_room_waits_at_its_step) {
  world w;
  w.tell(notice(1), noon);
  (void)w.at(noon);
  const alarm_case before = *w.book.find(alarm_number(1));
  for (int i = 0; i < 3; ++i) {
    const auto plan = w.book.plan(noon + minutes{1}, channel_room{0});
    BOOST_TEST(plan.calls.empty());
    BOOST_TEST((plan.full == std::set<std::string>{"mail", "sms"}));
    BOOST_TEST(plan.not_called == 0U);
    BOOST_TEST((*w.book.find(alarm_number(1)) == before));
  }
  BOOST_TEST(w.at(noon + minutes{2}) == lines{"anna/mail: U1"});
}

BOOST_AUTO_TEST_CASE(what_became_of_an_alarm_waits_for_the_room_of_each_and_comes_once) {
  world w;
  w.tell(notice(1), night);
  BOOST_TEST(w.at(night + seconds{20}).size() == 3U);
  w.tell(notice(1, 2, notice_state::cleared), night + minutes{1});
  channel_room only_sms{1};
  only_sms.take("mail");
  BOOST_TEST(said(w.book.plan(night + minutes{1}, only_sms)) == lines{"ben/sms: U1 cleared"});
  BOOST_TEST(w.book.plan(night + minutes{1}, only_sms).calls.empty());
  BOOST_TEST(w.book.find(alarm_number(1))->open());
  channel_room one_mail{1};
  BOOST_TEST(said(w.book.plan(night + minutes{2}, one_mail)) == lines{"anna/mail: U1 cleared"});
  BOOST_TEST(said(w.book.plan(night + minutes{3}, one_mail)) == lines{"ben/mail: U1 cleared"});
  BOOST_TEST(!w.book.find(alarm_number(1))->open());
  w.tell(notice(1, 3, notice_state::annulled), night + minutes{4}); // news of its own
  BOOST_TEST(w.at(night + minutes{4}).size() == 3U);
}

namespace {

alarm_notice of(int customer, alarm_notice what, severity level = severity::critical) {
  what.customer = customer_id{customer};
  what.facility = customer == 0 ? facility_id{} : facility_id{customer};
  what.level = level;
  return what;
}

/// A book with so many places, that calls at once and goes on calling.
escalation_book small_places(std::size_t places, std::size_t waiting) {
  escalation_limits limits;
  limits.max_cases = places;
  limits.max_waiting_cases = waiting;
  limits.max_alarms_a_message = 1;
  contact_book contacts = small_book();
  contacts.policies["usual"].quiet = millis{0};
  contacts.policies["usual"].max_rounds = 1000;
  escalation_book out(limits);
  out.use(std::make_shared<contact_book>(contacts), noon);
  return out;
}

} // namespace

BOOST_AUTO_TEST_CASE(what_is_over_takes_no_place_and_the_newest_of_it_is_remembered) {
  auto book = small_places(2, 10);
  for (const int alarm : {1, 2})
    book.tell(notice(alarm), noon);
  BOOST_TEST(said(book.plan(noon, plenty)) == (lines{"anna/mail: U1", "anna/mail: U2"}));
  for (const int alarm : {2, 1}) {
    book.tell(notice(alarm, 2, notice_state::cleared), noon + minutes{4 - alarm});
    (void)book.plan(noon + minutes{4 - alarm}, plenty);
  }
  book.tell(notice(3), noon + minutes{5});
  BOOST_TEST(said(book.plan(noon + minutes{5}, plenty)) == lines{"anna/mail: U3"});
  BOOST_TEST(book.size() == 3U);
  book.tell(notice(3, 2, notice_state::cleared), noon + minutes{6});
  BOOST_TEST(book.plan(noon + minutes{6}, plenty).changed.size() == 1U); // stored, before anything is forgotten
  BOOST_TEST(book.size() == 2U);
  BOOST_TEST(book.find(alarm_number(2)) == nullptr); // it was over first
  BOOST_TEST(book.waiting() == 0U);
  BOOST_TEST(book.dropped() == 0U);
}

BOOST_AUTO_TEST_CASE(what_is_acknowledged_or_shelved_or_called_through_takes_no_place) {
  auto book = small_places(1, 100);
  for (int alarm = 1; alarm <= 9; ++alarm) { // many times as many as there are places
    const timestamp now = noon + seconds{alarm};
    book.tell(notice(alarm), now);
    BOOST_TEST(said(book.plan(now, plenty)) == lines{"anna/mail: U" + std::to_string(alarm)});
    if (alarm % 2 == 0)
      BOOST_TEST(book.acknowledge(alarm_number(alarm), "anna", now));
    else
      BOOST_TEST(book.shelve(alarm_number(alarm), noon + hours{9}));
  }
  BOOST_TEST(book.size() == 9U); // what became of them is still to be told
  contact_book once = small_book();
  once.policies["usual"].quiet = millis{0};
  once.policies["usual"].steps.pop_back();
  once.policies["usual"].repeat = millis{0};
  book.use(std::make_shared<contact_book>(once), noon + minutes{1});
  for (const int alarm : {10, 11}) {
    book.tell(notice(alarm), noon + minutes{1});
    BOOST_TEST(said(book.plan(noon + minutes{1}, plenty)) == lines{"anna/mail: U" + std::to_string(alarm)});
  }
  BOOST_TEST(book.waiting() == 0U);
}

BOOST_AUTO_TEST_CASE(warnings_take_no_place_from_critical_alarms) {
  auto book = small_places(2, 10);
  for (int alarm = 1; alarm <= 3; ++alarm)
    book.tell(of(1, notice(alarm), severity::warning), noon);
  BOOST_TEST(book.plan(noon, plenty).calls.size() == 2U);
  for (int alarm = 4; alarm <= 6; ++alarm)
    book.tell(of(2, notice(alarm)), noon);
  BOOST_TEST(said(book.plan(noon, plenty)) == (lines{"anna/mail: U4", "anna/mail: U5"}));
  BOOST_TEST(book.waiting() == 2U);
  BOOST_TEST(book.acknowledge(alarm_number(1), "anna", noon));
  BOOST_TEST(book.plan(noon, plenty).calls.empty()); // critical ones have all places
  BOOST_TEST(book.acknowledge(alarm_number(4), "anna", noon));
  BOOST_TEST(said(book.plan(noon, plenty)) == lines{"anna/mail: U6"});
}

BOOST_AUTO_TEST_CASE(alarms_of_coldvigil_itself_need_no_place) {
  auto book = small_places(1, 10);
  for (const int alarm : {1, 2})
    book.tell(notice(alarm), noon);
  for (const int alarm : {3, 4})
    book.tell(of(0, notice(alarm)), noon);
  BOOST_TEST(said(book.plan(noon, plenty)) == (lines{"anna/mail: U3", "anna/mail: U4", "anna/mail: U1"}));
  BOOST_TEST(book.waiting() == 1U);
  // Nor does one keep a place from whoever waits: it says that there is none.
  BOOST_TEST(book.acknowledge(alarm_number(1), "anna", noon));
  BOOST_TEST(said(book.plan(noon, plenty)) == lines{"anna/mail: U2"});
  BOOST_TEST(book.waiting() == 0U);
}

BOOST_AUTO_TEST_CASE(an_alarm_without_a_place_waits_for_one_with_what_is_done_to_it_meanwhile) {
  auto book = small_places(1, 3);
  for (int alarm = 1; alarm <= 5; ++alarm)
    book.tell(notice(alarm), noon);
  BOOST_TEST(said(book.plan(noon, plenty)) == lines{"anna/mail: U1"});
  BOOST_TEST(book.waiting() == 3U);
  BOOST_TEST(book.dropped() == 1U); // U5
  BOOST_TEST(book.acknowledge(alarm_number(2), "ben", noon + seconds{9}));
  alarm_notice short_one = notice(3, 2, notice_state::cleared);
  short_one.ended_at = short_one.raised_at;
  book.tell(short_one, noon + minutes{1});
  const auto plan = book.plan(noon + minutes{1}, plenty); // neither needs a place any more
  BOOST_TEST(plan.calls.empty());
  BOOST_TEST(plan.changed.size() == 2U);
  BOOST_TEST(book.find(alarm_number(2))->acknowledged_by == "ben");
  BOOST_TEST(!book.find(alarm_number(3))->open());
  BOOST_TEST(book.waiting() == 1U);
  book.tell(notice(1, 2, notice_state::cleared), noon + minutes{2});
  BOOST_TEST(said(book.plan(noon + minutes{2}, plenty)) == (lines{"anna/mail: U1 cleared", "anna/mail: U4"}));
  BOOST_TEST(book.waiting() == 0U);
}

BOOST_AUTO_TEST_CASE(what_is_over_while_it_waits_leaves_the_line_and_is_told_late) {
  auto book = small_places(1, 3);
  for (int alarm = 1; alarm <= 4; ++alarm)
    book.tell(notice(alarm), noon);
  BOOST_TEST(said(book.plan(noon, plenty)) == lines{"anna/mail: U1"});
  for (const int alarm : {2, 3})
    book.tell(notice(alarm, 2, notice_state::cleared), noon);
  const auto plan = book.plan(noon, plenty);
  BOOST_TEST(said(plan) == (lines{"anna/mail: U2 cleared, late", "anna/mail: U3 cleared, late"}));
  BOOST_TEST(plan.changed.size() == 2U); // stored with the messages
  BOOST_TEST(book.waiting() == 1U);
  book.tell(notice(3, 3, notice_state::annulled), noon); // corrected like anything that was told
  BOOST_TEST(said(book.plan(noon, plenty)) == lines{"anna/mail: U3 annulled"});
}

BOOST_AUTO_TEST_CASE(what_is_over_and_cannot_be_told_gives_way_first) {
  auto book = small_places(1, 2);
  const auto nobody_is_reached = [&] { BOOST_TEST(book.plan(noon, channel_room{0}).calls.empty()); };
  book.tell(notice(1), noon);
  nobody_is_reached();
  for (const int first : {2, 4}) {
    for (const int alarm : {first, first + 1}) {
      book.tell(notice(alarm), noon);
      book.tell(notice(alarm, 2, notice_state::cleared), noon);
    }
    nobody_is_reached();
  }
  BOOST_TEST(book.waiting() == 0U); // U4 and U5 are in line, but not for a place
  book.tell(notice(6), noon);
  nobody_is_reached();
  BOOST_TEST(book.waiting() == 1U);
  BOOST_TEST(book.dropped() == 1U); // U5
  BOOST_TEST(said(book.plan(noon, plenty)) ==
             (lines{"anna/mail: U2 cleared, late", "anna/mail: U3 cleared, late", "anna/mail: U1"}));
  BOOST_TEST(said(book.plan(noon, plenty)) == lines{"anna/mail: U4 cleared, late"});
}

BOOST_AUTO_TEST_CASE(the_end_of_an_alarm_that_was_forgotten_is_left_to_the_next_process) {
  auto book = small_places(1, 1);
  for (int alarm = 1; alarm <= 4; ++alarm)
    book.tell(notice(alarm), noon);
  (void)book.plan(noon, plenty);
  BOOST_TEST(book.dropped() == 2U);
  for (const int alarm : {1, 2, 3})
    book.tell(notice(alarm, 2, notice_state::cleared), noon);
  for (const alarm_case& each : book.plan(noon, plenty).changed)
    BOOST_TEST((each.alarm != alarm_number(3))); // as seen it would be told of no more
  BOOST_TEST(book.dropped() == 3U);
  book.tell(notice(4, 2, notice_state::corrected), noon); // it goes on, and waits anew
  BOOST_TEST(said(book.plan(noon, plenty)) == lines{"anna/mail: U4"});
  book.tell(notice(4, 3, notice_state::cleared), noon);
  BOOST_TEST(said(book.plan(noon, plenty)) == lines{"anna/mail: U4 cleared"});
}

BOOST_AUTO_TEST_CASE(a_shortage_ends_a_while_after_the_last_drop_when_nobody_is_left_uncalled) {
  auto book = small_places(1, 1);
  for (int alarm = 1; alarm <= 4; ++alarm)
    book.tell(notice(alarm), noon);
  const auto shortage_at = [&](timestamp now) {
    (void)book.plan(now, plenty);
    return book.shortage();
  };
  BOOST_TEST((shortage_at(noon) == notification_shortage{{}, 1, 2, 2}));
  // There is room, and time has passed: two alarms go on about which nobody is called.
  for (const int alarm : {1, 2})
    BOOST_TEST(book.acknowledge(alarm_number(alarm), "anna", noon));
  BOOST_TEST((shortage_at(noon + hours{5}) == notification_shortage{{}, 0, 2, 2}));
  // Somebody has seen one, the other is over: that its end is told later only counts for a while.
  BOOST_TEST(!book.acknowledge(alarm_number(3), "anna", noon + hours{5}));
  BOOST_TEST((shortage_at(noon + hours{5}) == notification_shortage{{}, 0, 2, 1}));
  book.tell(notice(4, 2, notice_state::cleared), noon + hours{5});
  const timestamp end = noon + hours{5} + escalation_limits{}.drops_shown;
  BOOST_TEST((shortage_at(end - seconds{1}) == notification_shortage{{}, 0, 3, 0}));
  BOOST_TEST((shortage_at(end) == notification_shortage{}));
  BOOST_TEST(book.dropped() == 3U); // is counted all the same
  // Whatever follows of them is still the next process's to tell, and says so again.
  book.tell(notice(4, 3, notice_state::annulled), end);
  BOOST_TEST((shortage_at(end) == notification_shortage{{}, 0, 1, 0}));
  // The one that was seen calls nobody when it comes back.
  book.tell(notice(3, 2, notice_state::corrected), end);
  BOOST_TEST(book.plan(end, plenty).calls.empty());
  BOOST_TEST(book.find(alarm_number(3))->acknowledged_by == "anna");
}

BOOST_AUTO_TEST_CASE(a_shortage_lasts_while_alarms_wait_however_long_ago_one_was_dropped) {
  auto book = small_places(1, 1);
  for (int alarm = 1; alarm <= 3; ++alarm)
    book.tell(notice(alarm), noon);
  (void)book.plan(noon, plenty);
  book.tell(notice(3, 2, notice_state::cleared), noon);
  const auto plan_at = [&](timestamp now) { (void)book.plan(now, plenty); };
  plan_at(noon + hours{1});
  BOOST_TEST((book.shortage() == notification_shortage{{}, 1, 2, 0}));
  BOOST_TEST(book.acknowledge(alarm_number(1), "anna", noon + hours{1}));
  plan_at(noon + hours{1});
  BOOST_TEST((book.shortage() == notification_shortage{}));
}

BOOST_AUTO_TEST_CASE(the_flood_of_one_customer_keeps_no_other_waiting) {
  auto book = small_places(2, 4);
  for (int alarm = 1; alarm <= 40; ++alarm)
    book.tell(of(1, notice(alarm), severity::warning), noon);
  (void)book.plan(noon, plenty);
  BOOST_TEST(book.waiting() == 4U);
  book.tell(of(2, notice(50), severity::warning), noon);
  for (const int alarm : {51, 52, 53})
    book.tell(of(3, notice(alarm)), noon);
  BOOST_TEST(said(book.plan(noon, plenty)) == (lines{"anna/mail: U51", "anna/mail: U52"}));
  BOOST_TEST(book.waiting() == 4U);
  for (const int alarm : {1, 2, 51, 52})
    BOOST_TEST(book.acknowledge(alarm_number(alarm), "anna", noon));
  BOOST_TEST(said(book.plan(noon, plenty)) == (lines{"anna/mail: U50", "anna/mail: U53"}));
}

BOOST_AUTO_TEST_CASE(the_first_critical_alarm_of_a_customer_finds_a_place_however_many_another_has) {
  auto book = small_places(2, 4);
  for (int alarm = 1; alarm <= 9; ++alarm)
    book.tell(of(1, notice(alarm)), noon);
  BOOST_TEST(said(book.plan(noon, plenty)) == (lines{"anna/mail: U1", "anna/mail: U2"}));
  BOOST_TEST(book.waiting() == 4U);
  BOOST_TEST(book.dropped() == 3U);
  for (const int alarm : {20, 21})
    book.tell(of(2, notice(alarm)), noon);
  book.tell(of(3, notice(30), severity::warning), noon); // has none of its own
  BOOST_TEST(said(book.plan(noon, plenty)) == lines{"anna/mail: U20"});
  BOOST_TEST(book.waiting() == 4U);
  BOOST_TEST(book.dropped() == 5U); // U30, and of those that wait the last of whoever has most
  // There is one of it at a time: the next one, when somebody has seen the first.
  BOOST_TEST(book.plan(noon, plenty).calls.empty());
  BOOST_TEST(book.acknowledge(alarm_number(20), "anna", noon));
  BOOST_TEST(said(book.plan(noon, plenty)) == lines{"anna/mail: U21"});
  // And it is no place that others have had to give up, nor one for them.
  BOOST_TEST(book.acknowledge(alarm_number(21), "anna", noon));
  BOOST_TEST(book.plan(noon, plenty).calls.empty());
  BOOST_TEST(book.acknowledge(alarm_number(1), "anna", noon));
  BOOST_TEST(said(book.plan(noon, plenty)) == lines{"anna/mail: U3"});
}

// The store gives notices back by alarm, not as they came.
BOOST_AUTO_TEST_CASE(a_restart_gives_the_same_alarms_a_place) {
  std::vector<alarm_notice> all;
  for (int alarm = 1; alarm <= 9; ++alarm)
    all.push_back(of(1 + alarm / 5, notice(alarm, 100U + static_cast<unsigned>(alarm * 5 % 9)),
                     alarm == 3 ? severity::critical : severity::warning));
  for (int i = 0; i < 2; ++i) {
    auto book = small_places(3, 3);
    for (const alarm_notice& each : all)
      book.tell(each, noon);
    BOOST_TEST(said(book.plan(noon, plenty)) == (lines{"anna/mail: U2", "anna/mail: U3", "anna/mail: U9"}));
    for (const int alarm : {2, 3, 9})
      BOOST_TEST(book.acknowledge(alarm_number(alarm), "anna", noon));
    BOOST_TEST(said(book.plan(noon, plenty)) == (lines{"anna/mail: U1", "anna/mail: U4", "anna/mail: U6"}));
    std::ranges::reverse(all);
  }
}

namespace {

/// What waits, put in order the slow way.
struct slow_line {
  struct one {
    int number = 0, customer = 0;
    bool critical = false;
  };
  std::vector<one> waiting; ///< the oldest first
  std::map<bool, int> served{};

  /// How many places after the customer served last its turn comes.
  [[nodiscard]] int turn(const one& each) {
    const int last = served[each.critical];
    return each.customer > last ? each.customer - last : each.customer - last + 1000;
  }
  [[nodiscard]] std::optional<one> take(bool critical) {
    auto next = waiting.end();
    for (auto at = waiting.begin(); at != waiting.end(); ++at)
      if (at->critical == critical && (next == waiting.end() || turn(*at) < turn(*next))) next = at;
    if (next == waiting.end()) return std::nullopt;
    const one out = *next;
    served[critical] = out.customer;
    waiting.erase(next);
    return out;
  }
  /// The oldest critical one of each customer that is none of these.
  [[nodiscard]] std::vector<one> take_first_of_others(std::set<int> customers) {
    std::vector<one> out;
    std::erase_if(waiting, [&](const one& each) {
      const bool first = each.critical && customers.insert(each.customer).second;
      if (first) out.push_back(each);
      return first;
    });
    return out;
  }
  /// The newest warning, or critical alarm where all are, of whoever has most of them; of several, whose turn is last.
  void forget_one() {
    const bool critical = std::ranges::all_of(waiting, &one::critical);
    std::map<int, int> count;
    for (const one& each : waiting)
      if (each.critical == critical) ++count[each.customer];
    auto gives_way = waiting.end();
    const auto rank = [&](const one& each) { return std::pair(count[each.customer], turn(each)); };
    for (auto at = waiting.begin(); at != waiting.end(); ++at)
      if (at->critical == critical && (gives_way == waiting.end() || rank(*at) >= rank(*gives_way))) gives_way = at;
    waiting.erase(gives_way);
  }
};

} // namespace

// Who gets a place: the first critical alarm of every customer; others wait while critical ones have all of them, and
// of those on the same level that wait the next ones of as many customers come before the second one of any.
BOOST_AUTO_TEST_CASE(places_are_given_to_what_is_critical_and_then_to_all_customers_alike) {
  const bool held = rc::check([] {
    const auto places = *rc::gen::inRange<std::size_t>(1, 5), may_wait = *rc::gen::inRange<std::size_t>(1, 8);
    auto book = small_places(places, may_wait);
    slow_line line;
    std::map<int, slow_line::one> calling; ///< by number
    std::uint64_t transition = 0;
    std::size_t dropped = 0;
    const auto criticals = [&] {
      return static_cast<std::size_t>(
          std::ranges::count_if(calling, [](const auto& each) { return each.second.critical; }));
    };
    for (int number = 1, i = 0; i < 60; ++i) {
      if (calling.empty() || *rc::gen::inRange(0, 3) > 0) {
        const slow_line::one fresh{number, *rc::gen::inRange(1, 5), coin()};
        line.waiting.push_back(fresh);
        book.tell(
            of(fresh.customer, notice(number, ++transition), fresh.critical ? severity::critical : severity::warning),
            noon);
        ++number;
      } else {
        const int quiet =
            std::next(calling.begin(), *rc::gen::inRange<int>(0, static_cast<int>(calling.size())))->first;
        RC_ASSERT(book.acknowledge(alarm_number(quiet), "anna", noon));
        calling.erase(quiet);
      }
      // What comes while nobody looks is bounded, too.
      if (line.waiting.size() <= places + 2 * may_wait && coin()) continue;
      std::set<std::string> expected;
      const auto call = [&](const slow_line::one& next) {
        calling[next.number] = next;
        expected.insert("anna/mail: U" + std::to_string(next.number));
      };
      std::set<int> with_one;
      for (const auto& [of_it, each] : calling)
        if (each.critical) with_one.insert(each.customer);
      for (const slow_line::one& next : line.take_first_of_others(with_one))
        call(next);
      for (const bool critical : {true, false})
        while ((critical ? criticals() : calling.size()) < places) {
          const auto next = line.take(critical);
          if (!next) break;
          call(*next);
        }
      for (; line.waiting.size() > may_wait; ++dropped)
        line.forget_one();
      const auto called = said(book.plan(noon, plenty));
      RC_ASSERT(std::set<std::string>(called.begin(), called.end()) == expected);
      RC_ASSERT(book.waiting() == line.waiting.size());
      RC_ASSERT(book.dropped() == dropped);
    }
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_CASE(an_open_alarm_finds_its_way_under_a_new_configuration) {
  world w;
  w.tell(notice(1), noon);
  w.contacts.policies["new"] = w.contacts.policies["usual"];
  w.contacts.policies.erase("usual");
  w.contacts.routes[0].policy = "new";
  w.use();
  BOOST_TEST(w.at(noon + seconds{20}) == lines{"anna/mail: U1"});
  // Also out of a configuration that had nobody.
  world empty;
  empty.book.use(std::make_shared<contact_book>(), noon);
  empty.tell(notice(1), noon);
  BOOST_TEST(empty.at(noon + hours{1}).empty());
  empty.book.use(std::make_shared<contact_book>(w.contacts), noon + hours{2});
  BOOST_TEST(empty.at(noon + hours{2}) == lines{"anna/mail: U1"});
}

BOOST_AUTO_TEST_CASE(a_new_book_goes_on_where_the_old_one_was) {
  world w;
  const auto& steps = w.contacts.policies["usual"].steps;
  w.tell(notice(1), noon);
  BOOST_TEST(w.at(noon + seconds{20}) == lines{"anna/mail: U1"});
  // Anna is not told of the step again, and Ben stands in for the boss.
  w.contacts.persons["ben"].schedule.clear();
  w.contacts.policies["usual"].steps = {steps[0], {minutes{10}, {{"ben", "", "sms"}}}};
  w.use(noon + minutes{1});
  BOOST_TEST(w.at(noon + minutes{10} + seconds{19}).empty());
  BOOST_TEST(w.at(noon + minutes{10} + seconds{20}) == lines{"ben/sms: U1"});
  // The next round comes when it was to come, or sooner when the new book says so; never later.
  const auto next = [&] { return w.book.find(alarm_number(1))->next_at.value(); };
  const timestamp planned = noon + minutes{40} + seconds{20};
  w.contacts.policies["usual"].repeat = hours{5};
  w.use(noon + minutes{11});
  BOOST_TEST((next() == planned));
  w.contacts.policies["usual"].repeat = minutes{5};
  w.use(noon + minutes{12});
  BOOST_TEST((next() == noon + minutes{17}));
  BOOST_TEST(w.at(noon + minutes{17}) == (lines{"anna/mail: U1", "ben/mail: U1", "ben/sms: U1"}));
}

BOOST_AUTO_TEST_CASE(whoever_left_the_book_is_neither_called_nor_told) {
  world w;
  w.contacts.persons["ben"].schedule.clear();
  w.use();
  w.tell(notice(1), noon);
  BOOST_TEST(w.at(noon + seconds{20}) == (lines{"anna/mail: U1", "ben/mail: U1", "ben/sms: U1"}));
  w.contacts.persons.erase("anna");
  w.contacts.persons["ben"].ways = {{"sms", "+49 new"}};
  w.contacts.teams["technicians"] = {{"ben", ""}};
  w.use(noon + minutes{1});
  BOOST_TEST(w.book.acknowledge(alarm_number(1), "anna", noon + minutes{2})); // by the link that she has
  w.tell(notice(1, 2, notice_state::cleared), noon + minutes{3});
  const auto plan = w.book.plan(noon + minutes{3}, plenty);
  BOOST_TEST(said(plan) == lines{"ben/sms: U1 cleared"});
  BOOST_TEST(plan.calls.at(0).to.address == "+49 new");
  BOOST_TEST(!w.book.find(alarm_number(1))->open());
}

BOOST_AUTO_TEST_CASE(an_alarm_told_at_two_addresses_of_a_person_is_over_once) {
  world w;
  w.tell(notice(1), noon);
  BOOST_TEST(w.at(noon + seconds{20}) == lines{"anna/mail: U1"});
  w.contacts.persons["anna"].ways[0].address = "new@example.org";
  w.contacts.policies["usual"].repeat = minutes{1};
  w.use(noon + minutes{1});
  BOOST_TEST(w.at(noon + minutes{10} + seconds{20}) == lines{"boss/sms: U1"});
  BOOST_TEST(w.at(noon + minutes{11} + seconds{20}) == lines{"anna/mail: U1"});
  w.tell(notice(1, 2, notice_state::cleared), noon + minutes{12});
  BOOST_TEST(w.at(noon + minutes{12}) == (lines{"anna/mail: U1 cleared", "boss/sms: U1 cleared"}));
}

BOOST_AUTO_TEST_CASE(a_step_that_is_gone_begins_anew) {
  world w;
  w.tell(notice(1), noon);
  BOOST_TEST(w.at(noon + seconds{20}) == lines{"anna/mail: U1"});
  w.contacts.policies["usual"].steps.pop_back(); // the boss was next
  w.use(noon + minutes{1});
  const auto plan = w.book.plan(noon + minutes{1}, plenty);
  BOOST_TEST(said(plan) == lines{"anna/mail: U1"});
  BOOST_TEST(plan.calls.at(0).key.find(".c1-1-0.") != std::string::npos, plan.calls[0].key); // the next round
}

BOOST_AUTO_TEST_CASE(rounds_that_were_through_begin_anew_for_somebody_new_only) {
  world w;
  w.contacts.policies["usual"].repeat = millis{0};
  w.use();
  w.tell(notice(1), noon);
  BOOST_TEST(w.at(noon + seconds{20}) == lines{"anna/mail: U1"});
  BOOST_TEST(w.at(noon + minutes{11}) == lines{"boss/sms: U1"});
  w.contacts.persons["anna"].schedule = "night";
  w.use(noon + minutes{20});
  BOOST_TEST(w.at(noon + minutes{20}).empty());
  w.contacts.persons["cleo"] = {"Cleo", zone(), {{"sms", "+49 cleo"}}, severity::warning, ""};
  w.contacts.teams["technicians"].push_back({"cleo", ""});
  w.use(noon + minutes{21});
  BOOST_TEST(w.at(noon + minutes{21}) == lines{"cleo/sms: U1"});
  BOOST_TEST(w.at(noon + minutes{31}) == lines{"boss/sms: U1"});
}

BOOST_AUTO_TEST_CASE(rounds_that_were_through_begin_anew_for_whom_a_swap_put_on_duty) {
  world w;
  w.contacts.policies["usual"].repeat = millis{0};
  w.use();
  w.tell(notice(1), noon);
  (void)w.at(noon + seconds{20});
  BOOST_TEST(w.at(noon + minutes{11}) == lines{"boss/sms: U1"});
  w.contacts.schedules["night"] = daily(8, 20); // Ben's; he was in the book before
  w.use(noon + minutes{20});
  BOOST_TEST(w.at(noon + minutes{20}) == (lines{"anna/mail: U1", "ben/mail: U1", "ben/sms: U1"}));
  w.contacts.schedules["night"] = daily(20, 8);
  w.use(noon + minutes{40});
  BOOST_TEST(w.at(noon + minutes{40}).size() <= 1U); // who is gone is nobody new
}

BOOST_AUTO_TEST_CASE(the_same_book_again_changes_nothing) {
  world w;
  w.contacts.policies["usual"].max_rounds = 1;
  w.use();
  for (int alarm = 1; alarm <= 4; ++alarm)
    w.tell(notice(alarm), noon + minutes{alarm});
  alarm_notice held = notice(5);
  held.hold_until = noon + minutes{30};
  w.tell(held, noon);
  (void)w.at(noon + minutes{3});
  BOOST_TEST(w.book.shelve(alarm_number(2), noon + hours{2}));
  (void)w.at(noon + minutes{12});
  for (const timestamp at : {noon + minutes{12}, noon + minutes{13}, noon + hours{1}}) {
    (void)w.at(at);
    w.use(at);
    BOOST_TEST(w.book.plan(at, plenty).changed.empty());
  }
}

BOOST_AUTO_TEST_CASE(one_that_is_called_early_with_its_site_goes_on_with_it_and_a_restart_moves_nothing) {
  world w;
  w.tell(notice(1), noon);
  w.tell(notice(2), noon + seconds{15});
  const timestamp called = noon + seconds{20};
  BOOST_TEST(w.at(called).size() == 1U);
  w.use(called + seconds{1});
  for (const int alarm : {1, 2})
    BOOST_TEST((w.book.find(alarm_number(alarm))->next_at == called + minutes{10}));
}

// Whatever books follow one another while alarms come and go: no call has a key twice, only people of the book are
// called, at their addresses, and no alarm that somebody must hear of is left lying.
BOOST_AUTO_TEST_CASE(books_that_change_under_way_lose_and_double_nothing) {
  const bool held = rc::check([] {
    contact_book now_in_use = random_book();
    escalation_book book{escalation_limits{}};
    book.use(std::make_shared<contact_book>(now_in_use), noon);
    std::set<std::string> keys;
    std::set<uuid> through; ///< of the alarms that are open: all their rounds are
    std::map<uuid, alarm_notice> newest;
    timestamp now = noon;
    for (int i = 0; i < 80; ++i) {
      now += seconds{*rc::gen::inRange(1, 600)};
      if (*rc::gen::inRange(0, 3) == 0) {
        const auto state = *rc::gen::element(notice_state::raised, notice_state::cleared, notice_state::corrected);
        const int alarm = *rc::gen::inRange(1, 5);
        const alarm_notice news = notice(alarm, newest[alarm_number(alarm)].transition + 1, state);
        newest[news.alarm] = news;
        if (news.over()) through.erase(news.alarm);
        book.tell(news, now);
      }
      if (*rc::gen::inRange(0, 3) == 0) {
        std::map<uuid, std::optional<timestamp>> planned;
        for (const auto& [alarm, news] : newest)
          planned[alarm] = book.find(alarm) ? book.find(alarm)->next_at : std::nullopt;
        now_in_use = random_book();
        book.use(std::make_shared<contact_book>(now_in_use), now);
        for (const auto& [alarm, at] : planned) {
          const alarm_case* one = book.find(alarm);
          if (one == nullptr || !one->open() || newest[alarm].over()) continue;
          if (one->next_at) through.erase(alarm);
          if (at) RC_ASSERT(one->next_at.has_value() && *one->next_at <= *at);
          RC_ASSERT(now_in_use.policies.contains(one->policy));
        }
      }
      const call_plan plan = book.plan(now, plenty);
      through.insert(plan.exhausted.begin(), plan.exhausted.end());
      for (const planned_call& call : plan.calls) {
        RC_ASSERT(keys.insert(call.key).second);
        RC_ASSERT(has_way(now_in_use, call.to));
      }
      for (const auto& [alarm, news] : newest) {
        const alarm_case* one = book.find(alarm);
        if (one != nullptr && one->open() && !news.over())
          RC_ASSERT(one->next_at.has_value() || through.contains(alarm));
      }
    }
  });
  BOOST_TEST(held);
}

// In whatever order an alarm is raised, acknowledged, shelved, cleared and reopened: people are called about it as long
// as it is open and nobody has acknowledged or shelved it, and about nothing else.
BOOST_AUTO_TEST_CASE(whatever_is_open_and_not_acknowledged_calls) {
  struct alarm_now {
    std::uint64_t transition = 0;
    bool open = false, acknowledged = false, shelved = false;
    [[nodiscard]] bool calls() const { return open && !acknowledged && !shelved; }
  };
  const bool held = rc::check([] {
    world w;
    w.contacts.policies["usual"].max_rounds = 1000;
    w.use();
    std::map<int, alarm_now> alarms;
    timestamp now = noon;
    const int steps = *rc::gen::inRange(1, 60);
    for (int i = 0; i < steps; ++i) {
      const int number = *rc::gen::inRange(1, 4);
      alarm_now& one = alarms[number];
      switch (*rc::gen::inRange(0, 5)) {
      case 0:
      case 1:
        one.open = !one.open;
        if (one.open) one.acknowledged = false;
        w.tell(notice(number, ++one.transition, one.open ? notice_state::corrected : notice_state::cleared), now);
        if (one.open && one.shelved) // as the writer says it with the notice
          RC_ASSERT(w.book.shelve(alarm_number(number), now + std::chrono::years{100}));
        break;
      case 2:
        if (one.open) one.acknowledged = w.book.acknowledge(alarm_number(number), "anna", now);
        break;
      case 3:
        if (one.transition == 0) break;
        one.shelved = !one.shelved;
        if (one.shelved)
          (void)w.book.shelve(alarm_number(number), now + std::chrono::years{100});
        else
          (void)w.book.unshelve(alarm_number(number), now);
        break;
      default: // often nothing passes between two steps
        now += seconds{*rc::gen::element(0, 1, 19, 20, 600)};
        (void)w.at(now);
      }
    }
    std::set<uuid> called;
    for (timestamp at = now + seconds{20}; at <= now + hours{1}; at += minutes{1})
      for (const planned_call& call : w.book.plan(at, plenty).calls)
        for (const called_alarm& about : call.alarms)
          if (call.kind == call_kind::call) called.insert(about.notice.alarm);
    for (const auto& [number, one] : alarms)
      RC_ASSERT(called.contains(alarm_number(number)) == one.calls());
  });
  BOOST_TEST(held);
}

// Whatever happens and wherever the process dies: no call is lost, none has a key twice.
BOOST_AUTO_TEST_CASE(a_crash_neither_loses_nor_doubles_a_call) {
  const bool held = rc::check([] {
    const auto contacts = std::make_shared<contact_book>(small_book());
    const int steps = *rc::gen::inRange(20, 120);
    std::map<uuid, std::pair<alarm_case, alarm_notice>> stored; // as committed
    std::vector<alarm_notice> committed;                        // every notice is committed before it is told
    std::set<std::string> keys;
    std::map<uuid, alarm_notice> newest;
    escalation_book smooth{escalation_limits{}}; // never dies
    std::optional<escalation_book> mortal(escalation_limits{});
    smooth.use(contacts, noon);
    mortal->use(contacts, noon);
    std::vector<std::string> by_smooth, by_mortal;
    timestamp now = noon;
    for (int i = 0; i < steps; ++i) {
      const timestamp planned_at = now;
      now += seconds{*rc::gen::inRange(1, 900)};
      if (*rc::gen::inRange(0, 3) == 0) {
        const int alarm = *rc::gen::inRange(1, 6);
        const auto state = *rc::gen::element(notice_state::raised, notice_state::cleared, notice_state::annulled,
                                             notice_state::corrected);
        const alarm_notice news = notice(alarm, newest[alarm_number(alarm)].transition + 1, state);
        newest[news.alarm] = news;
        committed.push_back(news);
        smooth.tell(news, now);
        mortal->tell(news, now);
      }
      const bool dies = *rc::gen::inRange(0, 5) == 0;
      const call_plan plan = smooth.plan(now, plenty);
      if (dies) {
        // Between the notice's commit and the plan's: the plan is lost, the notices are not.
        (void)mortal->plan(now, plenty);
        mortal.emplace(escalation_limits{});
        mortal->use(contacts, now);
        // As the store gives it back: what is not over for long, and the notices that no plan has seen.
        for (const auto& [alarm, one] : stored)
          if (!one.first.finished_at || *one.first.finished_at + hours{4} > planned_at)
            mortal->restore(one.first, one.second);
        mortal->use(contacts, now); // the book that the restarted process has
        for (const alarm_notice& news : committed)
          if (!stored.contains(news.alarm) || stored[news.alarm].first.seen < news.transition) mortal->tell(news, now);
      }
      const call_plan again = mortal->plan(now, plenty);
      for (const planned_call& call : plan.calls)
        by_smooth.push_back(call.key);
      for (const planned_call& call : again.calls) {
        by_mortal.push_back(call.key);
        RC_ASSERT(keys.insert(call.key).second);
      }
      for (const alarm_case& changed : again.changed)
        stored[changed.alarm] = {changed, newest[changed.alarm]};
    }
    RC_ASSERT(by_smooth == by_mortal);
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_SUITE_END()
