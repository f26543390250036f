// What only PostgreSQL does: connections that are lost, commits in doubt, and plain rows for SQL.
#include "db/postgres_session.hpp"
#include "tests/db/store_world.hpp"

#include <boost/test/unit_test.hpp>

#include <future>

using namespace coldvigil;
using namespace coldvigil::test;

namespace {

/// Waits until the query answers true.
void await(db::sql_session& in, const std::string& query) {
  for (bool there = false; !there;)
    in.run("SELECT " + query + " FROM pg_sleep(0.005)", {}, [&](const db::sql_row& row) { there = row.flag(0); });
}

/// Ends every other connection to the database; they may go a moment later.
void end_connections(db::sql_session& from) {
  from.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
           "WHERE datname = current_database() AND pid <> pg_backend_pid()");
}
/// The same, and they are gone.
void cut_connections(db::sql_session& from) {
  end_connections(from);
  await(from, "NOT EXISTS (SELECT FROM pg_stat_activity "
              "WHERE datname = current_database() AND pid <> pg_backend_pid())");
}

commit_batch one_reading(const registered_unit& unit, std::int64_t second) {
  return batch_of(run_of(unit, {reading_at(second, static_cast<milli_celsius>(second))}));
}

/// From now on commits are durable but not answered: they wait for a standby that does not exist.
void hold_answers(db::sql_session& in) {
  in.script("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
  in.script("SELECT pg_reload_conf()");
  await(in, "current_setting('synchronous_standby_names') = 'nobody'");
}
const std::string waiting_for_standby = "EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'SyncRep')";

} // namespace

BOOST_AUTO_TEST_SUITE(postgres)

BOOST_AUTO_TEST_CASE(a_lost_connection_is_made_anew) {
  const postgres_world world;
  const auto store = opened(world);
  const auto unit = make_units(*store, 1)[0];
  const auto reader = must(store->make_reader());
  const auto look = world.look();
  must(store->commit(one_reading(unit, 1)));
  cut_connections(*look);
  BOOST_TEST(must(store->commit(one_reading(unit, 2))) == registrations + 2);
  cut_connections(*look);
  BOOST_TEST(must(store->load_registry()).units.size() == 1U);
  cut_connections(*look);
  BOOST_TEST(must(reader->alarms({})).total == 0U);
  BOOST_TEST(recovered(*store)[0].tail.size() == 2U);
  // The lock came back with the connection.
  BOOST_TEST((world.try_open().error().code == error_code::conflict));
}

