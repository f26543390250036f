// The numbers of the alarm system against an oracle that looks at every moment and every alarm.
#include "core/alarm_kpis.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

namespace coldvigil {
namespace {

const timestamp start = from_ms(1'700'000'000'000);
timestamp second(std::int64_t n) {
  return start + std::chrono::seconds{n};
}

alarm_course course_at(std::int64_t raised, std::optional<std::int64_t> cleared, std::int64_t unit = 1) {
  alarm_course out;
  out.unit = unit_id{unit};
  out.rule = rule_id{2};
  out.raised_at = second(raised);
  if (cleared) out.cleared_at = second(*cleared);
  return out;
}

std::vector<alarm_course> random_alarms(std::mt19937& random) {
  std::vector<alarm_course> out;
  const std::size_t count = random() % 120;
  const std::int64_t spread = 1 + static_cast<std::int64_t>(random() % 30'000);
  for (std::size_t i = 0; i < count; ++i) {
    const auto raised = static_cast<std::int64_t>(random()) % spread / 5 * 5 - 3'000;
    alarm_course each = course_at(raised, std::nullopt, 1 + static_cast<std::int64_t>(random() % 4));
    each.id = alarm_id{static_cast<std::int64_t>(i)};
    each.rule = rule_id{static_cast<std::uint32_t>(1 + random() % 3)};
    each.level = random() % 5 == 0 ? alarm_level::critical : alarm_level::warning;
    if (random() % 4 != 0)
      each.cleared_at = each.raised_at + std::chrono::seconds{random() % (random() % 2 ? 90 : 9'000)};
    if (random() % 3 != 0) each.acknowledged_at = each.raised_at + std::chrono::seconds{random() % 5'000};
    each.retroactive = random() % 6 == 0;
    each.suppressed = random() % 6 == 0;
    out.push_back(each);
  }
  return out;
}

/// Second by second, alarm by alarm. All times of the test are whole seconds.
struct oracle {
  const std::vector<alarm_course>& alarms;
  std::int64_t length; ///< of the period, from `start`
  kpi_limits limits;

  [[nodiscard]] bool raised_within(const alarm_course& each) const {
    return each.raised_at >= start && each.raised_at < second(length);
  }
  [[nodiscard]] std::uint64_t in_ten_minutes_up_to(std::int64_t now) const {
    return static_cast<std::uint64_t>(std::count_if(alarms.begin(), alarms.end(), [&](const alarm_course& each) {
      return raised_within(each) && each.raised_at <= second(now) && each.raised_at > second(now - 600);
    }));
  }
  [[nodiscard]] std::vector<alarm_kpis::flood> floods() const {
    std::vector<alarm_kpis::flood> out;
    bool flooded = false;
    for (std::int64_t now = 0; now < length; ++now) {
      const std::uint64_t count = in_ten_minutes_up_to(now);
      if (!flooded && count > limits.flood_begins * limits.operators) {
        flooded = true;
        out.push_back({second(now), second(length)});
      } else if (flooded && count < limits.flood_ends * limits.operators) {
        flooded = false;
        out.back().to = second(now);
      }
    }
    return out;
  }
  [[nodiscard]] std::uint64_t most_in_ten_minutes() const {
    std::uint64_t most = 0;
    for (std::int64_t now = 0; now < length; ++now)
      most = std::max(most, in_ten_minutes_up_to(now));
    return most;
  }
  /// An alarm that ends at a moment is not active at it; one that lasts no time never is.
  [[nodiscard]] std::uint64_t most_active() const {
    std::uint64_t most = 0;
    for (std::int64_t now = 0; now < length; ++now)
      most = std::max(
          most, static_cast<std::uint64_t>(std::count_if(alarms.begin(), alarms.end(), [&](const alarm_course& each) {
            return each.raised_at <= second(now) && (!each.cleared_at || *each.cleared_at > second(now));
          })));
    return most;
  }
  [[nodiscard]] std::set<std::pair<unit_id, rule_id>> chattering(millis window) const {
    std::set<std::pair<unit_id, rule_id>> out;
    for (const alarm_course& first : alarms) {
      if (!first.cleared_at || *first.cleared_at < start || *first.cleared_at >= second(length)) continue;
      const auto within = std::count_if(alarms.begin(), alarms.end(), [&](const alarm_course& each) {
        return each.unit == first.unit && each.rule == first.rule && each.cleared_at &&
               *each.cleared_at >= *first.cleared_at && *each.cleared_at - *first.cleared_at <= window &&
               *each.cleared_at < second(length);
      });
      if (within >= 3) out.insert({first.unit, first.rule});
    }
    return out;
  }
  [[nodiscard]] std::uint64_t stale() const {
    return static_cast<std::uint64_t>(std::count_if(alarms.begin(), alarms.end(), [&](const alarm_course& each) {
      if (each.raised_at >= second(length) || (each.cleared_at && *each.cleared_at < start)) return false;
      const timestamp end = each.cleared_at ? std::min(*each.cleared_at, second(length)) : second(length);
      return end - each.raised_at > limits.stale;
    }));
  }
};

std::set<std::pair<unit_id, rule_id>> keys(const std::vector<alarm_source>& sources) {
  std::set<std::pair<unit_id, rule_id>> out;
  for (const alarm_source& each : sources)
    out.insert({each.unit, each.rule});
  return out;
}

void expect_oracle(const alarm_kpis& found, const oracle& truth) {
  std::vector<alarm_course> raised;
  std::copy_if(truth.alarms.begin(), truth.alarms.end(), std::back_inserter(raised),
               [&](const alarm_course& each) { return truth.raised_within(each); });
  RC_ASSERT(found.alarms == raised.size());
  const double ten_minutes_in_period = static_cast<double>(truth.length) / 600.0;
  RC_ASSERT(std::abs(found.per_operator_10_min * truth.limits.operators * ten_minutes_in_period -
                     static_cast<double>(raised.size())) < 1e-9);
  RC_ASSERT(std::abs(found.per_operator_day - found.per_operator_10_min * 144) < 1e-9);
  RC_ASSERT(found.most_in_10_min == truth.most_in_ten_minutes());
  RC_ASSERT(found.most_active == truth.most_active());
  RC_ASSERT(found.floods == truth.floods());
  millis flooded{0};
  for (const auto& each : truth.floods())
    flooded += each.to - each.from;
  RC_ASSERT(std::abs(found.share_in_flood * static_cast<double>(truth.length) * 1000 -
                     static_cast<double>(flooded.count())) < 1e-6);
  RC_ASSERT(keys(found.chattering) == truth.chattering(truth.limits.chatter_window));
  RC_ASSERT(keys(found.slowly_chattering) == truth.chattering(truth.limits.slow_chatter_window));
  RC_ASSERT(found.stale == truth.stale());
  const auto level_count = [&](alarm_level level) {
    return static_cast<std::uint64_t>(
        std::count_if(raised.begin(), raised.end(), [&](const auto& each) { return each.level == level; }));
  };
  RC_ASSERT(found.critical == level_count(alarm_level::critical));
  RC_ASSERT(found.warning == level_count(alarm_level::warning));
  RC_ASSERT(found.fleeting ==
            static_cast<std::uint64_t>(std::count_if(raised.begin(), raised.end(), [&](const auto& each) {
              return each.cleared_at && *each.cleared_at - each.raised_at < truth.limits.fleeting;
            })));
  std::uint64_t of_top = 0;
  for (const alarm_source& each : found.top) {
    const auto same = std::count_if(raised.begin(), raised.end(),
                                    [&](const auto& a) { return a.unit == each.unit && a.rule == each.rule; });
    RC_ASSERT(each.alarms == static_cast<std::uint64_t>(same));
    of_top += each.alarms;
  }
  for (const alarm_course& each : raised) {
    if (keys(found.top).contains({each.unit, each.rule})) continue;
    const auto same = std::count_if(raised.begin(), raised.end(),
                                    [&](const auto& a) { return a.unit == each.unit && a.rule == each.rule; });
    RC_ASSERT(found.top.size() == truth.limits.top);
    RC_ASSERT(static_cast<std::uint64_t>(same) <= found.top.back().alarms);
  }
  RC_ASSERT(std::is_sorted(found.top.begin(), found.top.end(),
                           [](const auto& a, const auto& b) { return a.alarms > b.alarms; }));
  RC_ASSERT(raised.empty() ||
            std::abs(found.share_of_top - static_cast<double>(of_top) / static_cast<double>(raised.size())) < 1e-12);
  std::vector<millis> waits;
  for (const alarm_course& each : raised)
    if (each.acknowledged_at) waits.push_back(*each.acknowledged_at - each.raised_at);
  RC_ASSERT(found.acknowledged == waits.size());
  if (waits.empty()) return;
  const auto not_longer = [&](millis limit) {
    return static_cast<double>(std::count_if(waits.begin(), waits.end(), [&](millis w) { return w <= limit; })) /
           static_cast<double>(waits.size());
  };
  RC_ASSERT(not_longer(*found.median_to_acknowledge) >= 0.5);
  RC_ASSERT(not_longer(*found.median_to_acknowledge - millis{1}) < 0.5);
  RC_ASSERT(not_longer(*found.p90_to_acknowledge) >= 0.9);
  RC_ASSERT(not_longer(*found.p90_to_acknowledge - millis{1}) < 0.9);
  RC_ASSERT(*found.longest_to_acknowledge == *std::max_element(waits.begin(), waits.end()));
}

} // namespace

BOOST_AUTO_TEST_SUITE(alarm_numbers)

BOOST_AUTO_TEST_CASE(the_numbers_are_the_oracles) {
  const bool held = rc::check([](unsigned seed) {
    std::mt19937 random(seed);
    const auto alarms = random_alarms(random);
    kpi_limits limits;
    limits.operators = 1 + static_cast<unsigned>(random() % 2);
    limits.top = 3;
    limits.stale = std::chrono::hours{1};
    limits.slow_chatter_window = std::chrono::minutes{50};
    const std::int64_t length = 600 + static_cast<std::int64_t>(random() % 20'000);
    const auto found = kpis_of(alarms, start, second(length), limits);
    std::vector<alarm_course> called;
    std::uint64_t late = 0, set_aside = 0;
    for (const alarm_course& each : alarms) {
      const bool within = each.raised_at >= start && each.raised_at < second(length);
      if (each.retroactive)
        late += within ? 1 : 0;
      else if (each.suppressed)
        set_aside += within ? 1 : 0;
      else
        called.push_back(each);
    }
    RC_ASSERT(found.retroactive == late);
    RC_ASSERT(found.suppressed == set_aside);
    expect_oracle(found, {called, length, limits});
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_CASE(eleven_in_ten_minutes_are_a_flood_and_ten_are_not) {
  std::vector<alarm_course> alarms;
  for (int i = 0; i < 10; ++i)
    alarms.push_back(course_at(i, std::nullopt));
  BOOST_TEST(kpis_of(alarms, start, second(86'400), {}).floods.empty());
  alarms.push_back(course_at(599, std::nullopt));
  const auto flooded = kpis_of(alarms, start, second(86'400), {});
  BOOST_REQUIRE(flooded.floods.size() == 1U);
  BOOST_TEST((flooded.floods[0].from == second(599)));
  BOOST_TEST((flooded.floods[0].to == second(606))); // when fewer than five are left
  kpi_limits two;
  two.operators = 2;
  BOOST_TEST(kpis_of(alarms, start, second(86'400), two).floods.empty());
}

BOOST_AUTO_TEST_CASE(a_silent_site_is_no_flood) {
  std::vector<alarm_course> alarms;
  for (int i = 0; i < 16; ++i) {
    alarms.push_back(course_at(i, std::nullopt, i));
    alarms.back().suppressed = true;
  }
  const auto found = kpis_of(alarms, start, second(86'400), {});
  BOOST_TEST(found.suppressed == 16U);
  BOOST_TEST(found.alarms == 0U);
  BOOST_TEST(found.most_active == 0U);
  BOOST_TEST(found.floods.empty());
}

BOOST_AUTO_TEST_CASE(three_clearings_in_a_minute_are_chatter) {
  const std::vector<alarm_course> alarms{course_at(0, 10), course_at(20, 30), course_at(40, 70)};
  BOOST_TEST(kpis_of(alarms, start, second(3'600), {}).chattering.size() == 1U);
  const std::vector<alarm_course> slower{course_at(0, 10), course_at(20, 30), course_at(40, 71)};
  BOOST_TEST(kpis_of(slower, start, second(3'600), {}).chattering.empty());
}

BOOST_AUTO_TEST_CASE(an_empty_period_has_no_numbers) {
  BOOST_TEST((kpis_of({}, start, start, {}) == alarm_kpis{}));
  BOOST_TEST(kpis_of({}, start, second(60), {}).alarms == 0U);
}

BOOST_AUTO_TEST_CASE(the_last_word_counts_and_what_never_was_does_not) {
  alarm_record alarm;
  alarm.id = alarm_id{1};
  alarm.raised_at = second(10);
  alarm_record other = alarm;
  other.id = alarm_id{2};
  alarm_record past = alarm;
  past.id = alarm_id{3};
  past.retroactive = true;
  std::vector<alarm_transition> said{{alarm, transition_kind::raised, second(10), second(10)},
                                     {other, transition_kind::raised, second(10), second(10)},
                                     {past, transition_kind::raised, second(10), second(10)}};
  alarm.cleared_at = second(70);
  other.annulled = true;
  said.push_back({alarm, transition_kind::cleared, second(70), second(70)});
  said.push_back({other, transition_kind::annulled, second(10), second(80)});
  const auto courses = courses_of(said);
  BOOST_REQUIRE(courses.size() == 2U);
  BOOST_TEST((courses[0].cleared_at == second(70)));
  BOOST_TEST(!courses[0].retroactive);
  BOOST_TEST(courses[1].retroactive);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil
