// Commits, recovery, sealed ranges, trimming: on both databases.
#include "db/hash_chain.hpp"
#include "tests/db/store_world.hpp"

#include <boost/test/unit_test.hpp>

using namespace coldvigil;
using namespace coldvigil::test;

namespace {

/// One reading of every shape that there is.
std::vector<judged_reading> all_shapes() {
  std::vector<judged_reading> out{reading_at(0, -20'000, 0.25F), reading_at(1, implausible_below, 1e-30F),
                                  reading_at(2, implausible_above, 3.0F)};
  for (const score_state state : {score_state::timeout, score_state::no_model, score_state::warming}) {
    judged_reading bare = reading_at(10 + static_cast<int>(state), 4'321);
    bare.score = std::numeric_limits<float>::quiet_NaN();
    bare.state = state;
    bare.model = state == score_state::warming ? 65'535 : 0;
    bare.scale = temperature_scale::kelvin;
    bare.history = true;
    bare.sensor = 255;
    out.push_back(bare);
  }
  out.push_back(reading_at(86'400 * 60, 1)); // two months later: no 32 bits of milliseconds
  return out;
}

unit_snapshot snapshot_of(const registered_unit& unit, std::vector<judged_reading> tail) {
  unit_snapshot out;
  out.unit = unit.unit.id;
  out.point = unit.unit.point;
  out.tail = std::move(tail);
  return out;
}

/// One machine with every sort of memory.
machine_states every_machine() {
  course c;
  c.active = c.beyond_borne = c.retroactive = true;
  c.run = 2;
  c.held = millis{60'000};
  c.onset = at_second(0);
  c.last_at = at_second(2);
  c.raised_at = at_second(1);
  c.raised_value = -17'000;
  c.last_value = c.extreme = c.highest = -15'500;
  c.lowest = -17'250;
  c.peak_score = 1.5F;
  c.driver = {2, -0.5F, 3.25F, 40, 0.75F};
  c.lasted = millis{2'000};
  c.value_ms = -32'500'000;
  c.rates = 1.25e-17;
  course clearing = c;
  clearing.clearing = clearing.counted = true;
  clearing.measured = 5'400'000;
  const cumulative_memory from_before{at_second(3), true, {}, {{7, 12}, {9, 1}}};
  cumulative_memory sum = from_before;
  sum.last_value = -15'500;
  sum.slots[1].onset = at_second(2);
  sum.slots[1].lowest = sum.slots[1].highest = -15'500;
  sum.slots[1].lasted = sum.slots[1].unseen = millis{1};
  sum.slots[1].value_ms = -15'500;
  sum.slots[1].rates = 1.5e-17;
  const slope_memory slope{at_second(3), {{at_second(2), -18'000}}};
  const rolling_mkt::memory mkt{at_second(3), -18'000, {{8, 500, 3, 1e-17}}};
  const repeat_memory repeats{-18'000, 4, 3, 260, 12};
  machine_states out;
  out.push_back({own_high_limit, rule_kind::high_limit, {c, {}}});
  out.push_back({rule_id{200}, rule_kind::cumulative, {clearing, window_memory{sum}}});
  out.push_back({rule_id{204}, rule_kind::cumulative, {{}, window_memory{from_before}}});
  out.push_back({rule_id{201}, rule_kind::rate_of_change, {{}, window_memory{slope}}});
  out.push_back({rule_id{202}, rule_kind::mkt_limit, {{}, window_memory{mkt}}});
  out.push_back({rule_id{203}, rule_kind::sensor_fault, {{}, window_memory{repeats}}});
  return out;
}

unit_snapshot full_snapshot(const registered_unit& unit) {
  unit_snapshot out = snapshot_of(unit, all_shapes());
  out.base_as_of = at_second(2);
  out.base_state = {3, at_second(2), {std::byte{0}, std::byte{255}, std::byte{7}}};
  out.base_machines = every_machine();
  out.sensors = {"probe-1", "", "Fühler 3"};
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(readings)

BOOST_AUTO_TEST_CASE_TEMPLATE(an_empty_store_recovers_nothing, World, worlds) {
  const World world;
  const auto store = opened(world);
  BOOST_TEST(recovered(*store).empty());
  BOOST_TEST(must(store->trim_log()) == 0U);
  BOOST_TEST(must(store->feed_heads()).empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_is_committed_is_recovered_by_the_next_process, World, worlds) {
  const World world;
  unit_run first;
  {
    const auto store = opened(world);
    const auto units = make_units(*store, 2);
    first = run_of(units[0], all_shapes());
    first.new_sensors = {{1, "probe-1"}, {2, "Fühler 2"}};
    BOOST_TEST(must(store->commit(batch_of(first))) == registrations + 1);
    commit_batch more = batch_of(run_of(units[1], {reading_at(5, -1)}));
    more.runs.push_back(run_of(units[0], {reading_at(86'400 * 61, 2)}));
    BOOST_TEST(must(store->commit(more)) == registrations + 2);
  }
  const auto store = opened(world);
  const auto found = recovered(*store);
  BOOST_REQUIRE(found.size() == 2U);
  auto expected = first.readings;
  expected.push_back(reading_at(86'400 * 61, 2));
  BOOST_TEST((found[0].tail == expected));
  BOOST_TEST((found[0].unit == first.unit));
  BOOST_TEST((found[0].sensors == std::vector<std::string>{"probe-1", "Fühler 2"}));
  BOOST_TEST((found[1].tail == std::vector{reading_at(5, -1)}));
  BOOST_TEST(must(store->commit(batch_of(run_of({{}, {}}, {})))) == registrations + 3);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_snapshot_comes_back_whole, World, worlds) {
  const World world;
  unit_snapshot snapshot;
  {
    const auto store = opened(world);
    snapshot = full_snapshot(make_units(*store, 1)[0]);
    commit_batch batch;
    batch.snapshots = {snapshot_of({{}, {}}, {}), snapshot};
    batch.snapshots[0].point = snapshot.point; // an older one in the same batch does not count
    must(store->commit(batch));
  }
  const auto store = opened(world);
  const auto found = recovered(*store);
  BOOST_REQUIRE(found.size() == 1U);
  BOOST_TEST((found[0] == snapshot));
  BOOST_TEST((must(must(store->make_reader())->sensors(snapshot.point)) == snapshot.sensors));
  BOOST_TEST(must(must(store->make_reader())->sensors(point_id{99})).empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_later_run_replaces_the_end_of_the_tail, World, worlds) {
  const World world;
  const auto store = opened(world);
  const auto unit = make_units(*store, 1)[0];
  must(store->commit(batch_of(run_of(unit, {reading_at(1, 1), reading_at(2, 2), reading_at(4, 4)}))));
  unit_run replay = run_of(unit, {reading_at(3, 3), reading_at(4, 4, 0.9F)});
  replay.replaces_from = at_second(3);
  must(store->commit(batch_of(replay)));
  const std::vector expected{reading_at(1, 1), reading_at(2, 2), reading_at(3, 3), reading_at(4, 4, 0.9F)};
  BOOST_TEST((recovered(*store)[0].tail == expected));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_snapshot_that_is_older_than_the_runs_of_its_batch_loses_nothing, World, worlds) {
  // The writer gathers several decisions of one unit: the snapshot belongs to the first of them.
  const World world;
  const auto store = opened(world);
  const auto unit = make_units(*store, 1)[0];
  commit_batch batch = batch_of(run_of(unit, {reading_at(1, 1), reading_at(2, 2), reading_at(3, 3)}));
  batch.chunks.push_back({unit.unit.point, {reading_at(1, 1), reading_at(2, 2)}});
  batch.snapshots.push_back(snapshot_of(unit, {reading_at(3, 3)}));
  unit_run second = run_of(unit, {reading_at(4, 4)});
  second.new_sensors = {{1, "probe"}};
  batch.runs.push_back(second);
  must(store->commit(batch));
  const auto found = recovered(*store);
  BOOST_TEST((found[0].tail == std::vector{reading_at(3, 3), reading_at(4, 4)}));
  BOOST_TEST((found[0].sensors == std::vector<std::string>{"probe"}));
  BOOST_TEST(must(store->trim_log()) == registrations + 1);
  BOOST_TEST((recovered(*store)[0] == found[0]));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(sealed_readings_are_found_by_time, World, worlds) {
  const World world;
  const auto store = opened(world);
  const auto unit = make_units(*store, 1)[0];
  const point_id point = unit.unit.point;
  commit_batch batch;
  const auto shapes = all_shapes();
  batch.chunks = {{point, {reading_at(-300, 1), reading_at(-200, 2)}}, {point, shapes}};
  batch.snapshots = {snapshot_of(unit, {})};
  must(store->commit(batch));
  const auto reader = must(store->make_reader());
  const auto between = [&](std::int64_t from, std::int64_t to) {
    return must(reader->sealed(point, at_second(from), at_second(to)));
  };
  std::vector<judged_reading> everything = batch.chunks[0].readings;
  everything.insert(everything.end(), shapes.begin(), shapes.end());
  BOOST_TEST((must(reader->sealed(point, timestamp::min(), timestamp::max())) == everything));
  BOOST_TEST((between(-250, 1) == std::vector{everything[1], shapes[0], shapes[1]}));
  BOOST_TEST((between(1, 1) == std::vector{shapes[1]}));
  BOOST_TEST((between(86'400 * 60, 86'400 * 90) == std::vector{shapes.back()}));
  BOOST_TEST(between(3, 4).empty());
  BOOST_TEST(between(-1000, -301).empty());
  BOOST_TEST(must(reader->sealed(point_id{99}, timestamp::min(), timestamp::max())).empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_range_of_many_chunks_comes_whole, World, worlds) {
  const World world;
  const auto store = opened(world);
  const auto unit = make_units(*store, 1)[0];
  commit_batch batch;
  for (int i = 0; i < 600; ++i)
    batch.chunks.push_back({unit.unit.point, {reading_at(2 * i, i), reading_at(2 * i + 1, -i)}});
  batch.snapshots = {snapshot_of(unit, {})};
  must(store->commit(batch));
  const auto all = must(must(store->make_reader())->sealed(unit.unit.point, at_second(1), at_second(1198)));
  BOOST_TEST(all.size() == 1198U);
  BOOST_TEST((all.front() == reading_at(1, 0)));
  BOOST_TEST((all.back() == reading_at(1198, 599)));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_chunk_needs_readings_and_a_snapshot, World, worlds) {
  const World world;
  const auto store = opened(world);
  const auto unit = make_units(*store, 1)[0];
  commit_batch batch;
  batch.chunks = {{unit.unit.point, {reading_at(1, 1)}}};
  BOOST_TEST((store->commit(batch).error().code == error_code::invalid_argument));
  batch.snapshots = {snapshot_of(unit, {})};
  batch.chunks[0].readings.clear();
  BOOST_TEST((store->commit(batch).error().code == error_code::invalid_argument));
  BOOST_TEST(must(store->commit(batch_of(run_of(unit, {reading_at(1, 1)})))) == registrations + 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(trimming_forgets_what_snapshots_cover_and_nothing_else, World, worlds) {
  const World world;
  auto store = opened(world);
  const auto units = make_units(*store, 2);
  must(store->commit(batch_of(run_of(units[0], {reading_at(1, 1)}))));
  must(store->commit(batch_of(run_of(units[1], {reading_at(1, 1)}))));
  BOOST_TEST(must(store->trim_log()) == registrations);
  commit_batch snapshot;
  snapshot.snapshots = {snapshot_of(units[0], {reading_at(1, 1)})};
  must(store->commit(snapshot));
  BOOST_TEST(must(store->trim_log()) == 1U); // the second commit is still needed, and all after it
  must(store->commit(batch_of(run_of(units[0], {reading_at(2, 2)}))));
  const auto before = recovered(*store);
  store->close();
  store.reset();
  store = opened(world);
  snapshot.snapshots = {snapshot_of(units[1], {reading_at(1, 1)})};
  must(store->commit(snapshot));
  BOOST_TEST(must(store->trim_log()) == 1U); // the row of the second commit: snapshots alone leave none
  BOOST_TEST((recovered(*store) == before));
  snapshot.snapshots = {snapshot_of(units[0], {reading_at(1, 1), reading_at(2, 2)})};
  must(store->commit(snapshot));
  BOOST_TEST(must(store->trim_log()) == 1U);
  BOOST_TEST(must(store->trim_log()) == 0U); // and no commit more
  BOOST_TEST((recovered(*store) == before));
  store->close();
  BOOST_TEST(count_rows(*world.look(), "commits") == 6 + registrations + 4); // and a commit for each trim
  BOOST_TEST(count_rows(*world.look(), "commit_log") == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_log_has_a_limit, World, worlds) {
  World world;
  world.options.max_log_bytes = 1000;
  const auto store = opened(world);
  const auto unit = make_units(*store, 1)[0];
  int done = 0;
  result<std::uint64_t> last = std::uint64_t{0};
  std::vector<judged_reading> tail;
  while (last.ok() && done < 100) {
    last = store->commit(batch_of(run_of(unit, {reading_at(done, done)})));
    if (last.ok()) tail.push_back(reading_at(done++, tail.empty() ? 0 : static_cast<int>(tail.size())));
  }
  BOOST_TEST((last.error().code == error_code::limit));
  BOOST_TEST(done > 10);
  BOOST_TEST(recovered(*store)[0].tail.size() == static_cast<std::size_t>(done));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(commits_are_a_chain, World, worlds) {
  const World world;
  const auto store = opened(world);
  const auto unit = make_units(*store, 1)[0];
  for (int i = 0; i < 3; ++i)
    must(store->commit(batch_of(run_of(unit, {reading_at(i, i)}))));
  must(store->trim_log());
  store->close();
  std::string previous = db::chain_start();
  std::uint64_t expected = 0;
  world.look()->run("SELECT seq, prev_hash, hash, readings FROM commits ORDER BY seq", {}, [&](const db::sql_row& row) {
    BOOST_TEST(row.as<std::uint64_t>(0) == ++expected);
    BOOST_TEST((row.bytes(1) == previous));
    BOOST_TEST(row.integer(3) == (expected > registrations && expected <= registrations + 3 ? 1 : 0));
    previous = row.bytes(2);
  });
  BOOST_TEST(expected == registrations + 4); // trimming is one
}

BOOST_AUTO_TEST_CASE_TEMPLATE(damage_is_named, World, worlds) {
  const World world;
  point_id sealed{};
  {
    const auto store = opened(world);
    const auto units = make_units(*store, 2);
    sealed = units[1].unit.point;
    commit_batch batch = batch_of(run_of(units[0], {reading_at(1, 1)}));
    batch.chunks = {{sealed, {reading_at(0, 1)}}};
    batch.snapshots = {snapshot_of(units[1], {reading_at(1, 1)})};
    must(store->commit(batch));
    store->close();
  }
  const auto told = [&](auto&& ask) {
    const auto store = opened(world);
    const failure problem = ask(*store).error();
    store->close();
    BOOST_TEST((problem.code == error_code::corrupt));
    return problem.where;
  };
  const auto recover = [](store& from) { return from.recover([](unit_recovery&&) {}); };
  world.damage_snapshots();
  BOOST_TEST(told(recover) == "snapshots row point_id=2");
  world.damage_log();
  BOOST_TEST(told(recover) == "commit_log row seq=1");
  world.damage_chunks();
  const auto read = [&](store& from) { return must(from.make_reader())->sealed(sealed, at_second(0), at_second(9)); };
  BOOST_TEST(told(read) == "chunks row point_id=2 from_at=" + std::to_string(to_ms(at_second(0))));
}

BOOST_AUTO_TEST_SUITE_END()
