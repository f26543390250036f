#include "core/mkt.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace coldvigil {
namespace {

using series = std::vector<weighted_temperature>;

series repeated(std::initializer_list<std::pair<double, double>> parts) {
  series out;
  for (const auto& [celsius, weight] : parts)
    out.push_back({celsius, weight});
  return out;
}

series random_series(std::mt19937& random) {
  series out;
  std::uniform_real_distribution<double> celsius(-90, 45);
  std::uniform_real_distribution<double> weight(0.1, 100);
  for (std::size_t i = 0, n = 1 + random() % 60; i < n; ++i)
    out.push_back({celsius(random), weight(random)});
  return out;
}

double mean(const series& of) {
  double sum = 0;
  double weight = 0;
  for (const auto& each : of) {
    sum += each.celsius * each.weight;
    weight += each.weight;
  }
  return sum / weight;
}

struct timed {
  timestamp at;
  milli_celsius value;
};

/// The batch value of what a rolling one should hold after the reading `newest`, written from its description.
std::optional<double> batch(const std::vector<timed>& readings, std::size_t newest, millis window, millis max_gap) {
  const std::int64_t slot = window.count() / rolling_mkt::slots;
  const std::int64_t end = to_ms(readings[newest].at);
  const std::int64_t begin = (end / slot - rolling_mkt::slots) * slot;
  series in_window;
  for (std::size_t i = 0; i < newest; ++i) {
    const std::int64_t from = to_ms(readings[i].at);
    const std::int64_t to = to_ms(readings[i + 1].at);
    if (to - from > max_gap.count() || to <= begin) continue;
    in_window.push_back({in_celsius(readings[i].value), static_cast<double>(to - std::max(from, begin))});
  }
  return mean_kinetic_temperature(in_window);
}

} // namespace

BOOST_AUTO_TEST_SUITE(mean_kinetic)

BOOST_AUTO_TEST_CASE(the_published_vectors) {
  const std::pair<series, double> vectors[] = {
      {repeated({{5, 1}}), 5.000000},
      {repeated({{2, 1}, {8, 1}}), 5.536425},
      {repeated({{2, 1}, {3, 1}, {4, 1}, {5, 1}, {6, 1}, {7, 1}, {8, 1}}), 5.242262},
      {repeated({{5, 18}, {14, 6}}), 8.285216},
      {repeated({{5, 23.5}, {25, 0.5}}), 6.492392},
      {repeated({{5, 23}, {20, 1}}), 6.550752},
      {repeated({{22, 29.875 * 24}, {29, 3}}), 22.043175},
      {repeated({{20, 1}, {30, 1}}), 26.259887},
      {repeated({{25, 1}, {30, 1}, {35, 1}, {40, 1}}), 34.005887},
      {repeated({{-20, 95}, {-5, 5}}), -17.798917},
      {repeated({{-80, 99}, {-60, 1}}), -76.879650},
      {repeated({{-15, 1}, {-17.5, 1}, {-20, 1}, {-25, 1}}), -18.469301}};
  for (const auto& [readings, expected] : vectors)
    BOOST_TEST(std::abs(mean_kinetic_temperature(readings).value() - expected) < 1e-6);
  const series two = repeated({{2, 1}, {8, 1}});
  const double other_energy = 100.0 / 8.3144e-3;
  BOOST_TEST(std::abs(mean_kinetic_temperature(two, other_energy).value() - 5.644862) < 1e-6);
}

BOOST_AUTO_TEST_CASE(without_time_there_is_no_mean) {
  BOOST_TEST(!mean_kinetic_temperature({}).has_value());
  BOOST_TEST(!mean_kinetic_temperature(repeated({{5, 0}})).has_value());
}

BOOST_AUTO_TEST_CASE(it_lies_between_the_mean_and_the_warmest) {
  const bool held = rc::check([](unsigned seed) {
    std::mt19937 random(seed);
    const series readings = random_series(random);
    const double mkt = mean_kinetic_temperature(readings).value();
    const auto [coldest, warmest] = std::minmax_element(
        readings.begin(), readings.end(), [](const auto& a, const auto& b) { return a.celsius < b.celsius; });
    RC_ASSERT(coldest->celsius <= mean(readings) + 1e-9);
    RC_ASSERT(mean(readings) <= mkt + 1e-9);
    RC_ASSERT(mkt <= warmest->celsius + 1e-9);
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_CASE(the_order_does_not_matter) {
  const bool held = rc::check([](unsigned seed) {
    std::mt19937 random(seed);
    series readings = random_series(random);
    const double before = mean_kinetic_temperature(readings).value();
    std::shuffle(readings.begin(), readings.end(), random);
    RC_ASSERT(std::abs(mean_kinetic_temperature(readings).value() - before) < 1e-9);
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_CASE(a_warmer_reading_never_lowers_it) {
  const bool held = rc::check([](unsigned seed) {
    std::mt19937 random(seed);
    series readings = random_series(random);
    const double before = mean_kinetic_temperature(readings).value();
    readings[random() % readings.size()].celsius += static_cast<double>(random() % 1000) / 100.0;
    RC_ASSERT(mean_kinetic_temperature(readings).value() >= before - 1e-9);
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_CASE(of_a_constant_it_is_the_constant) {
  const bool held = rc::check([](std::uint16_t hundredths, std::uint8_t count) {
    const double celsius = -90 + hundredths % 13'500 / 100.0;
    const series readings(std::size_t{count} + 1, {celsius, 3});
    RC_ASSERT(std::abs(mean_kinetic_temperature(readings).value() - celsius) < 1e-9);
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_CASE(the_rolling_value_is_the_batch_value_of_its_window) {
  const bool held = rc::check([](unsigned seed) {
    std::mt19937 random(seed);
    const millis window = std::chrono::minutes{1 + random() % 3000};
    const millis max_gap = std::chrono::minutes{random() % 300};
    std::vector<timed> readings;
    rolling_mkt::memory state;
    timestamp at = from_ms(1'700'000'000'000);
    for (int i = 0; i < 150; ++i) {
      at += std::chrono::seconds{1 + random() % (random() % 20 == 0 ? 40'000 : 900)};
      // From -85 to +40 °C: a hot term that leaves the window must leave nothing behind.
      readings.push_back({at, random() % 10 == 0 ? 40'000 : -85'000 + static_cast<milli_celsius>(random() % 20'000)});
      rolling_mkt rolling(state, window);
      rolling.add(at, readings.back().value, max_gap);
      const auto expected = batch(readings, readings.size() - 1, window, max_gap);
      RC_ASSERT(rolling.value().has_value() == expected.has_value());
      if (expected) RC_ASSERT(std::abs(*rolling.value() - *expected) < 1e-9);
      RC_ASSERT(state.slots.size() <= rolling_mkt::slots + 1U);
    }
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil
