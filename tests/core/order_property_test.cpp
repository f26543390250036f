// Event time: the same readings, in any order inside the horizon, with any duplicates, cut into any runs and by any
// crash, give the same readings, scores and alarms.
#include "tests/core/judge_fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include <algorithm>
#include <numeric>
#include <random>

namespace coldvigil::test {
namespace {

struct script {
  std::vector<std::pair<timestamp, milli_celsius>> series; ///< event order
};

/// A freezer that wanders around -20 °C, with excursions over and under its limits and gaps now and then.
script random_series(std::mt19937& random, int count) {
  script out;
  int at = 0;
  double level = -20;
  std::normal_distribution<double> noise(0, 0.8);
  for (int i = 0; i < count; ++i) {
    const auto dice = random() % 100;
    at += dice < 2 ? 200 : dice < 6 ? 15 : 1 + static_cast<int>(random() % 3);
    if (random() % 40 == 0) level = -20 + static_cast<double>(static_cast<int>(random() % 21) - 10);
    out.series.emplace_back(minute(at), static_cast<milli_celsius>(1000 * (level + noise(random))));
  }
  return out;
}

/// The obvious way: everything sorted, one reading at a time, no checkpoints.
committed_view reference(const script& what) {
  unit_limits no_checkpoints;
  no_checkpoints.horizon_count = 1'000'000;
  no_checkpoints.horizon_span = std::chrono::days{1000};
  driven_unit unit(no_checkpoints);
  for (const auto& [at, value] : what.series) {
    unit.offer(at, value);
    unit.run();
  }
  return unit.store_;
}

void expect_equal(const committed_view& found, const committed_view& expected) {
  RC_ASSERT(found.readings.size() == expected.readings.size());
  RC_ASSERT(std::equal(found.readings.begin(), found.readings.end(), expected.readings.begin()));
  const auto a = found.standing();
  const auto b = expected.standing();
  RC_ASSERT(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    RC_ASSERT(a[i].by == b[i].by);
    RC_ASSERT(a[i].raised_at == b[i].raised_at);
    RC_ASSERT(a[i].cleared_at == b[i].cleared_at);
    RC_ASSERT(a[i].raised_value == b[i].raised_value);
    RC_ASSERT(!a[i].cleared_at || (a[i].extreme == b[i].extreme && a[i].course == b[i].course));
  }
}

/// Every fourth reading comes up to 110 minutes late: inside the horizon of 2 h, behind fewer than 128 newer ones.
std::vector<std::size_t> shuffled(const script& what, std::mt19937& random) {
  std::vector<std::size_t> order(what.series.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::vector<timestamp> arrival;
  for (const auto& [at, value] : what.series)
    arrival.push_back(at + std::chrono::minutes{random() % 4 == 0 ? random() % 110 : 0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return arrival[a] < arrival[b]; });
  return order;
}

} // namespace

BOOST_AUTO_TEST_SUITE(order)

BOOST_AUTO_TEST_CASE(any_order_inside_the_horizon_any_duplicates_any_cut_any_crash_gives_the_same) {
  const bool held = rc::check([](unsigned seed) {
    std::mt19937 random(seed);
    const script what = random_series(random, 60 + static_cast<int>(random() % 500));
    const auto expected = reference(what);
    driven_unit unit;
    std::vector<std::size_t> sent;
    const unsigned crashes = random() % 3 == 0 ? 60 : 100'000;
    for (const std::size_t i : shuffled(what, random)) {
      unit.offer(what.series[i].first, what.series[i].second);
      sent.push_back(i);
      if (random() % 5 == 0) {
        const std::size_t again = sent[sent.size() - 1 - random() % std::min<std::size_t>(sent.size(), 5)];
        unit.offer(what.series[again].first, what.series[again].second);
      }
      if (random() % 6 == 0) unit.run();
      if (random() % crashes == 0) {
        unit.run();
        unit.crash();
      }
    }
    unit.run();
    expect_equal(unit.store_, expected);
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_CASE(the_window_stays_small_whatever_comes) {
  const bool held = rc::check([](unsigned seed) {
    std::mt19937 random(seed);
    const script what = random_series(random, 1500);
    driven_unit unit;
    for (const std::size_t i : shuffled(what, random)) {
      unit.offer(what.series[i].first, what.series[i].second);
      if (random() % 10 == 0) unit.run();
      RC_ASSERT(unit.judge_.window().size() <= 128U * 3);
    }
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::test
