// The rules of the protocol, one by one and against a slow judge that knows nothing of sorting or merging.
#include "evaluation/outcome.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include <algorithm>

namespace coldvigil {
namespace {

timestamp hour(double hours) {
  return from_ms(1'700'000'000'000 + static_cast<std::int64_t>(hours * 3'600'000));
}

constexpr scoring_rules rules;

unit_case ten_days(std::vector<scored_fault> faults, std::vector<episode> alarms) {
  return {"u", "s", hour(0), hour(240), std::move(faults), std::move(alarms)};
}
scored_fault fault_at(double from, double to) {
  return {"kind", {hour(from), hour(to)}, {}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(outcome)

BOOST_AUTO_TEST_CASE(an_alarm_must_open_inside_the_fault) {
  const auto found = judge(ten_days({fault_at(100, 110)}, {{hour(103), hour(104)}}), rules);
  BOOST_REQUIRE(found.faults.size() == 1U);
  BOOST_TEST((found.faults[0].delay == std::chrono::hours{3}));
  BOOST_TEST(found.false_alarms.empty());

  const auto open_before = judge(ten_days({fault_at(100, 110)}, {{hour(99), hour(120)}}), rules);
  BOOST_TEST(!open_before.faults[0].delay.has_value());
  BOOST_TEST(open_before.false_alarms.size() == 1U);

  // Opened again after less than an hour: still the alarm from before.
  const auto reopened = judge(ten_days({fault_at(100, 110)}, {{hour(99), hour(100.5)}, {hour(101), hour(102)}}), rules);
  BOOST_TEST(!reopened.faults[0].delay.has_value());
  const auto anew = judge(ten_days({fault_at(100, 110)}, {{hour(98), hour(99)}, {hour(101), hour(102)}}), rules);
  BOOST_TEST(anew.faults[0].delay.has_value());
}

BOOST_AUTO_TEST_CASE(onset_counts_and_the_end_does_not) {
  BOOST_TEST(judge(ten_days({fault_at(100, 110)}, {{hour(100), hour(101)}}), rules).faults[0].delay.has_value());
  BOOST_TEST(!judge(ten_days({fault_at(100, 110)}, {{hour(110), hour(111)}}), rules).faults[0].delay.has_value());
}

BOOST_AUTO_TEST_CASE(recovery_counts_neither_way) {
  const auto after = judge(ten_days({fault_at(100, 110)}, {{hour(115.9), hour(115.95)}}), rules);
  BOOST_TEST(after.false_alarms.empty());
  BOOST_TEST(!after.faults[0].delay.has_value());
  const auto later = judge(ten_days({fault_at(100, 110)}, {{hour(116), hour(117)}}), rules);
  BOOST_TEST(later.false_alarms.size() == 1U);
  BOOST_TEST((later.clean == std::chrono::hours{240 - 16}));
}

BOOST_AUTO_TEST_CASE(what_opens_outside_the_scored_time_is_not_counted) {
  auto unit = ten_days({fault_at(20, 30), fault_at(100, 110)}, {{hour(10), hour(11)}, {hour(300), hour(301)}});
  unit.from = hour(48);
  const auto seen = judge(unit, rules);
  BOOST_TEST(seen.faults.size() == 1U);
  BOOST_TEST(seen.false_alarms.empty());
  BOOST_TEST((seen.clean == std::chrono::hours{240 - 48 - 16}));
}

BOOST_AUTO_TEST_CASE(leads_are_counted_from_the_alarm) {
  auto fault = fault_at(100, 110);
  fault.breach = {hour(105), hour(105.5)};
  const auto seen = judge(ten_days({fault}, {{hour(103), hour(104)}}), rules);
  BOOST_TEST((seen.faults[0].lead_instant == std::chrono::hours{2}));
  BOOST_TEST((seen.faults[0].lead_sustained == std::chrono::minutes{150}));
  const auto late = judge(ten_days({fault}, {{hour(106), hour(107)}}), rules);
  BOOST_TEST((late.faults[0].lead_instant == -std::chrono::hours{1}));
}

BOOST_AUTO_TEST_CASE(alarms_of_a_site_that_move_together_are_one_incident) {
  const auto of = [](const char* site, double from, double to) {
    auto unit = ten_days({}, {{hour(from), hour(to)}});
    unit.site = site;
    return judge(unit, rules);
  };
  BOOST_TEST(site_incidents({of("a", 10, 12), of("a", 11, 20), of("a", 20.5, 21), of("b", 11, 12)}, rules) == 2U);
  BOOST_TEST(site_incidents({of("a", 10, 12), of("a", 14, 15)}, rules) == 2U);
  BOOST_TEST(site_incidents({of("", 10, 12), of("", 11, 15)}, rules) == 2U);
}

BOOST_AUTO_TEST_CASE(agrees_with_a_slow_judge) {
  const bool held = rc::check([] {
    std::vector<scored_fault> faults;
    int from = *rc::gen::inRange(0, 50);
    for (const auto& [length, gap] : *rc::gen::container<std::vector<std::pair<int, int>>>(
             rc::gen::pair(rc::gen::inRange(1, 60), rc::gen::inRange(0, 40)))) {
      faults.push_back(fault_at(from, from + length));
      from += length + gap;
    }
    std::vector<episode> alarms;
    for (const auto& [at, length] : *rc::gen::container<std::vector<std::pair<int, int>>>(
             rc::gen::pair(rc::gen::inRange(0, 960), rc::gen::inRange(0, 40))))
      alarms.push_back({hour(at / 4.0), hour(at / 4.0 + length / 4.0)});
    auto unit = ten_days(faults, alarms);
    unit.from = hour(*rc::gen::inRange(0, 40));
    const auto seen = judge(unit, rules);

    // An alarm opens anew when none that opened before it was open less than an hour ago.
    const auto opens_anew = [&](timestamp now) {
      const auto here = [&](const episode& one) { return one.opened == now; };
      const auto still = [&](const episode& one) {
        return one.opened < now && now < one.closed + std::chrono::hours{1};
      };
      return std::any_of(alarms.begin(), alarms.end(), here) && std::none_of(alarms.begin(), alarms.end(), still);
    };
    std::size_t wrong = 0;
    std::vector<bool> found(faults.size(), false);
    std::int64_t clean_quarters = 0;
    for (int quarter = 0; quarter <= 960; ++quarter) {
      const timestamp now = hour(quarter / 4.0);
      bool excused = false;
      for (std::size_t i = 0; i < faults.size(); ++i)
        excused = excused || (now >= faults[i].span.start && now < faults[i].span.end + rules.recovery);
      if (now >= unit.from && now < unit.to && !excused) ++clean_quarters;
      if (!opens_anew(now)) continue;
      for (std::size_t i = 0; i < faults.size(); ++i)
        if (now >= faults[i].span.start && now < faults[i].span.end) found[i] = true;
      if (now >= unit.from && now <= unit.to && !excused) ++wrong;
    }
    std::size_t counted = 0;
    for (std::size_t i = 0; i < faults.size(); ++i) {
      if (faults[i].span.start < unit.from || faults[i].span.start >= unit.to) continue;
      RC_ASSERT(seen.faults.at(counted++).delay.has_value() == found[i]);
    }
    RC_ASSERT(seen.faults.size() == counted);
    RC_ASSERT(seen.clean == std::chrono::minutes{15} * clean_quarters);
    RC_ASSERT(seen.false_alarms.size() == wrong);
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil
