#include "model/autoencoder.hpp"
#include "tests/model/slow_autoencoder.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace coldvigil;
using namespace coldvigil::testing;

BOOST_AUTO_TEST_SUITE(the_autoencoder)

BOOST_AUTO_TEST_CASE(equals_a_slow_one_in_plain_cpp) {
  for (const std::size_t hidden : {1U, 5U, 16U, 24U}) {
    const auto weights = random_weights(32, hidden, hidden);
    const auto windows = random_windows(150, 32, 3);
    std::vector<float> made(windows.size());
    autoencoder{weights}.reconstruct(windows, made);
    double worst = 0;
    for (std::size_t at = 0; at < windows.size(); at += 32) {
      const auto expected = slow_reconstruction(weights, {windows.data() + at, 32});
      for (std::size_t i = 0; i < 32; ++i)
        worst = std::max(worst, std::abs(expected[i] - made[at + i]));
    }
    BOOST_TEST(worst < 1e-5);
  }
}

BOOST_AUTO_TEST_CASE(a_window_is_the_same_in_any_company_and_at_any_place) {
  autoencoder network{random_weights(32, 16, 9)};
  const auto windows = random_windows(300, 32, 4);
  std::vector<float> together(windows.size());
  network.reconstruct(windows, together);
  std::vector<float> alone(32);
  for (std::size_t at = 0; at < windows.size(); at += 32) {
    network.reconstruct({windows.data() + at, 32}, alone);
    BOOST_TEST(std::equal(alone.begin(), alone.end(), together.begin() + static_cast<std::ptrdiff_t>(at)));
  }
}

BOOST_AUTO_TEST_CASE(extreme_values_stay_finite) {
  autoencoder network{random_weights(32, 16, 2)};
  for (const float value : {-50.0F, 50.0F, 1e30F, -1e30F, 0.0F}) {
    const std::vector<float> window(32, value);
    std::vector<float> made(32);
    network.reconstruct(window, made);
    for (const float one : made)
      BOOST_TEST(std::isfinite(one));
  }
}

BOOST_AUTO_TEST_SUITE_END()
