// What people decide: checked, committed with an audit entry, and in force from its time on.
#include "actors/alarm_list.hpp"
#include "actors/desk.hpp"
#include "core/rule_text.hpp"
#include "tests/actors/engine_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <array>

namespace coldvigil::test {
namespace {

using std::chrono::minutes;

struct fixture {
  std::shared_ptr<disk> storage = std::make_shared<disk>();
  std::unique_ptr<running> now = std::make_unique<running>(storage);
  memory_store durable{storage};
  actors::desk_limits limits;
  std::optional<std::uint64_t> decided_on{}; ///< revision of the rules that are changed

  fixture() { now->register_unit("u1"); }

  /// The customer's rules, from now on these; an id of 0 is a new rule.
  result<std::vector<rule_record>> rules(std::vector<std::pair<const char*, std::uint32_t>> wanted) {
    place_rules all;
    all.place.customer = customer_id{1};
    for (const auto& [text, id] : wanted) {
      place_rules::entry entry;
      entry.what = parse_rule_text(text).value();
      entry.what.id = rule_id{id};
      all.rules.push_back(entry);
    }
    all.who = "anna";
    all.reason = "because";
    all.place_name = "customer A";
    all.expected = decided_on;
    return actors::change_rules(durable, *now->context.rules, all, now->time.now(), now->time.now() + minutes{5},
                                limits);
  }
  result<rule_record> rule(const char* text) {
    auto done = rules({{text, 0}});
    if (!done) return done.error();
    return done->front();
  }
  result<actors::said> say(const uuid& alarm, std::optional<customer_id> customer, life_event_kind kind,
                           const std::string& text) {
    const auto reader = durable.make_reader();
    const auto code_of = [](unit_id unit) { return "u" + std::to_string(number(unit)); };
    return actors::say(durable, **reader, {alarm, customer, said(kind, text)}, code_of, limits);
  }
  result<alarm_story> say_to_engine(const uuid& alarm, life_event event) {
    result<alarm_story> out = failure{error_code::internal, "no answer"};
    now->engine->front().say({alarm, customer_id{1}, std::move(event)},
                             [&](result<alarm_story> story) { out = std::move(story); });
    now->settle();
    return out;
  }
  void measure(milli_celsius value) {
    now->post("u1", {{now->time.now(), value}});
    now->advance(minutes{1});
  }
  [[nodiscard]] auto open() { return now->board.of(customer_id{1})->open_alarms(); }
  life_event said(life_event_kind kind, const std::string& text) {
    return {kind, now->time.now(), "anna", text, std::nullopt};
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(desk, fixture)

BOOST_AUTO_TEST_CASE(a_rule_counts_from_its_time_on_and_after_a_restart) {
  measure(-18'000);
  const auto made = rule("kind=high_limit limit=-20000");
  BOOST_REQUIRE(made.ok());
  BOOST_TEST((made->from == made->changed_at + minutes{5}));
  measure(-18'000);
  BOOST_TEST(open().empty());
  const timestamp at = now->time.now();
  now.reset();
  now = std::make_unique<running>(storage);
  now->time.advance(at + minutes{5} - now->time.now());
  measure(-18'000);
  BOOST_REQUIRE(open().size() == 1U);
  BOOST_TEST((open()[0]->by.id == made->rule.what.id));
}

BOOST_AUTO_TEST_CASE(an_alarm_goes_on_after_a_restart_under_the_rule_that_raised_it) {
  BOOST_REQUIRE(rule("kind=high_limit limit=-20000 off_delay=600000 max_gap=3600000").ok());
  now->advance(minutes{6});
  measure(-18'000);
  measure(-30'000); // begins to clear
  const auto before = open();
  BOOST_REQUIRE(before.size() == 2U); // and is too cold
  const timestamp at = now->time.now();
  now.reset();
  now = std::make_unique<running>(storage);
  now->time.advance(at + minutes{20} - now->time.now());
  measure(-21'000);
  BOOST_TEST(open().empty());
}

BOOST_AUTO_TEST_CASE(rules_that_cannot_be_meant_or_are_not_there_are_refused) {
  BOOST_TEST((rule("kind=high_limit limit=-20000 consecutive=0").error().code == error_code::invalid_argument));
  const auto unknown = rules({{"kind=low_limit side=below limit=-30000", 0}, {"kind=high_limit limit=-20000", 4'711}});
  BOOST_TEST((unknown.error().code == error_code::not_found));
  BOOST_TEST(unknown.error().where == "#/rules/1/id");
  BOOST_TEST(storage->rules.empty());
}

BOOST_AUTO_TEST_CASE(a_place_has_the_rules_that_are_wanted_and_only_what_differs_is_a_change) {
  const auto made = rules({{"kind=high_limit limit=-20000", 0}, {"kind=low_limit side=below limit=-30000", 0}});
  BOOST_REQUIRE(made->size() == 2U);
  const auto id = static_cast<std::uint32_t>(made->front().rule.what.id);
  BOOST_TEST(rules({{"kind=high_limit limit=-20000", 0}, {"kind=low_limit side=below limit=-30000", 0}})->empty());
  const auto changed = rules({{"kind=high_limit limit=-21000", id}});
  BOOST_REQUIRE(changed->size() == 2U); // one revised, one removed
  BOOST_TEST((changed->front().rule.what.id == made->front().rule.what.id));
  BOOST_TEST(!changed->front().removed);
  BOOST_TEST(changed->back().removed);
  BOOST_TEST(rules({})->size() == 1U);
  BOOST_TEST(rules({})->empty());
}

BOOST_AUTO_TEST_CASE(a_rule_that_an_entry_names_is_not_taken_by_one_before_it_that_is_alike) {
  const char* text = "kind=high_limit limit=-20000";
  const auto id = static_cast<std::uint32_t>(rule(text)->rule.what.id);
  const auto done = rules({{text, 0}, {"kind=high_limit limit=-10000", id}});
  BOOST_REQUIRE(done.ok());
  BOOST_REQUIRE(done->size() == 2U);
  BOOST_TEST((done->at(0).rule.what.id != rule_id{id}));
  BOOST_TEST((done->at(1).rule.what.id == rule_id{id}));
  BOOST_TEST(done->at(1).rule.what.limit == -10'000);
}

BOOST_AUTO_TEST_CASE(what_was_stored_with_members_that_say_nothing_stays_when_it_is_sent_back_without_them) {
  rule_record before;
  before.rule.customer = customer_id{1};
  before.rule.what = parse_rule_text("id=100 kind=cumulative limit=-20000 window=600000 cumulative=60000 deadband=500 "
                                     "silent_after=60000")
                         .value();
  before.from = before.changed_at = now->time.now();
  const rule_change change{before, {}};
  BOOST_REQUIRE(durable.change_rules(std::span(&change, 1)).ok());
  BOOST_TEST(rules({{"kind=cumulative limit=-20000 window=600000 cumulative=60000", 0}})->empty());
  BOOST_TEST(!rules({{"kind=cumulative limit=-20000 window=600000 cumulative=60000 deadband=500", 0}}).ok());
}

BOOST_AUTO_TEST_CASE(the_audit_of_a_rule_says_which_where_who_when_old_new_and_why) {
  const auto made = rules({{"kind=high_limit limit=-20000 name=Too warm", 0}});
  const std::string id = std::to_string(static_cast<std::uint32_t>(made->front().rule.what.id));
  now->advance(minutes{1});
  BOOST_REQUIRE(
      rules({{"kind=high_limit limit=-19000 name=Too warm", static_cast<std::uint32_t>(made->front().rule.what.id)}})
          ->size() == 1U);
  BOOST_REQUIRE(rules({})->size() == 1U);
  BOOST_REQUIRE(storage->audits.size() == 3U);
  const std::string before = "id=" + id + " kind=high_limit level=critical limit=-20000 name=Too warm";
  const std::string after = "id=" + id + " kind=high_limit level=critical limit=-19000 name=Too warm";
  const std::vector<std::array<std::string, 3>> expected{
      {"rule.created", "", before}, {"rule.changed", before, after}, {"rule.removed", after, ""}};
  for (std::size_t i = 0; i < 3; ++i) {
    const audit_entry& entry = storage->audits[i];
    BOOST_TEST(entry.action == expected[i][0]);
    BOOST_TEST(entry.old_value == expected[i][1]);
    BOOST_TEST(entry.new_value == expected[i][2]);
    BOOST_TEST(entry.subject == "customer A, rule " + id);
    BOOST_TEST((entry.customer == customer_id{1}));
    BOOST_TEST((entry.at == storage->rules[i].changed_at));
    BOOST_TEST(entry.actor == "anna");
    BOOST_TEST(entry.reason == "because");
  }
}

BOOST_AUTO_TEST_CASE(a_change_that_was_decided_on_older_rules_is_refused) {
  decided_on = 0;
  const auto made = rules({{"kind=high_limit limit=-20000", 0}});
  BOOST_REQUIRE(made.ok());
  const auto late = rules({});
  BOOST_REQUIRE(!late.ok());
  BOOST_TEST((late.error().code == error_code::conflict));
  BOOST_TEST(storage->rules.size() == 1U);
  decided_on = made->front().revision;
  BOOST_TEST(rules({})->size() == 1U);
  // No id comes twice, removed rules included.
  decided_on.reset();
  BOOST_TEST((rule("kind=high_limit limit=-20000")->rule.what.id != made->front().rule.what.id));
}

BOOST_AUTO_TEST_CASE(a_sort_of_rule_is_turned_off_and_says_no_more_than_which) {
  place_rules all;
  all.place.customer = customer_id{1};
  all.who = "anna";
  all.rules.push_back({parse_rule_text("kind=cumulative level=warning consecutive=0 name=long").value(), true});
  const auto done = actors::change_rules(durable, *now->context.rules, all, now->time.now(), now->time.now(), limits);
  BOOST_REQUIRE(done.ok());
  coldvigil::rule expected;
  expected.id = done->front().rule.what.id;
  expected.kind = rule_kind::cumulative;
  expected.level = alarm_level::warning;
  BOOST_TEST((done->front().rule.what == expected));
  BOOST_TEST(done->front().rule.off);
}

BOOST_AUTO_TEST_CASE(an_alarm_is_acknowledged_once_and_closed_when_it_is_over) {
  measure(-5'000);
  BOOST_REQUIRE(!open().empty());
  const uuid alarm = open()[0]->public_id;
  const auto speak = [&](life_event_kind kind, const std::string& text) {
    return say(alarm, customer_id{1}, kind, text);
  };
  BOOST_TEST((speak(life_event_kind::acknowledge, "on my way")->story.life.stage() == alarm_stage::acknowledged));
  const auto again = speak(life_event_kind::acknowledge, "on my way");
  BOOST_TEST(!again->fresh);
  BOOST_TEST(again->story.said.size() == 1U);
  BOOST_TEST((speak(life_event_kind::acknowledge, "me too").error().code == error_code::conflict));
  BOOST_TEST((speak(life_event_kind::close, "").error().code == error_code::conflict));
  measure(-20'000);
  now->advance(minutes{1});
  const auto closed = speak(life_event_kind::close, "door was open");
  BOOST_REQUIRE(closed.ok());
  BOOST_TEST((closed->story.life.stage() == alarm_stage::closed));
  BOOST_TEST(closed->story.transitions.size() == 2U);
  BOOST_TEST(closed->story.said.size() == 2U);
}

/// "For 30 minutes" ends later each time that it is said.
BOOST_AUTO_TEST_CASE(a_shelving_whose_answer_was_lost_is_answered_with_what_stands) {
  measure(-5'000);
  BOOST_REQUIRE(!open().empty());
  const uuid alarm = open()[0]->public_id;
  const auto shelve = [&](const char* who, const char* why, minutes span) {
    const auto reader = durable.make_reader();
    const life_event event{life_event_kind::shelve, now->time.now(), who, why, now->time.now() + span};
    return actors::say(
        durable, **reader, {alarm, customer_id{1}, event}, [](unit_id) { return ""; }, limits);
  };
  const auto refused = [](const result<actors::said>& done) {
    return !done.ok() && done.error().code == error_code::conflict;
  };
  const timestamp until = now->time.now() + minutes{30};
  BOOST_REQUIRE(shelve("anna", "door", minutes{30}).ok());
  now->advance(minutes{1});
  const auto again = shelve("anna", "door", minutes{30});
  BOOST_REQUIRE(again.ok());
  BOOST_TEST(!again->fresh);
  BOOST_TEST((again->story.life.shelved_until == until)); // it is not extended
  BOOST_TEST(again->story.said.size() == 1U);
  BOOST_TEST(refused(shelve("ben", "door", minutes{30})));
  BOOST_TEST(refused(shelve("anna", "ice", minutes{30})));
  BOOST_TEST(refused(shelve("anna", "door", minutes{60})));
  now->advance(minutes{2});
  BOOST_TEST(refused(shelve("anna", "door", minutes{30}))); // this is meant
  now->advance(minutes{27} + millis{1});
  const auto anew = shelve("anna", "door", minutes{1}); // ends within 2 min of the one that is over
  BOOST_REQUIRE(anew.ok());
  BOOST_TEST(anew->fresh);
}

BOOST_AUTO_TEST_CASE(the_audit_of_an_alarm_says_of_which_unit_it_is) {
  measure(-5'000);
  const uuid alarm = open()[0]->public_id;
  BOOST_TEST(say(alarm, customer_id{1}, life_event_kind::acknowledge, "on my way").ok());
  BOOST_REQUIRE(storage->audits.size() == 1U);
  const audit_entry& entry = storage->audits[0];
  BOOST_TEST(entry.action == "alarm.acknowledge");
  BOOST_TEST(entry.subject == "unit u1, alarm " + to_string(alarm));
  BOOST_TEST(entry.old_value == "unacknowledged");
  BOOST_TEST(entry.new_value == "acknowledged");
  BOOST_TEST(entry.actor == "anna");
  BOOST_TEST(entry.reason == "on my way");
}

BOOST_AUTO_TEST_CASE(a_place_has_so_many_rules_and_no_more) {
  limits.rules_a_place = 2;
  const char* text = "kind=high_limit limit=-20000";
  BOOST_TEST(rules({{text, 0}, {text, 0}})->size() == 2U);
  BOOST_TEST((rules({{text, 0}, {text, 0}, {text, 0}}).error().code == error_code::limit));
}

BOOST_AUTO_TEST_CASE(so_much_is_said_of_an_alarm_and_no_more) {
  limits.said = 2;
  measure(-5'000);
  const uuid alarm = open()[0]->public_id;
  for (const char* text : {"still warm", "warmer"})
    BOOST_TEST(say(alarm, std::nullopt, life_event_kind::comment, text).ok());
  BOOST_TEST((say(alarm, std::nullopt, life_event_kind::comment, "hot").error().code == error_code::limit));
  BOOST_TEST((say(alarm, std::nullopt, life_event_kind::shelve, "noise").error().code == error_code::limit));
  BOOST_TEST(say(alarm, std::nullopt, life_event_kind::acknowledge, "on my way").ok());
}

BOOST_AUTO_TEST_CASE(anothers_alarm_is_not_there) {
  measure(-5'000);
  const auto refused = say(open()[0]->public_id, customer_id{2}, life_event_kind::comment, "hello");
  BOOST_REQUIRE(!refused.ok());
  BOOST_TEST((refused.error().code == error_code::not_found));
  BOOST_TEST(storage->life_events.empty());
}

BOOST_AUTO_TEST_CASE(what_is_said_through_the_engine_is_on_the_board_and_outlives_the_process) {
  measure(-5'000);
  const alarm_record alarm = *open()[0];
  const auto speak = [&](life_event event) { return say_to_engine(alarm.public_id, std::move(event)); };
  const std::uint64_t before = now->board.of(customer_id{1})->feed_last;
  BOOST_REQUIRE(speak(said(life_event_kind::acknowledge, "I see it")).ok());
  BOOST_TEST((now->unit("u1").life_of(alarm).stage() == alarm_stage::acknowledged));
  BOOST_TEST(now->board.of(customer_id{1})->feed_last == before + 1);
  life_event shelve = said(life_event_kind::shelve, "being mended");
  shelve.until = now->time.now() + minutes{10};
  BOOST_TEST((speak(shelve)->life.stage() == alarm_stage::shelved));
  const timestamp at = now->time.now();
  now.reset();
  now = std::make_unique<running>(storage);
  now->time.advance(at - now->time.now());
  BOOST_TEST((now->unit("u1").life_of(alarm).stage() == alarm_stage::shelved));
  now->time.advance(minutes{11}); // a shelving ends by itself
  BOOST_TEST((as_of(now->unit("u1").life_of(alarm), now->time.now()).stage() == alarm_stage::acknowledged));
  BOOST_TEST((speak(said(life_event_kind::unshelve, "")).error().code == error_code::conflict));
  shelve.until = now->time.now() + minutes{10};
  BOOST_TEST((speak(shelve)->life.stage() == alarm_stage::shelved));
}

BOOST_AUTO_TEST_CASE(a_rule_that_chatters_stays_shelved_until_the_time_is_over_or_somebody_ends_it) {
  const auto speak = [&](life_event_kind kind) {
    life_event event = said(kind, "the probe is loose");
    if (kind == life_event_kind::shelve) event.until = now->time.now() + minutes{60};
    BOOST_TEST(say_to_engine(open()[0]->public_id, std::move(event)).ok());
  };
  const auto flap = [&] {
    measure(-20'000);
    measure(-5'000);
    return as_of(now->unit("u1").life_of(*open()[0]), now->time.now());
  };
  measure(-5'000);
  speak(life_event_kind::shelve);
  const timestamp until = now->time.now() + minutes{60};
  const alarm_id first = open()[0]->id;
  const alarm_life second = flap();
  BOOST_TEST((open()[0]->id != first));
  BOOST_REQUIRE(second.shelved.has_value());
  BOOST_TEST((second.shelved_until == until));
  BOOST_TEST(second.shelved->who == "system");
  BOOST_TEST(second.shelved->text == "as anna shelved it: the probe is loose");
  const commit_batch& raising = storage->commits.back();
  BOOST_REQUIRE(raising.audits.size() == 1U);
  BOOST_TEST(raising.audits[0].action == "alarm.shelve");
  BOOST_TEST(raising.audits[0].actor == "system");
  BOOST_TEST(raising.audits[0].subject == "unit u1, alarm " + to_string(open()[0]->public_id));
  const timestamp at = now->time.now();
  now.reset();
  now = std::make_unique<running>(storage, actors::engine_limits{}, 1000, running::parts_change{}, at);
  BOOST_TEST((flap().stage() == alarm_stage::shelved)); // also after a restart
  speak(life_event_kind::unshelve);
  BOOST_TEST((flap().stage() == alarm_stage::unacknowledged));
  speak(life_event_kind::shelve);
  BOOST_TEST((flap().stage() == alarm_stage::shelved));
  now->advance(minutes{60});
  BOOST_TEST((as_of(now->unit("u1").life_of(*open()[0]), now->time.now()).stage() == alarm_stage::unacknowledged));
  BOOST_TEST((flap().stage() == alarm_stage::unacknowledged));
}

BOOST_AUTO_TEST_CASE(a_shelving_that_somebody_ends_while_an_alarm_waits_for_its_commit_does_not_hold_for_it) {
  measure(-5'000);
  const uuid first = open()[0]->public_id;
  life_event shelve = said(life_event_kind::shelve, "the probe is loose");
  shelve.until = now->time.now() + minutes{60};
  BOOST_REQUIRE(say_to_engine(first, std::move(shelve)).ok());
  measure(-20'000);
  submission again;
  again.customer = customer_id{1};
  again.items = {{now->unit("u1").unit->id, measured{now->time.now(), -5'000, temperature_scale::celsius, false, ""}}};
  BOOST_REQUIRE(now->engine->front().submit(std::move(again)));
  now->settle();
  BOOST_REQUIRE(open().empty()); // it waits for the linger
  BOOST_REQUIRE(say_to_engine(first, said(life_event_kind::unshelve, "mended")).ok());
  now->finish();
  BOOST_REQUIRE(open().size() == 1U);
  BOOST_TEST((now->unit("u1").life_of(*open()[0]).stage() == alarm_stage::unacknowledged));
}

BOOST_AUTO_TEST_CASE(an_alarm_that_a_late_reading_opens_again_has_the_life_that_it_had) {
  now->time.advance(minutes{30});
  BOOST_REQUIRE(rule("kind=high_limit limit=-10000 off_delay=300000 max_gap=3600000").ok());
  now->time.advance(minutes{6});
  measure(-5'000);
  BOOST_REQUIRE(open().size() == 1U);
  const alarm_record alarm = *open()[0];
  const auto speak = [&](life_event_kind kind, std::optional<timestamp> until) {
    life_event event = said(kind, "ben");
    event.until = until;
    BOOST_TEST(say_to_engine(alarm.public_id, std::move(event)).ok());
  };
  speak(life_event_kind::assign, std::nullopt);
  speak(life_event_kind::shelve, now->time.now() + minutes{60});
  measure(-20'000);
  const timestamp late = now->time.now();
  now->advance(minutes{5});
  measure(-20'000);
  BOOST_REQUIRE(open().empty());
  now->post("u1", {{late + minutes{3}, -5'000}});
  now->settle();
  BOOST_REQUIRE(open().size() == 1U);
  BOOST_TEST((open()[0]->id == alarm.id));
  const alarm_life life = now->unit("u1").life_of(*open()[0]);
  BOOST_TEST((life.stage() == alarm_stage::shelved));
  BOOST_TEST(life.assignee == "ben");
  BOOST_TEST(life.raised_again == 1U);
}

BOOST_AUTO_TEST_CASE(a_unit_out_of_service_takes_its_present_and_its_coming_alarms_out) {
  measure(-5'000);
  const auto serve = [&](bool out) {
    std::optional<status> done;
    now->engine->front().change_service({customer_id{1}, now->unit("u1").unit->id, out, {}, "anna", "defrosting"},
                                        [&](status outcome) { done = std::move(outcome); });
    now->settle();
    return done && done->ok();
  };
  const alarm_record before = *open()[0];
  now->advance(minutes{1});
  BOOST_TEST(serve(true));
  BOOST_TEST(serve(true)); // twice is once
  BOOST_TEST(storage->service.size() == 1U);
  BOOST_TEST((now->unit("u1").life_of(before).stage() == alarm_stage::out_of_service));
  now->advance(minutes{1});
  measure(-20'000);
  measure(-5'000);
  const auto reader = durable.make_reader();
  const auto stage = [&](const alarm_record& alarm) {
    return actors::story_of(**reader, alarm.public_id, std::nullopt)->life.stage();
  };
  const alarm_record after = *open()[0];
  BOOST_TEST((after.id != before.id));
  BOOST_TEST((stage(after) == alarm_stage::out_of_service));
  BOOST_TEST((now->unit("u1").life_of(after).stage() == alarm_stage::out_of_service));
  now->advance(minutes{1});
  BOOST_TEST(serve(false));
  BOOST_TEST((stage(after) == alarm_stage::unacknowledged));
  BOOST_TEST((now->unit("u1").life_of(after).stage() == alarm_stage::unacknowledged));
}

BOOST_AUTO_TEST_CASE(a_unit_is_taken_out_of_service_so_often_a_day_and_can_always_be_put_back) {
  limits.taken_out_a_day = 2;
  const auto reader = durable.make_reader();
  const auto serve = [&](bool out, timestamp at) {
    return actors::change_service(durable, **reader, {customer_id{1}, unit_id{1}, out, at, "anna", "defrosting"}, "u1",
                                  limits);
  };
  const timestamp morning = from_ms(1'795'000'000'000);
  for (const int hour : {0, 2})
    for (const bool out : {true, false})
      BOOST_TEST(serve(out, morning + std::chrono::hours{hour + (out ? 0 : 1)}).ok());
  const timestamp evening = morning + std::chrono::hours{12};
  BOOST_TEST((serve(true, evening).error().code == error_code::limit));
  BOOST_TEST(serve(true, morning + std::chrono::hours{24}).ok()); // the first of them is a day ago
  BOOST_TEST(serve(false, morning + std::chrono::hours{25}).ok());
}

BOOST_AUTO_TEST_CASE(an_open_alarm_says_how_its_excursion_goes_on) {
  measure(-5'000);
  measure(-1'000);
  std::vector<alarm_record> alarms;
  now->engine->front().open_alarms(customer_id{1}, now->unit("u1").unit->id,
                                   [&](result<std::vector<alarm_record>> told) { alarms = std::move(*told); });
  now->settle();
  BOOST_REQUIRE(!alarms.empty());
  BOOST_TEST(alarms[0].course.highest == -1'000);
  BOOST_TEST((alarms[0].course.lasted >= minutes{1}));
}

BOOST_AUTO_TEST_CASE(a_list_by_stage_looks_only_as_far_as_it_may_and_says_where_it_goes_on) {
  measure(-5'000);
  BOOST_TEST(say(open()[0]->public_id, std::nullopt, life_event_kind::acknowledge, "seen").ok());
  const auto reader = durable.make_reader();
  alarm_list_query query;
  query.stages = {alarm_stage::acknowledged};
  const auto found = actors::list_alarms(**reader, query, now->time.now());
  BOOST_REQUIRE(found->items.size() == 1U);
  BOOST_TEST(!found->total);
  query.stages = {alarm_stage::closed};
  BOOST_TEST(actors::list_alarms(**reader, query, now->time.now())->items.empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::test
