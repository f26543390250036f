#include "ingest/poll_plan.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidcheck/boost_test.h>

#include <functional>

namespace coldvigil {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

/// Goes through a plan on virtual time; every request takes a second, one that fails as long as is said.
struct walk {
  explicit walk(const poll_plan_settings& settings) : plan(settings, now) {}

  /// The next request, at its time, ended as `works` says.
  poll_task go() {
    const auto step = plan.next();
    const bool fine = works(step.task);
    now = std::max(now, step.at) + (fine ? seconds{1} : hangs);
    plan.ended(step.task, !fine, now, 0.5);
    asked.push_back(step.task);
    return step.task;
  }
  [[nodiscard]] std::string log() const {
    std::string out;
    for (const poll_task& each : asked)
      out += (each.kind == poll_kind::directory ? "d"
              : each.kind == poll_kind::live    ? "L"
                                                : (each.owed ? "o" : "h") + each.unit) +
             ' ';
    return out;
  }
  void go(int steps) {
    for (int i = 0; i < steps; ++i)
      go();
  }

  const timestamp start = from_ms(1'800'000'000'000);
  timestamp now = start;
  poll_plan plan;
  std::vector<poll_task> asked;
  seconds hangs{1};
  std::function<bool(const poll_task&)> works = [](const poll_task&) { return true; };
};

poll_plan_settings by_unit(bool directory = false) {
  poll_plan_settings out;
  out.directory = directory;
  out.history_by_unit = true;
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(poll_plans)

BOOST_AUTO_TEST_CASE(directory_then_pasts_then_live_for_ever) {
  walk one(by_unit(true));
  one.go();
  one.plan.want_past("1");
  one.plan.want_past("2");
  one.plan.want_past("1");
  one.go(4);
  BOOST_TEST(one.log() == "d h1 h2 L L ");
  BOOST_CHECK(one.now - one.start == seconds{5} + minutes{1});
}

BOOST_AUTO_TEST_CASE(a_directory_that_is_down_keeps_nobody_unwatched) {
  for (const bool known : {true, false}) {
    poll_plan_settings settings = by_unit(true);
    settings.units_known = known;
    walk one(settings);
    bool down = true;
    one.works = [&](const poll_task& task) { return !down || task.kind != poll_kind::directory; };
    const int awaited = known ? 0 : 5;
    one.go(awaited);
    BOOST_CHECK(one.go().kind == poll_kind::live);
    one.go(10);
    BOOST_TEST(one.log().find("d L") != std::string::npos); // asked again between live polls
    down = false;
    one.go(10);
    one.asked.clear();
    one.go(50);
    BOOST_TEST(one.log().find('d') == std::string::npos); // once answered, never again
  }
}

BOOST_AUTO_TEST_CASE(a_past_yields_to_the_live_readings_of_others) {
  walk one(by_unit());
  for (int i = 0; i < 300; ++i)
    one.plan.want_past(std::to_string(i));
  one.go(330);
  // One second each: a live poll a minute in between.
  const auto live = std::count_if(one.asked.begin(), one.asked.begin() + 300,
                                  [](const poll_task& task) { return task.kind == poll_kind::live; });
  BOOST_TEST(live == 4);
  BOOST_TEST(!one.plan.holds_back_any());
}

BOOST_AUTO_TEST_CASE(a_units_broken_past_costs_the_others_nothing) {
  walk one(by_unit());
  for (const char* unit : {"1", "2", "3"})
    one.plan.want_past(unit);
  one.works = [](const poll_task& task) { return task.unit != "1"; };
  one.go(7);
  BOOST_TEST(one.log() == "h1 h1 h1 h1 h1 h2 h3 ");
  BOOST_TEST(!one.plan.holds_back("1"));
}

BOOST_AUTO_TEST_CASE(a_past_that_was_given_up_is_owed_until_it_is_answered) {
  walk one(by_unit());
  for (const char* unit : {"1", "2", "3"})
    one.plan.want_past(unit);
  bool broken = true;
  one.works = [&](const poll_task& task) { return task.unit == "3" || !broken || task.kind == poll_kind::live; };
  one.go(7);
  BOOST_TEST(one.log() == "h1 h1 h1 h1 h1 h2 h3 ");
  BOOST_TEST(one.plan.owed() == 2U);
  one.asked.clear();
  one.go(7);
  BOOST_TEST(one.log() == "L o1 L o2 L o1 L "); // after a live poll, each in turn
  broken = false;
  one.asked.clear();
  one.go(5);
  BOOST_TEST(one.log() == "o2 o1 L L L "); // what works is followed by the next one
  BOOST_TEST(one.plan.owed() == 0U);
}

BOOST_AUTO_TEST_CASE(an_answer_that_does_not_come_takes_its_time_from_the_wait_for_the_next_live_poll) {
  walk one(by_unit(true));
  one.plan.want_past("1");
  one.works = [](const poll_task& task) { return task.kind == poll_kind::live; };
  one.hangs = seconds{40};
  for (int i = 0; i < 40; ++i)
    one.go();
  timestamp last = one.now;
  for (int lives = 0; lives < 20;) {
    if (one.go().kind != poll_kind::live) continue;
    BOOST_CHECK(one.now - last <= minutes{1} + seconds{1} || lives == 0);
    last = one.now;
    ++lives;
  }
}

BOOST_AUTO_TEST_CASE(a_broken_history_is_given_up_whatever_the_number_of_units) {
  walk one(by_unit());
  for (int i = 0; i < 1000; ++i)
    one.plan.want_past(std::to_string(i));
  one.works = [](const poll_task& task) { return task.kind == poll_kind::live; };
  one.go(9);
  BOOST_TEST(one.log() == "h0 h0 h0 h0 h0 h1 h2 h3 h4 ");
  BOOST_TEST(!one.plan.holds_back_any());
  BOOST_CHECK(one.go().kind == poll_kind::live);
  BOOST_CHECK(one.now - one.start < minutes{1});
}

BOOST_AUTO_TEST_CASE(one_request_for_every_past_goes_before_any_live_reading) {
  walk one(poll_plan_settings{});
  one.plan.want_past("");
  one.works = [](const poll_task& task) { return task.kind == poll_kind::live; };
  one.go(7);
  BOOST_TEST(one.log() == "h h h h h L L ");
}

BOOST_AUTO_TEST_CASE(failed_live_polls_back_off_and_a_success_forgets_them) {
  walk one(poll_plan_settings{});
  one.works = [](const poll_task&) { return false; };
  one.go(20);
  const timestamp before = one.now;
  one.go();
  BOOST_CHECK(one.now - before == seconds{46}); // 3/4 of the longest wait, and the request
  one.works = [](const poll_task&) { return true; };
  one.go();
  BOOST_CHECK(one.plan.next().at - one.now == minutes{1});
}

RC_BOOST_PROP(whatever_fails_every_unit_is_watched_in_bounded_time_and_live_polls_go_on, ()) {
  poll_plan_settings settings = by_unit(*rc::gen::arbitrary<bool>());
  settings.units_known = *rc::gen::arbitrary<bool>();
  walk one(settings);
  const auto outcomes = *rc::gen::container<std::vector<bool>>(400, rc::gen::arbitrary<bool>());
  const int units = *rc::gen::inRange(0, 60);
  for (int i = 0; i < units; ++i)
    one.plan.want_past(std::to_string(i));
  std::size_t next = 0;
  one.works = [&](const poll_task&) { return static_cast<bool>(outcomes[next++ % outcomes.size()]); };
  timestamp last_live = one.start;
  for (int i = 0; i < 600; ++i) {
    if (one.go().kind != poll_kind::live) continue;
    // Waits of at most a minute, three for the directory, and its retries between.
    RC_ASSERT(one.now - last_live < minutes{5});
    last_live = one.now;
  }
  RC_ASSERT(last_live > one.start);
  RC_ASSERT(!one.plan.holds_back_any());
  one.works = [](const poll_task&) { return true; };
  for (int i = 0; i < 200; ++i)
    one.go();
  RC_ASSERT(one.plan.owed() == 0U); // nothing is forgotten
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil
