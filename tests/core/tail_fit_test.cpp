// Thresholds from budgets: against tails whose quantiles are known.
#include "core/tail_fit.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace coldvigil {
namespace {

/// Draws of a generalised Pareto distribution from zero on.
std::vector<double> draws(std::size_t count, double shape, double scale, std::uint64_t seed) {
  std::mt19937_64 random{seed};
  std::vector<double> out;
  for (std::size_t i = 0; i < count; ++i) {
    const double u = (static_cast<double>(random() >> 11) + 0.5) / 9007199254740992.0;
    out.push_back(std::abs(shape) < 1e-9 ? -scale * std::log(u) : scale / shape * (std::pow(u, -shape) - 1));
  }
  return out;
}

double quantile_of(double shape, double scale, double probability) {
  return std::abs(shape) < 1e-9 ? -scale * std::log(probability) : scale / shape * (std::pow(probability, -shape) - 1);
}

/// Of maxima that are all their own peaks.
std::optional<tail_fit> fit_alone(const std::vector<double>& maxima) {
  return fit_tail(maxima, maxima);
}

} // namespace

BOOST_AUTO_TEST_SUITE(tails)

BOOST_AUTO_TEST_CASE(known_tails_are_found_again) {
  for (const double shape : {-0.2, 0.0, 0.25}) {
    const auto fit = fit_alone(draws(40'000, shape, 2, 7));
    BOOST_REQUIRE(fit.has_value());
    for (const double budget : {0.3, 1.0, 3.0}) {
      const double expected = quantile_of(shape, 2, budget / blocks_a_month);
      BOOST_TEST(std::abs(fit->threshold(budget) / expected - 1) < 0.12,
                 "shape " << shape << " budget " << budget << " " << fit->threshold(budget) << " " << expected);
    }
  }
}

BOOST_AUTO_TEST_CASE(incidents_in_the_data_hardly_move_the_threshold) {
  auto healthy = draws(20'000, 0.1, 1, 5);
  auto with_incidents = healthy;
  for (std::size_t i = 0; i < 100; ++i)
    with_incidents[i * 200] = 60 + static_cast<double>(i);
  const double clean = fit_alone(healthy)->threshold(0.5);
  BOOST_TEST(std::abs(fit_alone(with_incidents)->threshold(0.5) / clean - 1) < 0.15);
}

BOOST_AUTO_TEST_CASE(a_smaller_budget_never_lowers_the_threshold) {
  const bool held = rc::check([](std::uint64_t seed) {
    const auto fit = fit_alone(draws(700, static_cast<double>(seed % 7) / 10 - 0.3, 1, seed));
    RC_ASSERT(fit.has_value());
    double before = 0;
    for (const double budget : {100.0, 30.0, 12.0, 3.0, 1.0, 0.5, 0.15, 0.01}) {
      RC_ASSERT(fit->threshold(budget) >= before);
      RC_ASSERT(std::isfinite(fit->threshold(budget)));
      RC_ASSERT(fit->threshold(budget) >= fit->level); // whatever the budget, most blocks stay below
      before = fit->threshold(budget);
    }
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_CASE(too_little_is_not_fitted) {
  BOOST_TEST(!fit_alone({}).has_value());
  BOOST_TEST(!fit_alone(draws(least_blocks - 1, 0, 1, 3)).has_value());
  BOOST_TEST(!fit_alone(std::vector<double>(5000, 1.0)).has_value());
  auto with_none = draws(least_blocks, 0, 1, 3);
  with_none[5] = std::nan("");
  BOOST_TEST(!fit_alone(with_none).has_value());
}

BOOST_AUTO_TEST_CASE(a_block_gives_its_highest_score_once_it_has_ended) {
  block_maximum unit;
  const timestamp start = from_ms(maxima_block.count() * 1000);
  BOOST_TEST(!unit.add(start, 1).has_value());
  BOOST_TEST(!unit.add(start + std::chrono::hours{1}, 3).has_value());
  BOOST_TEST(!unit.add(start + std::chrono::hours{2}, std::nan("")).has_value());
  BOOST_TEST(unit.add(start + std::chrono::hours{6}, 2)->maximum == 3.0);
  BOOST_TEST(unit.add(start + std::chrono::hours{30}, 0)->maximum == 2.0);
}

BOOST_AUTO_TEST_CASE(a_peak_is_a_block_that_is_not_lower_than_those_beside_it) {
  block_maximum unit;
  std::vector<double> peaks;
  const std::vector<double> maxima{1, 3, 2, 2.5, 4, 4.5, 1, 0};
  for (std::size_t i = 0; i < maxima.size(); ++i)
    if (const auto ended = unit.add(from_ms(maxima_block.count() * static_cast<std::int64_t>(1000 + i)), maxima[i]))
      if (ended->peak) peaks.push_back(*ended->peak);
  BOOST_TEST((peaks == std::vector<double>{3, 4.5}));
}

BOOST_AUTO_TEST_CASE(a_sample_keeps_its_size_and_its_mean) {
  value_sample sample(1000);
  for (int i = 0; i < 100'000; ++i)
    sample.add(i);
  const auto kept = sample.take();
  BOOST_TEST(kept.size() == 1000U);
  const double mean = std::accumulate(kept.begin(), kept.end(), 0.0) / 1000;
  BOOST_TEST(std::abs(mean - 50'000) < 4000);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil
