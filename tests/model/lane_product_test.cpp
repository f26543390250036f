#include "model/lane_product.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <random>
#include <vector>

using namespace coldvigil;

BOOST_AUTO_TEST_SUITE(the_lane_product)

BOOST_AUTO_TEST_CASE(is_the_product_and_no_lane_differs_from_another) {
  std::mt19937_64 random{1};
  std::normal_distribution<float> gauss;
  for (const std::size_t depth : {1U, 16U, 18U, 33U}) {
    const std::size_t rows = 64;
    std::vector<float> weights(rows * depth);
    std::vector<float> column(depth);
    std::vector<float> start(rows * product_lanes, 0.25F);
    for (float& value : weights)
      value = gauss(random);
    for (float& value : column)
      value = gauss(random);
    std::vector<float> input(depth * product_lanes);
    for (std::size_t k = 0; k < depth; ++k)
      for (std::size_t lane = 0; lane < product_lanes; ++lane)
        input[k * product_lanes + lane] = column[k];
    std::vector<float> out(rows * product_lanes);
    lane_product(weights.data(), rows, depth, input.data(), start.data(), out.data());
    for (std::size_t row = 0; row < rows; ++row) {
      double expected = 0.25;
      for (std::size_t k = 0; k < depth; ++k)
        expected += static_cast<double>(weights[row * depth + k]) * column[k];
      BOOST_TEST(std::abs(out[row * product_lanes] - expected) < 1e-4);
      for (std::size_t lane = 1; lane < product_lanes; ++lane)
        BOOST_REQUIRE(out[row * product_lanes + lane] == out[row * product_lanes]);
    }
    lane_product(weights.data(), rows, depth, input.data(), nullptr, start.data());
    BOOST_TEST(std::abs(start[0] + 0.25F - out[0]) < 1e-4F);
  }
}

BOOST_AUTO_TEST_SUITE_END()
