// What the score of a unit against its own usual course sees, and what it does not.
#include "model/course_detector.hpp"
#include "model/course_score.hpp"
#include "model/sensor_health.hpp"
#include "tests/model/healthy_unit.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>
#include <tuple>

using namespace coldvigil;
using namespace coldvigil::testing;

namespace {

constexpr auto alarm_above = static_cast<float>(shipped_course_threshold);
constexpr std::size_t a_day = 288;
constexpr int spacing_s = 300;

using readings = std::vector<training_reading>;

readings healthy(std::size_t days, std::uint64_t seed = 1, double step = 0.1) {
  healthy_unit unit;
  unit.seed = seed;
  unit.step = step;
  return unit.readings(long_ago, days * a_day, spacing_s);
}

/// Adds to every reading from `from` on what the function says of the hours since then.
void disturb(readings& of, std::size_t from, std::size_t count, const std::function<double(double)>& kelvin) {
  for (std::size_t i = from; i < std::min(of.size(), from + count); ++i) {
    const double hours = static_cast<double>(i - from) * spacing_s / 3600;
    of[i].value += static_cast<milli_celsius>(std::lround(kelvin(hours) * 1000));
  }
}

std::vector<course_verdict> judged(const readings& of) {
  unit_course course{};
  std::vector<course_verdict> out;
  for (const training_reading& one : of)
    out.push_back(fold(course, one.at, one.value, {}));
  return out;
}

/// The first reading from `from` on that is over the threshold.
std::optional<std::size_t> alarm_after(const std::vector<course_verdict>& of, std::size_t from,
                                       std::size_t until = 1'000'000) {
  for (std::size_t i = from; i < std::min(of.size(), until); ++i)
    if (of[i].scored && of[i].score > alarm_above) return i;
  return std::nullopt;
}

/// Those of the minutes since long_ago that `kept` says.
readings thinned(readings of, const std::function<bool(std::int64_t)>& kept) {
  std::erase_if(of, [&](const training_reading& one) {
    return !kept(std::chrono::duration_cast<std::chrono::minutes>(one.at - long_ago).count());
  });
  return of;
}

/// A compressor that failed: 3 K soon, then two more an hour.
void warm_up(readings& of, timestamp from) {
  for (training_reading& one : of) {
    const double hours = std::chrono::duration<double>(one.at - from).count() / 3600;
    if (hours > 0)
      one.value += static_cast<milli_celsius>(std::lround(3000 * (1 - std::exp(-1.5 * hours)) + 2000 * hours));
  }
}

bool alarm_between(const readings& of, timestamp from, millis length) {
  const auto verdicts = judged(of);
  for (std::size_t i = 0; i < of.size(); ++i)
    if (of[i].at >= from && of[i].at < from + length && verdicts[i].scored && verdicts[i].score > alarm_above)
      return true;
  return false;
}

/// Warm bump of a door: up within ten minutes, half of it gone every 20.
double opening(double hours, double peak) {
  return hours < 1.0 / 6 ? peak * hours * 6 : peak * std::exp2(-(hours - 1.0 / 6) * 3);
}

/// Warmer from seven to five on the days when people work; the first day is a Monday.
void add_work(
    readings& of, const std::function<bool(std::size_t)>& works, double kelvin = 3,
    const std::function<double(std::size_t)>& busy = [](std::size_t) { return 1.0; }) {
  constexpr timestamp monday = from_ms(1'750'636'800'000); // 2025-06-23
  double warmer = 0;
  for (std::size_t i = 0; i < of.size(); ++i) {
    of[i].at = monday + std::chrono::seconds{static_cast<std::int64_t>(i) * spacing_s};
    const std::size_t day = i / a_day, hour = i % a_day * 24 / a_day;
    warmer += 0.12 * ((works(day) && hour >= 7 && hour < 17 ? kelvin * busy(day) : 0.0) - warmer);
    of[i].value += static_cast<milli_celsius>(std::lround(warmer * 1000));
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(course_score)

BOOST_AUTO_TEST_CASE(a_unit_is_at_most_two_kibibytes) {
  BOOST_TEST(sizeof(unit_course) <= 2048U);
}

BOOST_AUTO_TEST_CASE(there_is_no_score_in_the_first_day_and_one_of_every_reading_after) {
  const auto all = judged(healthy(4));
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i < a_day - 1) BOOST_TEST(!all[i].scored);
    if (i > a_day + 12) BOOST_TEST(all[i].scored);
  }
}

BOOST_AUTO_TEST_CASE(healthy_units_with_doors_and_daily_swings_hardly_ever_alarm) {
  std::size_t alarmed = 0; // five unit-months in all, so two or three are allowed
  for (std::uint64_t seed = 1; seed <= 8; ++seed)
    alarmed += alarm_after(judged(healthy(20, seed)), 0) ? 1 : 0;
  BOOST_TEST(alarmed <= 2U);
}

BOOST_AUTO_TEST_CASE(a_young_unit_needs_more_to_alarm) {
  auto young = healthy(3), old = healthy(14);
  disturb(young, 2 * a_day, a_day, [](double) { return 1.5; });
  disturb(old, 13 * a_day, a_day, [](double) { return 1.5; });
  const auto highest = [](const std::vector<course_verdict>& of, std::size_t from) {
    float out = 0;
    for (std::size_t i = from; i < of.size(); ++i)
      out = std::max(out, of[i].score);
    return out;
  };
  BOOST_TEST(highest(judged(young), 2 * a_day) < highest(judged(old), 13 * a_day));
}

BOOST_AUTO_TEST_CASE(an_opening_that_goes_back_does_not_alarm_and_one_that_stays_does) {
  const std::size_t at = 12 * a_day + 100;
  auto opened = healthy(13), left_open = healthy(13);
  disturb(opened, at, a_day, [](double hours) { return opening(hours, 10); });
  disturb(left_open, at, a_day, [](double hours) { return 10 * std::min(hours * 6, 1.0); });
  BOOST_TEST(!alarm_after(judged(opened), at));
  const auto found = alarm_after(judged(left_open), at);
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST(*found - at <= 8U); // 40 min
}

BOOST_AUTO_TEST_CASE(an_opening_beyond_the_cap_in_kelvin_alarms_at_once) {
  const std::size_t at = 12 * a_day + 100;
  auto opened = healthy(13);
  disturb(opened, at, a_day, [](double hours) { return opening(hours, 40); });
  const auto found = alarm_after(judged(opened), at);
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST(*found - at <= 5U);
}

BOOST_AUTO_TEST_CASE(defrosts_at_their_times_are_learnt) {
  auto all = healthy(20);
  for (std::size_t at = 30; at < all.size(); at += a_day / 4)
    disturb(all, at, 36, [](double hours) { return opening(hours, 6); });
  BOOST_TEST(!alarm_after(judged(all), 10 * a_day));
}

BOOST_AUTO_TEST_CASE(a_weekend_without_work_is_no_fault_nor_is_a_holiday) {
  // Four weeks: 3 K warmer while people work, Monday to Friday; in the last week Wednesday is a holiday.
  auto all = healthy(37);
  const std::size_t from = 23 * a_day;
  add_work(all, [](std::size_t day) { return day % 7 < 5 && day != 30; });
  const auto verdicts = judged(all);
  BOOST_TEST(!alarm_after(verdicts, from));
  // The Saturday after it is told as it is, not as a working day.
  const std::size_t saturday_noon = 33 * a_day + a_day / 2, friday_noon = 32 * a_day + a_day / 2;
  BOOST_TEST(verdicts[friday_noon].usual - verdicts[saturday_noon].usual > 2);
}

BOOST_AUTO_TEST_CASE(a_working_week_is_not_forgotten_in_half_a_year) {
  auto all = healthy(182);
  add_work(
      all, [](std::size_t day) { return day % 7 < 5; }, 6);
  const auto verdicts = judged(all);
  std::size_t days = 0;
  for (std::size_t day = 28; day < 182; ++day)
    days += alarm_after(verdicts, day * a_day, (day + 1) * a_day) ? 1U : 0U;
  BOOST_TEST(days <= 2U);
}

BOOST_AUTO_TEST_CASE(working_days_that_differ_in_how_busy_they_are_are_hardly_a_fault_and_hide_none) {
  for (const auto& [worked, most] : {std::pair{5U, 20U}, {7U, 36U}}) { // days of the week; of 504
    std::size_t days = 0, found = 0;
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
      const auto busy = [&](std::size_t day) {
        return 0.7 + 0.1 * static_cast<double>((day * 37 + seed * 11) % 101 % 7);
      };
      auto all = healthy(64, seed);
      add_work(
          all, [worked = worked](std::size_t day) { return day % 7 < worked; }, 4.5, busy);
      const std::size_t monday_morning = 63 * a_day + 8 * 12;
      disturb(all, monday_morning, a_day, [](double hours) { return 2 * hours; });
      const auto verdicts = judged(all);
      for (std::size_t day = 21; day < 63; ++day)
        days += alarm_after(verdicts, day * a_day, (day + 1) * a_day) ? 1U : 0U;
      found += alarm_after(verdicts, monday_morning, monday_morning + 48) ? 1U : 0U; // four hours
    }
    BOOST_TEST_CONTEXT(worked << " days worked") {
      BOOST_TEST(days <= most);
      BOOST_TEST(found == 12U);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_failed_compressor_is_not_taken_for_a_busy_day) {
  const std::size_t monday_morning = 35 * a_day + 8 * 12;
  auto all = healthy(36);
  add_work(
      all, [](std::size_t day) { return day % 7 < 5; }, 6);
  disturb(all, monday_morning, a_day, [](double hours) { return 2 * hours; });
  const auto found = alarm_after(judged(all), monday_morning);
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST(*found - monday_morning <= 36U); // three hours
}

BOOST_AUTO_TEST_CASE(another_day_of_the_week_alone_can_be_the_day_of_rest) {
  for (const auto& [rest, learnt_in] : {std::pair{6U, 3U}, {4U, 7U}, {1U, 7U}}) { // weeks
    auto all = healthy((learnt_in + 2) * 7UL);
    add_work(all, [rest = rest](std::size_t day) { return day % 7 != rest; });
    BOOST_TEST(!alarm_after(judged(all), learnt_in * 7 * a_day));
  }
}

BOOST_AUTO_TEST_CASE(a_fault_on_a_day_of_rest_is_found) {
  const std::size_t saturday = 33 * a_day + 100;
  auto all = healthy(35);
  add_work(all, [](std::size_t day) { return day % 7 < 5; });
  disturb(all, saturday, a_day, [](double hours) { return 4 * hours; });
  const auto found = alarm_after(judged(all), saturday);
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST(*found - saturday <= 18U); // 90 min
}

BOOST_AUTO_TEST_CASE(goods_that_cool_while_the_compressor_cycles_are_hardly_ever_a_fault) {
  std::size_t brought = 0, alarmed = 0;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    auto all = healthy(20, seed);
    std::vector<std::size_t> times;
    for (std::size_t at = 11 * a_day; at + a_day < all.size(); at += 2 * a_day + 77) {
      disturb(all, at, a_day / 2, [](double hours) { return hours < 0.1 ? 4 : 4 * std::exp2(-(hours - 0.1) / 0.4); });
      times.push_back(at);
    }
    const auto verdicts = judged(all);
    for (const std::size_t at : times) {
      ++brought;
      alarmed += alarm_after(verdicts, at, at + a_day) ? 1U : 0U;
    }
  }
  BOOST_TEST(brought == 24U);
  BOOST_TEST(alarmed <= 3U);
}

BOOST_AUTO_TEST_CASE(doors_opened_while_an_alarm_lasts_do_not_end_it) {
  const std::size_t at = 12 * a_day + 50, night = at + 8 * 12;
  auto all = healthy(14);
  disturb(all, at, 2 * a_day, [](double hours) { return 3 * std::min(hours, 1.0); });
  for (std::size_t door = night; door + 12 < all.size(); door += 24)
    disturb(all, door, 12, [](double hours) { return opening(hours, 6); });
  const auto verdicts = judged(all);
  std::size_t calm = 0;
  for (std::size_t i = night; i < at + a_day; ++i)
    calm += verdicts[i].score < 0.7F * alarm_above ? 1U : 0U;
  BOOST_TEST(calm == 0U);
}

BOOST_AUTO_TEST_CASE(defrosts_that_keep_no_time_of_day_are_known_by_coming_again) {
  auto all = healthy(30);
  for (std::size_t at = 2 * a_day; at + 40 < all.size(); at += a_day + 12) // every 25 h
    disturb(all, at, 36,
            [](double hours) { return hours < 0.4 ? 6 * hours / 0.4 : 6 * std::exp(-(hours - 0.4) / 0.3); });
  BOOST_TEST(!alarm_after(judged(all), 10 * a_day));
  // One that does not end is found all the same.
  const std::size_t at = 29 * a_day;
  disturb(all, at, a_day, [](double hours) { return 6 * std::min(hours / 0.4, 1.0); });
  const auto found = alarm_after(judged(all), at);
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST(*found - at <= 12U); // an hour
}

BOOST_AUTO_TEST_CASE(a_slow_drift_is_found_long_before_it_is_large) {
  const std::size_t at = 12 * a_day;
  auto all = healthy(16);
  disturb(all, at, 4 * a_day, [](double hours) { return hours * 0.06; });
  const auto found = alarm_after(judged(all), at);
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST(*found - at < 2 * a_day);
}

BOOST_AUTO_TEST_CASE(a_span_is_explained_by_its_own_departure_and_not_by_the_newest_readings) {
  const std::size_t at = 12 * a_day, back = at + 40 * 12;
  const auto drift = [](double hours) { return hours * 0.06; };
  auto all = healthy(16);
  disturb(all, at, 4 * a_day, drift);
  const double warmer = drift(40);
  all[back].value -= static_cast<milli_celsius>(std::lround(warmer * 1000));
  const auto verdicts = judged(all);
  const score_driver& now = verdicts[back].driver;
  BOOST_TEST(verdicts[back].score > alarm_above);
  BOOST_TEST(std::abs(now.departure_k) < 0.5F);
  BOOST_TEST(now.span_k > 1);
  BOOST_TEST(driver_text(now).find(" K warmer than usual") != std::string::npos, driver_text(now));
}

BOOST_AUTO_TEST_CASE(a_compressor_that_fails_is_found_within_forty_minutes_and_named) {
  const std::size_t at = 12 * a_day + 50;
  auto all = healthy(13);
  disturb(all, at, a_day, [](double hours) { return 6 * hours; });
  const auto verdicts = judged(all);
  const auto found = alarm_after(verdicts, at);
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST(*found - at <= 8U);
  BOOST_TEST(verdicts[*found + 2].driver.departure_k > 1);
  BOOST_TEST(driver_text(verdicts[*found + 6].driver).find("warmer than usual") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_rise_is_not_called_a_wide_swing) {
  for (const auto& [interval_s, kelvin_an_hour] :
       {std::pair{300, 1}, {300, 4}, {900, 1}, {900, 2}, {900, 8}, {1800, 2}}) {
    healthy_unit unit;
    unit.band = 0.4;
    unit.doors_a_day = 0;
    auto all = unit.readings(long_ago, static_cast<std::size_t>(21 * 86400 / interval_s), interval_s);
    const auto fails = long_ago + std::chrono::days{20} + std::chrono::hours{2};
    for (training_reading& one : all)
      if (one.at > fails)
        one.value += static_cast<milli_celsius>(
            std::lround(1000 * kelvin_an_hour * std::chrono::duration<double>(one.at - fails).count() / 3600));
    const auto verdicts = judged(all);
    std::size_t alarming = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all[i].at < fails || all[i].at > fails + std::chrono::hours{12} || verdicts[i].score <= alarm_above) continue;
      ++alarming;
      const std::string text = driver_text(verdicts[i].driver);
      BOOST_TEST(text.find("wide") == std::string::npos, text);
      BOOST_TEST(text.find("jump") == std::string::npos, text);
    }
    BOOST_TEST(alarming > 0U);
  }
}

