// Revisions of rules and what people said of alarms: on both databases.
#include "core/rule_text.hpp"
#include "tests/db/recorded.hpp"
#include "tests/db/store_world.hpp"

#include <boost/test/unit_test.hpp>

using namespace coldvigil;
using namespace coldvigil::test;

namespace {

audit_entry because(const std::string& action) {
  audit_entry out;
  out.at = at_second(1);
  out.actor = "anna";
  out.action = action;
  out.reason = "because";
  return out;
}

rule_record high_limit(const registered_unit& unit, rule_scope scope) {
  rule_record out;
  out.rule.scope = scope;
  out.rule.customer = unit.unit.customer;
  out.rule.kind = unit_kind::vaccine_fridge;
  out.rule.facility = unit.facility.id;
  out.rule.unit = unit.unit.id;
  out.rule.what = parse_rule_text("kind=high_limit limit=8000 deadband=500 name=Kühl & \"sicher\"").value();
  out.from = at_second(60);
  out.changed_at = at_second(1);
  return out;
}

result<rule_record> changed(store& durable, const rule_record& rule, const std::string& action) {
  const rule_change change{rule, because(action)};
  auto done = durable.change_rules(std::span(&change, 1));
  if (!done) return done.error();
  return done->front();
}

/// Of a rule of its own.
alarm_transition raised_at(const registered_unit& unit, int which, timestamp at) {
  alarm_transition out;
  out.after.id = alarm_id{number(unit.unit.id) * (1 << 20) + which};
  out.after.public_id = some_uuid(70 + which);
  out.after.customer = unit.unit.customer;
  out.after.facility = unit.facility.id;
  out.after.unit = unit.unit.id;
  out.after.by.id = rule_id{static_cast<std::uint32_t>(which + 1)};
  out.after.raised_at = at;
  out.at = out.decided_at = at;
  return out;
}

void say(store& into, alarm_id of, const life_event& what) {
  BOOST_TEST(into.add_life_event(of, what, because("alarm." + std::string(to_string(what.kind)))).ok());
}

} // namespace

BOOST_AUTO_TEST_SUITE(rule_revisions)

