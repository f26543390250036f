#include "model/course_score.hpp"
#include "model/fault_shape.hpp"
#include "model/gate_group.hpp"
#include "tests/model/healthy_unit.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

using namespace coldvigil;
using namespace coldvigil::testing;

namespace {

shape_network some_network(std::uint64_t seed, float width = 0.3F) {
  std::mt19937_64 random{seed};
  std::normal_distribution<float> gauss{0, width};
  shape_numbers numbers;
  for (float& each : numbers)
    each = gauss(random);
  return std::bit_cast<shape_network>(numbers);
}

std::vector<shape_input> some_steps(std::uint64_t seed, std::size_t count) {
  std::mt19937_64 random{seed};
  std::normal_distribution<float> gauss;
  std::vector<shape_input> out(count);
  for (shape_input& step : out)
    for (float& each : step)
      each = gauss(random);
  return out;
}

double sigmoid(double x) {
  return 1 / (1 + std::exp(-x));
}

/// The textbook's LSTM, in double and without rounding of what it remembers.
struct slow_shapes {
  std::array<double, shape_cells> cell{}, hidden{};

  double fold(const shape_input& step, const shape_network& by) {
    std::array<double, 4 * shape_cells> sums;
    for (std::size_t gate = 0; gate < sums.size(); ++gate) {
      sums[gate] = by.bias[gate];
      for (std::size_t i = 0; i < shape_inputs; ++i)
        sums[gate] += static_cast<double>(step[i]) * static_cast<double>(by.input[i][gate]);
      for (std::size_t i = 0; i < shape_cells; ++i)
        sums[gate] += hidden[i] * static_cast<double>(by.hidden[i][gate]);
    }
    double odds = by.output_bias;
    for (std::size_t i = 0; i < shape_cells; ++i) {
      const double in = sums[i], forget = sums[shape_cells + i];
      const double out = sums[2 * shape_cells + i], candidate = sums[3 * shape_cells + i];
      cell[i] = sigmoid(forget) * cell[i] + sigmoid(in) * std::tanh(candidate);
      hidden[i] = sigmoid(out) * std::tanh(cell[i]);
      odds += static_cast<double>(by.output[i]) * hidden[i];
    }
    return odds;
  }
};

/// The odds after a step as the oldest machine has them: this file is compiled for no other, and that one rounds every
/// product and every sum.
float plain_odds(const shape_memory& before, const shape_input& step, const shape_network& by) {
  std::array<float, shape_cells> cell, hidden;
  for (std::size_t i = 0; i < shape_cells; ++i) {
    const float root = static_cast<float>(before.cell[i]) / 1260;
    cell[i] = root * std::abs(root);
    hidden[i] = static_cast<float>(before.hidden[i]) / 32767;
  }
  shape_gates sums = by.bias;
  for (std::size_t gate = 0; gate < sums.size(); ++gate) {
    for (std::size_t i = 0; i < shape_inputs; ++i)
      sums[gate] += step[i] * by.input[i][gate];
    for (std::size_t i = 0; i < shape_cells; ++i)
      sums[gate] += hidden[i] * by.hidden[i][gate];
  }
  gate_group(sums.data(), shape_cells, cell.data(), hidden.data());
  float odds = by.output_bias;
  for (std::size_t i = 0; i < shape_cells; ++i)
    odds += by.output[i] * hidden[i];
  return odds;
}

double furthest_apart(const shape_network& network, const std::vector<shape_input>& steps) {
  shape_memory memory{};
  slow_shapes slow;
  double furthest = 0;
  for (const shape_input& step : steps)
    furthest =
        std::max(furthest, std::abs(static_cast<double>(fold(memory, step, network)) - slow.fold(step, network)));
  return furthest;
}

} // namespace

BOOST_AUTO_TEST_SUITE(fault_shape)

BOOST_AUTO_TEST_CASE(it_is_an_lstm_but_for_the_rounding_of_its_memory) {
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U})
    BOOST_TEST(furthest_apart(some_network(seed), some_steps(seed, 500)) < 0.01);
}

BOOST_AUTO_TEST_CASE(every_machine_gives_the_same_bits) {
  shape_memory memory{};
  for (const shape_input& step : some_steps(5, 500)) {
    const float plain = plain_odds(memory, step, shipped_shapes());
    BOOST_REQUIRE(std::bit_cast<std::uint32_t>(fold(memory, step, shipped_shapes())) ==
                  std::bit_cast<std::uint32_t>(plain));
  }
}

BOOST_AUTO_TEST_CASE(what_ships_bears_the_rounding_for_days) {
  const auto all = healthy_unit{}.readings(long_ago, 12 * 288, 300);
  unit_course course{};
  std::vector<shape_input> steps;
  for (const training_reading& one : all) {
    const std::int32_t before = course.folded;
    fold(course, one.at, one.value, {});
    if (const auto step = newest_step(course, {}); step && course.folded != before) steps.push_back(*step);
  }
  BOOST_TEST(steps.size() > 11U * 288);
  BOOST_TEST(furthest_apart(shipped_shapes(), steps) < 0.1);
}

