// What an older coldvigil left behind is read by this one.
#include "core/alarm_book.hpp"
#include "core/mkt.hpp"
#include "db/batch_codec.hpp"
#include "db/byte_stream.hpp"
#include "db/migrations.hpp"
#include "tests/db/recorded.hpp"

#include <bit>

using namespace coldvigil;
using namespace coldvigil::test;

namespace {

std::span<const db::migration> scripts_of(const sqlite_world&) {
  return db::sqlite_migrations();
}
std::span<const db::migration> scripts_of(const postgres_world&) {
  return db::postgres_migrations();
}

/// A unit with one open alarm, from when a unit had three fixed rules.
void leave_behind(db::sql_session& in) {
  const std::string uuid = "00000000-0000-4000-8000-00000000000";
  in.script("INSERT INTO customers (id, public_id, code, name, created_at) VALUES (1, '" + uuid + "1', 'A', 'A', 0)");
  in.script("INSERT INTO facilities (id, public_id, customer_id, code, created_at) VALUES (1, '" + uuid +
            "2', 1, 'f', 0)");
  in.script("INSERT INTO units (id, public_id, customer_id, facility_id, code, scale, kind, low, high, interval_s, "
            "created_at) VALUES (1, '" +
            uuid + "3', 1, 1, 'u', 'C', 'vaccine_fridge', 2000, 8000, 60, 0)");
  in.script("INSERT INTO alarms (id, public_id, customer_id, facility_id, unit_id, rule, rules_version, low, high, "
            "consecutive, raised_at, raised_value, extreme, peak_score, retroactive, annulled) VALUES (1048577, '" +
            uuid + "4', 1, 1, 1, 'high_limit', 1, 2000, 8000, 3, 60000, 9000, 9500, 0, FALSE, FALSE)");
}

/// A snapshot as version 1 packed it: three machines, the second active, the third with two readings in a row.
std::string first_memory() {
  db::byte_writer to;
  to.byte(1);
  to.byte(1);
  to.signed_number(120'000);
  to.number(0);
  to.signed_number(0);
  to.text("");
  to.number(3);
  for (int machine = 0; machine < 3; ++machine) {
    to.byte(machine == 1);
    to.number(machine == 2 ? 2 : 0);
    to.signed_number(machine == 1 ? 60'000 : 0);
    to.signed_number(machine == 1 ? 9'000 : 0);
    to.signed_number(machine == 1 ? 9'500 : 0);
    to.real(0);
    to.byte(machine == 1);
  }
  to.number(1);
  to.text("probe");
  return to.take();
}

/// As an older coldvigil left it: commits do not say where the log begins, and what people said and changed is of
/// commit 0, with an audit entry each.
template <class World> void leave_words(const World& world) {
  const auto store = opened(world);
  make_record(*store);
  const unit_record unit = must(store->load_registry()).units.at(0);
  rule what;
  what.id = rule_id{100};
  const std::vector<std::tuple<const char*, std::string, std::string>> told{
      {"alarm.acknowledge", to_string(some_uuid(1)), "normal"},
      {"unit.out_of_service", "U1", "out of service"},
      {"rule.created", "unit U1, rule 100", to_text(what)}};
  for (const auto& [action, subject, value] : told) {
    commit_batch words;
    words.audits = {{at_second(9), unit.customer, "token:x", action, subject, "", value, "because"}};
    must(store->commit(words));
  }
  store->close();
  const auto in = world.look();
  const std::string at = std::to_string(to_ms(at_second(9)));
  in->script("INSERT INTO alarm_events (alarm_id, kind, at, who, text) VALUES (1, 'acknowledge', " + at +
             ", 'token:x', 'because')");
  in->script("INSERT INTO service_changes (customer_id, unit_id, is_out, at, who, reason) VALUES (1, 1, TRUE, " + at +
             ", 'token:x', 'because')");
  in->script("INSERT INTO rule_revisions (rule_id, customer_id, scope, kind, facility_id, unit_id, definition, is_off, "
             "removed, from_at, changed_at) VALUES (100, 1, 'unit', 'freezer', 0, 1, '" +
             to_text(what) + "', FALSE, FALSE, " + at + ", " + at + ")");
}

/// A snapshot from when a silence in an excursion of a unit's own rules was held to be part of it: too warm at the
/// first minute and again at the 61st, an hour of silence between them.
std::string bridged_memory() {
  db::byte_writer to;
  to.byte(2);
  to.byte(1);
  to.signed_number(3'660'000); // of the checkpoint
  to.number(0);
  to.signed_number(0);
  to.text("");
  to.number(1);
  to.number(2); // the unit's own high limit
  to.text("high_limit");
  to.byte(1);
  to.byte(1 | 8); // raised, and the newest reading belongs to it
  to.number(1);
  to.signed_number(0);
  for (const std::int64_t at : {60'000, 3'660'000, 60'000}) // onset, newest reading, raised
    to.signed_number(at);
  for (int i = 0; i < 5; ++i)
    to.signed_number(9'000);
  to.real(0);
  to.signed_number(3'600'000);
  to.signed_number(std::int64_t{9'000} * 3'600'000);
  to.fixed(std::bit_cast<std::uint64_t>(kinetic_rate(9.0) * 3'600'000));
  to.byte(0);
  to.number(0);
  return to.take();
}

} // namespace

BOOST_AUTO_TEST_SUITE(upgrade)

BOOST_AUTO_TEST_CASE(an_excursion_under_way_goes_on_and_its_silences_are_kept_apart_from_then_on) {
  unit_snapshot found;
  db::unpack_memory(bridged_memory(), found);
  rule_set rules = own_rules({2'000, 8'000}, 1);
  for (rule& each : rules.rules)
    each = fitted(each, std::chrono::minutes{1});
  alarm_book book({customer_id{1}, facility_id{1}, unit_id{1}}, std::make_shared<const rule_set>(rules));
  alarm_record open;
  open.id = alarm_id{1'048'577};
  open.rule = rule_kind::high_limit;
  open.by = rules.rules[1];
  open.raised_at = from_ms(60'000);
  book.restore(found, {open}, open.id);
  judged more;
  more.readings = {{from_ms(3'720'000), 9'000}, {from_ms(7'320'000), 5'000}};
  const auto said = book.apply(more, from_ms(7'320'000), [] { return uuid{}; });
  BOOST_REQUIRE(said.size() == 1U);
  BOOST_TEST((said[0].after.id == open.id));
  BOOST_TEST((said[0].after.cleared_at == from_ms(7'320'000)));
  BOOST_TEST((said[0].after.course.lasted == std::chrono::minutes{61})); // what it was held to be before stands
  BOOST_TEST((said[0].after.course.unseen == std::chrono::hours{1}));
  BOOST_TEST(said[0].after.course.end_unseen);
  BOOST_TEST(said[0].after.course.mean == 9'000);
  BOOST_TEST(!said[0].after.measured.has_value());
  BOOST_TEST((db::pack_memory(found) == bridged_memory())); // its digest stands in the record
}

BOOST_AUTO_TEST_CASE_TEMPLATE(alarms_of_the_three_fixed_rules_are_those_of_the_units_own, World, worlds) {
  const World world;
  {
    const auto in = world.look();
    db::migrate(*in, scripts_of(world).first(1), "test");
    leave_behind(*in);
  }
  const auto store = opened(world);
  const auto alarms = must(store->alarms_of(unit_id{1}, timestamp::min()));
  BOOST_REQUIRE(alarms.size() == 1U);
  BOOST_TEST((alarms[0].by.id == own_high_limit));
  BOOST_TEST((alarms[0].by.kind == rule_kind::high_limit));
  BOOST_TEST((alarms[0].course.onset == from_ms(60'000)));
  BOOST_TEST(alarms[0].course.highest == 9'500);
}

BOOST_AUTO_TEST_CASE(machines_of_the_first_snapshots_go_on) {
  unit_snapshot found;
  db::unpack_memory(first_memory(), found);
  BOOST_REQUIRE(found.base_machines.size() == 2U);
  const saved_machine& high = found.base_machines[0];
  BOOST_TEST((high.rule == own_high_limit));
  BOOST_TEST(high.state.now->active);
  BOOST_TEST(high.state.now->retroactive);
  BOOST_TEST((high.state.now->raised_at == from_ms(60'000)));
  BOOST_TEST(high.state.now->extreme == 9'500);
  const saved_machine& model = found.base_machines[1];
  BOOST_TEST((model.rule == own_model_persistence));
  BOOST_TEST(!model.state.now->active);
  BOOST_TEST(model.state.now->run == 2);
  BOOST_TEST(found.sensors.size() == 1U);
}

// They had no record before version 8, so nothing would ever have ended their calling.
BOOST_AUTO_TEST_CASE_TEMPLATE(calling_about_system_alarms_without_a_record_has_ended, World, worlds) {
  const World world;
  {
    const auto in = world.look();
    db::migrate(*in, scripts_of(world).first(7), "test");
    leave_behind(*in);
    for (const std::string id : {"4", "5", "6"}) { // the alarm of the unit, and two of Coldvigil itself
      const std::string alarm = "'00000000-0000-4000-8000-00000000000" + id + "'";
      in->script("INSERT INTO alarm_notices (alarm, transition, state, level, customer_id, facility_id, customer_name, "
                 "facility_name, unit_name, rule, raised_at, scale, explanation, retroactive) VALUES (" +
                 alarm + ", 7, 'raised', 'critical', 0, 0, '', '', '', 'r', 60000, 'C', '', FALSE)");
      if (id == "6") continue; // no case has taken it up yet
      in->script("INSERT INTO alarm_cases (alarm, seen, policy, opened_by, opened_at, follow_up, round, rounds, step, "
                 "next_at, acknowledged_by, told) VALUES (" +
                 alarm + ", 7, 'p', 7, 60000, FALSE, 0, 0, 0, 60000, '', '')");
    }
  }
  const auto store = opened(world);
  const auto found = must(store->load_notifications(from_ms(60'001), from_ms(60'001)));
  BOOST_REQUIRE(found.cases.size() == 1U);
  BOOST_TEST(to_string(found.cases[0].first.alarm) == "00000000-0000-4000-8000-000000000004");
  BOOST_TEST(found.unseen.empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_an_older_coldvigil_left_is_accounted_for, World, worlds) {
  const World world;
  leave_words(world);
  const tamperer somebody(world);
  make_it_old(somebody.session());
  // Nobody has opened it since: its audit entries are all that there is.
  BOOST_TEST(!somebody.check("SELECT 1").fault.has_value());
  const std::string rule = "INSERT INTO rule_revisions SELECT 99, rule_id, customer_id, scope, kind, facility_id, ";
  const std::vector<tampering> before{
      {"UPDATE alarm_events SET text = 'other'", 9},
      {rule + "2, definition, is_off, removed, from_at, changed_at, 0 FROM rule_revisions", 9},
      {rule + "1, definition, is_off, removed, from_at, changed_at, 0 FROM rule_revisions", 9},
      {"UPDATE rule_revisions SET is_off = TRUE", 9},
      {"INSERT INTO alarm_events SELECT 99, alarm_id, kind, at, who, text, until_at, 0 FROM alarm_events", 9},
      {"UPDATE service_changes SET unit_id = 2", 9},
      {"DELETE FROM commit_log WHERE seq = 5; DELETE FROM commit_log WHERE seq = 8", 8},
  };
  for (const tampering& each : before)
    somebody.expect_found(each);
  opened(world)->close(); // the tenth commit accounts for them
  const chain_check whole = somebody.check("SELECT 1");
  BOOST_TEST(!whole.fault.has_value());
  BOOST_TEST(whole.commits > 10U); // and rows of the registry are taken in by those after it
  const std::vector<tampering> after{
      {"UPDATE alarm_events SET until_at = 5", 10},
      {"DELETE FROM alarm_events", 10},
      {"DELETE FROM service_changes", 10},
      {"UPDATE rule_revisions SET from_at = 5", 10},
      {"DELETE FROM rule_revisions", 10},
      {rule + "1, definition, is_off, removed, from_at, changed_at, 0 FROM rule_revisions", 10},
  };
  for (const tampering& each : after)
    somebody.expect_found(each);
}

BOOST_AUTO_TEST_SUITE_END()
