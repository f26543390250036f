// Somebody with SQL access: for every table and every way of changing it, the check names the first bad commit.
#include "tests/db/recorded.hpp"

using namespace coldvigil;
using namespace coldvigil::test;

namespace {

template <class World> std::unique_ptr<store> record_with_changes(const World& world) {
  auto out = opened(world);
  make_record(*out);
  make_changes(*out);
  return out;
}

template <class World> void expect_all_found(const std::vector<tampering>& all) {
  const World world;
  const auto store = record_with_changes(world);
  const tamperer somebody(world);
  BOOST_TEST_REQUIRE(!somebody.check("SELECT 1").fault.has_value());
  for (const tampering& each : all)
    somebody.expect_found(each);
}

const std::vector<tampering> of_commits{
    {"UPDATE commits SET at = at + 1 WHERE seq = 3", 3},
    {"UPDATE commits SET node_epoch = node_epoch + 1 WHERE seq = 4", 4},
    {"UPDATE commits SET readings = 2 WHERE seq = 3", 3},
    {"UPDATE commits SET audits = -1 WHERE seq = 3", 3},
    {"UPDATE commits SET content_hash = sealed_hash WHERE seq = 2", 2},
    {"UPDATE commits SET snapshot_digests = hash WHERE seq = 5", 5},
    {"UPDATE commits SET hash = prev_hash WHERE seq = 6", 6},
    {"UPDATE commits SET log_from = 7 WHERE seq = 9", 9},
    {"UPDATE commits SET log_from = NULL WHERE seq = 4", 4},
    {"DELETE FROM commits WHERE seq = 4", 4},
    {"DELETE FROM commits WHERE seq = 1", 1},
    {"UPDATE commits SET seq = -4 WHERE seq = 4", 4},
    {"INSERT INTO commits SELECT -1, node_epoch, at, readings, rejects, transitions, chunks, snapshots, polls, audits, "
     "prev_hash, content_hash, sealed_hash, record_hash, snapshot_digests, hash, log_from, row_digests FROM commits "
     "WHERE seq = 9",
     9},
};

/// Readings: the log, the chunks, the snapshots.
const std::vector<tampering> of_readings{
    {"DELETE FROM commit_log WHERE seq = 3", 3},
    {"DELETE FROM commit_log WHERE seq <= 4", 1},
    {"DELETE FROM commit_log", 1},
    {"UPDATE commit_log SET seq = 99 WHERE seq = 6", 6},
    {"DELETE FROM chunks WHERE from_at = (SELECT min(from_at) FROM chunks)", 5},
    {"UPDATE chunks SET from_at = from_at - 1 WHERE from_at = (SELECT min(from_at) FROM chunks)", 5},
    {"UPDATE chunks SET point_id = 2", 5},
    {"UPDATE chunks SET readings = 2", 5},
    {"UPDATE chunks SET sealed_in = 4", 4},
    {"UPDATE chunks SET sealed_in = 0 WHERE from_at = (SELECT min(from_at) FROM chunks)", 5},
    {"CREATE TABLE copy AS SELECT * FROM chunks; UPDATE copy SET point_id = 2, sealed_in = 0; INSERT INTO chunks "
     "SELECT "
     "* FROM copy",
     9},
    {"CREATE TABLE copy AS SELECT * FROM chunks; UPDATE copy SET point_id = 2, sealed_in = 10; INSERT INTO chunks "
     "SELECT * FROM copy",
     9},
    {"CREATE TABLE copy AS SELECT * FROM chunks; UPDATE copy SET point_id = 2, sealed_in = 6; INSERT INTO chunks "
     "SELECT "
     "* FROM copy",
     6},
    {"DELETE FROM snapshots", 5},
    {"UPDATE snapshots SET point_id = 2", 5},
    {"UPDATE snapshots SET unit_id = 2", 5},
    {"UPDATE snapshots SET seq = 6", 6},
    {"UPDATE snapshots SET seq = 4", 5},
    {"CREATE TABLE copy AS SELECT * FROM snapshots; UPDATE copy SET point_id = -1; INSERT INTO snapshots SELECT * FROM "
     "copy",
     5},
};

/// A copy of an alarm and of its transitions, as if it belonged to a commit.
std::string forged_alarm(const std::string& commit) {
  return "CREATE TABLE a AS SELECT * FROM alarms; UPDATE a SET id = -77, public_id = "
         "'00000000-0000-4000-8000-000000000077'; INSERT INTO alarms SELECT * FROM a; CREATE TABLE t AS SELECT * FROM "
         "alarm_transitions; UPDATE t SET id = -77, public_id = '00000000-0000-4000-8000-000000000077', position = "
         "position + 5, commit_seq = " +
         commit + "; INSERT INTO alarm_transitions SELECT * FROM t WHERE position = 5 AND kind = 'cleared'";
}

const std::vector<tampering> of_alarms{
    {"UPDATE alarm_transitions SET raised_at = raised_at - 1 WHERE commit_seq = 3", 3},
    {"UPDATE alarm_transitions SET kind = 'revised' WHERE commit_seq = 4", 4},
    {"UPDATE alarm_transitions SET at = at + 1 WHERE commit_seq = 4", 4},
    {"UPDATE alarm_transitions SET decided_at = at + 1 WHERE commit_seq = 4", 4},
    {"UPDATE alarm_transitions SET consecutive = 65539 WHERE commit_seq = 4", 4}, // 3, were it cut off
    {"UPDATE alarm_transitions SET commit_seq = 0 WHERE commit_seq = 4", 4},
    {"UPDATE alarm_transitions SET commit_seq = 10 WHERE commit_seq = 4", 4},
    {"DELETE FROM alarm_transitions WHERE commit_seq = 4", 4},
    {"DELETE FROM alarms", 4},
    {forged_alarm("0"), 9},
    {forged_alarm("10"), 9},
    {forged_alarm("5"), 5},
};

const std::vector<tampering> of_audit{
    {"UPDATE audit SET at = at + 1 WHERE commit_seq = 4", 4},
    {"UPDATE audit SET customer_id = NULL WHERE commit_seq = 4", 4},
    {"UPDATE audit SET customer_id = 2 WHERE commit_seq = 4", 4},
    {"UPDATE audit SET actor = 'nobody' WHERE commit_seq = 2 AND action = 'unit.registered'", 2},
    {"UPDATE audit SET action = 'other' WHERE commit_seq = 4", 4},
    {"UPDATE audit SET subject = 'other' WHERE commit_seq = 4", 4},
    {"UPDATE audit SET old_value = 'other' WHERE commit_seq = 4", 4},
    {"UPDATE audit SET new_value = 'other' WHERE commit_seq = 4", 4},
    {"UPDATE audit SET reason = 'other' WHERE commit_seq = 4", 4},
    {"UPDATE audit SET commit_seq = 2 WHERE commit_seq = 4", 2},
    {"UPDATE audit SET id = 99 WHERE commit_seq = 4", 7},
    {"UPDATE audit SET id = -1 WHERE commit_seq = 4", 4},
    {"DELETE FROM audit WHERE commit_seq = 1", 1},
    {"INSERT INTO audit SELECT 99, 0, at, customer_id, actor, action, subject, old_value, new_value, reason FROM audit "
     "WHERE commit_seq = 4",
     9},
    {"INSERT INTO audit SELECT 99, 10, at, customer_id, actor, action, subject, old_value, new_value, reason FROM "
     "audit "
     "WHERE commit_seq = 4",
     9},
    {"INSERT INTO audit SELECT 99, 9, at, customer_id, actor, action, subject, old_value, new_value, reason FROM audit "
     "WHERE commit_seq = 4",
     9},
};

/// What people said of alarms, changes of service, rules.
const std::vector<tampering> of_people{
    {"UPDATE alarm_events SET who = 'token:y'", 7},
    {"UPDATE alarm_events SET text = 'seen'", 7},
    {"UPDATE alarm_events SET kind = 'comment'", 7},
    {"UPDATE alarm_events SET at = 5", 7},
    {"UPDATE alarm_events SET until_at = 5", 7},
    {"UPDATE alarm_events SET alarm_id = 2", 7},
    {"UPDATE alarm_events SET commit_seq = 0", 1}, // the first commit accounts for rows of commit 0
    {"UPDATE alarm_events SET commit_seq = -1", 7},
    {"DELETE FROM alarm_events", 7},
    {"INSERT INTO alarm_events SELECT 99, alarm_id, kind, at, who, text, until_at, 0 FROM alarm_events", 1},
    {"INSERT INTO alarm_events SELECT 99, alarm_id, kind, at, who, text, until_at, -1 FROM alarm_events", 9},
    {"INSERT INTO alarm_events SELECT 99, alarm_id, kind, at, who, text, until_at, 10 FROM alarm_events", 9},
    {"UPDATE service_changes SET customer_id = 2", 8},
    {"UPDATE service_changes SET unit_id = 2", 8},
    {"UPDATE service_changes SET is_out = FALSE", 8},
    {"UPDATE service_changes SET at = at + 1", 8},
    {"UPDATE service_changes SET who = 'other'", 8},
    {"UPDATE service_changes SET reason = 'other'", 8},
    {"DELETE FROM service_changes", 8},
    {"INSERT INTO service_changes SELECT 99, customer_id, 2, TRUE, at, who, reason, 0 FROM service_changes", 1},
    {"INSERT INTO service_changes SELECT 99, customer_id, 2, TRUE, at, who, reason, 10 FROM service_changes", 9},
    {"UPDATE rule_revisions SET revision = 7", 9},
    {"UPDATE rule_revisions SET rule_id = 101", 9},
    {"UPDATE rule_revisions SET customer_id = 2", 9},
    {"UPDATE rule_revisions SET scope = 'unit'", 9},
    {"UPDATE rule_revisions SET kind = 'vaccine_fridge'", 9},
    {"UPDATE rule_revisions SET facility_id = 1", 9},
    {"UPDATE rule_revisions SET unit_id = 1", 9},
    {"UPDATE rule_revisions SET definition = 'nonsense'", 9},
    {"UPDATE rule_revisions SET is_off = TRUE", 9},
    {"UPDATE rule_revisions SET removed = TRUE", 9},
    {"UPDATE rule_revisions SET from_at = from_at + 1", 9},
    {"UPDATE rule_revisions SET changed_at = changed_at + 1", 9},
    {"DELETE FROM rule_revisions", 9},
    {"INSERT INTO rule_revisions SELECT 99, rule_id, customer_id, 'unit', kind, 0, 1, definition, is_off, removed, "
     "from_at, changed_at, 0 FROM rule_revisions",
     1},
    {"INSERT INTO contact_revisions VALUES (99, 0, FALSE, '{}', 5)", 1},
    {"INSERT INTO contact_revisions VALUES (99, 9, FALSE, '{}', 5)", 9},
    {"INSERT INTO contact_revisions VALUES (99, 10, FALSE, '{}', 5)", 9},
    {"INSERT INTO rejects SELECT 99, customer_id, point_id, unit_code, at + 1, value, raw, sensor, reason, "
     "received_at, 0, 0 FROM rejects",
     9},
    {"INSERT INTO rejects SELECT 99, customer_id, point_id, unit_code, at + 1, value, raw, sensor, reason, "
     "received_at, 10, 0 FROM rejects",
     9},
};

/// SQLite takes any value in any column: a comparison would hide such a row from people's lists, and a check that asks
/// for whole numbers would pass it by.
const std::vector<tampering> of_other_types{
    {"UPDATE alarms SET level = CAST(level AS BLOB)", 4},
    {"UPDATE audit SET customer_id = CAST('1' AS BLOB) WHERE commit_seq = 4", 4},
    {"UPDATE audit SET actor = CAST(actor AS BLOB) WHERE commit_seq = 4", 4},
    {"INSERT INTO audit SELECT 99, 3.5, at, customer_id, actor, action, subject, old_value, new_value, reason FROM "
     "audit "
     "WHERE commit_seq = 4",
     3},
    {"INSERT INTO audit SELECT 99, 'x', at, customer_id, actor, action, subject, old_value, new_value, reason FROM "
     "audit "
     "WHERE commit_seq = 4",
     9},
    {"UPDATE service_changes SET is_out = 4294967296", 8},
    {"UPDATE chunks SET sealed_in = 5.5", 5},
    {"UPDATE alarm_events SET commit_seq = 6.5", 6},
    {"UPDATE commits SET at = 'now' WHERE seq = 3", 3},
};

} // namespace

