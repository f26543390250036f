#include "model/lane_gates.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <random>
#include <vector>

using namespace coldvigil;

namespace {

double sigmoid(double x) {
  return 1 / (1 + std::exp(-x));
}

/// Every row of one gate at its value, in every lane.
std::vector<float> gates_of(std::size_t hidden, float in, float forget, float out, float candidate) {
  std::vector<float> gates;
  for (const float value : {in, forget, out, candidate})
    gates.insert(gates.end(), hidden * product_lanes, value);
  return gates;
}

} // namespace

BOOST_AUTO_TEST_SUITE(the_lane_gates)

BOOST_AUTO_TEST_CASE(are_the_step_of_an_lstm) {
  std::mt19937_64 random{1};
  std::normal_distribution<float> gauss{0, 3};
  const std::size_t hidden = 5, size = hidden * product_lanes;
  std::vector<float> gates(4 * size), cell(size), out(size);
  for (float& value : gates)
    value = gauss(random);
  for (float& value : cell)
    value = gauss(random);
  const std::vector<float> before = cell;
  lane_gates(gates.data(), hidden, cell.data(), out.data());
  for (std::size_t i = 0; i < size; ++i) {
    const double kept = sigmoid(gates[size + i]) * before[i] + sigmoid(gates[i]) * std::tanh(gates[3 * size + i]);
    BOOST_TEST(std::abs(cell[i] - kept) < 1e-6 * (1 + std::abs(kept)));
    BOOST_TEST(std::abs(out[i] - sigmoid(gates[2 * size + i]) * std::tanh(kept)) < 1e-6);
  }
}

BOOST_AUTO_TEST_CASE(are_right_at_every_size_of_a_sum) {
  for (float x = -120; x <= 120; x += 0.037F) {
    std::vector<float> cell(product_lanes, 1.0F), out(product_lanes);
    lane_gates(gates_of(1, x, -1e30F, 1e30F, 1e30F).data(), 1, cell.data(), out.data()); // the cell becomes sigmoid(x)
    BOOST_TEST(std::abs(cell.back() - sigmoid(x)) < 3e-7);
    cell.assign(product_lanes, 1.0F);
    lane_gates(gates_of(1, 1e30F, -1e30F, 1e30F, x).data(), 1, cell.data(), out.data()); // and tanh(x)
    BOOST_TEST(std::abs(cell.back() - std::tanh(static_cast<double>(x))) < 3e-7);
  }
}

BOOST_AUTO_TEST_CASE(stay_finite_at_the_ends_of_float) {
  for (const float x : {3e38F, -3e38F, 0.0F, 1e-40F}) {
    std::vector<float> cell(product_lanes, 3e38F), out(product_lanes);
    lane_gates(gates_of(1, x, x, x, x).data(), 1, cell.data(), out.data());
    BOOST_TEST(std::isfinite(cell.front()));
    BOOST_TEST(std::isfinite(out.front()));
  }
}

BOOST_AUTO_TEST_SUITE_END()
