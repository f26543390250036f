#include "model/unit_memory.hpp"
#include "tests/model/healthy_unit.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>
#include <vector>

using namespace coldvigil;
using namespace coldvigil::testing;

namespace {

constexpr std::uint64_t tag = 0x1234;
const memory_rules rules{};

unit_memory memory_after(const std::vector<training_reading>& readings) {
  unit_memory memory{tag};
  for (const auto& one : readings)
    memory.add(one.at, one.value, rules);
  return memory;
}

} // namespace

BOOST_AUTO_TEST_SUITE(the_unit_memory)

BOOST_AUTO_TEST_CASE(warms_until_it_has_readings_and_time) {
  unit_memory memory{tag};
  std::size_t first_ready = 0;
  const auto slow = healthy_unit{}.readings(long_ago, 100, 300);
  for (std::size_t i = 0; i < slow.size() && first_ready == 0; ++i) {
    memory.add(slow[i].at, slow[i].value, rules);
    if (memory.ready(rules)) first_ready = i + 1;
  }
  BOOST_TEST(first_ready == 48U);
  // At ten seconds, 48 readings are eight minutes: an hour is waited for.
  unit_memory fast_memory{tag};
  first_ready = 0;
  const auto fast = healthy_unit{}.readings(long_ago, 1000, 10);
  for (std::size_t i = 0; i < fast.size() && first_ready == 0; ++i) {
    fast_memory.add(fast[i].at, fast[i].value, rules);
    if (fast_memory.ready(rules)) first_ready = i + 1;
  }
  BOOST_TEST(first_ready == 361U);
}

BOOST_AUTO_TEST_CASE(finds_location_and_scale_at_any_spacing) {
  for (const int interval_s : {10, 60, 300, 900}) {
    const auto memory =
        memory_after(healthy_unit{}.readings(long_ago, 3 * 86400UL / static_cast<unsigned>(interval_s), interval_s));
    const auto found = memory.scale(rules);
    BOOST_REQUIRE(found.has_value());
    BOOST_TEST(std::abs(found->location + 20) < 1.0);
    BOOST_TEST(found->scale > 0.3);
    BOOST_TEST(found->scale < 3.0);
  }
}

BOOST_AUTO_TEST_CASE(a_quiet_sensor_has_the_least_scale) {
  unit_memory memory{tag};
  for (int i = 0; i < 500; ++i)
    memory.add(long_ago + std::chrono::minutes{5 * i}, -20'000, rules);
  BOOST_TEST(memory.scale(rules)->scale == rules.scale_floor);
  BOOST_TEST(std::abs(memory.scale(rules)->location + 20) < 1e-9);
}

BOOST_AUTO_TEST_CASE(an_outlier_hardly_moves_it) {
  auto readings = healthy_unit{}.readings(long_ago, 2000, 300);
  const auto before = *memory_after(readings).scale(rules);
  readings.push_back({readings.back().at + std::chrono::minutes{5}, 900'000});
  const auto after = *memory_after(readings).scale(rules);
  BOOST_TEST(std::abs(after.location - before.location) < 0.02 * before.scale);
  BOOST_TEST(std::abs(after.scale - before.scale) < 0.02 * before.scale);
}

BOOST_AUTO_TEST_CASE(a_long_gap_restarts_the_window_and_keeps_the_scale) {
  auto readings = healthy_unit{}.readings(long_ago, 500, 300);
  auto memory = memory_after(readings);
  const auto before = *memory.scale(rules);
  memory.add(readings.back().at + std::chrono::hours{3}, -20'000, rules);
  BOOST_TEST(memory.window().size() == 1U);
  BOOST_TEST(!memory.ready(rules));
  BOOST_TEST(std::abs(memory.scale(rules)->scale - before.scale) < 0.05 * before.scale);
  for (int i = 1; i < 32; ++i)
    memory.add(readings.back().at + std::chrono::hours{3} + std::chrono::minutes{5 * i}, -20'000, rules);
  BOOST_TEST(memory.ready(rules));
}

BOOST_AUTO_TEST_CASE(a_change_of_spacing_is_no_gap) {
  unit_memory memory{tag};
  timestamp at = long_ago;
  for (const int interval_s : {300, 10, 300, 1800, 60, 900}) {
    for (int i = 0; i < 400; ++i)
      memory.add(at += std::chrono::seconds{interval_s}, -20'000 + i % 5 * 100, rules);
    BOOST_TEST(memory.window_full());
  }
  memory.add(at += std::chrono::minutes{30}, -20'000, rules);
  BOOST_TEST(memory.window_full());
}

BOOST_AUTO_TEST_CASE(a_reading_that_is_not_newer_changes_nothing) {
  auto memory = memory_after(healthy_unit{}.readings(long_ago, 60, 300));
  detector_state before;
  memory.save(before);
  BOOST_TEST(!memory.add(before.as_of, 99'000, rules));
  BOOST_TEST(!memory.add(before.as_of - std::chrono::hours{1}, 99'000, rules));
  detector_state after;
  memory.save(after);
  BOOST_TEST((before == after));
}

BOOST_AUTO_TEST_CASE(its_bytes_are_small_and_come_back_the_same) {
  const auto readings = healthy_unit{}.readings(long_ago, 700, 60);
  unit_memory straight{tag};
  detector_state state;
  for (std::size_t i = 0; i < readings.size(); ++i) {
    straight.add(readings[i].at, readings[i].value, rules);
    auto stored = i == 0 ? unit_memory{tag} : unit_memory::load(state, tag).value();
    stored.add(readings[i].at, readings[i].value, rules);
    stored.save(state);
    detector_state expected;
    straight.save(expected);
    BOOST_REQUIRE((state == expected));
  }
  BOOST_TEST(state.bytes.size() <= 250U);
  BOOST_TEST((state.as_of == readings.back().at));
}

BOOST_AUTO_TEST_CASE(damaged_foreign_and_cut_bytes_are_refused) {
  detector_state good;
  memory_after(healthy_unit{}.readings(long_ago, 100, 300)).save(good);
  BOOST_TEST(unit_memory::load(good, tag).has_value());
  BOOST_TEST(!unit_memory::load(good, tag + 1).has_value());
  for (std::size_t at = 0; at < good.bytes.size(); ++at)
    for (const unsigned flip : {0x01U, 0x10U, 0x80U, 0xffU}) {
      detector_state bad = good;
      bad.bytes[at] ^= static_cast<std::byte>(flip);
      BOOST_REQUIRE(!unit_memory::load(bad, tag).has_value());
    }
  for (std::size_t size = 0; size < good.bytes.size(); ++size) {
    detector_state bad = good;
    bad.bytes.resize(size);
    BOOST_REQUIRE(!unit_memory::load(bad, tag).has_value());
  }
}

BOOST_AUTO_TEST_CASE(extremes_stay_finite) {
  unit_memory memory{tag};
  const milli_celsius extremes[] = {INT32_MIN, INT32_MAX, 0, implausible_above, implausible_below};
  timestamp at = from_ms(INT64_MIN);
  for (int i = 0; i < 200; ++i) {
    memory.add(at, extremes[i % 5], rules);
    at = i == 100 ? from_ms(0) : at + std::chrono::seconds{90};
  }
  memory.add(from_ms(INT64_MAX), 0, rules);
  BOOST_REQUIRE(memory.scale(rules).has_value());
  BOOST_TEST(std::isfinite(memory.scale(rules)->location));
  BOOST_TEST(std::isfinite(memory.scale(rules)->scale));
  detector_state state;
  memory.save(state);
  BOOST_TEST(unit_memory::load(state, tag).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
