// Coldvigil looks at itself and at common causes while the engine runs, on virtual time.
#include "core/rule_text.hpp"
#include "tests/actors/notified_engine.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace coldvigil::test {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

struct fixture {
  std::shared_ptr<disk> storage = std::make_shared<disk>();
  const actors::engine_limits limits;
  std::unique_ptr<running> process = start();
  running& now = *process;
  std::vector<std::string> codes;

  explicit fixture(actors::engine_limits chosen = {}) : limits(chosen) {}
  [[nodiscard]] std::unique_ptr<running> start() const {
    auto out = std::make_unique<running>(storage, limits, 1000, with_anna);
    out->uuids = static_cast<int>(100 * storage->epoch);
    return out;
  }
  /// Another process on the same disk, `later` on the clock.
  [[nodiscard]] std::unique_ptr<running> restarted(const running& before, millis later) {
    const timestamp at = before.time.now() + later;
    auto next = std::make_unique<running>(storage, limits, 1000, with_anna, at);
    next->uuids = static_cast<int>(100 * storage->epoch);
    return next;
  }
  static void go_on(running& of, millis length) {
    for (millis passed{0}; passed < length; passed += seconds{15})
      of.advance(seconds{15});
  }
  void go_on(millis length) const { go_on(*process, length); }
  static std::vector<system_alarm> open_in(const running& of) {
    std::vector<system_alarm> out;
    for (const system_alarm& each : *of.context.system->alarms())
      if (each.open()) out.push_back(each);
    return out;
  }
  /// Units of one site whose silence is found after ten minutes; all have just reported.
  void make_site(std::size_t units) {
    for (std::size_t i = 0; i < units; ++i)
      now.register_unit(codes.emplace_back("u" + std::to_string(i + 1)));
    place_rules rules;
    rules.place.customer = customer_id{1};
    rules.who = "anna";
    rules.rules.push_back({parse_rule_text("kind=no_data silent_after=600000").value(), false});
    now.engine->front().change_rules(std::move(rules),
                                     [](const result<std::vector<rule_record>>& done) { BOOST_TEST(done.ok()); });
    go_on(minutes{6}); // the rule counts
  }
  static void report(running& in, const std::string& code) { in.post(code, {{in.time.now(), -20'000}}); }
  [[nodiscard]] std::vector<outbox_entry> calls() const {
    std::vector<outbox_entry> out;
    for (const outbox_entry& each : storage->outbox)
      if (each.kind == message_kind::alarm) out.push_back(each);
    return out;
  }
  static std::size_t suppressed_in(const running& of) {
    std::size_t out = 0;
    const auto held = of.board.of(customer_id{1});
    for (const auto& alarm : held->open_alarms())
      if (held->find(alarm->unit)->life_of(*alarm).stage() == alarm_stage::suppressed) ++out;
    return out;
  }
  result<system_alarm> acknowledge(running& in, const uuid& alarm) const {
    result<system_alarm> out = failure{error_code::internal, "no answer"};
    in.engine->front().acknowledge_system_alarm(alarm, std::nullopt, "token:anna", "on my way",
                                                [&](const result<system_alarm>& done) { out = done; });
    in.finish();
    in.advance(seconds{1}); // a store that is away is asked again
    return out;
  }
  [[nodiscard]] std::vector<system_alarm> open() const { return open_in(*process); }
  [[nodiscard]] std::size_t audited(const std::string& action) const {
    std::size_t out = 0;
    for (const commit_batch& batch : storage->commits)
      for (const audit_entry& each : batch.audits)
        if (each.action == action) ++out;
    return out;
  }
};

/// Suppressing the alarms of a large site takes a while; here it never begins.
struct slow_fixture : fixture {
  slow_fixture() : fixture(slow()) {}
  static actors::engine_limits slow() {
    actors::engine_limits out;
    out.suppressions_a_tick = 0;
    return out;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(system_watcher, fixture)

BOOST_AUTO_TEST_CASE(a_store_that_is_away_is_told_from_memory_and_recorded_afterwards) {
  now.register_unit("u1");
  storage->failing_commits = 1'000'000;
  now.post("u1", {{now.time.now(), -20'000}});
  go_on(minutes{2});
  BOOST_REQUIRE(!open().empty());
  const auto told = open();
  BOOST_TEST(std::ranges::any_of(told, [](const auto& each) { return each.what.fault == system_fault::store_away; }));
  BOOST_TEST(audited("system_alarm.raised") == 0U);
  storage->failing_commits = 0;
  go_on(minutes{4});
  BOOST_TEST(open().empty());
  BOOST_TEST(audited("system_alarm.raised") >= 1U);
  BOOST_TEST(audited("system_alarm.cleared") >= 1U);
  BOOST_TEST(std::ranges::any_of(storage->system_alarms, [](const auto& each) {
    return each.second.what.fault == system_fault::store_away && each.second.cleared_at;
  }));
  BOOST_TEST(calls().empty()); // of that it was told while it lasted, from memory (notifier_test)
}

BOOST_AUTO_TEST_CASE(units_that_leave_their_limits_while_the_store_is_away_are_known_from_memory) {
  const auto in_danger = [](const running& of) { return units_out_of_limits(*of.context.danger, of.board); };
  for (const std::string code : {"u1", "u2", "u3"}) {
    now.register_unit(code);
    now.post(code, {{now.time.now(), -20'000}});
  }
  now.advance(seconds{15});
  now.post("u1", {{now.time.now(), -14'000}}); // committed
  storage->failing_commits = 1'000'000;
  now.advance(seconds{15});
  const timestamp left = now.time.now();
  now.post("u1", {{left, -5'000}});
  now.post("u2", {{left, -30'000}});
  now.post("u3", {{left, -20'000}});
  const auto while_away = in_danger(now);
  BOOST_REQUIRE(while_away.size() == 2U);
  BOOST_TEST(while_away[0].unit_name == "u1");
  BOOST_TEST(while_away[0].value == -5'000); // the newest, not what was committed
  BOOST_TEST(while_away[1].unit_name == "u2");
  BOOST_TEST(while_away[1].facility_name == "f1");
  BOOST_TEST(while_away[1].codes.customer == "A");
  BOOST_TEST(while_away[1].codes.facility == "f1");
  BOOST_TEST(while_away[1].codes.unit == "u2");
  BOOST_TEST((while_away[1].codes.unit_id == now.unit("u2").unit->public_id));
  BOOST_TEST(while_away[1].customer_name == "Customer A");
  BOOST_TEST(while_away[1].limit == -25'000);
  BOOST_TEST((while_away[1].since == left));
  now.advance(seconds{15});
  now.post("u2", {{now.time.now(), -20'000}});
  BOOST_TEST(in_danger(now).size() == 1U);
  storage->failing_commits = 0;
  now.advance(seconds{15});
  const auto next = restarted(now, seconds{15});
  const auto after_a_restart = in_danger(*next);
  BOOST_REQUIRE(after_a_restart.size() == 1U);
  BOOST_TEST(after_a_restart[0].value == -5'000);
}

BOOST_AUTO_TEST_CASE(how_an_open_alarm_stands_is_known_until_it_is_over) {
  now.register_unit("u1");
  now.post("u1", {{now.time.now(), -14'000}});
  now.advance(seconds{15});
  now.post("u1", {{now.time.now(), -5'000}});
  now.advance(seconds{15});
  const timestamp newest = now.time.now();
  now.post("u1", {{newest, -9'000}});
  now.advance(seconds{15});
  BOOST_REQUIRE(!storage->alarms.empty());
  const uuid alarm = storage->alarms.begin()->second.public_id;
  const auto stands = now.context.standings->find(alarm);
  BOOST_REQUIRE(stands.has_value());
  BOOST_TEST((*stands == alarm_standing{newest, -9'000, -5'000}));
  const auto next = restarted(now, seconds{15});
  BOOST_TEST((next->context.standings->find(alarm) == stands));
  next->post("u1", {{next->time.now(), -20'000}});
  next->advance(seconds{15});
  BOOST_TEST(!next->context.standings->find(alarm).has_value());
  const auto still_open = std::count_if(storage->alarms.begin(), storage->alarms.end(),
                                        [](const auto& each) { return each.second.open(); });
  BOOST_TEST(next->context.standings->size() == static_cast<std::size_t>(still_open));
}

BOOST_AUTO_TEST_CASE(the_first_call_after_a_start_says_how_the_alarm_stands) {
  now.register_unit("u1");
  now.post("u1", {{now.time.now(), -14'000}});
  go_on(minutes{1});
  BOOST_REQUIRE(!calls().empty());
  for (const milli_celsius value : {-5'000, -9'000}) {
    now.post("u1", {{now.time.now(), value}});
    go_on(minutes{1});
  }
  const std::size_t before = calls().size();
  const auto next = restarted(now, minutes{40}); // the next call has been due for long
  BOOST_REQUIRE(calls().size() == before + 1);
  BOOST_TEST(calls().back().text.find("worst -5.0 °C") != std::string::npos, calls().back().text);
}

BOOST_AUTO_TEST_CASE(an_acknowledgement_that_cannot_be_stored_counts_and_is_stored_later) {
  now.register_unit("u1");
  storage->failing_commits = 1'000'000;
  now.post("u1", {{now.time.now(), -20'000}});
  go_on(minutes{2});
  const auto told = open();
  BOOST_REQUIRE(!told.empty());
  const auto answer = acknowledge(now, told[0].id);
  BOOST_REQUIRE(!answer.ok());
  BOOST_TEST((answer.error().code == error_code::unavailable));
  BOOST_TEST(open()[0].acknowledged.has_value());
  BOOST_TEST(storage->system_alarms.empty());
  storage->failing_commits = 0;
  go_on(seconds{15});
  BOOST_TEST(storage->system_alarms.at(told[0].id).acknowledged->who == "token:anna");
  BOOST_TEST(audited("system_alarm.acknowledged") == 1U);
}

BOOST_AUTO_TEST_CASE(a_silent_site_is_one_alarm_of_the_engine_with_its_units) {
  make_site(3);
  for (const std::string& code : codes)
    now.post(code, {{now.time.now(), -20'000}});
  go_on(minutes{5});
  BOOST_TEST(open().empty());
  go_on(minutes{10});
  BOOST_REQUIRE(open().size() == 1U);
  const system_alarm site = open()[0];
  BOOST_TEST((site.what.fault == system_fault::site_silent));
  BOOST_TEST(site.what.units.size() == 3U);
  go_on(minutes{1});
  const auto held = now.board.of(customer_id{1});
  for (const auto& alarm : held->open_alarms())
    BOOST_TEST((held->find(alarm->unit)->life_of(*alarm).stage() == alarm_stage::suppressed));
  BOOST_TEST(held->open_alarms().size() == 3U);
  const auto silent = held->open_alarms();
  for (const std::string& code : codes)
    now.post(code, {{now.time.now(), -20'000}});
  go_on(minutes{4});
  BOOST_TEST(open().empty());
  BOOST_TEST(audited("system_alarm.raised") == 1U);
  BOOST_TEST(audited("system_alarm.cleared") == 1U);
  for (const auto& alarm : silent) { // heard again before the cause is over: that was what people were called about
    std::vector<alarm_transition> steps;
    std::ranges::copy_if(storage->transitions, std::back_inserter(steps),
                         [&](const alarm_transition& each) { return each.after.id == alarm->id; });
    BOOST_TEST(to_string(life_of(steps, storage->life_events.at(number(alarm->id))).stage()) ==
               to_string(alarm_stage::normal));
  }
}

BOOST_AUTO_TEST_CASE(a_site_of_nine_that_goes_silent_is_one_call_that_lists_them) {
  make_site(9);
  for (std::size_t i = 0; i < codes.size(); ++i) {
    if (i % 3 == 0 && i > 0) go_on(seconds{15}); // found silent in three ticks
    report(now, codes[i]);
  }
  go_on(minutes{30});
  BOOST_REQUIRE(calls().size() == 1U);
  const outbox_entry call = calls()[0];
  BOOST_TEST((call.alarms == std::vector{open().at(0).id}));
  for (const std::string& code : codes)
    BOOST_TEST(call.text.find(code) != std::string::npos, call.text);
  BOOST_TEST(suppressed_in(now) == 9U);
  for (std::size_t i = 0; i < 8; ++i)
    report(now, codes[i]); // one of them stays silent: now that is about this unit
  go_on(minutes{6});
  BOOST_TEST(open().empty());
  BOOST_REQUIRE(calls().size() == 2U);
  BOOST_TEST(calls()[1].subject.find("u9") != std::string::npos, calls()[1].subject);
}

BOOST_FIXTURE_TEST_CASE(a_cause_that_ends_before_all_of_its_alarms_are_suppressed_leaves_none_unsaid, slow_fixture) {
  make_site(9);
  for (const std::string& code : codes)
    report(now, code);
  go_on(minutes{15});
  BOOST_TEST(suppressed_in(now) == 0U);
  BOOST_TEST(calls().size() == 1U); // about the site alone
  for (std::size_t i = 0; i < 8; ++i)
    report(now, codes[i]);
  go_on(minutes{6});
  BOOST_REQUIRE(calls().size() == 2U);
  BOOST_TEST(calls()[1].subject.find("u9") != std::string::npos, calls()[1].subject);
}

BOOST_AUTO_TEST_CASE(one_silent_unit_of_many_is_called_about_after_the_hold) {
  make_site(9);
  for (const std::string& code : codes)
    report(now, code);
  for (int i = 0; i < 10; ++i) {
    go_on(minutes{1});
    for (std::size_t unit = 1; unit < codes.size(); ++unit)
      report(now, codes[unit]);
  }
  go_on(seconds{60}); // found silent within a tick
  BOOST_TEST(now.unit("u1").open.size() == 1U);
  BOOST_TEST(calls().empty());
  go_on(seconds{60});
  BOOST_REQUIRE(calls().size() == 1U);
  BOOST_TEST(calls()[0].subject.find("u1") != std::string::npos, calls()[0].subject);
}

BOOST_AUTO_TEST_CASE(a_restart_during_a_silent_site_goes_on_with_the_same_alarm_and_calls_nobody_again) {
  make_site(4);
  for (const std::string& code : codes)
    report(now, code);
  go_on(minutes{13});
  BOOST_REQUIRE(open().size() == 1U);
  const system_alarm before = open()[0];
  BOOST_TEST(acknowledge(now, before.id).ok());
  BOOST_TEST((acknowledge(now, uuid{}).error().code == error_code::not_found));
  BOOST_REQUIRE(suppressed_in(now) == 4U);
  const std::size_t called = calls().size();
  const auto next = restarted(now, minutes{5});
  BOOST_REQUIRE(open_in(*next).size() == 1U); // before the first look
  go_on(*next, minutes{10});
  BOOST_REQUIRE(open_in(*next).size() == 1U);
  const system_alarm after = open_in(*next)[0];
  BOOST_TEST((after.id == before.id));
  BOOST_TEST((after.raised_at == before.raised_at));
  BOOST_TEST(after.acknowledged->who == "token:anna");
  BOOST_TEST(suppressed_in(*next) == 4U);
  BOOST_TEST(calls().size() == called);
  std::size_t unsuppressed = 0;
  for (const auto& [alarm, events] : storage->life_events)
    for (const life_event& each : events)
      if (each.kind == life_event_kind::unsuppress) ++unsuppressed;
  BOOST_TEST(unsuppressed == 0U);
  BOOST_TEST(audited("system_alarm.raised") == 1U);
  for (const std::string& code : codes)
    report(*next, code);
  const auto last = restarted(*next, seconds{1}); // what no longer holds is cleared with a record
  go_on(*last, minutes{4});
  BOOST_TEST(open_in(*last).empty());
  BOOST_TEST(storage->system_alarms.at(before.id).cleared_at.has_value());
  BOOST_TEST(audited("system_alarm.cleared") == 1U);
  BOOST_TEST(calls().size() == called);
}

BOOST_AUTO_TEST_CASE(a_step_of_the_clock_is_shown_as_long_although_its_process_ended) {
  system_alarm step;
  step.id.bytes[0] = 9;
  step.what = {system_fault::clock_stepped, {}, "clock", "by 90 s", {}};
  step.raised_at = now.time.now();
  storage->system_alarms[step.id] = step;
  const auto next = restarted(now, minutes{1});
  go_on(*next, minutes{55});
  BOOST_REQUIRE(open_in(*next).size() == 1U);
  BOOST_TEST((open_in(*next)[0].id == step.id));
  go_on(*next, minutes{8});
  BOOST_TEST(open_in(*next).empty());
  BOOST_TEST(storage->system_alarms.at(step.id).cleared_at.has_value());
}

// The cause is found again before its alarm is: until then its units stay as they are.
BOOST_AUTO_TEST_CASE(a_cause_whose_record_was_lost_in_a_crash_leaves_its_units_in_peace) {
  make_site(4);
  for (const std::string& code : codes)
    report(now, code);
  go_on(minutes{13});
  BOOST_REQUIRE(suppressed_in(now) == 4U);
  storage->system_alarms.clear();
  const auto next = restarted(now, minutes{1});
  go_on(*next, minutes{2});
  BOOST_TEST(open_in(*next).size() == 1U);
  BOOST_TEST(suppressed_in(*next) == 4U);
  for (const auto& [alarm, events] : storage->life_events)
    BOOST_TEST(events.size() == 1U);
}

BOOST_AUTO_TEST_CASE(polls_that_fail_in_a_row_are_an_alarm_of_their_customer) {
  poll_record poll;
  poll.customer = customer_id{1};
  poll.status = poll_status::failure;
  poll.error = "the endpoint answered 401 Unauthorized";
  for (int i = 0; i < 3; ++i)
    caf::anon_send(now.engine->writer(), poll);
  go_on(minutes{1});
  BOOST_REQUIRE(open().size() == 1U);
  const auto next = restarted(now, seconds{1});
  go_on(*next, minutes{30});
  BOOST_REQUIRE(open_in(*next).size() == 1U); // no poll since: what is on record counts for an hour
  BOOST_TEST((open_in(*next)[0].id == open()[0].id));
  go_on(*next, minutes{40});
  BOOST_TEST(open_in(*next).empty());
  BOOST_TEST((open()[0].what.fault == system_fault::polls_refused));
  BOOST_TEST((open()[0].what.customer == customer_id{1}));
  BOOST_TEST(open()[0].what.subject == "A");
  poll.status = poll_status::success;
  poll.error.clear();
  caf::anon_send(now.engine->writer(), poll);
  go_on(minutes{4});
  BOOST_TEST(open().empty());
}

BOOST_AUTO_TEST_CASE(an_alarm_that_nobody_acknowledges_in_all_rounds_is_an_alarm_until_somebody_does) {
  const auto once = [](actors::engine_parts& parts) { with_anna_called(parts, millis{0}); };
  const auto disk_of_two = std::make_shared<disk>();
  running first(disk_of_two, {}, 1000, once);
  first.register_unit("u1");
  first.post("u1", {{first.time.now(), -5'000}});
  go_on(first, minutes{15});
  BOOST_TEST(open_in(first).empty()); // it may still be acknowledged
  go_on(first, minutes{3});
  BOOST_REQUIRE(open_in(first).size() == 1U);
  const system_alarm unheard = open_in(first)[0];
  BOOST_TEST((unheard.what.fault == system_fault::alarm_unheard));
  BOOST_TEST(unheard.what.subject == "u1, f1: too warm");
  BOOST_TEST(std::ranges::count(disk_of_two->outbox, message_kind::alarm, &outbox_entry::kind) == 2);
  go_on(first, minutes{30});
  first.post("u1", {{first.time.now(), -5'000}}); // it is not silent
  go_on(first, minutes{30});
  BOOST_TEST(open_in(first).size() == 1U); // that nobody hears of that makes no other one
  running next(disk_of_two, {}, 1000, once, first.time.now() + minutes{1});
  next.uuids = 1'000;
  go_on(next, minutes{1});
  BOOST_REQUIRE(open_in(next).size() == 1U);
  BOOST_TEST((open_in(next)[0].id == unheard.id));
  alarm_word seen;
  seen.alarm = next.board.of(customer_id{1})->open_alarms()[0]->public_id;
  seen.event.kind = life_event_kind::acknowledge;
  seen.event.who = "token:boss";
  next.engine->front().say(std::move(seen), [](const result<alarm_story>& done) { BOOST_TEST(done.ok()); });
  go_on(next, minutes{4});
  BOOST_TEST(open_in(next).empty());
}

BOOST_AUTO_TEST_CASE(the_alarm_of_a_unit_that_was_never_heard_outlives_a_restart_as_itself) {
  make_site(1);
  go_on(minutes{12});
  const auto before = now.board.of(customer_id{1})->open_alarms();
  BOOST_REQUIRE(before.size() == 1U);
  const uuid id = before[0]->public_id;
  const auto next = restarted(now, minutes{1});
  go_on(*next, minutes{2});
  const auto after = next->board.of(customer_id{1})->open_alarms();
  BOOST_REQUIRE(after.size() == 1U);
  BOOST_TEST((after[0]->public_id == id));
  BOOST_TEST((after[0]->raised_at == before[0]->raised_at));
  BOOST_TEST(std::count_if(storage->transitions.begin(), storage->transitions.end(),
                           [](const alarm_transition& each) { return each.kind == transition_kind::raised; }) == 1);
}

// Law 15: history calls nobody; what still holds when the unit is heard live does, unless somebody has seen it.
BOOST_AUTO_TEST_CASE(what_history_raised_calls_when_it_is_live_and_nobody_has_seen_it) {
  for (const std::string code : {"u1", "u2"}) {
    now.register_unit(code);
    now.post(code, {{now.time.now() - minutes{30}, -5'000}}, true);
  }
  go_on(minutes{2});
  const auto found = now.board.of(customer_id{1})->open_alarms();
  BOOST_REQUIRE(found.size() == 2U);
  BOOST_TEST(calls().empty());
  alarm_word seen;
  seen.alarm = found[0]->public_id;
  seen.event.kind = life_event_kind::acknowledge;
  seen.event.who = "token:anna";
  now.engine->front().say(std::move(seen), [](const result<alarm_story>& done) { BOOST_TEST(done.ok()); });
  now.finish();
  for (const std::string code : {"u1", "u2"})
    now.post(code, {{now.time.now(), -5'000}});
  go_on(minutes{2});
  BOOST_REQUIRE(calls().size() == 1U);
  BOOST_TEST((calls()[0].alarms == std::vector<uuid>{found[1]->public_id}));
}

BOOST_AUTO_TEST_CASE(an_answer_that_needs_no_commit_is_no_stop_of_recording) {
  const auto metrics = std::make_shared<notification_metrics>();
  const auto process_of_its_own =
      std::make_unique<running>(std::make_shared<disk>(), limits, 1000, [&](actors::engine_parts& parts) {
        with_anna(parts);
        parts.notify->metrics = metrics;
      });
  running& engine = *process_of_its_own;
  engine.register_unit("u1");
  const timestamp at = engine.time.now();
  engine.post("u1", {{at, -20'000}});
  go_on(engine, minutes{1});
  engine.post("u1", {{at, -20'000}}); // known: there is nothing to commit
  go_on(engine, minutes{2});
  BOOST_TEST(metrics->recording_stopped.load() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::test
