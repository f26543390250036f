#include "model/training.hpp"
#include "tests/model/healthy_unit.hpp"
#include "tests/model/slow_autoencoder.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace coldvigil;
using namespace coldvigil::testing;

namespace {

training_options quick() {
  training_options options;
  options.hidden = 8;
  options.epochs = 3;
  options.windows_per_series = 60;
  options.batch = 16;
  options.seed = 5;
  return options;
}

} // namespace

BOOST_AUTO_TEST_SUITE(training)

BOOST_AUTO_TEST_CASE(the_gradient_is_that_of_finite_differences) {
  auto weights = random_weights(32, 3, 11);
  const auto windows = random_windows(4, 32, 12);
  const auto exact = evaluate_loss(weights, windows);
  std::size_t at = 0;
  double worst = 0;
  for (auto* array : arrays_of(weights))
    for (float& value : *array) {
      const float kept = value;
      value = kept + 1e-3F;
      const double up = value;
      const double above = evaluate_loss(weights, windows).loss;
      value = kept - 1e-3F;
      const double down = value;
      const double below = evaluate_loss(weights, windows).loss;
      value = kept;
      worst = std::max(worst, std::abs((above - below) / (up - down) - exact.gradient.at(at++)));
    }
  BOOST_TEST(at == exact.gradient.size());
  BOOST_TEST(worst < 1e-4);
}

BOOST_AUTO_TEST_CASE(in_parts_the_loss_is_that_of_all_windows_together) {
  const auto weights = random_weights(32, 3, 11);
  const auto windows = random_windows(50, 32, 12);
  const auto together = evaluate_loss(weights, windows, 50);
  for (const std::size_t at_once : {1U, 7U, 49U, 1000U}) {
    const auto parts = evaluate_loss(weights, windows, at_once);
    BOOST_TEST(std::abs(parts.loss - together.loss) < 1e-12);
    BOOST_REQUIRE(parts.gradient.size() == together.gradient.size());
    for (std::size_t i = 0; i < parts.gradient.size(); ++i)
      BOOST_TEST(std::abs(parts.gradient[i] - together.gradient[i]) < 1e-12);
  }
}

BOOST_AUTO_TEST_CASE(lowers_the_loss_and_repeats_itself_for_a_seed) {
  const auto fleet = small_fleet(6, 400, 3);
  auto options = quick();
  options.epochs = 8;
  std::vector<double> losses;
  const auto first = train(options, fleet, [&](const training_progress& now) {
    if (now.batch == now.batches) losses.push_back(now.training_loss);
    return true;
  });
  BOOST_REQUIRE(first.ok());
  BOOST_REQUIRE(losses.size() == 8U);
  BOOST_TEST(losses.back() < 0.9 * losses.front());
  BOOST_TEST(first->threshold > first->held_out_error);
  const auto again = train(options, fleet, {});
  BOOST_REQUIRE(again.ok());
  BOOST_TEST((*first == *again));
  auto other = options;
  other.seed = 6;
  BOOST_TEST(!(train(other, fleet, {})->weights == first->weights));
}

BOOST_AUTO_TEST_CASE(goes_on_from_weights_that_it_is_given) {
  const auto fleet = small_fleet(6, 400, 3);
  auto options = quick();
  options.epochs = 8;
  const auto first = train(options, fleet, {});
  BOOST_REQUIRE(first.ok());
  options.start = first->weights;
  options.hidden = 3; // the given ones' counts
  options.epochs = 1;
  options.learning_rate = 1e-5;
  const auto second = train(options, fleet, {});
  BOOST_REQUIRE(second.ok());
  BOOST_TEST(second->weights.hidden == first->weights.hidden);
  BOOST_TEST(std::abs(second->held_out_loss - first->held_out_loss) < 0.02 * first->held_out_loss);
  BOOST_TEST(!(second->weights == first->weights));
}

BOOST_AUTO_TEST_CASE(stops_when_told_to) {
  std::size_t calls = 0;
  const auto model = train(quick(), small_fleet(4, 300, 3), [&](const training_progress&) { return ++calls < 2; });
  BOOST_TEST(model.ok());
  BOOST_TEST(calls == 2U);
}

BOOST_AUTO_TEST_CASE(says_what_is_missing) {
  BOOST_TEST(!train(quick(), {}, {}).ok());
  BOOST_TEST(!train(quick(), {{"one", healthy_unit{}.readings(long_ago, 500, 300)}}, {}).ok());
  BOOST_TEST(!train(quick(), small_fleet(4, 20, 1), {}).ok());
  auto wrong = quick();
  wrong.held_out = 1;
  BOOST_TEST(!train(wrong, small_fleet(4, 300, 3), {}).ok());
}

BOOST_AUTO_TEST_CASE(takes_at_most_as_many_windows_as_asked_spread_over_the_series) {
  const training_series series{"u", healthy_unit{}.readings(long_ago, 500, 300)};
  window_set all;
  take_windows(series, 100'000, all);
  BOOST_TEST(all.size() > 400U);
  BOOST_TEST(all.size() < 500U);
  window_set some;
  take_windows(series, 40, some);
  BOOST_TEST(some.size() == 40U);
  window_set none;
  take_windows({"short", healthy_unit{}.readings(long_ago, 10, 300)}, 40, none);
  BOOST_TEST(none.size() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
