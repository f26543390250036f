// What each kind of fault looks like from outside, against the same unit without it.
#include "tests/sim/fixture.hpp"

#include <rapidcheck.h>

#include <cmath>
#include <numeric>

namespace coldvigil::sim {
namespace {

constexpr millis minute = std::chrono::minutes{1};

std::vector<double> values(const std::vector<trace_reading>& of) {
  std::vector<double> out;
  for (const trace_reading& reading : of)
    out.push_back(reading.celsius);
  return out;
}
double mean(const std::vector<double>& of) {
  return std::accumulate(of.begin(), of.end(), 0.0) / static_cast<double>(of.size());
}
double deviation(const std::vector<double>& of) {
  double sum = 0;
  for (const double value : of)
    sum += (value - mean(of)) * (value - mean(of));
  return std::sqrt(sum / static_cast<double>(of.size()));
}
double highest(const std::vector<double>& of) {
  return *std::max_element(of.begin(), of.end());
}
double lowest(const std::vector<double>& of) {
  return *std::min_element(of.begin(), of.end());
}

/// A unit twice, once with a fault from test_start on.
struct pair {
  std::vector<double> healthy, faulty; ///< the last so many minutes of the fault, a reading a minute
};
pair under(fault_kind kind, millis length, double magnitude, millis last, std::uint64_t unit = 5) {
  auto one = freezer(unit);
  auto other = freezer(unit);
  BOOST_TEST(other.add({kind, test_start, test_start + length, magnitude}));
  const timestamp end = test_start + length;
  return {values(one.readings(end - last, end - minute, minute)),
          values(other.readings(end - last, end - minute, minute))};
}

/// How often the compressor starts in a day from test_start on.
int starts(std::span<const fault> faults, std::uint64_t unit) {
  const unit_design design = draw_design(1, unit, unit_class::freezer, -20);
  unit_physics state;
  state.air = state.product = state.sensor = design.set_point;
  hour_weather weather;
  int count = 0;
  for (timestamp at = test_start; at < test_start + std::chrono::hours{24}; at += physics_step) {
    const bool before = state.running;
    advance(design, faults, at, weather, state);
    if (state.running && !before) ++count;
  }
  return count;
}

using std::chrono::hours;

} // namespace

BOOST_AUTO_TEST_SUITE(faults)

BOOST_AUTO_TEST_CASE(without_cooling_the_air_rises_and_goes_on_rising) {
  for (const auto kind : {fault_kind::compressor_fail, fault_kind::power_outage})
    for (std::uint64_t unit = 0; unit < 6; ++unit) {
      const auto late = under(kind, hours{8}, 1, hours{1}, unit);
      const auto early = under(kind, hours{3}, 1, hours{1}, unit);
      BOOST_TEST(mean(late.faulty) > mean(late.healthy) + 3);
      BOOST_TEST(mean(late.faulty) > mean(early.faulty) + 1);
    }
}

BOOST_AUTO_TEST_CASE(lost_capacity_shows_slowly) {
  for (const auto kind : {fault_kind::refrigerant_leak, fault_kind::iced_evap}) {
    const auto end = under(kind, hours{96}, 0.9, hours{12});
    const double late = mean(end.faulty) - mean(end.healthy);
    BOOST_TEST(late > 1);
    auto begin = freezer(5);
    BOOST_TEST(begin.add({kind, test_start, test_start + hours{96}, 0.9}));
    auto healthy = freezer(5);
    const double early = mean(values(begin.readings(test_start, test_start + hours{12}, minute))) -
                         mean(values(healthy.readings(test_start, test_start + hours{12}, minute)));
    BOOST_TEST(std::abs(early) < late / 4);
  }
}

BOOST_AUTO_TEST_CASE(an_iced_evaporator_is_not_defrosted) {
  // Almost no capacity is lost yet, so what is missing is the bump of the defrost.
  const auto day = under(fault_kind::iced_evap, hours{24}, 0.01, hours{24});
  BOOST_TEST(deviation(day.faulty) < deviation(day.healthy));
}

BOOST_AUTO_TEST_CASE(a_door_ajar_warms_the_air) {
  const auto open = under(fault_kind::door_ajar, hours{4}, 0.3, hours{3});
  BOOST_TEST(mean(open.faulty) > mean(open.healthy) + 0.1);
}

BOOST_AUTO_TEST_CASE(a_stuck_defrost_does_not_end) {
  const auto stuck = under(fault_kind::defrost_stuck, hours{3}, 1, hours{1});
  BOOST_TEST(lowest(stuck.faulty) > highest(stuck.healthy) + 1);
}

BOOST_AUTO_TEST_CASE(short_cycling_starts_the_compressor_more_often_within_a_smaller_band) {
  for (std::uint64_t unit = 0; unit < 6; ++unit) {
    const fault what{fault_kind::short_cycling, test_start, test_start + hours{24}, 0.2};
    BOOST_TEST(starts({&what, 1}, unit) > starts({}, unit) * 3 / 2);
  }
}

BOOST_AUTO_TEST_CASE(a_drifting_thermostat_moves_the_mean_both_ways) {
  for (const double kelvin : {4.0, -4.0}) {
    const auto drift = under(fault_kind::thermostat_drift, hours{72}, kelvin, hours{6});
    BOOST_TEST((mean(drift.faulty) - mean(drift.healthy)) / kelvin > 0.6);
  }
}

BOOST_AUTO_TEST_CASE(a_compressor_that_is_stuck_on_falls_below_the_band) {
  const auto on = under(fault_kind::stuck_on, hours{12}, 1, hours{4});
  BOOST_TEST(mean(on.faulty) < mean(on.healthy) - 2);
}

BOOST_AUTO_TEST_CASE(faults_of_the_sensor_leave_the_unit_alone_and_are_what_they_say) {
  const auto stuck = under(fault_kind::sensor_stuck, hours{6}, 1, hours{6});
  BOOST_TEST(highest(stuck.faulty) == lowest(stuck.faulty));
  BOOST_TEST(stuck.faulty.front() == stuck.healthy.front());

  const auto offset = under(fault_kind::sensor_offset, hours{6}, 20, hours{6});
  const auto drift = under(fault_kind::sensor_drift, hours{6}, 6, hours{6});
  const auto mixed = under(fault_kind::unit_mixup_F, hours{6}, 1, hours{6});
  for (std::size_t i = 0; i < offset.healthy.size(); ++i) {
    BOOST_TEST(std::abs(offset.faulty[i] - offset.healthy[i] - 20) < 0.002);
    BOOST_TEST(std::abs(drift.faulty[i] - drift.healthy[i] - static_cast<double>(i) / 60) < 0.002);
    BOOST_TEST(std::abs(mixed.faulty[i] - (mixed.healthy[i] * 1.8 + 32)) < 0.002);
  }

  const auto noise = under(fault_kind::sensor_noise, hours{24}, 1.5, hours{24});
  std::vector<double> added;
  for (std::size_t i = 0; i < noise.healthy.size(); ++i)
    added.push_back(noise.faulty[i] - noise.healthy[i]);
  BOOST_TEST(std::abs(deviation(added) - 1.5) < 0.15);

  const auto spikes = under(fault_kind::sensor_spike, hours{24}, 15, hours{24});
  int up = 0;
  int down = 0;
  for (std::size_t i = 0; i < spikes.healthy.size(); ++i) {
    up += spikes.faulty[i] > spikes.healthy[i] + 14;
    down += spikes.faulty[i] < spikes.healthy[i] - 14;
  }
  BOOST_TEST(std::abs((up + down) / 1440.0 - 0.06) < 0.03);
  BOOST_TEST((up > 10 && down > 10));

  BOOST_TEST(under(fault_kind::sensor_dropout, hours{1}, 1, hours{1}).faulty.empty());
}

BOOST_AUTO_TEST_CASE(a_fault_of_the_sensor_is_gone_when_it_ends_and_any_fault_is_unseen_before_it_starts) {
  const bool held = rc::check([](unsigned seed) {
    const auto kind = static_cast<fault_kind>(seed % fault_profiles.size());
    const timestamp start = test_start + physics_step * static_cast<std::int64_t>(seed % 3000);
    const timestamp end = start + physics_step * static_cast<std::int64_t>(1 + seed / 7 % 3000);
    auto healthy = freezer(seed % 5);
    auto faulty = freezer(seed % 5);
    RC_ASSERT(faulty.add({kind, start, end, profile_of(kind).usual}));
    const millis step = physics_step * 12;
    RC_ASSERT(same(healthy.readings(start - hours{1}, start - millis{1}, step),
                   faulty.readings(start - hours{1}, start - millis{1}, step)));
    if (!of_the_sensor(kind)) return;
    RC_ASSERT(same(healthy.readings(end, end + hours{1}, step), faulty.readings(end, end + hours{1}, step)));
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_CASE(every_kind_is_known_by_its_name) {
  for (const fault_profile& profile : fault_profiles) {
    BOOST_TEST((parse_fault(profile.name) == profile.kind));
    BOOST_TEST((profile_of(profile.kind).name == profile.name));
    BOOST_TEST((profile.low <= profile.usual && profile.usual <= profile.high));
  }
  BOOST_TEST(!parse_fault("flood").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::sim
