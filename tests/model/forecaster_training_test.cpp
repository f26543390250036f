#include "model/forecaster_training.hpp"
#include "tests/model/random_forecaster.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>

using namespace coldvigil;
using namespace coldvigil::testing;

namespace {

/// A sine with noise of 0.1, and inputs that tell its value and slope.
training_sequence noisy_sine(std::size_t steps, std::uint64_t seed) {
  std::mt19937_64 random{seed};
  std::normal_distribution<float> noise{0, 0.1F};
  const double start = static_cast<double>(random() % 1000);
  training_sequence out;
  for (std::size_t step = 0; step < steps; ++step) {
    out.z.push_back(static_cast<float>(std::sin((start + static_cast<double>(step)) / 5)) + noise(random));
    const float before = step == 0 ? out.z[step] : out.z[step - 1];
    out.inputs.push_back({out.z[step], out.z[step] - before, 0, 0, 0, 0, 0});
    out.usable.push_back(true);
  }
  return out;
}

std::vector<training_sequence> noisy_sines(std::uint64_t seed) {
  std::vector<training_sequence> out;
  for (std::uint64_t unit = 0; unit < 6; ++unit)
    out.push_back(noisy_sine(200, seed + unit));
  return out;
}

forecaster_training_options quick() {
  forecaster_training_options options;
  options.seed = 5;
  options.updates = 30;
  options.batch = 8;
  options.length = 64;
  options.warm_up = 8;
  options.learning_rate = 0.03;
  return options;
}

/// The best a forecast can do that always says the same: the mean and variance of the targets.
double constant_nll(const training_sequence& sequence) {
  double sum = 0, squares = 0;
  const auto count = static_cast<double>(sequence.z.size());
  for (const double z : sequence.z) {
    sum += z;
    squares += z * z;
  }
  return 0.5 * (std::log(squares / count - sum / count * sum / count) + 1);
}

} // namespace

BOOST_AUTO_TEST_SUITE(the_forecasters_training)

BOOST_AUTO_TEST_CASE(the_loss_is_the_same_everywhere) {
  const auto weights = random_forecaster(1);
  const auto sequence = random_sequence(60, 2);
  const double slow = slow_nll(weights, sequence, 10);
  BOOST_TEST(std::abs(forecast_with_torch(weights, sequence, 10).loss - slow) < 1e-6 * slow);
  BOOST_TEST(std::abs(nll(forecaster{weights}, sequence, 10) - slow) < 1e-4 * slow);
}

BOOST_AUTO_TEST_CASE(the_gradient_is_that_of_finite_differences) {
  auto weights = random_forecaster(3);
  const auto sequence = random_sequence(40, 4);
  const auto exact = forecast_with_torch(weights, sequence, 5).gradient;
  const auto places = every_weight(weights);
  BOOST_REQUIRE(exact.size() == places.size());
  double worst = 0;
  for (std::size_t place = 0; place < places.size(); place += 7) {
    const float kept = *places[place];
    const double up = *places[place] = kept + 1e-3F;
    const double above = slow_nll(weights, sequence, 5);
    const double down = *places[place] = kept - 1e-3F;
    const double below = slow_nll(weights, sequence, 5);
    *places[place] = kept;
    const double found = (above - below) / (up - down);
    worst = std::max(worst, std::abs(found - exact[place]) / (1 + std::abs(found)));
  }
  BOOST_TEST(worst < 1e-3);
}

BOOST_AUTO_TEST_CASE(what_is_not_usable_carries_no_loss) {
  const auto weights = random_forecaster(5);
  auto sequence = random_sequence(60, 6);
  const double before = nll(forecaster{weights}, sequence);
  const auto torch_before = forecast_with_torch(weights, sequence, 0);
  for (std::size_t step = 0; step < sequence.z.size(); ++step)
    if (!sequence.usable[step]) sequence.z[step] = 1e6F;
  BOOST_TEST(nll(forecaster{weights}, sequence) == before);
  BOOST_TEST((forecast_with_torch(weights, sequence, 0).gradient == torch_before.gradient));

  sequence.usable.assign(sequence.z.size(), false);
  BOOST_TEST(nll(forecaster{weights}, sequence) == 0.0);
}

BOOST_AUTO_TEST_CASE(beats_a_constant_forecast_on_new_sines_and_repeats_itself_for_a_seed) {
  const auto history = noisy_sines(10);
  auto options = quick();
  std::vector<double> losses;
  options.progress = [&](int update, double loss) {
    losses.push_back(loss);
    BOOST_TEST(update == static_cast<int>(losses.size()));
  };
  const auto first = train_forecaster(history, options);
  BOOST_REQUIRE(first.ok());
  BOOST_TEST(losses.size() == 30U);
  BOOST_TEST(losses.back() < losses.front());
  const auto unseen = noisy_sine(200, 99);
  BOOST_TEST(nll(forecaster{*first}, unseen, 8) < constant_nll(unseen) - 0.2);

  options = quick();
  options.updates = 3;
  const auto again = train_forecaster(history, options), same = train_forecaster(history, options);
  BOOST_TEST((*again == *same));
  options.seed = 6;
  BOOST_TEST(!(*train_forecaster(history, options) == *same));
}

// Shorter than a window, values and targets that are no numbers: trained on what is there.
BOOST_AUTO_TEST_CASE(short_and_broken_sequences_do_no_harm) {
  auto history = noisy_sines(20);
  history[0] = noisy_sine(30, 1);
  history[1] = noisy_sine(5, 2); // nothing after the warm-up
  history[2] = {};
  history[3].inputs[50][0] = std::numeric_limits<float>::quiet_NaN();
  history[3].z[60] = std::numeric_limits<float>::infinity();
  auto options = quick();
  options.updates = 4;
  BOOST_TEST(train_forecaster(history, options).ok());
  BOOST_TEST(std::isfinite(nll(forecaster{random_forecaster(1)}, history[3])));
}

BOOST_AUTO_TEST_CASE(refuses_what_cannot_be_trained_on) {
  const auto refused = [](const std::vector<training_sequence>& history, const forecaster_training_options& options) {
    const auto made = train_forecaster(history, options);
    return !made.ok() && made.error().code == error_code::invalid_argument;
  };
  BOOST_TEST(refused({}, quick()));
  BOOST_TEST(refused({noisy_sine(9, 1)}, quick())); // steps 0 to 8: no target after a warm-up of 8
  auto history = noisy_sines(30);
  for (auto& sequence : history)
    sequence.usable.assign(sequence.z.size(), false);
  BOOST_TEST(refused(history, quick()));
  history = noisy_sines(30);
  history[2].z.pop_back();
  BOOST_TEST(refused(history, quick()));

  history = noisy_sines(30);
  auto options = quick();
  options.updates = 0;
  BOOST_TEST(refused(history, options));
  options = quick();
  options.batch = 0;
  BOOST_TEST(refused(history, options));
  options = quick();
  options.length = options.warm_up;
  BOOST_TEST(refused(history, options));
  options = quick();
  options.learning_rate = std::numeric_limits<double>::quiet_NaN();
  BOOST_TEST(refused(history, options));
  options = quick();
  options.learning_rate = 1e30;
  options.gradient_limit = 1e30;
  BOOST_TEST(!train_forecaster(history, options).ok());
}

BOOST_AUTO_TEST_SUITE_END()