BOOST_AUTO_TEST_CASE(a_stuck_sensor_is_found_but_a_coarse_one_is_not_taken_for_it) {
  const std::size_t at = 12 * a_day;
  auto stuck = healthy(13);
  for (std::size_t i = at; i < stuck.size(); ++i)
    stuck[i].value = stuck[at].value;
  const auto verdicts = judged(stuck);
  const auto found = alarm_after(verdicts, at);
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST(*found - at <= 24U);
  BOOST_TEST(std::any_of(verdicts.begin() + at, verdicts.end(),
                         [](const auto& one) { return one.driver.channel == driver_stuck; }));
  for (const auto& one : judged(healthy(20, 3, 2.0)))
    BOOST_TEST(one.driver.channel != driver_stuck);
}

BOOST_AUTO_TEST_CASE(a_young_unit_is_not_held_against_the_cycles_of_others) {
  // Hours on either side of its mean are this unit's habit, which nobody knows on its second day.
  readings slow;
  for (std::size_t i = 0; i < 3 * a_day; ++i) {
    const double phase = static_cast<double>(i % 84) / 84; // seven hours
    const double kelvin = phase < 0.5 ? 4 * phase - 1 : 3 - 4 * phase;
    slow.push_back({long_ago + std::chrono::seconds{static_cast<std::int64_t>(i) * spacing_s},
                    static_cast<milli_celsius>(std::lround(-20'000 + 600 * kelvin))});
  }
  const auto verdicts = judged(slow);
  BOOST_TEST(verdicts[2 * a_day].scored);
  for (std::size_t i = 0; i < 40 * a_day / 24; ++i)
    BOOST_TEST((verdicts[i].driver.channel != driver_one_side));
}

BOOST_AUTO_TEST_CASE(readings_far_apart_are_never_said_to_show_a_cycle) {
  const auto drivers = [](int every_s) {
    const auto all = healthy_unit{}.readings(long_ago, static_cast<std::size_t>(40 * 86400 / every_s), every_s);
    std::set<int> out;
    for (const course_verdict& one : judged(all))
      out.insert(one.driver.channel);
    return out;
  };
  const auto near = drivers(spacing_s), far = drivers(1800);
  constexpr int crossings_alone = 8, little_swing_alone = 10;
  for (const int of_a_cycle : {crossings_alone, little_swing_alone, int{driver_one_side},
                               driver_mostly_more + driver_crossings, driver_mostly_less + driver_crossings})
    BOOST_TEST(!far.contains(of_a_cycle), of_a_cycle);
  BOOST_TEST(far.contains(driver_one_side_coarse));
  BOOST_TEST(near.contains(driver_one_side));
  BOOST_TEST(!near.contains(driver_one_side_coarse));
}

BOOST_AUTO_TEST_CASE(a_burst_of_spikes_is_found_and_a_single_one_is_not) {
  const std::size_t at = 12 * a_day;
  auto burst = healthy(13), single = healthy(13);
  for (std::size_t i = at; i < at + 30; i += 6)
    burst[i].value += 12'000;
  single[at].value += 12'000;
  const auto found = alarm_after(judged(burst), at);
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST(*found - at <= 14U);
  BOOST_TEST(!alarm_after(judged(single), at));
}

BOOST_AUTO_TEST_CASE(one_reading_that_is_far_too_cold_is_no_alarm_but_a_second_one_and_cold_that_stays_are) {
  for (const int interval_s : {300, 900}) {
    const auto days = [interval_s](std::size_t count) { return count * 86'400 / static_cast<std::size_t>(interval_s); };
    const std::size_t at = days(12) + 30;
    std::size_t alone = 0, again = 0, stays = 0;
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
      healthy_unit unit;
      unit.seed = seed;
      auto one = unit.readings(long_ago, days(13), interval_s);
      one[at].value -= 6000;
      auto two = one, cold = one;
      two[at + 6].value -= 6000;
      for (std::size_t i = at; i < cold.size(); ++i)
        cold[i].value -= 6000;
      alone += alarm_after(judged(one), at, at + 12) ? 1 : 0;
      again += alarm_after(judged(two), at, at + 12) ? 1 : 0;
      stays += alarm_after(judged(cold), at, at + 4) ? 1 : 0;
    }
    BOOST_TEST(alone == 0U, interval_s);
    BOOST_TEST(again > 0U, interval_s);
    BOOST_TEST(stays == 6U, interval_s);
  }
}

BOOST_AUTO_TEST_CASE(a_burst_of_spikes_is_found_however_often_the_sensor_reports) {
  for (const int every_s : {10, 60, 300}) {
    unit_course unit{};
    unit.spacing_s = static_cast<float>(every_s);
    unit.grid_s = spacing_s;
    unit.seen_h = 100;
    const auto readings_of = [every_s](int hours) { return hours * 3600 / every_s; };
    const int burst_every = 900 / every_s;
    int found_after = -1;
    for (int i = 0; i < readings_of(30); ++i) {
      const bool jumps = i >= readings_of(24) && i % burst_every == 0;
      const milli_celsius value = -20'000 + 100 * (i % 3) + (jumps ? 7000 : 0);
      const bool found = fold_sensor(unit.sensor, value, every_s, unit, false, {}) == driver_spikes;
      if (found && found_after < 0) found_after = i - readings_of(24);
    }
    BOOST_TEST(found_after >= 0, "every " << every_s << " s");
    BOOST_TEST(found_after <= readings_of(1), "every " << every_s << " s");
  }
}

BOOST_AUTO_TEST_CASE(a_second_failure_soon_after_the_first_is_an_alarm_of_its_own) {
  auto all = healthy(16);
  const std::size_t first = 14 * a_day, mended = first + 36, second = mended + 72;
  const auto fail = [](double hours) { return 5 * (1 - std::exp(-2 * hours)) + hours; };
  disturb(all, first, 36, fail);
  disturb(all, mended, 24, [&](double hours) { return fail(3) * std::exp(-2 * hours); });
  disturb(all, second, 36, fail);
  const auto verdicts = judged(all);
  const auto over = [&](std::size_t i) { return verdicts[i].score < 0.7F * alarm_above; };
  BOOST_TEST(alarm_after(verdicts, first, first + 12).has_value());
  std::size_t calm = mended;
  while (calm < second && !over(calm))
    ++calm;
  BOOST_TEST(calm < second);
  BOOST_TEST(alarm_after(verdicts, second, second + 12).has_value());
}

BOOST_AUTO_TEST_CASE(a_stuck_sensor_does_not_hide_the_next_one) {
  auto all = healthy(31);
  const auto stand = [&](std::size_t from, std::size_t count) {
    for (std::size_t i = from; i < from + count; ++i)
      all[i].value = all[from].value;
  };
  stand(20 * a_day, 240); // 20 h
  stand(30 * a_day, 144); // and 12 h, ten days later
  const auto verdicts = judged(all);
  for (const std::size_t at : {20 * a_day, 30 * a_day})
    BOOST_TEST(std::any_of(verdicts.begin() + static_cast<std::ptrdiff_t>(at),
                           verdicts.begin() + static_cast<std::ptrdiff_t>(at + 24),
                           [](const auto& one) { return one.driver.channel == driver_stuck; }));
}

BOOST_AUTO_TEST_CASE(a_value_that_stands_for_hours_every_night_is_a_stuck_sensor_for_a_week_at_most) {
  for (const bool in_an_episode : {false, true}) {
    unit_course unit{};
    unit.spacing_s = unit.grid_s = spacing_s;
    unit.seen_h = 100;
    std::size_t late = 0, early = 0;
    const auto fold_days = [&](std::size_t days, std::size_t standing, const std::function<void()>& stuck) {
      for (std::size_t i = 0; i < days * a_day; ++i) {
        const bool stands = i % a_day < standing;
        const milli_celsius value = stands ? -20'000 : -20'000 - 100 * static_cast<milli_celsius>(i % 2);
        if (fold_sensor(unit.sensor, value, spacing_s, unit, in_an_episode, {}) == driver_stuck) stuck();
      }
    };
    fold_days(1, 0, [&] { ++early; });
    BOOST_TEST(early == 0U);
    fold_days(7, 60, [&] { ++early; }); // five hours
    fold_days(20, 60, [&] { ++late; });
    BOOST_TEST(early > 0U);
    BOOST_TEST(late == 0U);
    const float longest = unit.sensor.longest_s;
    BOOST_TEST(longest >= 5 * 3600 - spacing_s);
    fold_days(240, 0, [&] { ++late; }); // what does not come again is forgotten
    BOOST_TEST(unit.sensor.longest_s < longest / 3);
  }
}

BOOST_AUTO_TEST_CASE(a_noisy_sensor_is_one_alarm_not_five) {
  const std::size_t at = 14 * a_day;
  auto all = healthy(16);
  for (std::size_t burst = at; burst < at + 120; burst += 24) // three jumps every two hours
    for (std::size_t i = burst; i < burst + 12; i += 4)
      all[i].value += 12'000;
  const auto verdicts = judged(all);
  std::size_t began = 0;
  for (std::size_t i = at; i < at + 132; ++i)
    began += verdicts[i].driver.channel == driver_spikes && verdicts[i - 1].driver.channel != driver_spikes ? 1U : 0U;
  BOOST_TEST(began == 1U);
}

BOOST_AUTO_TEST_CASE(fahrenheit_is_recognised) {
  const std::size_t at = 12 * a_day;
  auto all = healthy(13);
  for (std::size_t i = at; i < at + 12; ++i)
    all[i].value = static_cast<milli_celsius>(all[i].value * 9 / 5 + 32'000);
  const auto verdicts = judged(all);
  const auto found = alarm_after(verdicts, at);
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST(*found - at <= 2U);
  BOOST_TEST(verdicts[at + 4].driver.channel == driver_mixed_units);
}

BOOST_AUTO_TEST_CASE(a_gap_is_not_bridged_and_does_not_alarm) {
  auto all = healthy(14);
  all.erase(all.begin() + 12 * a_day, all.begin() + 12 * a_day + 80);
  BOOST_TEST(!alarm_after(judged(all), 12 * a_day));
}

BOOST_AUTO_TEST_CASE(a_failure_is_found_although_the_logger_reports_more_often_for_a_while) {
  constexpr std::int64_t fails = 20 * 1440 + 120; // minutes
  const std::pair<const char*, std::function<bool(std::int64_t)>> loggers[]{
      {"every quarter of an hour", [](std::int64_t) { return false; }},
      {"every minute while it is warm", [](std::int64_t m) { return m >= fails + 20 && m < fails + 700; }},
      {"every minute for an hour the day before", [](std::int64_t m) { return m >= fails - 1440 && m < fails - 1380; }},
      {"every minute for two hours the day before",
       [](std::int64_t m) { return m >= fails - 1440 && m < fails - 1320; }},
      {"every minute by day", [](std::int64_t m) { return m % 1440 >= 420 && m % 1440 < 1080; }}};
  for (const std::uint64_t seed : {1U, 2U, 3U})
    for (const auto& [name, often] : loggers) {
      healthy_unit unit;
      unit.seed = seed;
      auto all =
          thinned(unit.readings(long_ago, 21 * 1440, 60), [&often](std::int64_t m) { return m % 15 == 0 || often(m); });
      warm_up(all, long_ago + std::chrono::minutes{fails});
      const auto found = alarm_between(all, long_ago + std::chrono::minutes{fails}, std::chrono::hours{3});
      BOOST_TEST(found, name << ", seed " << seed);
    }
}

BOOST_AUTO_TEST_CASE(another_pace_that_lasts_is_taken_with_all_that_is_known_of_the_temperature) {
  for (const auto& [before_min, after_min, grid_s] :
       {std::tuple{15, 1, 300}, {30, 5, 300}, {5, 15, 900}, {5, 30, 1800}}) {
    constexpr std::int64_t change = 14 * 1440; // minutes
    const auto all = thinned(healthy_unit{}.readings(long_ago, 20 * 1440, 60),
                             [=](std::int64_t m) { return m % (m < change ? before_min : after_min) == 0; });
    unit_course course{};
    float level = 0;
    std::size_t alarming = 0;
    for (const training_reading& one : all) {
      const auto minute = std::chrono::duration_cast<std::chrono::minutes>(one.at - long_ago).count();
      const course_verdict said = fold(course, one.at, one.value, {});
      if (minute <= change) level = course.level.location;
      alarming += said.scored && said.score > alarm_above ? 1U : 0U;
      if (minute == change + 2 * 1440) BOOST_TEST(course.grid_s == static_cast<float>(60 * std::max(before_min, 5)));
    }
    BOOST_TEST_CONTEXT(before_min << " min, then " << after_min) {
      BOOST_TEST(course.grid_s == static_cast<float>(grid_s));
      BOOST_TEST(std::abs(course.level.location - level) < 0.3F);
      BOOST_TEST(course.profile_seen[0] > 3);
      if (grid_s > 600) BOOST_TEST((course.shape.cell == shape_memory{}.cell)); // sees no cycle any more
      BOOST_TEST(alarming == 0U);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_unit_that_reports_at_another_pace_is_learnt_anew_and_watched_again) {
  for (const auto& [before_s, after_s] : {std::pair{300, 1800}, {10, 1800}, {1800, 300}, {300, 900}}) {
    healthy_unit unit;
    const auto change = long_ago + std::chrono::days{14};
    auto all = unit.readings(long_ago, static_cast<std::size_t>(14 * 86400 / before_s), before_s);
    unit.seed = 2;
    const auto later = unit.readings(change, static_cast<std::size_t>(16 * 86400 / after_s), after_s);
    all.insert(all.end(), later.begin(), later.end());
    const auto fails = change + std::chrono::days{15};
    for (training_reading& one : all)
      if (one.at >= fails)
        one.value += static_cast<milli_celsius>(std::chrono::duration<double>(one.at - fails).count() / 3600 * 2000);
    const auto said = judged(all);
    std::size_t alarming = 0;
    bool found = false;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const bool over = said[i].scored && said[i].score > alarm_above;
      if (over && all[i].at > change + std::chrono::days{3} && all[i].at < fails) ++alarming;
      found = found || (over && all[i].at >= fails && all[i].at < fails + std::chrono::hours{3});
    }
    BOOST_TEST_CONTEXT(before_s << " s, then " << after_s << " s") {
      BOOST_TEST(alarming <= 2U); // not for weeks
      BOOST_TEST(found);
    }
  }
}

BOOST_AUTO_TEST_CASE(other_spacings_are_put_on_a_grid) {
  for (const int spacing : {60, 900, 1800}) {
    healthy_unit unit;
    auto all = unit.readings(long_ago, static_cast<std::size_t>(13 * 86400 / spacing), spacing);
    const auto from = static_cast<std::size_t>(12 * 86400 / spacing);
    BOOST_TEST(!alarm_after(judged(all), 0, from), "spacing " << spacing);
    for (std::size_t i = from; i < all.size(); ++i)
      all[i].value += static_cast<milli_celsius>(static_cast<double>(i - from) * spacing / 3600 * 6000);
    BOOST_TEST(alarm_after(judged(all), from, from + static_cast<std::size_t>(7200 / spacing)).has_value(),
               "spacing " << spacing);
  }
}

BOOST_AUTO_TEST_CASE(a_reading_that_is_not_newer_changes_nothing) {
  const auto all = healthy(3);
  unit_course with{}, without{};
  for (const auto& one : all) {
    fold(without, one.at, one.value, {});
    fold(with, one.at, one.value, {});
    BOOST_REQUIRE(!fold(with, one.at - std::chrono::minutes{7}, 900'000, {}).scored);
  }
  BOOST_TEST(with.score == without.score);
  BOOST_TEST(with.level.location == without.level.location);
}

BOOST_AUTO_TEST_CASE(whatever_comes_in_no_nan_comes_out) {
  BOOST_TEST(rc::check("scores are finite", [] {
    unit_course course{};
    timestamp at = long_ago;
    const int count = *rc::gen::inRange(1, 2000);
    const int widest = *rc::gen::element(1, 600, 400'000);
    const auto seed = *rc::gen::arbitrary<std::uint32_t>();
    std::mt19937 random{seed};
    for (int i = 0; i < count; ++i) {
      const auto chance = random() % 100;
      at += chance == 0 ? std::chrono::hours{24 * 30}
                        : std::chrono::seconds{1 + random() % static_cast<unsigned>(widest)};
      const milli_celsius value = chance < 90 ? -20'000 + static_cast<milli_celsius>(random() % 500)
                                              : (chance < 95 ? implausible_below : implausible_above);
      const auto seen = fold(course, at, value, {});
      RC_ASSERT(!seen.scored || (std::isfinite(seen.score) && seen.score >= 0));
      RC_ASSERT(std::isfinite(seen.driver.departure_k) && std::isfinite(seen.driver.slope_k_h) &&
                std::isfinite(seen.driver.lasting_min) && std::isfinite(seen.driver.span_k));
    }
  }));
}

BOOST_AUTO_TEST_SUITE_END()
