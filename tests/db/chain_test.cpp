// The record proves itself: whatever is changed behind the program's back is found, and the first bad commit is named.
#include "core/rule_text.hpp"
#include "db/hash_chain.hpp"
#include "tests/db/store_world.hpp"

#include <boost/test/unit_test.hpp>

using namespace coldvigil;
using namespace coldvigil::test;

namespace {

chain_check checked(store& of, std::size_t steps = 1000) {
  const auto reader = must(of.make_reader());
  chain_check check;
  while (!check.finished())
    check = must(reader->check_chain(check, steps));
  return check;
}

alarm_record alarm_of(const registered_unit& unit, int running) {
  alarm_record out;
  out.id = alarm_id{running};
  out.public_id = some_uuid(running);
  out.customer = unit.unit.customer;
  out.facility = unit.facility.id;
  out.unit = unit.unit.id;
  out.by.name = "not UTF-8: \xFF"; // not UTF-8 to the end
  out.raised_at = at_second(running);
  out.peak_score = 0.1F;
  return out;
}

/// Two registrations, then: 3 readings and an alarm; 4 its end and an audit entry; 5 sealed readings and a snapshot;
/// 6 readings that are in the log only.
template <class World> std::unique_ptr<store> record_in(const World& world) {
  auto out = opened(world);
  const auto units = make_units(*out, 2);
  alarm_record alarm = alarm_of(units[0], 1);
  commit_batch third = batch_of(run_of(units[0], {reading_at(1, 1), reading_at(2, 2), reading_at(3, 3)}));
  third.transitions = {{alarm, transition_kind::raised, at_second(1), at_second(1)}};
  must(out->commit(third));
  commit_batch fourth;
  alarm.cleared_at = at_second(3);
  fourth.transitions = {{alarm, transition_kind::cleared, at_second(3), at_second(3)}};
  fourth.audits = {{at_second(4), units[0].unit.customer, "token:x", "rule.changed", "U1", "\xFF", "-17", "because"}};
  must(out->commit(fourth));
  commit_batch fifth;
  judged_reading unscored = reading_at(2, 2);
  fifth.chunks = {{units[0].unit.point, {reading_at(1, 1)}}, {units[0].unit.point, {unscored}}};
  unit_snapshot snapshot;
  snapshot.unit = units[0].unit.id;
  snapshot.point = units[0].unit.point;
  snapshot.sensors = {"probe"};
  snapshot.tail = {reading_at(3, 3)};
  fifth.snapshots = {snapshot};
  must(out->commit(fifth));
  must(out->commit(batch_of(run_of(units[1], {reading_at(9, 9)}))));
  return out;
}
void let_change(const sqlite_world& world) {
  for (const char* trigger : {"commits_stay", "commits_remain", "transitions_stay", "transitions_remain", "audit_stays",
                              "audit_remains", "alarm_events_stay", "alarm_events_remain", "service_changes_stay",
                              "service_changes_remain", "rule_revisions_stay", "rule_revisions_remain"})
    world.look()->script(std::string("DROP TRIGGER ") + trigger);
}
void let_change(const postgres_world& world) {
  for (const char* table :
       {"commits", "alarm_transitions", "audit", "alarm_events", "service_changes", "rule_revisions"})
    world.look()->script(std::string("ALTER TABLE ") + table + " DISABLE TRIGGER ALL");
}
template <class World> std::unique_ptr<store> recorded(const World& world) {
  auto out = record_in(world);
  let_change(world);
  return out;
}

/// And 7 a word about the alarm, 8 the unit taken out of service, 9 a rule.
template <class World> std::unique_ptr<store> with_changes(const World& world) {
  auto out = recorded(world);
  const registry known = must(out->load_registry());
  const unit_record& unit = known.units.at(0);
  const auto audit = [&](const char* action, const char* subject, const char* value) {
    return audit_entry{at_second(9), unit.customer, "token:x", action, subject, "", value, "because"};
  };
  must(out->add_life_event(alarm_id{1}, {life_event_kind::acknowledge, at_second(9), "token:x", "because", {}},
                           audit("alarm.acknowledge", to_string(some_uuid(1)).c_str(), "normal")));
  must(out->add_service_change({unit.customer, unit.id, true, at_second(9), "token:x", "because"},
                               audit("unit.out_of_service", "U1", "out of service")));
  rule_record rule;
  rule.rule.customer = unit.customer;
  rule.rule.what.id = rule_id{100};
  rule.from = rule.changed_at = at_second(9);
  const rule_change change{rule, audit("rule.created", "customer A, rule 100", to_text(rule.rule.what).c_str())};
  must(out->change_rules(std::span(&change, 1)));
  return out;
}

struct tampering {
  std::string statement;
  std::uint64_t first_bad;
};

template <class World>
void expect_found(const tampering& how, std::unique_ptr<store> (*record)(const World&) = recorded<World>) {
  BOOST_TEST_CONTEXT(how.statement) {
    const World world;
    const auto store = record(world);
    world.look()->script(how.statement);
    const chain_check check = checked(*store);
    BOOST_REQUIRE(check.fault.has_value());
    BOOST_TEST(check.fault->seq == how.first_bad);
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(chain)

BOOST_AUTO_TEST_CASE_TEMPLATE(an_untouched_record_is_whole, World, worlds) {
  const World world;
  const auto store = recorded(world);
  for (const std::size_t steps : {1U, 2U, 1000U}) {
    const chain_check check = checked(*store, steps);
    BOOST_TEST(!check.fault.has_value());
    BOOST_TEST(check.commits == 6U);
    const auto head = must(must(store->make_reader())->head());
    BOOST_REQUIRE(head.has_value());
    BOOST_TEST(head->seq == 6U);
    BOOST_TEST(head->hash_hex == db::to_hex(check.hash));
    BOOST_TEST((must(must(store->make_reader())->commit_hash(6)) == head->hash_hex));
  }
  BOOST_TEST(!must(must(store->make_reader())->commit_hash(7)).has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(it_stays_whole_when_the_log_is_trimmed, World, worlds) {
  const World world;
  const auto store = recorded(world);
  must(store->trim_log());
  BOOST_TEST(count_rows(*world.look(), "commit_log") == 1);
  BOOST_TEST(!checked(*store).fault.has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(whatever_is_changed_is_found_and_named, World, worlds) {
  const std::vector<tampering> all{
      {"UPDATE commits SET at = at + 1 WHERE seq = 3", 3},
      {"UPDATE commits SET node_epoch = node_epoch + 1 WHERE seq = 4", 4},
      {"UPDATE commits SET readings = 2 WHERE seq = 3", 3},
      {"UPDATE commits SET content_hash = sealed_hash WHERE seq = 2", 2},
      {"UPDATE commits SET snapshot_digests = hash WHERE seq = 5", 5},
      {"UPDATE commits SET hash = prev_hash WHERE seq = 6", 6},
      {"UPDATE alarm_transitions SET raised_at = raised_at - 1 WHERE commit_seq = 3", 3},
      {"UPDATE alarm_transitions SET kind = 'revised' WHERE commit_seq = 4", 4},
      {"UPDATE alarm_transitions SET definition = '' WHERE commit_seq = 4", 4},
      {"UPDATE alarm_transitions SET peak_score = 0.2 WHERE commit_seq = 4", 4},
      {"DELETE FROM alarm_transitions WHERE commit_seq = 4", 4},
      {"UPDATE alarms SET raised_at = raised_at - 1", 4},
      {"UPDATE audit SET reason = 'other' WHERE commit_seq = 4", 4},
      {"UPDATE audit SET actor = 'nobody' WHERE commit_seq = 2 AND action = 'unit.registered'", 2},
      {"DELETE FROM audit WHERE commit_seq = 1", 1},
      {"UPDATE audit SET commit_seq = 2 WHERE commit_seq = 4", 2},
      {"DELETE FROM chunks WHERE from_at = (SELECT min(from_at) FROM chunks)", 5},
      {"UPDATE chunks SET from_at = from_at - 1 WHERE from_at = (SELECT min(from_at) FROM chunks)", 5},
      {"UPDATE chunks SET point_id = 2", 5},
      {"UPDATE snapshots SET point_id = 2", 5},
      {"UPDATE snapshots SET seq = 6", 6},
  };
  for (const tampering& each : all)
    expect_found<World>(each);
}

// What is compared is the same with both databases.
BOOST_AUTO_TEST_CASE(every_column_of_an_alarm_is_covered) {
  for (const std::string change : {"facility_id = 2",
                                   "unit_id = 2",
                                   "rule = 'high_limit'",
                                   "rules_version = 9",
                                   "low = low - 1",
                                   "high = high + 1",
                                   "consecutive = 9",
                                   "raised_at = raised_at + 1",
                                   "cleared_at = cleared_at + 1",
                                   "cleared_at = NULL",
                                   "raised_value = raised_value + 1",
                                   "extreme = extreme + 1",
                                   "peak_score = 9",
                                   "retroactive = TRUE",
                                   "annulled = TRUE",
                                   "rule_id = rule_id + 1",
                                   "level = 'warning'",
                                   "definition = ''",
                                   "ended_by = 'rule_changed'",
                                   "onset_at = onset_at + 1",
                                   "lowest = lowest - 1",
                                   "highest = highest + 1",
                                   "mean = mean + 1",
                                   "mkt = mkt + 1",
                                   "lasted_ms = lasted_ms + 1",
                                   "explanation = 'a lie'"}) {
    if (change != "facility_id = 2")
      expect_found<sqlite_world>({"UPDATE alarms SET " + change, 4}); // there is one facility
    expect_found<sqlite_world>({"UPDATE alarm_transitions SET " + change + " WHERE commit_seq = 4", 4});
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_people_changed_is_covered, World, worlds) {
  {
    const World world;
    const auto store = with_changes(world);
    for (const std::size_t steps : {1U, 1000U})
      BOOST_TEST(!checked(*store, steps).fault.has_value());
    BOOST_TEST(checked(*store).commits == 9U);
  }
  const std::vector<tampering> all{
      {"UPDATE alarm_events SET who = 'token:y'", 7},
      {"UPDATE alarm_events SET text = 'seen'", 7},
      {"UPDATE alarm_events SET kind = 'comment'", 7},
      {"UPDATE alarm_events SET until_at = 5", 7},
      {"UPDATE alarm_events SET commit_seq = 0", 7},
      {"DELETE FROM alarm_events", 7},
      {"UPDATE service_changes SET reason = 'other'", 8},
      {"UPDATE service_changes SET is_out = FALSE", 8},
      {"DELETE FROM service_changes", 8},
      {"UPDATE rule_revisions SET from_at = from_at + 1", 9},
      {"UPDATE rule_revisions SET is_off = TRUE", 9},
      {"UPDATE rule_revisions SET rule_id = 101", 9},
      {"UPDATE rule_revisions SET definition = 'nonsense'", 9},
      // Put in as if it were from before the chain had them, or from a commit to come; no audit entry speaks of it.
      {"INSERT INTO alarm_events (alarm_id, kind, at, who, text) VALUES (1, 'close', 5, 'token:x', 'because')", 9},
      {"INSERT INTO alarm_events (alarm_id, kind, at, who, text, commit_seq) VALUES (1, 'close', 5, 'token:x', '', 10)",
       9},
      {"INSERT INTO service_changes (customer_id, unit_id, is_out, at, who, reason) VALUES (1, 2, TRUE, 5, 'token:x', "
       "'because')",
       9},
      {"INSERT INTO rule_revisions (rule_id, customer_id, scope, kind, facility_id, unit_id, definition, is_off, "
       "removed, from_at, changed_at) SELECT 100, customer_id, scope, kind, 0, 0, definition, TRUE, FALSE, 5, 5 FROM "
       "rule_revisions",
       9},
      {"INSERT INTO alarms (id, public_id, customer_id, facility_id, unit_id, rule, rules_version, low, high, "
       "consecutive, raised_at, raised_value, extreme, peak_score, retroactive, annulled) SELECT 77, "
       "'00000000-0000-4000-8000-000000000077', customer_id, facility_id, unit_id, rule, 1, 0, 0, 3, 5, 0, 0, 0, "
       "FALSE, FALSE FROM alarms",
       9},
  };
  // A row that was changed is found by its hash, the same with both databases; strays by statements.
  const std::size_t first = std::is_same_v<World, sqlite_world> ? 0 : 13;
  for (std::size_t i = first; i < all.size(); ++i)
    expect_found<World>(all[i], with_changes<World>);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_was_said_before_changes_were_in_the_chain_has_its_audit_entry, World, worlds) {
  const World world;
  {
    const auto store = recorded(world);
    const auto units = must(store->load_registry()).units;
    const auto audit = [&](const char* action, const std::string& subject, const std::string& value) {
      commit_batch out;
      out.audits = {{at_second(9), units[0].customer, "token:x", action, subject, "", value, "because"}};
      must(store->commit(out));
    };
    rule what;
    what.id = rule_id{100};
    audit("alarm.acknowledge", to_string(some_uuid(1)), "normal");
    audit("unit.out_of_service", "U1", "out of service");
    audit("rule.created", "customer A, rule 100", to_text(what));
    const std::string at = std::to_string(to_ms(at_second(9)));
    world.look()->script("INSERT INTO alarm_events (alarm_id, kind, at, who, text) VALUES (1, 'acknowledge', " + at +
                         ", 'token:x', 'because')");
    world.look()->script("INSERT INTO service_changes (customer_id, unit_id, is_out, at, who, reason) VALUES (1, 1, "
                         "TRUE, " +
                         at + ", 'token:x', 'because')");
    world.look()->script("INSERT INTO rule_revisions (rule_id, customer_id, scope, kind, facility_id, unit_id, "
                         "definition, is_off, removed, from_at, changed_at) VALUES (100, 1, 'customer', 'freezer', 0, "
                         "0, '" +
                         to_text(what) + "', FALSE, FALSE, " + at + ", " + at + ")");
    BOOST_TEST(!checked(*store).fault.has_value());
    world.look()->script("UPDATE alarm_events SET text = 'other'");
    BOOST_TEST(checked(*store).fault.value().what == "alarm_events row 1 is of no commit");
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(damaged_readings_are_found_and_named, World, worlds) {
  const std::vector<std::pair<void (World::*)() const, std::uint64_t>> all{{&World::damage_chunks, 5},
                                                                           {&World::damage_snapshots, 6}};
  for (const auto& [damage, first_bad] : all) {
    const World world;
    const auto store = recorded(world);
    (world.*damage)();
    const chain_check check = checked(*store);
    BOOST_REQUIRE(check.fault.has_value());
    BOOST_TEST(check.fault->seq == first_bad);
  }
  const World world;
  const auto store = recorded(world);
  must(store->trim_log()); // only the sixth commit's content is left
  world.damage_log();
  BOOST_TEST(checked(*store).fault.value().seq == 6U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_cut_off_end_is_seen_against_a_head_kept_elsewhere, World, worlds) {
  const World world;
  const auto store = recorded(world);
  const auto kept = must(must(store->make_reader())->head());
  world.look()->script("DELETE FROM commit_log WHERE seq = 6");
  world.look()->script("DELETE FROM commits WHERE seq = 6");
  BOOST_TEST(!checked(*store).fault.has_value());
  BOOST_TEST(!must(must(store->make_reader())->commit_hash(kept->seq)).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
