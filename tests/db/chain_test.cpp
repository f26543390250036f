// The record proves itself: whatever is changed behind the program's back is found, and the first bad commit is named.
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
std::unique_ptr<store> recorded(const sqlite_world& world);
std::unique_ptr<store> recorded(const postgres_world& world);

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
std::unique_ptr<store> recorded(const sqlite_world& world) {
  auto out = record_in(world);
  for (const char* trigger :
       {"commits_stay", "commits_remain", "transitions_stay", "transitions_remain", "audit_stays", "audit_remains"})
    world.look()->script(std::string("DROP TRIGGER ") + trigger);
  return out;
}
std::unique_ptr<store> recorded(const postgres_world& world) {
  auto out = record_in(world);
  for (const char* table : {"commits", "alarm_transitions", "audit"})
    world.look()->script(std::string("ALTER TABLE ") + table + " DISABLE TRIGGER ALL");
  return out;
}

struct tampering {
  std::string statement;
  std::uint64_t first_bad;
};

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
  for (const tampering& each : all) {
    BOOST_TEST_CONTEXT(each.statement) {
      const World world;
      const auto store = recorded(world);
      world.look()->script(each.statement);
      const chain_check check = checked(*store);
      BOOST_REQUIRE(check.fault.has_value());
      BOOST_TEST(check.fault->seq == each.first_bad);
    }
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