BOOST_AUTO_TEST_CASE(whatever_is_remembered_and_shown_the_odds_are_finite) {
  BOOST_TEST(rc::check("finite", [] {
    const auto seed = *rc::gen::arbitrary<std::uint32_t>();
    std::mt19937_64 random{seed};
    shape_memory memory;
    for (std::size_t i = 0; i < shape_cells; ++i) {
      memory.cell[i] = static_cast<std::int16_t>(random());
      memory.hidden[i] = static_cast<std::int16_t>(random());
    }
    shape_input step;
    for (float& each : step)
      each = static_cast<float>(random() % 7) - 3;
    const float odds = fold(memory, step, *rc::gen::element(shipped_shapes(), some_network(seed, 100)));
    RC_ASSERT(std::isfinite(odds));
  }));
}

BOOST_AUTO_TEST_CASE(what_is_shown_is_bounded_whatever_the_course_is) {
  const float infinite = std::numeric_limits<float>::infinity();
  for (const float extreme : {1e30F, -1e30F, infinite, -infinite, std::numeric_limits<float>::quiet_NaN()}) {
    unit_course course{};
    course.u = extreme;
    course.u_before = course.means.hour = -extreme;
    course.usual[4].location = course.usual[6].location = course.usual[8].location = extreme;
    course.grid_s = extreme;
    statistics y;
    y.fill(extreme);
    for (const float each : shown(course, y, extreme))
      BOOST_TEST(std::abs(each) <= 3);
  }
}

BOOST_AUTO_TEST_CASE(a_cell_that_counts_for_days_is_remembered_as_it_is) {
  shape_network counting{}; // adds a half at every step; the odds are what one cell holds, as long as that is small
  counting.bias.fill(30);
  for (std::size_t i = 0; i < shape_cells; ++i)
    counting.bias[3 * shape_cells + i] = std::atanh(0.5F);
  counting.output[0] = 1;
  BOOST_TEST(furthest_apart(counting, some_steps(1, 3)) < 1e-3);
  shape_memory memory{};
  for (int i = 0; i < 1000; ++i)
    fold(memory, {}, counting);
  const float root = static_cast<float>(memory.cell[0]) / 1260;
  BOOST_TEST(std::abs(root * root - 500) < 5);
  for (int i = 0; i < 100'000; ++i) // and beyond its bound it stays there
    BOOST_REQUIRE(std::isfinite(fold(memory, {}, counting)));
  BOOST_TEST(memory.cell[0] > 32'000);
}

BOOST_AUTO_TEST_CASE(two_units_of_one_behaviour_at_other_temperatures_show_the_same) {
  // What a degree is differs from unit to unit: the network sees spreads and sizes of the unit's own.
  unit_course one{}, other{};
  const auto all = healthy_unit{}.readings(long_ago, 6 * 288, 300);
  for (const training_reading& each : all) {
    fold(one, each.at, each.value, {});
    fold(other, each.at, each.value - 50'000, {});
  }
  const auto a = newest_step(one, {}), b = newest_step(other, {});
  BOOST_REQUIRE((a && b));
  for (std::size_t i = 0; i < shape_inputs; ++i)
    BOOST_TEST(std::abs((*a)[i] - (*b)[i]) < 0.01F, i);
}

BOOST_AUTO_TEST_CASE(a_unit_of_ten_minutes_is_seen_also_where_it_loses_readings) {
  std::mt19937_64 random{1};
  unit_course course{};
  std::size_t after_a_day = 0, seen = 0;
  for (const training_reading& one : healthy_unit{}.readings(long_ago, 10 * 144, 600)) {
    if (random() % 20 == 0) continue;
    fold(course, one.at, one.value, {});
    if (one.at - long_ago < std::chrono::hours{24}) continue;
    ++after_a_day;
    seen += newest_step(course, {}) ? 1 : 0;
  }
  BOOST_TEST(seen == after_a_day);
}

BOOST_AUTO_TEST_CASE(readings_too_far_apart_for_a_cycle_show_it_nothing) {
  for (const int every_s : {900, 1800}) {
    unit_course course{};
    for (const training_reading& one : healthy_unit{}.readings(long_ago, 600, every_s)) {
      fold(course, one.at, one.value, {});
      BOOST_REQUIRE(!newest_step(course, {}));
    }
    BOOST_TEST((course.shape.cell == shape_memory{}.cell));
    BOOST_TEST(course.block_worst.back() == 0);
  }
}

BOOST_AUTO_TEST_SUITE_END()
