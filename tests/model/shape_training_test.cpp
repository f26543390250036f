#include "model/shape_training.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <bit>
#include <cmath>
#include <random>
#include <utility>

using namespace coldvigil;

namespace {

/// A fault of these courses is that a swing of sixteen steps becomes one of four: no single step tells it.
labelled_course swinging(std::uint64_t seed, bool ever_faulty) {
  std::mt19937_64 random{seed};
  std::normal_distribution<float> gauss{0, 0.05F};
  labelled_course out;
  float phase = 0;
  for (std::size_t i = 0; i < 1200; ++i) {
    const bool faulty = ever_faulty && i / 150 % 2 == 1;
    phase += 6.2831853F / (faulty ? 4 : 16);
    shape_input step{};
    step[0] = std::sin(phase) + gauss(random);
    out.steps.push_back(step);
    out.labels.push_back(faulty ? shape_label::faulty : shape_label::healthy);
  }
  return out;
}

std::vector<labelled_course> courses() {
  std::vector<labelled_course> out;
  for (std::uint64_t seed = 1; seed <= 6; ++seed)
    out.push_back(swinging(seed, seed % 2 == 0));
  return out;
}

shape_training_options quickly() {
  shape_training_options out;
  out.rounds = 150;
  out.batch = 16;
  out.stretch = 100;
  out.warm_up = 20;
  out.rate = 0.03;
  return out;
}

shape_network trained(const std::vector<labelled_course>& from, const shape_training_options& options) {
  return train_shapes(from, options, [](double, double) {});
}

/// Mean log odds 30 steps and more after a change, of faulty and of healthy steps.
std::pair<double, double> mean_odds(const shape_network& network, const labelled_course& of) {
  shape_memory memory{};
  std::array<double, 2> sum{}, count{};
  for (std::size_t i = 0; i < of.steps.size(); ++i) {
    const double odds = fold(memory, of.steps[i], network);
    if (i % 150 < 30) continue;
    const std::size_t which = of.labels[i] == shape_label::faulty ? 0 : 1;
    sum[which] += odds;
    ++count[which];
  }
  return {sum[0] / count[0], sum[1] / count[1]};
}

} // namespace

BOOST_AUTO_TEST_SUITE(shape_training)

BOOST_AUTO_TEST_CASE(what_was_learnt_in_torch_is_what_is_folded_step_by_step) {
  const auto network = trained(courses(), quickly());
  const auto [faulty, healthy] = mean_odds(network, swinging(99, true));
  BOOST_TEST(faulty > 2);
  BOOST_TEST(healthy < -2);
}

/// Mean loss of the counted steps, folded one by one.
double folded_loss(const shape_network& network, const labelled_course& of, std::size_t warm_up) {
  shape_memory memory{};
  double sum = 0;
  for (std::size_t i = 0; i < of.steps.size(); ++i) {
    const double odds = fold(memory, of.steps[i], network);
    if (i >= warm_up) sum += std::log1p(std::exp(of.labels[i] == shape_label::faulty ? -odds : odds));
  }
  return sum / static_cast<double>(of.steps.size() - warm_up);
}

BOOST_AUTO_TEST_CASE(the_loss_in_torch_is_that_of_the_network_that_comes_out) {
  // One stretch is the whole course, and nothing is learnt: gates, biases and the warm-up are as in torch.
  const labelled_course one = swinging(1, true);
  auto options = quickly();
  options.rounds = 1;
  options.batch = 1;
  options.stretch = one.steps.size();
  options.rate = 0;
  options.stretching = options.shifting = 0;
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    options.seed = seed;
    double told = -1;
    const auto network = train_shapes({one}, options, [&](double, double loss) { told = loss; });
    BOOST_TEST(std::abs(told - folded_loss(network, one, options.warm_up)) < 1e-4);
    for (float* each : {&options.stretching, &options.shifting}) {
      *each = 0.3F;
      double otherwise = -1;
      static_cast<void>(train_shapes({one}, options, [&](double, double loss) { otherwise = loss; }));
      BOOST_TEST(otherwise != told);
      *each = 0;
    }
  }
}

BOOST_AUTO_TEST_CASE(a_course_is_shown_as_often_as_its_share_says) {
  auto calm = swinging(1, false), lying = calm; // the same steps, called healthy and faulty
  lying.labels.assign(lying.labels.size(), shape_label::faulty);
  lying.share = 0.02;
  BOOST_TEST(mean_odds(trained({calm, lying}, quickly()), calm).second < -2);
  lying.share = 50;
  BOOST_TEST(mean_odds(trained({calm, lying}, quickly()), calm).second > 2);
}

BOOST_AUTO_TEST_CASE(the_same_courses_and_seed_give_the_same_network_and_another_seed_another) {
  auto options = quickly();
  options.rounds = 3;
  const auto once = trained(courses(), options), again = trained(courses(), options);
  BOOST_TEST((std::bit_cast<shape_numbers>(once) == std::bit_cast<shape_numbers>(again)));
  options.seed = 2;
  BOOST_TEST((std::bit_cast<shape_numbers>(once) != std::bit_cast<shape_numbers>(trained(courses(), options))));
}

BOOST_AUTO_TEST_CASE(what_is_unknown_teaches_nothing) {
  auto lies = courses(); // what is called faulty here is healthy, and nobody shall learn it
  for (labelled_course& each : lies)
    for (shape_label& label : each.labels)
      label = label == shape_label::faulty ? shape_label::unknown : shape_label::healthy;
  const auto [unknown, healthy] = mean_odds(trained(lies, quickly()), swinging(99, true));
  BOOST_TEST(unknown < -3);
  BOOST_TEST(healthy < -3);
}

BOOST_AUTO_TEST_CASE(nothing_to_learn_from_is_no_hang) {
  const auto network = trained({}, quickly());
  for (const float each : std::bit_cast<shape_numbers>(network))
    BOOST_TEST(std::isfinite(each));
}

BOOST_AUTO_TEST_SUITE_END()
