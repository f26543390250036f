// Whatever is committed, sealed, saved, trimmed and reopened: what comes back equals a plain map by time.
#include "tests/db/store_world.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include <map>

using namespace coldvigil;
using namespace coldvigil::test;

namespace {

constexpr int unit_count = 3;

/// What a unit would know of itself, kept in the slowest and plainest way.
struct reference {
  std::map<timestamp, judged_reading> all;
  std::optional<timestamp> sealed_through;

  [[nodiscard]] std::vector<judged_reading> tail() const {
    std::vector<judged_reading> out;
    for (const auto& [at, reading] : all)
      if (!sealed_through || at > *sealed_through) out.push_back(reading);
    return out;
  }
  [[nodiscard]] std::vector<judged_reading> sealed() const {
    std::vector<judged_reading> out;
    for (const auto& [at, reading] : all)
      if (sealed_through && at <= *sealed_through) out.push_back(reading);
    return out;
  }
};

judged_reading random_reading(timestamp at) {
  judged_reading out;
  out.at = at;
  out.value = *rc::gen::inRange(-90'000, 60'000);
  out.state = static_cast<score_state>(*rc::gen::inRange(0, 4));
  if (out.state == score_state::scored) out.score = static_cast<float>(*rc::gen::inRange(0, 1000)) / 128.0F;
  if (*rc::gen::inRange(0, 3) > 0) out.error = static_cast<float>(*rc::gen::inRange(0, 1000)) / 128.0F;
  if (*rc::gen::inRange(0, 5) == 0) out.why.driver = {3, 1.5F, -0.25F, 40, 0.75F};
  if (*rc::gen::inRange(0, 5) == 0) out.why.breach = {breach_horizon::minutes, false, 35, 20, 70};
  out.model = *rc::gen::inRange<std::uint16_t>(0, 4);
  out.scale = static_cast<temperature_scale>(*rc::gen::inRange(0, 3));
  out.history = *rc::gen::arbitrary<bool>();
  out.sensor = *rc::gen::inRange<std::uint8_t>(0, 3);
  return out;
}

class actor_of_units {
 public:
  explicit actor_of_units(std::vector<registered_unit> units) : units_(std::move(units)), known_(units_.size()) {}

  /// One decision of one unit: a run, perhaps with a chunk and a snapshot.
  void decide(commit_batch& batch) {
    const auto which = *rc::gen::inRange<std::size_t>(0, units_.size());
    const int what = *rc::gen::inRange(0, 10);
    if (what < 6)
      append(which, batch);
    else if (what < 8)
      replay(which, batch);
    if (what % 3 == 1) seal(which, batch);
    if (what % 3 != 0) save(which, batch);
  }

  void check(store& in) const {
    std::map<point_id, std::vector<judged_reading>> tails;
    for (const unit_snapshot& each : recovered(in))
      tails[each.point] = each.tail;
    const auto reader = must(in.make_reader());
    for (std::size_t i = 0; i < units_.size(); ++i) {
      const point_id point = units_[i].unit.point;
      RC_ASSERT((tails[point] == known_[i].tail()));
      RC_ASSERT((must(reader->sealed(point, timestamp::min(), timestamp::max())) == known_[i].sealed()));
    }
  }

 private:
  void append(std::size_t which, commit_batch& batch) {
    auto& all = known_[which].all;
    unit_run run = run_of(units_[which], {});
    timestamp at = all.empty() ? at_second(0) : all.rbegin()->first;
    for (int i = *rc::gen::inRange(1, 5); i > 0; --i) {
      at += millis{*rc::gen::inRange(1, 100'000)};
      run.readings.push_back(random_reading(at));
      all[at] = run.readings.back();
    }
    batch.runs.push_back(std::move(run));
  }

  void replay(std::size_t which, commit_batch& batch) {
    const auto tail = known_[which].tail();
    if (tail.empty()) return;
    auto& all = known_[which].all;
    unit_run run = run_of(units_[which], {});
    run.replaces_from = tail[*rc::gen::inRange<std::size_t>(0, tail.size())].at;
    for (auto old = all.lower_bound(*run.replaces_from); old != all.end(); ++old)
      if (*rc::gen::inRange(0, 4) != 0) run.readings.push_back(random_reading(old->first));
    all.erase(all.lower_bound(*run.replaces_from), all.end());
    for (const judged_reading& reading : run.readings)
      all[reading.at] = reading;
    batch.runs.push_back(std::move(run));
  }

  void seal(std::size_t which, commit_batch& batch) {
    const auto tail = known_[which].tail();
    if (tail.empty()) return;
    const auto end = *rc::gen::inRange<std::size_t>(1, tail.size() + 1);
    chunk sealed{units_[which].unit.point, {tail.begin(), tail.begin() + static_cast<std::ptrdiff_t>(end)}};
    known_[which].sealed_through = sealed.readings.back().at;
    batch.chunks.push_back(std::move(sealed));
  }

  void save(std::size_t which, commit_batch& batch) {
    unit_snapshot snapshot;
    snapshot.unit = units_[which].unit.id;
    snapshot.point = units_[which].unit.point;
    snapshot.tail = known_[which].tail();
    batch.snapshots.push_back(std::move(snapshot));
  }

  std::vector<registered_unit> units_;
  std::vector<reference> known_;
};

/// One more history in the same database, of units of its own.
template <class World> void any_history(const World& world, int history) {
  auto store = opened(world);
  const auto customer = must(store->ensure_customer("A", "Alpha", some_uuid(1), at_second(0)));
  std::vector<unit_registration> wanted;
  for (int i = history * unit_count; i < (history + 1) * unit_count; ++i)
    wanted.push_back(registration(customer.id, "F1", "U" + std::to_string(i), 10 + i));
  actor_of_units units(must(store->register_units(wanted)));
  const int steps = *rc::gen::inRange(1, 25);
  for (int i = 0; i < steps; ++i) {
    commit_batch batch;
    batch.at = at_second(i);
    for (int decisions = *rc::gen::inRange(1, 4); decisions > 0; --decisions)
      units.decide(batch);
    must(store->commit(batch));
    const int then = *rc::gen::inRange(0, 8);
    if (then == 0) must(store->trim_log());
    if (then == 1) {
      store.reset();
      store = opened(world);
    }
  }
  units.check(*store);
  must(store->trim_log());
  units.check(*store);
}

} // namespace

BOOST_AUTO_TEST_SUITE(recovery)

BOOST_AUTO_TEST_CASE_TEMPLATE(any_history_comes_back_as_it_was, World, worlds) {
  const World world;
  int history = 0;
  BOOST_TEST(rc::check([&] { any_history(world, history++); }));
}

BOOST_AUTO_TEST_SUITE_END()
