// For random rules, series, gaps, orders inside the horizon, duplicates, batch cuts, crash points and a change of rules
// in between, the engine's alarm list is the slow reference's.
#include "core/rule_check.hpp"
#include "tests/core/judge_fixture.hpp"
#include "tests/core/reference_judge.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include <algorithm>
#include <numeric>
#include <random>

namespace coldvigil::test {
namespace {

using dice = std::mt19937;

int up_to(dice& random, int most) {
  return static_cast<int>(random() % (static_cast<unsigned>(most) + 1));
}
bool one_in(dice& random, unsigned n) {
  return random() % n == 0;
}
template <class T> T one_of(dice& random, std::initializer_list<T> values) {
  return *(values.begin() + random() % values.size());
}

rule random_rule(dice& random, std::uint32_t id) {
  rule out;
  out.id = rule_id{id};
  out.kind = one_of(random, {rule_kind::low_limit, rule_kind::high_limit, rule_kind::high_limit,
                             rule_kind::model_persistence, rule_kind::cumulative, rule_kind::rate_of_change,
                             rule_kind::predicted_breach, rule_kind::sensor_fault, rule_kind::mkt_limit});
  out.side = one_of(random, {rule_side::above, rule_side::below});
  out.limit = out.kind == rule_kind::low_limit || out.side == rule_side::below ? -23'000 : -17'500;
  if (out.kind == rule_kind::high_limit) out.limit = -17'000;
  out.limit += 500 * up_to(random, 4);
  out.inclusive = one_in(random, 3);
  out.deadband = one_in(random, 2) ? 500 * up_to(random, 4) : 0;
  out.on_delay = std::chrono::minutes{one_in(random, 2) ? 0 : up_to(random, 30)};
  out.off_delay = std::chrono::minutes{one_in(random, 2) ? 0 : up_to(random, 30)};
  out.consecutive = static_cast<std::uint16_t>(1 + (one_in(random, 2) ? 0 : up_to(random, 4)));
  out.score_limit = one_of(random, {0.2F, 0.5F, 1.0F});
  out.window = std::chrono::minutes{2 + up_to(random, 180)};
  out.cumulative = std::max(millis{1}, out.window / (2 + up_to(random, 6)));
  out.lead = std::chrono::minutes{1 + up_to(random, 60)};
  out.min_samples = static_cast<std::uint16_t>(up_to(random, 6));
  out.gaps = one_of(random, {gap_policy::restart, gap_policy::pause, gap_policy::bridge});
  out.max_gap = std::chrono::minutes{3 + up_to(random, 30)};
  if (out.kind == rule_kind::rate_of_change) {
    out.limit = 1'000 * (1 + up_to(random, 8));
    out.side = one_of(random, {rule_side::above, rule_side::below, rule_side::either});
    out.deadband = std::min(out.deadband, out.limit);
  }
  if (out.kind == rule_kind::mkt_limit) {
    out.side = rule_side::above;
    out.limit = -19'000 + 250 * up_to(random, 8);
  }
  const bool plain = out.kind == rule_kind::low_limit || out.kind == rule_kind::high_limit;
  if (plain && one_in(random, 2)) {
    const int borne = 1'000 * (1 + up_to(random, 3));
    out.tolerated_to = out.kind == rule_kind::high_limit ? out.limit + borne : out.limit - borne;
    out.tolerated_for = std::chrono::minutes{1 + up_to(random, 40)};
  }
  return as_judged(out);
}

rule_set random_rules(dice& random, std::uint32_t first_id) {
  rule_set out;
  out.range = {-25'000, -15'000};
  if (one_in(random, 3)) // what a unit has when nobody said anything
    for (const rule& each : own_rules(out.range, 1).rules)
      out.rules.push_back(as_judged(fitted(each, std::chrono::minutes{1 + up_to(random, 10)})));
  for (std::uint32_t i = 0, n = 1 + static_cast<std::uint32_t>(up_to(random, 6)); i < n; ++i)
    out.rules.push_back(random_rule(random, first_id + i));
  return out;
}

struct sent {
  timestamp at{};
  milli_celsius value = 0;
  bool history = false;
};

/// Half degrees, so that limits are met exactly; wandering, jumping, repeating itself, with silences.
std::vector<sent> random_series(dice& random) {
  std::vector<sent> out;
  const int count = 40 + up_to(random, 400);
  const bool coarse = one_in(random, 2);
  int at = 0;
  int level = -40; // half degrees
  int stuck = 0;
  for (int i = 0; i < count; ++i) {
    at += one_in(random, 50)   ? 100 + up_to(random, 200)
          : one_in(random, 12) ? 10 + up_to(random, 25)
                               : 1 + up_to(random, 2);
    if (one_in(random, 30)) level = -40 + up_to(random, 24) - 12;
    if (one_in(random, 150)) stuck = up_to(random, 60);
    if (stuck-- <= 0) level += up_to(random, 2) - 1;
    out.push_back({minute(at), 500 * level + (coarse || stuck > 0 ? 0 : up_to(random, 400))});
  }
  // What came before the first contact is history.
  for (std::size_t i = 0, n = one_in(random, 2) ? 0 : random() % out.size(); i < n; ++i)
    out[i].history = true;
  return out;
}

/// A sensor of some resolution, long enough for its past to be believed; it stands still now and then.
std::vector<sent> sensor_series(dice& random) {
  std::vector<sent> out;
  const int step = one_of(random, {1, 10, 100, 500, 1'000});
  const auto rarely = static_cast<unsigned>(30 + up_to(random, 200));
  int stuck = 0;
  milli_celsius value = -20'000;
  for (int i = 0, n = 300 + up_to(random, 400); i < n; ++i) {
    if (one_in(random, rarely)) stuck = up_to(random, one_in(random, 3) ? 60 : 10);
    if (stuck-- <= 0) value = -20'000 + step * up_to(random, 3'000 / step);
    out.push_back({minute(2 * i), value});
  }
  return out;
}

std::vector<std::size_t> shuffled(const std::vector<sent>& what, dice& random) {
  std::vector<std::size_t> order(what.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::vector<timestamp> arrival;
  for (const sent& each : what)
    arrival.push_back(each.at + std::chrono::minutes{one_in(random, 4) ? up_to(random, 110) : 0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return arrival[a] < arrival[b]; });
  return order;
}

void send(driven_unit& unit, const std::vector<sent>& what, dice& random) {
  const unsigned crashes = one_in(random, 2) ? 40 : 100'000;
  const auto order = shuffled(what, random);
  for (std::size_t n = 0; n < order.size(); ++n) {
    unit.offer(what[order[n]].at, what[order[n]].value, {}, what[order[n]].history);
    if (one_in(random, 5)) {
      const sent& again = what[order[n - random() % std::min<std::size_t>(n + 1, 5)]];
      unit.offer(again.at, again.value, {}, again.history);
    }
    if (one_in(random, 6)) unit.run();
    if (one_in(random, 100) && unit.judge_.run_due()) unit.run_unscored();
    if (one_in(random, crashes)) {
      unit.run();
      unit.crash();
    }
  }
  unit.run();
}

std::vector<judged_reading> committed(const driven_unit& unit) {
  std::vector<judged_reading> out;
  for (const auto& [at, reading] : unit.store_.readings)
    out.push_back(reading);
  return out;
}

void expect_alike(const alarm_record& found, const reference_alarm& expected) {
  RC_ASSERT(found.raised_at == expected.raised_at);
  RC_ASSERT(found.cleared_at == expected.cleared_at);
  RC_ASSERT(found.raised_value == expected.raised_value);
  if (found.cleared_at) RC_ASSERT(found.end == expected.end);
  RC_ASSERT(found.extreme == expected.extreme);
  RC_ASSERT(found.measured.has_value() == expected.measured.has_value());
  if (found.measured) RC_ASSERT(std::abs(*found.measured - *expected.measured) <= 1);
  RC_ASSERT(found.peak_score == expected.peak_score);
  RC_ASSERT(found.course.onset == expected.course.onset);
  RC_ASSERT(found.course.lowest == expected.course.lowest);
  RC_ASSERT(found.course.highest == expected.course.highest);
  RC_ASSERT(found.course.lasted == expected.course.lasted);
  RC_ASSERT(found.course.unseen == expected.course.unseen);
  RC_ASSERT(found.course.end_unseen == expected.course.end_unseen);
  RC_ASSERT(std::abs(found.course.mean - expected.course.mean) <= 1);
  RC_ASSERT(std::abs(found.course.mkt - expected.course.mkt) <= 1);
}

/// When the alarms are looked at: long enough after the newest reading to be a silence for some rules.
timestamp looked_at(const driven_unit& unit) {
  return unit.store_.readings.empty() ? minute(0) : unit.store_.readings.rbegin()->first + std::chrono::minutes{17};
}

/// The alarms of one rule as they stand, open ones with what is known of them by now.
std::vector<alarm_record> standing_of(const driven_unit& unit, const rule& by) {
  std::vector<alarm_record> out;
  const auto open = unit.book_.open_now(looked_at(unit));
  for (const alarm_record& alarm : unit.store_.standing()) {
    if (alarm.by != by) continue;
    const auto now = std::find_if(open.begin(), open.end(), [&](const auto& each) { return each.id == alarm.id; });
    out.push_back(now == open.end() ? alarm : *now);
  }
  return out;
}

void expect_rule(const driven_unit& unit, const rule& by, std::vector<reference_alarm> expected) {
  const auto found = standing_of(unit, by);
  RC_ASSERT(found.size() == expected.size());
  if (!expected.empty() && !expected.back().cleared_at && expected.back().silence_counts)
    expected.back().course.unseen += silence_between(by, expected.back().heard_through, looked_at(unit));
  for (std::size_t i = 0; i < found.size(); ++i)
    expect_alike(found[i], expected[i]);
}

bool has(const rule_set& rules, const rule& what) {
  return std::find(rules.rules.begin(), rules.rules.end(), what) != rules.rules.end();
}

} // namespace

BOOST_AUTO_TEST_SUITE(rules_as_the_reference_judges)

BOOST_AUTO_TEST_CASE(any_rules_any_order_any_duplicates_any_cut_any_crash) {
  std::array<int, rule_kind_count> alarms{};
  const bool held = rc::check([&](unsigned seed) {
    dice random(seed);
    const rule_set rules = random_rules(random, 100);
    RC_ASSERT(check(rules).ok());
    const auto what = random_series(random);
    driven_unit unit({}, rules);
    send(unit, what, random);
    const auto readings = committed(unit);
    RC_ASSERT(readings.size() == what.size());
    for (const rule& by : rules.rules) {
      const auto expected = reference_alarms(by, readings);
      alarms[static_cast<std::size_t>(by.kind)] += static_cast<int>(expected.size());
      expect_rule(unit, by, expected);
    }
  });
  BOOST_TEST(held);
  for (std::size_t kind = 0; kind < alarms.size(); ++kind)
    if (static_cast<rule_kind>(kind) != rule_kind::no_data && static_cast<rule_kind>(kind) != rule_kind::sensor_fault)
      BOOST_TEST(alarms[kind] > 5, to_string(static_cast<rule_kind>(kind)) << " was hardly ever raised");
}

BOOST_AUTO_TEST_CASE(a_sensor_that_stands_still_is_judged_as_the_reference_does) {
  std::size_t alarms = 0;
  const bool held = rc::check([&](unsigned seed) {
    dice random(seed);
    rule_set rules;
    for (std::uint32_t id = 1; id <= 2; ++id) {
      rule by = random_rule(random, id);
      by.kind = rule_kind::sensor_fault;
      rules.rules.push_back(as_judged(by));
    }
    RC_ASSERT(check(rules).ok());
    driven_unit unit({}, rules);
    send(unit, sensor_series(random), random);
    for (const rule& by : rules.rules) {
      const auto expected = reference_alarms(by, committed(unit));
      alarms += expected.size();
      expect_rule(unit, by, expected);
    }
  });
  BOOST_TEST(held);
  BOOST_TEST(alarms > 20U, "sensor faults were hardly ever raised");
}

BOOST_AUTO_TEST_CASE(any_silence_any_contact_any_restart_is_judged_as_the_reference_does) {
  std::size_t alarms = 0;
  const bool held = rc::check([&](unsigned seed) {
    dice random(seed);
    rule_set rules = random_rules(random, 100);
    for (std::uint32_t id = 1; id <= 2; ++id) {
      rule silence;
      silence.id = rule_id{id};
      silence.kind = rule_kind::no_data;
      silence.silent_after = std::chrono::seconds{60 + up_to(random, 3'600)};
      rules.rules.push_back(silence);
    }
    driven_unit unit({}, rules);
    silence_tick now{minute(0), {}, {minute(0)}};
    std::vector<silence_tick> ticks;
    int quiet = up_to(random, 100);
    for (int at = 0, n = 100 + up_to(random, 400); at < n; ++at) {
      now.at = minute(at) + std::chrono::seconds{up_to(random, 59)};
      if (quiet-- <= 0) {
        now.heard.push_back(minute(at));
        if (!one_in(random, 4))
          unit.offer(minute(at), 500 * (up_to(random, 20) - 50)); // else a contact without a value
        unit.run();
        quiet = one_in(random, 10) ? up_to(random, 120) : up_to(random, 3);
      }
      if (one_in(random, 60)) {
        unit.crash();
        now.started.push_back(now.at);
      }
      if (one_in(random, 10)) continue; // a tick that came late
      unit.watch(now.at, now.heard.empty() ? std::nullopt : std::optional(now.heard.back()), now.started.back());
      ticks.push_back(now);
    }
    const auto readings = committed(unit);
    for (const rule& by : rules.rules) {
      if (by.kind != rule_kind::no_data) {
        expect_rule(unit, by, reference_alarms(by, readings)); // silence says nothing of any other rule
        continue;
      }
      const auto expected = reference_silences(by, ticks);
      const auto found = standing_of(unit, by);
      alarms += expected.size();
      RC_ASSERT(found.size() == expected.size());
      for (std::size_t i = 0; i < found.size(); ++i) {
        RC_ASSERT(found[i].raised_at == expected[i].raised_at);
        RC_ASSERT(found[i].cleared_at == expected[i].cleared_at);
        RC_ASSERT(found[i].course.onset == expected[i].course.onset);
        if (found[i].cleared_at) RC_ASSERT(found[i].course.unseen == expected[i].course.unseen);
      }
    }
  });
  BOOST_TEST(held);
  BOOST_TEST(alarms > 50U, "silence was hardly ever told");
}

BOOST_AUTO_TEST_CASE(a_change_of_rules_is_effective_from_its_time_on) {
  const bool held = rc::check([](unsigned seed) {
    dice random(seed);
    const auto what = random_series(random);
    const rule_set before = random_rules(random, 100);
    rule_set after = random_rules(random, 200);
    after.version = 2;
    after.rules.push_back(before.rules.front()); // stays as it is
    if (one_in(random, 2)) after.rules.front().id = before.rules.back().id;
    if (after.rules.front().id == before.rules.front().id) after.rules.front().id = rule_id{300};
    const timestamp from = what[random() % what.size()].at + millis{up_to(random, 1) * 30'000};
    driven_unit unit({}, before);
    unit.change_rules(after, from);
    send(unit, what, random);
    const auto readings = committed(unit);
    const auto first_after =
        std::find_if(readings.begin(), readings.end(), [&](const auto& r) { return r.at >= from; });
    const std::vector<judged_reading> old_ones(readings.begin(), first_after);
    const std::vector<judged_reading> new_ones(first_after, readings.end());
    for (const rule& by : before.rules) {
      auto expected = reference_alarms(by, has(after, by) ? readings : old_ones);
      if (!has(after, by) && !new_ones.empty() && !expected.empty() && !expected.back().cleared_at) {
        expected.back().cleared_at = from;
        expected.back().end = alarm_end::rule_changed;
        if (expected.back().silence_counts)
          expected.back().course.unseen += silence_between(by, expected.back().heard_through, from);
      }
      expect_rule(unit, by, expected);
    }
    for (const rule& by : after.rules)
      if (!has(before, by)) expect_rule(unit, by, reference_alarms(by, new_ones));
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::test