BOOST_AUTO_TEST_CASE_TEMPLATE(revisions_come_back_as_they_were, World, worlds) {
  const World world;
  std::vector<rule_record> written;
  {
    const auto store = opened(world);
    const auto unit = make_units(*store, 1)[0];
    for (const rule_scope scope : {rule_scope::customer, rule_scope::kind, rule_scope::facility, rule_scope::unit}) {
      rule_record made = high_limit(unit, scope);
      made.rule.what.id = rule_id{static_cast<std::uint32_t>(first_stored_rule) + static_cast<std::uint32_t>(scope)};
      written.push_back(must(changed(*store, made, "rule.created")));
    }
    rule_record gone = written[1];
    gone.rule.what.limit = 7'000;
    gone.rule.off = true;
    gone.removed = true;
    written.push_back(must(changed(*store, gone, "rule.removed")));
    store->close();
  }
  const auto store = opened(world);
  const auto found = must(store->load_rules());
  BOOST_TEST((found == written));
  for (std::size_t i = 1; i < found.size(); ++i)
    BOOST_TEST(found[i].revision > found[i - 1].revision);
  const auto reader = must(store->make_reader());
  BOOST_TEST(must(reader->audits({})).front().action == "rule.removed");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_people_said_comes_back_in_its_order, World, worlds) {
  const World world;
  const auto store = opened(world);
  const auto unit = make_units(*store, 1)[0];
  const alarm_transition raised = raised_at(unit, 1, at_second(1));
  commit_batch batch;
  batch.transitions = {raised};
  must(store->commit(batch));
  const std::vector<life_event> said{
      {life_event_kind::comment, at_second(5), "anna", "I go and look", std::nullopt},
      {life_event_kind::shelve, at_second(5), "bert", "door is being mended", at_second(3'605)},
      {life_event_kind::acknowledge, at_second(4), "anna", "", std::nullopt}};
  const std::int64_t audits = count_rows(*world.look(), "audit");
  for (const life_event& each : said)
    say(*store, raised.after.id, each);
  const auto reader = must(store->make_reader());
  BOOST_TEST((must(reader->life_events(raised.after.id)) == said));
  BOOST_TEST(must(reader->life_events(alarm_id{1})).empty());
  // Of an alarm that there is not nothing can be said, and nothing of it stays.
  BOOST_TEST(!store->add_life_event(alarm_id{5}, said[0], because("alarm.said")).ok());
  BOOST_TEST(count_rows(*world.look(), "alarm_events") == 3);
  BOOST_TEST(count_rows(*world.look(), "audit") == audits + 3);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_the_engine_says_with_a_raising_is_one_commit_and_shelvings_that_last_are_found,
                              World, worlds) {
  const World world;
  const auto store = opened(world);
  const auto unit = make_units(*store, 1)[0];
  commit_batch batch;
  for (int i = 1; i <= 2; ++i)
    batch.transitions.push_back(raised_at(unit, i, at_second(i)));
  const alarm_record first = batch.transitions[0].after;
  const alarm_record second = batch.transitions[1].after;
  const life_event carried{life_event_kind::shelve, at_second(20), "system", "as anna shelved it", at_second(100)};
  batch.said = {{second.id, carried}};
  batch.audits = {because("alarm.shelve")};
  const auto in_force = [&](std::int64_t second_now) {
    std::vector<life_event> out;
    for (const auto& [alarm, said] : must(must(store->make_reader())->shelvings(at_second(second_now))))
      out.push_back(said);
    return out;
  };
  must(store->commit(batch));
  BOOST_TEST((must(must(store->make_reader())->life_events(second.id)) == std::vector{carried}));
  const life_event longer{life_event_kind::shelve, at_second(30), "bert", "door is being mended", at_second(200)};
  const life_event ended{life_event_kind::unshelve, at_second(40), "anna", "", std::nullopt};
  say(*store, first.id, longer);
  say(*store, first.id, ended);
  say(*store, first.id, {life_event_kind::comment, at_second(41), "anna", "so", {}});
  BOOST_TEST((in_force(99) == std::vector{carried, longer, ended}));
  BOOST_TEST((in_force(100) == std::vector{longer, ended}));
  BOOST_TEST(in_force(200).empty());
  BOOST_TEST((must(must(store->make_reader())->shelvings(at_second(100)))[0].first == first));
  BOOST_TEST(!checked(*store).fault.has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(lives_follow_from_what_was_said_and_from_service, World, worlds) {
  const World world;
  const auto store = opened(world);
  const auto units = make_units(*store, 2);
  commit_batch batch;
  for (int i = 0; i < 4; ++i) {
    const registered_unit& unit = units[static_cast<std::size_t>(i / 2)];
    alarm_transition raised = raised_at(unit, i, at_second(i / 2)); // two of the same time
    raised.after.by.level = i % 2 == 0 ? alarm_level::critical : alarm_level::warning;
    raised.after.retroactive = i == 2;
    raised.decided_at = at_second(i);
    batch.transitions.push_back(raised);
  }
  must(store->commit(batch));
  const auto& second = batch.transitions[1].after;
  say(*store, second.id, {life_event_kind::acknowledge, at_second(9), "anna", "", {}});
  const service_change out{units[1].unit.customer, units[1].unit.id, true, at_second(9), "bert", "defrosting"};
  BOOST_TEST(store->add_service_change(out, because("unit.out_of_service")).ok());
  const auto reader = must(store->make_reader());
  BOOST_TEST((must(reader->service_changes(units[1].unit.id)) == std::vector{out}));
  BOOST_TEST(must(reader->service_changes(units[0].unit.id)).empty());

  alarm_query query;
  query.limit = 1;
  std::vector<alarm_record> found;
  for (auto page = must(reader->alarms(query)); !page.items.empty(); page = must(reader->alarms(query))) {
    BOOST_TEST(page.total == 4U);
    found.push_back(page.items[0]);
    query.after = list_place{found.back().raised_at, found.back().id};
  }
  BOOST_REQUIRE(found.size() == 4U);
  const auto lives = must(reader->lives(found));
  BOOST_TEST((lives[0].stage() == alarm_stage::out_of_service));
  BOOST_TEST((lives[1].stage() == alarm_stage::out_of_service));
  BOOST_TEST((lives[2].stage() == alarm_stage::unacknowledged));
  BOOST_TEST((lives[3].stage() == alarm_stage::acknowledged));
  BOOST_TEST((found[3].id == second.id));

  alarm_query warnings;
  warnings.level = alarm_level::warning;
  warnings.facility = units[0].facility.id;
  BOOST_TEST(must(reader->alarms(warnings)).total == (units[0].facility.id == units[1].facility.id ? 2U : 1U));
  course_query period{units[0].unit.customer, at_second(0), at_second(60), 4};
  const auto courses = must(reader->courses(period));
  BOOST_REQUIRE(courses.size() == 4U);
  BOOST_TEST((courses[1].acknowledged_at == at_second(9)));
  BOOST_TEST((courses[1].level == alarm_level::warning));
  for (std::size_t i = 0; i < courses.size(); ++i)
    BOOST_TEST(courses[i].retroactive == (i == 2));
  period.limit = 3;
  BOOST_TEST((reader->courses(period).error().code == error_code::limit));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(alarms_that_were_set_aside_at_their_raising_are_known, World, worlds) {
  const World world;
  const auto store = opened(world);
  const auto units = make_units(*store, 2);
  commit_batch batch;
  for (int i = 0; i < 5; ++i)
    batch.transitions.push_back(raised_at(units[0], i, at_second(10)));
  for (int i = 5; i < 7; ++i) // while the unit is out of service, and after it
    batch.transitions.push_back(raised_at(units[1], i, at_second(i == 5 ? 20 : 30)));
  alarm_transition over = batch.transitions[2];
  over.kind = transition_kind::cleared;
  over.after.cleared_at = over.at = over.decided_at = at_second(500);
  batch.transitions.push_back(over);
  must(store->commit(batch));
  const auto set_aside = [&](std::size_t alarm, life_event_kind kind, std::int64_t second, const std::string& who) {
    say(*store, batch.transitions[alarm].after.id, {kind, at_second(second), who, "why", at_second(9'000)});
  };
  set_aside(1, life_event_kind::suppress, 610, "system");
  set_aside(2, life_event_kind::suppress, 611, "system"); // people were called long before that
  set_aside(3, life_event_kind::shelve, 10, "system");
  set_aside(4, life_event_kind::shelve, 12, "token:anna");
  for (const auto& [out, second] : {std::pair{true, 15}, {false, 25}})
    BOOST_TEST(store
                   ->add_service_change({units[1].unit.customer, units[1].unit.id, out, at_second(second), "bert", "w"},
                                        because("unit.service"))
                   .ok());
  const auto courses = must(must(store->make_reader())->courses({{}, at_second(0), at_second(60), 10}));
  BOOST_REQUIRE(courses.size() == 7U);
  for (std::size_t i = 0; i < courses.size(); ++i)
    BOOST_TEST(courses[i].suppressed == (i == 1 || i == 3 || i == 5), i);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(lists_say_how_often_an_alarm_that_nobody_spoke_of_was_opened_again, World, worlds) {
  const World world;
  const auto store = opened(world);
  const auto unit = make_units(*store, 1)[0];
  commit_batch batch;
  alarm_transition step = raised_at(unit, 1, at_second(10));
  batch.transitions.push_back(step);
  step.kind = transition_kind::cleared;
  step.after.cleared_at = step.decided_at = at_second(20);
  batch.transitions.push_back(step);
  step.kind = transition_kind::revised;
  step.after.cleared_at.reset();
  step.decided_at = at_second(30);
  batch.transitions.push_back(step);
  must(store->commit(batch));
  const auto lives = must(must(store->make_reader())->lives(std::span(&step.after, 1)));
  BOOST_REQUIRE(lives.size() == 1U);
  BOOST_TEST(lives[0].raised_again == 1U);
  BOOST_TEST(lives[0].calls());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(neither_is_ever_unsaid, World, worlds) {
  const World world;
  const auto store = opened(world);
  const auto unit = make_units(*store, 1)[0];
  must(changed(*store, high_limit(unit, rule_scope::unit), "rule.created"));
  const auto session = world.look();
  BOOST_CHECK_THROW(session->script("UPDATE rule_revisions SET definition = ''"), db::error);
  BOOST_CHECK_THROW(session->script("DELETE FROM rule_revisions"), db::error);
}

BOOST_AUTO_TEST_SUITE_END()