BOOST_AUTO_TEST_CASE(a_database_that_is_away_is_said_so_and_comes_back) {
  postgres_world world;
  world.options.settle_patience = millis{0};
  const auto store = opened(world);
  const auto unit = make_units(*store, 1)[0];
  postgres_world::cluster().stop();
  const auto away = store->commit(one_reading(unit, 1));
  BOOST_REQUIRE(!away.ok());
  BOOST_TEST((away.error().code == error_code::unavailable));
  BOOST_TEST((store->load_registry().error().code == error_code::unavailable));
  BOOST_TEST((world.try_open().error().code == error_code::unavailable));
  postgres_world::cluster().start();
  BOOST_TEST(must(store->commit(one_reading(unit, 1))) == registrations + 1);
  BOOST_TEST(recovered(*store)[0].tail.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_commit_that_was_lost_in_doubt_is_done_again) {
  // The backend ends in the middle of COMMIT, the first time only: a sequence is not rolled back.
  const postgres_world world;
  const auto store = opened(world);
  const auto unit = make_units(*store, 1)[0];
  const auto look = world.look();
  look->script("CREATE SEQUENCE times;"
               "CREATE FUNCTION end_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
               "IF nextval('times') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(10); "
               "END IF; RETURN NULL; END $$;"
               "CREATE CONSTRAINT TRIGGER end_at_commit AFTER INSERT ON commits DEFERRABLE INITIALLY DEFERRED "
               "FOR EACH ROW EXECUTE FUNCTION end_once()");
  BOOST_TEST(must(store->commit(one_reading(unit, 1))) == registrations + 1);
  BOOST_TEST(count_rows(*look, "commits") == registrations + 1);
  BOOST_TEST(must(store->commit(one_reading(unit, 2))) == registrations + 2);
  BOOST_TEST(recovered(*store)[0].tail.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_commit_whose_answer_was_lost_is_not_done_twice) {
  const postgres_world world;
  const auto store = opened(world);
  const auto unit = make_units(*store, 1)[0];
  const auto look = world.look();
  hold_answers(*look);
  auto answer = std::async(std::launch::async, [&] { return store->commit(one_reading(unit, 1)); });
  await(*look, waiting_for_standby);
  end_connections(*look);
  BOOST_TEST(must(answer.get()) == registrations + 1);
  BOOST_TEST(count_rows(*look, "commits") == registrations + 1);
  look->script("ALTER SYSTEM RESET synchronous_standby_names");
  look->script("SELECT pg_reload_conf()");
  BOOST_TEST(must(store->commit(one_reading(unit, 2))) == registrations + 2);
  BOOST_TEST(recovered(*store)[0].tail.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_commit_told_as_failed_that_is_there_after_all_stops_the_store) {
  postgres_world world;
  world.options.settle_patience = millis{0};
  auto store = opened(world);
  const auto unit = make_units(*store, 1)[0];
  {
    const auto look = world.look();
    hold_answers(*look);
    auto answer = std::async(std::launch::async, [&] { return store->commit(one_reading(unit, 1)); });
    await(*look, waiting_for_standby);
    look->script("ALTER SYSTEM RESET synchronous_standby_names"); // for the next start
    postgres_world::cluster().stop();
    BOOST_TEST((answer.get().error().code == error_code::unavailable));
  }
  postgres_world::cluster().start();
  for (int again = 0; again < 2; ++again) {
    const auto refused = store->commit(one_reading(unit, 1));
    BOOST_REQUIRE(!refused.ok());
    BOOST_TEST((refused.error().code == error_code::conflict));
    BOOST_TEST(refused.error().hint.find("restart") != std::string::npos);
  }
  store.reset();
  store = opened(world);
  BOOST_TEST(recovered(*store)[0].tail.size() == 1U);
  BOOST_TEST(must(store->commit(one_reading(unit, 2))) == registrations + 2);
}

BOOST_AUTO_TEST_CASE(who_lost_the_database_to_another_stays_out) {
  const postgres_world world;
  const auto store = opened(world);
  const auto unit = make_units(*store, 1)[0];
  const auto look = world.look();
  look->script("INSERT INTO node_epochs (epoch) VALUES (2)"); // another process was here while we were away
  cut_connections(*look);
  const auto refused = store->commit(one_reading(unit, 1));
  BOOST_REQUIRE(!refused.ok());
  BOOST_TEST((refused.error().code == error_code::conflict));
  BOOST_TEST(count_rows(*look, "commits") == registrations);
}

BOOST_AUTO_TEST_CASE(sql_sees_every_reading_as_a_plain_row) {
  const postgres_world world;
  const auto store = opened(world);
  const auto units = make_units(*store, 2);
  commit_batch batch = batch_of(run_of(units[0], {reading_at(1, 1), reading_at(2, 2), reading_at(3, 3)}));
  batch.chunks.push_back({units[0].unit.point, {reading_at(1, 1)}});
  unit_snapshot snapshot;
  snapshot.unit = units[0].unit.id;
  snapshot.point = units[0].unit.point;
  snapshot.tail = {reading_at(2, 2), reading_at(3, 3)};
  batch.snapshots.push_back(snapshot);
  must(store->commit(batch));
  judged_reading bare = reading_at(2, -22'500);
  bare.state = score_state::timeout;
  bare.score = std::numeric_limits<float>::quiet_NaN();
  must(store->commit(batch_of(run_of(units[1], {reading_at(1, 1), bare, reading_at(9, 9)}))));
  batch = {};
  unit_run replay = run_of(units[0], {reading_at(3, 33), reading_at(4, 4)}); // of the snapshot's tail
  replay.replaces_from = at_second(3);
  batch.runs = {replay, run_of(units[0], {reading_at(5, 5), reading_at(6, 6)})};
  replay.replaces_from = at_second(6); // of the same commit
  replay.readings = {reading_at(6, 66)};
  replay.readings[0].error = 0.25F;
  batch.runs.push_back(replay);
  replay = run_of(units[1], {reading_at(8, 8)}); // of the log
  replay.replaces_from = at_second(3);
  batch.runs.push_back(replay);
  must(store->commit(batch));
  std::string rows;
  world.look()->run("SELECT string_agg(concat_ws(' ', point, to_char(recorded_at, 'SS'), temperature::float8, score, "
                    "reconstruction_error), "
                    "', ' ORDER BY point, recorded_at) FROM readings",
                    {}, [&](const db::sql_row& row) { rows = row.text(0); });
  BOOST_TEST(rows ==
             "1 01 0.001 0.5, 1 02 0.002 0.5, 1 03 0.033 0.5, 1 04 0.004 0.5, 1 05 0.005 0.5, 1 06 0.066 0.5 0.25, "
             "2 01 0.001 0.5, 2 02 -22.5, 2 08 0.008 0.5");
}

BOOST_AUTO_TEST_SUITE_END()
