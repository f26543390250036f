// Units that look like refrigeration.
#include "tests/sim/fixture.hpp"

#include <rapidcheck.h>

#include <cmath>

namespace coldvigil::sim {
namespace {

struct conduct {
  double cycle = 0;  ///< min, median
  double beside = 0; ///< K, mean of the sensor from the set point
};

conduct conduct_of(const unit_design& design) {
  unit_physics state;
  state.air = state.product = state.sensor = design.set_point;
  hour_weather weather;
  std::vector<double> cycles;
  conduct out;
  std::optional<timestamp> last;
  const timestamp begin = test_start + std::chrono::hours{24};
  const timestamp end = begin + std::chrono::hours{72};
  for (timestamp at = test_start; at < end; at += physics_step) {
    const bool before = state.running;
    advance(design, {}, at, weather, state);
    if (at < begin) continue;
    out.beside += (state.sensor - design.set_point) / static_cast<double>((end - begin) / physics_step);
    if (!state.running || before) continue;
    if (last) cycles.push_back(static_cast<double>((at - *last).count()) / 60'000);
    last = at;
  }
  BOOST_REQUIRE(cycles.size() > 3);
  std::nth_element(cycles.begin(), cycles.begin() + static_cast<std::ptrdiff_t>(cycles.size() / 2), cycles.end());
  out.cycle = cycles[cycles.size() / 2];
  return out;
}

constexpr std::array<std::pair<unit_class, double>, 6> kept_at{{{unit_class::vaccine, 5},
                                                                {unit_class::cooler, 3},
                                                                {unit_class::cooler, 12},
                                                                {unit_class::freezer, -13},
                                                                {unit_class::freezer, -34},
                                                                {unit_class::ultra_low, -80}}};

} // namespace

BOOST_AUTO_TEST_SUITE(physics)

BOOST_AUTO_TEST_CASE(healthy_compressors_cycle_in_twenty_to_forty_minutes_about_the_set_point) {
  int usual = 0;
  int all = 0;
  for (const auto& [kind, set_point] : kept_at)
    for (std::uint64_t unit = 0; unit < 20; ++unit) {
      const conduct seen = conduct_of(draw_design(11, unit, kind, set_point));
      BOOST_TEST((seen.cycle > 12 && seen.cycle < 90), seen.cycle << " min at " << set_point);
      BOOST_TEST(std::abs(seen.beside) < 1.5);
      usual += seen.cycle >= 20 && seen.cycle <= 40;
      ++all;
    }
  BOOST_TEST(usual * 10 >= all * 8, usual << " of " << all);
}

BOOST_AUTO_TEST_CASE(defrosts_come_on_time_and_warm_the_air) {
  for (std::uint64_t unit = 0; unit < 10; ++unit) {
    const unit_design design = draw_design(11, unit, unit_class::freezer, -20);
    unit_trace trace(design);
    const auto night = trace.readings(test_start, test_start + std::chrono::hours{24}, std::chrono::minutes{1});
    double warmest = -100;
    for (const trace_reading& reading : night)
      warmest = std::max(warmest, reading.celsius);
    BOOST_TEST(warmest > design.set_point + design.half_band + 1);
  }
}

BOOST_AUTO_TEST_CASE(any_seed_draws_units_inside_the_known_ranges) {
  const bool held = rc::check([](std::uint64_t seed, std::uint64_t unit) {
    const auto& [kind, set_point] = kept_at[unit % kept_at.size()];
    const unit_design d = draw_design(seed, unit, kind, set_point);
    RC_ASSERT(d.half_band >= 0.5 && d.half_band <= 2);
    RC_ASSERT(d.min_on >= 3 && d.min_on <= 8 && d.min_off >= 3 && d.min_off <= 8);
    RC_ASSERT(d.coupling >= 6 && d.coupling <= 20);
    RC_ASSERT(d.cooling > d.ua * (d.ambient.mean - set_point));
    RC_ASSERT((d.defrost_every > 0) == (kind == unit_class::freezer || kind == unit_class::cooler));
    const unit_design again = draw_design(seed, unit, kind, set_point);
    RC_ASSERT(again.ua == d.ua && again.cooling == d.cooling && again.noise == d.noise);
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::sim
