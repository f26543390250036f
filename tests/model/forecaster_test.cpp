#include "model/forecaster.hpp"
#include "tests/model/random_forecaster.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>

using namespace coldvigil;
using namespace coldvigil::testing;

namespace {

constexpr float none = std::numeric_limits<float>::quiet_NaN(), infinite = std::numeric_limits<float>::infinity();

std::vector<forecast> forecasts(const forecaster& network, const training_sequence& sequence) {
  std::vector<forecast> out;
  forecaster_state state;
  for (const auto& input : sequence.inputs)
    out.push_back(network.step(state, input));
  return out;
}

template <class T> bool same_bits(const T& a, const T& b) {
  return std::memcmp(&a, &b, sizeof a) == 0;
}

bool finite(const forecast& made) {
  for (std::size_t k = 0; k < forecast_horizons; ++k)
    if (!std::isfinite(made.mean[k]) || !(std::abs(made.log_variance[k]) <= 7)) return false;
  return true;
}

bool finite(const forecaster_state& state) {
  for (std::size_t k = 0; k < forecast_hidden; ++k)
    if (!std::isfinite(state.h[k]) || !std::isfinite(state.c[k])) return false;
  return true;
}

/// Largest distance between two runs of forecasts.
template <class Other> double distance(const std::vector<forecast>& made, const std::vector<Other>& other) {
  double worst = 0;
  for (std::size_t step = 0; step < made.size(); ++step)
    for (std::size_t k = 0; k < forecast_horizons; ++k)
      worst = std::max({worst, std::abs(static_cast<double>(made[step].mean[k]) - other.at(step).mean[k]),
                        std::abs(static_cast<double>(made[step].log_variance[k]) - other.at(step).log_variance[k])});
  return worst;
}

} // namespace

BOOST_AUTO_TEST_SUITE(the_forecaster)

BOOST_AUTO_TEST_CASE(forecasts_what_torch_and_the_slow_reference_do) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const auto weights = random_forecaster(seed);
    auto sequence = random_sequence(300, seed + 10);
    sequence.inputs[7] = {none, infinite, -infinite, 100, -100, 8, 0}; // all of them see the same there too
    const auto made = forecasts(forecaster{weights}, sequence);
    BOOST_TEST(distance(made, slow_forecasts(weights, sequence)) < 1e-5);
    BOOST_TEST(distance(made, forecast_with_torch(weights, sequence, 0).forecasts) < 1e-5);
  }
}

// Gates far out on both sides, where a fast exponential goes wrong first.
BOOST_AUTO_TEST_CASE(saturated_gates_are_right_too) {
  auto weights = random_forecaster(4);
  for (float& value : weights.w_ih)
    value *= 60;
  const auto sequence = random_sequence(40, 5);
  BOOST_TEST(distance(forecasts(forecaster{weights}, sequence), slow_forecasts(weights, sequence)) < 1e-4);
}

// Step by step alone, all the while in a batch of any size and order: the same bits.
BOOST_AUTO_TEST_CASE(a_unit_never_depends_on_its_company) {
  BOOST_TEST(rc::check("batches are bit-identical to single steps", [] {
    const auto count = *rc::gen::inRange<std::size_t>(0, 70);
    const auto seed = *rc::gen::arbitrary<std::uint32_t>();
    const forecaster network{random_forecaster(seed)};
    std::vector<training_sequence> units;
    for (std::size_t unit = 0; unit < count; ++unit)
      units.push_back(random_sequence(5, seed + 1 + unit));
    std::mt19937_64 random{seed};
    std::vector<forecaster_state> alone(count), together(count);
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t step = 0; step < 5; ++step) {
      std::shuffle(order.begin(), order.end(), random);
      std::vector<forecaster_state> states;
      std::vector<forecast_input> inputs;
      std::vector<forecast> out(count);
      for (const std::size_t unit : order) {
        states.push_back(together[unit]);
        inputs.push_back(units[unit].inputs[step]);
      }
      network.step(states, inputs, out);
      for (std::size_t place = 0; place < count; ++place) {
        const std::size_t unit = order[place];
        together[unit] = states[place];
        const auto single = network.step(alone[unit], units[unit].inputs[step]);
        RC_ASSERT(same_bits(single, out[place]));
        RC_ASSERT(same_bits(alone[unit], together[unit]));
      }
    }
  }));
}

