#pragma once
// A record with something of everything, whose rows a test changes behind the program's back and puts back again.

#include "core/rule_text.hpp"
#include "db/chain_record.hpp"
#include "db/commit_rows.hpp"
#include "db/postgres_layout.hpp"
#include "db/row_record.hpp"
#include "db/sqlite_layout.hpp"
#include "tests/db/store_world.hpp"

#include <boost/test/unit_test.hpp>

namespace coldvigil::test {

inline alarm_record alarm_of(const registered_unit& unit, int running) {
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
/// 6 readings that are in the log only, and a rejected one.
inline void make_record(store& into) {
  const auto units = make_units(into, 2);
  alarm_record alarm = alarm_of(units[0], 1);
  commit_batch third = batch_of(run_of(units[0], {reading_at(1, 1), reading_at(2, 2), reading_at(3, 3)}));
  third.transitions = {{alarm, transition_kind::raised, at_second(1), at_second(1)}};
  must(into.commit(third));
  commit_batch fourth;
  alarm.cleared_at = at_second(3);
  fourth.transitions = {{alarm, transition_kind::cleared, at_second(3), at_second(3)}};
  fourth.audits = {{at_second(4), units[0].unit.customer, "token:x", "rule.changed", "U1", "\xFF", "-17", "because"}};
  must(into.commit(fourth));
  commit_batch fifth;
  fifth.chunks = {{units[0].unit.point, {reading_at(1, 1)}}, {units[0].unit.point, {reading_at(2, 2)}}};
  unit_snapshot snapshot;
  snapshot.unit = units[0].unit.id;
  snapshot.point = units[0].unit.point;
  snapshot.sensors = {"probe"};
  snapshot.tail = {reading_at(3, 3)};
  fifth.snapshots = {snapshot};
  must(into.commit(fifth));
  commit_batch sixth = batch_of(run_of(units[1], {reading_at(9, 9)}));
  sixth.rejects = {{units[1].unit.customer, units[1].unit.point, "U2", at_second(10), std::nullopt, "NaN", "probe",
                    reject_reason::non_finite, at_second(11)}};
  must(into.commit(sixth));
}

/// And 7 a word about the alarm, 8 the unit taken out of service, 9 a rule.
inline void make_changes(store& into) {
  const registry known = must(into.load_registry());
  const unit_record& unit = known.units.at(0);
  const auto audit = [&](const char* action, const char* subject, const char* value) {
    return audit_entry{at_second(9), unit.customer, "token:x", action, subject, "", value, "because"};
  };
  must(into.add_life_event(alarm_id{1}, {life_event_kind::acknowledge, at_second(9), "token:x", "because", {}},
                           audit("alarm.acknowledge", to_string(some_uuid(1)).c_str(), "normal")));
  must(into.add_service_change({unit.customer, unit.id, true, at_second(9), "token:x", "because"},
                               audit("unit.out_of_service", "U1", "out of service")));
  rule_record rule;
  rule.rule.customer = unit.customer;
  rule.rule.what.id = rule_id{100};
  rule.from = rule.changed_at = at_second(9);
  const rule_change change{rule, audit("rule.created", "customer A, rule 100", to_text(rule.rule.what).c_str())};
  must(into.change_rules(std::span(&change, 1)));
}

inline chain_check checked(store& of, std::size_t steps = 1000) {
  const auto reader = must(of.make_reader());
  chain_check check;
  while (!check.finished())
    check = must(reader->check_chain(check, steps));
  return check;
}

struct tampering {
  std::string statements;
  std::uint64_t first_bad;
};

/// Somebody with SQL access: no trigger and no foreign key is in the way. What is done is undone after each look.
class tamperer {
 public:
  explicit tamperer(const sqlite_world& world)
      : in_(world.look()), layout_(std::make_unique<db::sqlite_layout>()), prepare_("PRAGMA defer_foreign_keys = ON") {
    std::vector<std::string> triggers;
    in_->run("SELECT name FROM sqlite_schema WHERE type = 'trigger'", {},
             [&](const db::sql_row& row) { triggers.push_back(row.text(0)); });
    in_->script("PRAGMA foreign_keys = OFF");
    for (const std::string& each : triggers)
      in_->script("DROP TRIGGER " + each);
  }
  explicit tamperer(const postgres_world& world)
      : in_(world.look()), layout_(std::make_unique<db::postgres_layout>()),
        prepare_("SET session_replication_role = replica") {
    in_->script(prepare_);
  }

  [[nodiscard]] db::sql_session& session() const { return *in_; }
  [[nodiscard]] chain_check check(const std::string& statements, std::size_t steps = 1000) const {
    in_->begin();
    in_->script(prepare_);
    in_->script(statements);
    chain_check check;
    while (!check.finished())
      check = db::go_on(*in_, *layout_, check, steps);
    in_->rollback();
    return check;
  }
  void expect_found(const tampering& how) const {
    for (const std::size_t steps : {1U, 2U, 1000U})
      BOOST_TEST_CONTEXT(how.statements << " in steps of " << steps) {
        const chain_check found = check(how.statements, steps);
        BOOST_TEST_REQUIRE(found.fault.has_value());
        BOOST_TEST(found.fault->seq == how.first_bad, found.fault->what << " of commit " << found.fault->seq);
      }
  }

 private:
  std::unique_ptr<db::sql_session> in_;
  std::unique_ptr<db::series_layout> layout_;
  std::string prepare_;
};

/// The chain made anew without what an older coldvigil did not know. Triggers must be out of the way.
inline void make_it_old(db::sql_session& in) {
  for (const db::recorded_table& table : db::recorded_tables())
    in.script(std::string("UPDATE ") + table.name + " SET recorded_in = 0");
  in.script("UPDATE commits SET row_digests = NULL, log_from = NULL");
  std::vector<db::commit_row> rows;
  db::read_commits(in, 0, 1000, rows);
  std::string previous = db::chain_start();
  for (const db::commit_row& row : rows) {
    const std::string hash = db::chain_hash(previous, row.link);
    in.run("UPDATE commits SET prev_hash = $1, hash = $2 WHERE seq = $3",
           {db::blob{previous}, db::blob{hash}, db::as_integer(row.link.seq)});
    previous = hash;
  }
}

} // namespace coldvigil::test
