// Labelled fleets: what is promised about them, and that the same plan gives the same fleet.
#include "sim/fault_draw.hpp"
#include "sim/fleet.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include <map>
#include <set>

namespace coldvigil::sim {
namespace {

fleet_plan small_plan() {
  fleet_plan plan;
  plan.units = 40;
  plan.days = 40;
  for (std::size_t i = 0; i < catalogue_size; ++i)
    plan.faults.push_back(static_cast<fault_kind>(i));
  return plan;
}

std::vector<fleet_reading> readings_of(const fleet_plan& plan, const fleet_unit& unit) {
  std::vector<fleet_reading> out;
  run_unit(plan, unit, [&](const fleet_reading& one) { out.push_back(one); });
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(fleet)

BOOST_AUTO_TEST_CASE(faults_keep_to_their_days_and_leave_time_to_recover) {
  const bool held = rc::check([](std::uint64_t seed) {
    fleet_plan plan = small_plan();
    plan.seed = seed;
    const timestamp first = plan.start + std::chrono::days{plan.clean_days};
    const timestamp last = plan.start + std::chrono::days{plan.days};
    for (const fleet_unit& unit : plan_fleet(plan)) {
      RC_ASSERT(unit.faults.size() <= plan.faults_per_unit);
      timestamp free_from = first;
      for (const fault& one : unit.faults) {
        RC_ASSERT(one.start >= free_from);
        RC_ASSERT(one.end > one.start);
        RC_ASSERT(one.end <= last);
        RC_ASSERT(can_have(unit.design, one.kind));
        free_from = one.end + fault_recovery;
      }
    }
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_CASE(every_kind_is_dealt_as_often_as_any_other) {
  fleet_plan plan = small_plan();
  plan.units = 80;
  std::map<fault_kind, std::size_t> seen;
  std::size_t clean = 0;
  for (const fleet_unit& unit : plan_fleet(plan)) {
    clean += unit.faults.empty() ? 1 : 0;
    for (const fault& one : unit.faults)
      ++seen[one.kind];
  }
  BOOST_TEST(clean == 16U);
  BOOST_TEST(seen.size() == catalogue_size);
  for (const auto& [kind, count] : seen)
    BOOST_TEST(count == 12U, profile_of(kind).name << " " << count);
}

BOOST_AUTO_TEST_CASE(the_same_plan_gives_the_same_fleet_and_another_seed_another) {
  fleet_plan plan = small_plan();
  plan.days = 12;
  const auto once = plan_fleet(plan);
  const auto again = plan_fleet(plan);
  plan.seed = 2;
  const auto other = plan_fleet(plan);
  plan.seed = 1;
  for (const std::size_t i : {0UL, 3UL}) {
    const auto a = readings_of(plan, once[i]);
    const auto b = readings_of(plan, again[i]);
    BOOST_REQUIRE(a.size() == b.size());
    for (std::size_t j = 0; j < a.size(); ++j)
      BOOST_REQUIRE((a[j].at == b[j].at && a[j].what == b[j].what && a[j].celsius == b[j].celsius));
    BOOST_TEST(once[i].design.ua != other[i].design.ua);
  }
}

BOOST_AUTO_TEST_CASE(units_of_a_site_share_its_days) {
  const auto units = plan_fleet(small_plan());
  std::map<std::string, std::set<std::uint64_t>> keys;
  for (const fleet_unit& unit : units)
    keys[unit.site].insert(unit.design.ambient.key);
  BOOST_TEST(keys.size() == 5U);
  for (const auto& [site, shared] : keys)
    BOOST_TEST(shared.size() == 1U);
}

BOOST_AUTO_TEST_CASE(few_readings_are_lost_and_a_dropout_loses_all) {
  fleet_plan plan = small_plan();
  plan.faults = {fault_kind::sensor_dropout};
  for (const fleet_unit& unit : plan_fleet(plan)) {
    std::size_t values = 0;
    std::size_t inside = 0;
    for (const fleet_reading& one : readings_of(plan, unit)) {
      if (one.what != arrival::value) continue;
      ++values;
      for (const fault& f : unit.faults)
        inside += f.active(one.at) ? 1 : 0;
    }
    millis dropped{0};
    for (const fault& f : unit.faults)
      dropped += f.end - f.start;
    const double expected = static_cast<double>((std::chrono::days{plan.days} - dropped) / plan.interval);
    BOOST_TEST(static_cast<double>(values) > expected * 0.99);
    BOOST_TEST(static_cast<double>(values) < expected + 8);
    BOOST_TEST(inside == 0U);
    if (unit.code == "u000012") break; // enough to see it
  }
}

BOOST_AUTO_TEST_CASE(a_heat_wave_warms_the_site_for_its_days_only) {
  fleet_plan plan = small_plan();
  plan.heat_wave = 8;
  const fleet_unit unit = plan_fleet(plan).front();
  unit_design calm = unit.design;
  calm.ambient.wave_rise = 0;
  const auto hour_of = [](timestamp at) { return to_ms(at) / 3'600'000; };
  const auto rise = [&](timestamp at) {
    return weather_of(unit.design, hour_of(at)).ambient_begin - weather_of(calm, hour_of(at)).ambient_begin;
  };
  const auto& around = unit.design.ambient;
  BOOST_TEST(std::abs(rise(around.wave_begin + (around.wave_end - around.wave_begin) / 2) - 8) < 1e-6);
  BOOST_TEST(rise(around.wave_begin - std::chrono::hours{1}) == 0.0);
  BOOST_TEST(rise(around.wave_end + std::chrono::hours{1}) == 0.0);
  BOOST_TEST((around.wave_begin > plan.start + std::chrono::days{plan.clean_days}));
}

BOOST_AUTO_TEST_CASE(a_factor_makes_faults_stronger_or_weaker) {
  for (const fault_profile& profile : fault_profiles) {
    const auto usual = draw_fault(profile.kind, unit_class::freezer, 7, 1);
    const auto weak = draw_fault(profile.kind, unit_class::freezer, 7, 0.5);
    BOOST_TEST((usual.length == weak.length));
    if (profile.kind == fault_kind::short_cycling) {
      BOOST_TEST(weak.magnitude > usual.magnitude);
    } else {
      BOOST_TEST(std::abs(weak.magnitude) <= std::abs(usual.magnitude));
    }
    BOOST_TEST((usual.magnitude >= profile.low && usual.magnitude <= profile.high));
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::sim
