#include "tests/sim/fixture.hpp"

#include <rapidcheck.h>

#include <random>

namespace coldvigil::sim {

BOOST_AUTO_TEST_SUITE(trace)

BOOST_AUTO_TEST_CASE(a_units_past_is_the_same_in_any_order_of_questions) {
  const bool held = rc::check([](unsigned seed) {
    std::mt19937 random(seed);
    auto whole = freezer(seed % 7);
    const timestamp begin = test_start;
    const timestamp end = begin + std::chrono::hours{12};
    const auto expected = whole.readings(begin, end, std::chrono::minutes{5});
    auto asked = freezer(seed % 7);
    for (int i = 0; i < 20; ++i) {
      const auto from = static_cast<std::ptrdiff_t>(random() % expected.size());
      const auto to = from + static_cast<std::ptrdiff_t>(random() % (expected.size() - static_cast<std::size_t>(from)));
      const auto part = asked.readings(expected[static_cast<std::size_t>(from)].at,
                                       expected[static_cast<std::size_t>(to)].at, std::chrono::minutes{5});
      RC_ASSERT(same(part, {expected.begin() + from, expected.begin() + to + 1}));
    }
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_CASE(a_units_past_is_the_same_across_the_thirty_day_grid) {
  const std::int64_t block_ms = 30ll * 24 * 3'600'000;
  const timestamp edge = from_ms((1'790'000'000'000 / block_ms) * block_ms);
  auto one = freezer(3);
  auto other = freezer(3);
  const auto across = one.readings(edge - std::chrono::hours{1}, edge + std::chrono::hours{1}, std::chrono::minutes{1});
  auto after = other.readings(edge, edge + std::chrono::hours{1}, std::chrono::minutes{1});
  auto before = other.readings(edge - std::chrono::hours{1}, edge - std::chrono::minutes{1}, std::chrono::minutes{1});
  before.insert(before.end(), after.begin(), after.end());
  BOOST_TEST(same(across, before));
}

BOOST_AUTO_TEST_CASE(any_interval_gives_what_any_other_gives_at_the_same_time) {
  const bool held = rc::check([](unsigned seed) {
    std::mt19937 random(seed);
    const millis fine{1000};
    const millis coarse = fine * (2 + random() % 40);
    auto one = freezer(seed % 5);
    auto other = freezer(seed % 5);
    const auto all = one.readings(test_start, test_start + std::chrono::minutes{10}, fine);
    for (const trace_reading& reading : other.readings(test_start, test_start + std::chrono::minutes{10}, coarse)) {
      const auto at = static_cast<std::size_t>((reading.at - test_start) / fine);
      RC_ASSERT(all[at].celsius == reading.celsius);
    }
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_CASE(a_fault_never_changes_what_was_read_at_any_interval_and_moment) {
  const bool held = rc::check([](unsigned seed) {
    std::mt19937 random(seed);
    const millis interval{500 + random() % 20'000};
    auto trace = freezer(seed % 5);
    timestamp now = test_start + millis{random() % 100'000};
    const timestamp first = now - std::chrono::minutes{10};
    auto before = trace.readings(first, now, interval);
    for (int i = 0; i < 3; ++i) {
      const auto kind = static_cast<fault_kind>(random() % fault_profiles.size());
      // The clock may have been read before the readings were: the fault must still begin after them.
      const auto started =
          trace.start(kind, now - millis{random() % 3000}, std::chrono::minutes{5}, profile_of(kind).usual);
      RC_ASSERT(started.has_value());
      RC_ASSERT(started->start > before.back().at);
      auto after = trace.readings(first, now, interval);
      RC_ASSERT(same(before, after));
      now += millis{random() % 60'000};
      before = trace.readings(first, now, interval);
      if (before.empty()) return;
    }
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_CASE(marks_are_bounded_and_old_ones_do_not_yield_to_polls) {
  auto trace = freezer(1);
  const auto days = [](int n) { return std::chrono::hours{24 * n}; };
  (void)trace.readings(test_start, test_start + days(100), std::chrono::minutes{30});
  BOOST_TEST(trace.marks() == unit_trace::max_marks);
  auto fresh = freezer(1);
  (void)fresh.readings(test_start, test_start + days(14), std::chrono::minutes{30});
  const std::size_t known = fresh.marks();
  for (int i = 0; i < 2000; ++i) {
    const timestamp now = test_start + days(14) + i * physics_step;
    (void)fresh.readings(now, now, physics_step);
  }
  BOOST_TEST(fresh.marks() <= known + 2);
}

BOOST_AUTO_TEST_CASE(a_unit_has_so_many_faults_and_no_more) {
  auto trace = freezer(1);
  for (std::size_t i = 0; i < unit_trace::max_faults; ++i)
    BOOST_TEST(trace.start(fault_kind::sensor_offset, test_start, std::chrono::minutes{1}, 1).has_value());
  BOOST_TEST(!trace.start(fault_kind::sensor_offset, test_start, std::chrono::minutes{1}, 1).has_value());
  BOOST_TEST(trace.faults().size() == unit_trace::max_faults);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::sim
