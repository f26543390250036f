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
constexpr std::size_t plenty = 1000;

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
    for (const alarm_notice& alarm : call.alarms)
      line += " " + alarm.unit_name;
    if (call.kind == call_kind::follow_up) line += " " + std::string(to_string(call.alarms.front().state));
    out.push_back(line);
  }
  return out;
}
using lines = std::vector<std::string>;

struct world {
  contact_book contacts = small_book();
  escalation_book book{escalation_limits{}};
  world() {
    contacts.policies["usual"].quiet = seconds{20};
    use();
  }
  void use() { book.use(std::make_shared<contact_book>(contacts), noon); }
  void tell(const alarm_notice& what, timestamp now) { BOOST_REQUIRE(book.tell(what, now)); }
  lines at(timestamp now) { return said(book.plan(now, plenty)); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(escalation)

BOOST_AUTO_TEST_CASE(steps_are_climbed_until_somebody_acknowledges) {
  world w;
  w.tell(notice(1), noon);
  BOOST_TEST(w.at(noon + seconds{19}).empty());
  BOOST_TEST((w.book.wake() == noon + seconds{20}));
  BOOST_TEST(w.at(noon + seconds{20}) == lines{"anna/mail: U1"});
  BOOST_TEST(w.at(noon + minutes{10} + seconds{19}).empty());
  BOOST_TEST((w.book.wake() == noon + minutes{10} + seconds{20}));
  BOOST_TEST(w.at(noon + minutes{10} + seconds{20}) == lines{"boss/sms: U1"});
  const timestamp again = noon + minutes{40} + seconds{20};
  BOOST_TEST((w.book.wake() == again));
  BOOST_TEST(w.at(again) == lines{"anna/mail: U1"});
  BOOST_TEST(w.book.acknowledge(alarm_number(1), "anna", again + seconds{1}));
  BOOST_TEST(w.at(again + hours{100}).empty());
  BOOST_TEST((w.book.wake() == std::nullopt));
  BOOST_TEST(!w.book.acknowledge(alarm_number(2), "anna", again));
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
    BOOST_REQUIRE(book.tell(notice(i), noon));
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
  BOOST_TEST((w.book.wake() == std::nullopt));
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

BOOST_AUTO_TEST_CASE(a_shelved_alarm_is_quiet_and_begins_anew) {
  world w;
  w.tell(notice(1), noon);
  BOOST_TEST(w.at(noon + seconds{20}).size() == 1U);
  BOOST_TEST(w.book.shelve(alarm_number(1), noon + hours{2}));
  BOOST_TEST(w.at(noon + hours{1}).empty());
  BOOST_TEST((w.book.wake() == noon + hours{2}));
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

BOOST_AUTO_TEST_CASE(what_does_not_fit_stays_due) {
  world w;
  for (int i = 1; i <= 3; ++i) {
    alarm_notice each = notice(i);
    each.facility = facility_id{i};
    w.tell(each, noon);
  }
  BOOST_TEST(w.book.plan(noon + minutes{1}, 0).calls.empty());
  BOOST_TEST(said(w.book.plan(noon + minutes{1}, 2)) == (lines{"anna/mail: U1", "anna/mail: U2"}));
  BOOST_TEST(said(w.book.plan(noon + minutes{1}, 2)) == lines{"anna/mail: U3"});
  BOOST_TEST(w.book.plan(noon + minutes{1}, 2).calls.empty());
  for (int i = 1; i <= 3; ++i) {
    alarm_notice over = notice(i, 2, notice_state::cleared);
    over.facility = facility_id{i};
    w.tell(over, noon + minutes{2});
  }
  BOOST_TEST(w.book.plan(noon + minutes{2}, 1).calls.size() == 1U);
  BOOST_TEST(w.book.plan(noon + minutes{2}, 9).calls.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_full_book_says_so) {
  escalation_book book({2, 50, hours{4}});
  BOOST_TEST(book.tell(notice(1), noon));
  BOOST_TEST(book.tell(notice(2), noon));
  BOOST_TEST(!book.tell(notice(3), noon));
  BOOST_TEST(book.tell(notice(2, 2, notice_state::cleared), noon));
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
        RC_ASSERT(smooth.tell(news, now));
        RC_ASSERT(mortal->tell(news, now));
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
        for (const alarm_notice& news : committed)
          if (!stored.contains(news.alarm) || stored[news.alarm].first.seen < news.transition)
            RC_ASSERT(mortal->tell(news, now));
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