BOOST_AUTO_TEST_CASE(a_state_put_away_and_taken_up_again_goes_on_as_if_never_stopped) {
  const auto weights = random_forecaster(6);
  const auto sequence = random_sequence(50, 7);
  const auto whole = forecasts(forecaster{weights}, sequence);
  forecaster_state state;
  for (std::size_t step = 0; step < sequence.inputs.size(); ++step) {
    std::byte kept[sizeof state];
    std::memcpy(kept, &state, sizeof state);
    forecaster_state taken_up;
    std::memcpy(&taken_up, kept, sizeof taken_up);
    BOOST_TEST(same_bits(forecaster{weights}.step(taken_up, sequence.inputs[step]), whole[step]));
    state = taken_up;
  }
}

BOOST_AUTO_TEST_CASE(what_is_not_finite_is_seen_as_zero_and_reaches_nobody) {
  const forecaster network{random_forecaster(8)};
  const auto sequence = random_sequence(40, 9);
  std::vector<forecaster_state> states(3), clean(3);
  std::vector<forecast> out(3), clean_out(3);
  for (const auto& input : sequence.inputs) {
    auto odd = input;
    odd[0] = none;
    odd[3] = infinite;
    odd[5] = -infinite;
    auto zeroed = input;
    zeroed[0] = zeroed[3] = zeroed[5] = 0;
    network.step(states, std::vector{input, odd, input}, out);
    network.step(clean, std::vector{input, zeroed, input}, clean_out);
    for (std::size_t unit = 0; unit < 3; ++unit) {
      BOOST_TEST(finite(out[unit]));
      BOOST_TEST(same_bits(out[unit], clean_out[unit]));
      BOOST_TEST(same_bits(states[unit], clean[unit]));
    }
  }
}

BOOST_AUTO_TEST_CASE(stays_finite_with_the_largest_weights_and_inputs) {
  forecaster_weights weights = random_forecaster(10);
  for (float* value : every_weight(weights))
    *value = *value < 0 ? -forecaster_weights::largest : forecaster_weights::largest;
  const forecaster network{weights};
  forecaster_state state;
  for (int step = 0; step < 1000; ++step) {
    const float far = step % 3 == 0 ? -std::numeric_limits<float>::max() : std::numeric_limits<float>::max();
    const auto made = network.step(state, {far, none, far, infinite, far, -far, far});
    BOOST_REQUIRE(finite(made));
    BOOST_REQUIRE(finite(state));
  }
}

BOOST_AUTO_TEST_CASE(weights_survive_as_bytes) {
  const auto weights = random_forecaster(11);
  const auto bytes = weights.to_bytes();
  BOOST_TEST(bytes.size() == forecaster_weights::byte_size);
  const auto again = forecaster_weights::from_bytes(bytes);
  BOOST_REQUIRE(again.ok());
  BOOST_TEST((*again == weights));

  forecaster_weights one;
  one.w_ih[0] = 1; // 0x3f800000
  const auto written = one.to_bytes();
  BOOST_TEST((written[0] == std::byte{0} && written[2] == std::byte{0x80} && written[3] == std::byte{0x3F}));
}

BOOST_AUTO_TEST_CASE(damaged_bytes_are_refused) {
  const auto refused = [](const std::vector<std::byte>& bytes) {
    const auto read = forecaster_weights::from_bytes(bytes);
    return !read.ok() && read.error().code == error_code::corrupt;
  };
  auto weights = random_forecaster(12);
  auto bytes = weights.to_bytes();
  bytes.push_back(std::byte{0});
  BOOST_TEST(refused(bytes));
  bytes.resize(forecaster_weights::byte_size - 1);
  BOOST_TEST(refused(bytes));
  BOOST_TEST(refused({}));
  for (const float bad : {none, infinite, -infinite, 1.001F * forecaster_weights::largest})
    for (const std::size_t place : {std::size_t{0}, every_weight(weights).size() - 1}) {
      auto broken = weights;
      *every_weight(broken)[place] = bad;
      BOOST_TEST(refused(broken.to_bytes()));
    }
  *every_weight(weights)[0] = forecaster_weights::largest;
  BOOST_TEST(!refused(weights.to_bytes()));
}

BOOST_AUTO_TEST_SUITE_END()