BOOST_AUTO_TEST_SUITE(tampered_record)

BOOST_AUTO_TEST_CASE_TEMPLATE(commits, World, worlds) {
  expect_all_found<World>(of_commits);
}
BOOST_AUTO_TEST_CASE_TEMPLATE(readings, World, worlds) {
  expect_all_found<World>(of_readings);
}
BOOST_AUTO_TEST_CASE_TEMPLATE(alarms, World, worlds) {
  expect_all_found<World>(of_alarms);
}
BOOST_AUTO_TEST_CASE_TEMPLATE(the_audit, World, worlds) {
  expect_all_found<World>(of_audit);
}
BOOST_AUTO_TEST_CASE_TEMPLATE(what_people_said_and_changed, World, worlds) {
  expect_all_found<World>(of_people);
}
BOOST_AUTO_TEST_CASE(values_of_another_type) {
  expect_all_found<sqlite_world>(of_other_types);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(every_column_of_an_alarm, World, worlds) {
  std::vector<tampering> all;
  for (const std::string change : {"public_id = '00000000-0000-4000-8000-000000000077'",
                                   "customer_id = 2",
                                   "facility_id = 2",
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
                                   "explanation = 'a lie'",
                                   "unseen_ms = 1",
                                   "end_unseen = TRUE",
                                   "measured = 1"}) {
    all.push_back({"UPDATE alarms SET " + change, 4});
    all.push_back({"UPDATE alarm_transitions SET " + change + " WHERE commit_seq = 4", 4});
  }
  expect_all_found<World>(all);
}

BOOST_AUTO_TEST_CASE(what_plain_sql_sees_of_the_log_in_postgres) {
  expect_all_found<postgres_world>({{"UPDATE commit_log SET point_id = '{1}' WHERE seq = 6", 6},
                                    {"UPDATE commit_log SET value = '{5}' WHERE seq = 6", 6},
                                    {"UPDATE commit_log SET replace_point = '{1}', replace_from = '{0}', replace_first "
                                     "= '{1}' WHERE seq = 6",
                                     6}});
}

BOOST_AUTO_TEST_SUITE_END()
