// Somebody with SQL access changes who is watched, who may come in, what was refused or what people were told.
#include "db/row_record.hpp"
#include "tests/db/recorded.hpp"

using namespace coldvigil;
using namespace coldvigil::test;

namespace {

system_alarm silent_site(const registry& known) {
  system_alarm out;
  out.id = some_uuid(900);
  out.what = {system_fault::site_silent, known.customers[0].id, "F1", "nothing is heard", {known.units[0].id}};
  out.raised_at = at_second(20);
  return out;
}

/// Something in every recorded table: who is watched by the commits 1 and 2, a refused reading by 6, then 7 and 8
/// tokens, 9 the end of the first, 10 and 11 a model, 12 polls, an alarm of Coldvigil itself, an attempt, a self-test.
void make_rows(store& into) {
  make_record(into);
  const registry known = must(into.load_registry());
  const audit_entry audit{at_second(19), known.customers[0].id, "token:x", "some.action", "A", "", "", "because"};
  token_record token;
  token.customer = known.customers[0].id;
  token.created_at = at_second(19);
  for (const std::string name : {"first", "second"}) {
    token.name = token.sha256_hex = name;
    must(into.add_token(token, audit));
  }
  must(into.revoke_tokens("first", audit));
  const std::uint16_t model = must(into.model_number("m", "abc", at_second(19)));
  must(into.activate_model({model, "v1", at_second(19), at_second(19), "token:x"}, audit));
  commit_batch told;
  told.at = at_second(20);
  poll_record poll;
  poll.customer = known.customers[0].id;
  poll.started_at = at_second(20);
  told.polls = {poll, poll};
  told.system_alarms = {silent_site(known)};
  delivery_record attempt;
  attempt.key = "message";
  attempt.to = {"ann", "mail", "ann@example.org"};
  told.notifications.deliveries = {attempt};
  self_test test;
  test.key = "test";
  test.sent_at = at_second(20);
  told.notifications.self_tests = {test};
  must(into.commit(told));
}
constexpr std::uint64_t newest_commit = 12;

std::string key_in(const db::recorded_table& table) {
  return table.columns.front().name;
}
/// The row of the table that was written last.
std::string last_row(const db::recorded_table& table) {
  return key_in(table) + " = (SELECT " + key_in(table) + " FROM " + table.name + " ORDER BY recorded_in DESC, " +
         key_in(table) + " DESC LIMIT 1)";
}
std::uint64_t commit_of_last_row(db::sql_session& in, const db::recorded_table& table) {
  std::uint64_t out = 0;
  in.run(std::string("SELECT max(recorded_in) FROM ") + table.name, {},
         [&](const db::sql_row& row) { out = row.as<std::uint64_t>(0); });
  return out;
}

std::string another(const db::insert_shape::column& column) {
  if (column.type == "text") return "'other'";
  if (column.type == "uuid") return "'00000000-0000-4000-8000-000000000077'";
  if (column.type == "boolean") return "NOT " + column.name;
  return "coalesce(" + column.name + ", 0) + 1";
}

/// A copy of the last row that differs in its keys, as if the commit had written it.
std::string forged_row(const db::recorded_table& table, std::uint64_t commit) {
  std::string set = "recorded_in = " + std::to_string(commit);
  for (const auto& column : table.columns) {
    if (column.type == "bigint") set += ", " + column.name + " = " + column.name + " + 1000";
    if (column.type == "text") set += ", " + column.name + " = 'copy'";
    if (column.type == "uuid") set += ", " + column.name + " = " + another(column);
  }
  return std::string("CREATE TABLE copy AS SELECT * FROM ") + table.name + " WHERE " + last_row(table) +
         "; UPDATE copy SET " + set + "; INSERT INTO " + table.name + " SELECT * FROM copy";
}

std::vector<tampering> all_ways(db::sql_session& in, const db::recorded_table& table) {
  const std::uint64_t commit = commit_of_last_row(in, table);
  const std::string update = std::string("UPDATE ") + table.name + " SET ";
  std::vector<tampering> out;
  for (const auto& column : table.columns)
    out.push_back({update + column.name + " = " + another(column) + " WHERE " + last_row(table), commit});
  out.push_back({std::string("DELETE FROM ") + table.name + " WHERE " + last_row(table), commit});
  out.push_back({forged_row(table, commit), commit});
  out.push_back({forged_row(table, 0), newest_commit});
  out.push_back({forged_row(table, newest_commit + 1), newest_commit});
  out.push_back({update + "recorded_in = 3 WHERE " + last_row(table), 3});
  return out;
}

/// Of two digits too: rows are known by their numbers, not by their names. Two days after attempts that are among them.
commit_batch twelve_of(db::recorded table, store& of, std::int64_t second) {
  const unit_record unit = must(of.load_registry()).units[0];
  commit_batch out;
  out.at = at_second(second) + std::chrono::hours{48};
  for (std::int64_t i = 0; i < 12; ++i) {
    poll_record poll;
    poll.customer = unit.customer;
    rejected_reading refused;
    refused.customer = unit.customer;
    refused.at = at_second(second + i);
    delivery_record attempt;
    attempt.key = "message";
    attempt.at = at_second(second);
    if (table == db::recorded::polls) out.polls.push_back(poll);
    if (table == db::recorded::rejects) out.rejects.push_back(refused);
    if (table == db::recorded::deliveries) out.notifications.deliveries.push_back(attempt);
  }
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(tampered_rows)

BOOST_AUTO_TEST_CASE_TEMPLATE(every_column_of_every_recorded_table, World, worlds) {
  const World world;
  const auto store = opened(world);
  make_rows(*store);
  const tamperer somebody(world);
  for (const std::size_t steps : {1U, 1000U}) {
    const chain_check whole = somebody.check("SELECT 1", steps);
    BOOST_TEST_REQUIRE(!whole.fault.has_value(), whole.fault->what);
    BOOST_TEST(whole.commits == newest_commit);
  }
  if (std::is_same_v<World, postgres_world>)
    somebody.session().script("ALTER TABLE model_activations ALTER COLUMN id SET GENERATED BY DEFAULT");
  for (const db::recorded_table& table : db::recorded_tables()) {
    BOOST_TEST(commit_of_last_row(somebody.session(), table) > 0U);
    for (const tampering& each : all_ways(somebody.session(), table))
      somebody.expect_found(each);
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_row_put_back_to_an_older_one, World, worlds) {
  const World world;
  const auto store = opened(world);
  make_rows(*store);
  const tamperer somebody(world);
  somebody.session().script("CREATE TABLE as_it_was AS SELECT * FROM system_alarms");
  somebody.session().script("CREATE TABLE token_as_it_was AS SELECT * FROM tokens");
  commit_batch over;
  over.at = at_second(30);
  over.system_alarms = {silent_site(must(store->load_registry()))};
  over.system_alarms[0].cleared_at = at_second(30);
  must(store->commit(over));
  must(store->revoke_tokens("second", {at_second(31), std::nullopt, "token:x", "token.revoked", "second", "", "", ""}));
  BOOST_TEST(!somebody.check("SELECT 1", 1).fault.has_value());
  somebody.expect_found({"DELETE FROM system_alarms; INSERT INTO system_alarms SELECT * FROM as_it_was", 13});
  somebody.expect_found({"INSERT INTO tokens SELECT * FROM token_as_it_was", 14});
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_oldest_go_only_by_a_commit_that_forgets_them, World, worlds) {
  for (const db::recorded_table& table : db::recorded_tables()) {
    if (!table.forgets_oldest) continue;
    const std::string name = table.name;
    BOOST_TEST_CONTEXT(name) {
      World world;
      world.options.keep_polls = world.options.keep_rejects = world.options.keep_deliveries = 2;
      const auto store = opened(world);
      make_record(*store);
      const auto first = static_cast<std::int64_t>(table.which == db::recorded::rejects); // it has one already
      const auto row = [&](std::int64_t number) { return std::to_string(first + number); };
      must(store->commit(twelve_of(table.which, *store, 20)));
      const tamperer somebody(world);
      somebody.session().script("CREATE TABLE kept_apart AS SELECT * FROM " + name + " WHERE id = " + row(3));
      somebody.expect_found({"DELETE FROM " + name + " WHERE id > " + row(0), 7});
      must(store->forget_oldest());
      must(store->commit(twelve_of(table.which, *store, 40)));
      for (const std::size_t steps : {1U, 1000U}) {
        const chain_check whole = somebody.check("SELECT 1", steps);
        BOOST_TEST(!whole.fault.has_value(), whole.fault->what);
      }
      const std::uint64_t last = must(must(store->make_reader())->head())->seq;
      somebody.expect_found({"DELETE FROM " + name + " WHERE id = " + row(11), 7});
      somebody.expect_found({"DELETE FROM " + name + " WHERE id <= " + row(13), 7});
      somebody.expect_found({"DELETE FROM " + name + " WHERE id > " + row(12), last});
      somebody.expect_found({"INSERT INTO " + name + " SELECT * FROM kept_apart", 8});
    }
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(rows_of_an_older_coldvigil_are_taken_in_once, World, worlds) {
  const World world;
  {
    const auto store = opened(world);
    make_rows(*store);
    store->close();
  }
  const tamperer somebody(world);
  make_it_old(somebody.session());
  opened(world)->close();
  const chain_check whole = somebody.check("SELECT 1", 1);
  BOOST_TEST(!whole.fault.has_value());
  BOOST_TEST(whole.commits > newest_commit);
  opened(world)->close();
  BOOST_TEST(somebody.check("SELECT 1").commits == whole.commits);
  for (const char* table : {"units", "tokens", "deliveries"}) {
    const std::string name = table;
    BOOST_TEST(somebody.check("DELETE FROM " + name).fault.has_value());
    BOOST_TEST(somebody.check("UPDATE " + name + " SET recorded_in = 0").fault.has_value());
  }
}

BOOST_AUTO_TEST_SUITE_END()
