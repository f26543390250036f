#include "core/rule_text.hpp"
#include "core/what_if.hpp"
#include "tests/core/reference_judge.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include <random>

namespace coldvigil::test {
namespace {

rule_set rules(std::initializer_list<const char*> texts) {
  rule_set out;
  for (const char* text : texts)
    out.rules.push_back(fitted(parse_rule_text(text).value(), std::chrono::seconds{60}));
  return out;
}

std::vector<judged_reading> minutes(std::initializer_list<std::pair<int, milli_celsius>> parts) {
  std::vector<judged_reading> out;
  timestamp at = from_ms(1'700'000'000'000);
  for (const auto& [count, value] : parts)
    for (int i = 0; i < count; ++i) {
      judged_reading r;
      r.at = at += std::chrono::minutes{1};
      r.value = value;
      out.push_back(r);
    }
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(what_if_rules_change)

BOOST_AUTO_TEST_CASE(what_would_appear_and_vanish_and_how_often) {
  // Thirty days: a short and a long excursion above 8 °C, one below 2 °C.
  const auto history = minutes(
      {{14'400, 5'000}, {10, 9'000}, {14'400, 5'000}, {90, 9'000}, {14'000, 5'000}, {200, 1'000}, {100, 5'000}});
  const rule_set current = rules({"id=1 kind=high_limit limit=8000"});
  const rule_set proposed =
      rules({"id=1 kind=high_limit limit=8000 on_delay=1800000", "id=2 kind=low_limit limit=2000 side=below"});
  const what_if found = preview(proposed, current, history, {});
  BOOST_TEST(found.vanish == 1U);
  BOOST_TEST(found.appear == 1U);
  BOOST_TEST(found.stay == 1U);
  BOOST_TEST((found.vanishing[0].raised_at == history[14'400].at));
  BOOST_TEST((found.appearing[0].by.kind == rule_kind::low_limit));
  BOOST_TEST(found.appearing[0].course.lowest == 1'000);
  BOOST_TEST(std::abs(found.per_month_now.value() - 2 / (43'199.0 / 43'200)) < 1e-3);
  BOOST_TEST(found.now.alarms == 2U);
  BOOST_TEST(found.then.alarms == 2U);
}

BOOST_AUTO_TEST_CASE(the_same_rules_change_nothing) {
  const auto history = minutes({{50, 5'000}, {10, 9'000}, {50, 5'000}, {10, 12'000}});
  const rule_set same = rules({"id=1 kind=high_limit limit=8000"});
  const what_if found = preview(same, same, history, {});
  BOOST_TEST(found.appear + found.vanish == 0U);
  BOOST_TEST(found.stay == 2U);
  BOOST_TEST(preview(same, same, {}, {}).stay == 0U);
}

BOOST_AUTO_TEST_CASE(less_than_a_day_of_readings_says_nothing_of_a_month) {
  const rule_set same = rules({"id=1 kind=high_limit limit=8000"});
  const auto a_day = minutes({{1'431, 5'000}, {10, 9'000}}); // from the first to the last
  const what_if found = preview({}, same, a_day, {});
  BOOST_TEST(std::abs(found.per_month_now.value() - 30) < 1e-3);
  BOOST_TEST(found.per_month_then.value() == 0);
  const what_if shorter = preview({}, same, std::span(a_day).subspan(1), {});
  BOOST_TEST(!shorter.per_month_now.has_value());
  BOOST_TEST(!shorter.per_month_then.has_value());
  BOOST_TEST(shorter.vanish == 1U);
  BOOST_TEST(!preview(same, same, {}, {}).per_month_now.has_value());
}

BOOST_AUTO_TEST_CASE(several_alarms_that_become_one_are_merged_and_one_that_becomes_several_is_split) {
  // Two excursions with a short recovery between them.
  const auto history = minutes({{50, 5'000}, {10, 9'000}, {5, 7'500}, {10, 9'000}, {50, 5'000}});
  const rule_set one_each = rules({"id=1 kind=high_limit limit=8000"});
  const rule_set one_of_both = rules({"id=1 kind=high_limit limit=8000 deadband=2000"});
  const what_if merged = preview(one_of_both, one_each, history, {});
  BOOST_TEST(merged.stay == 1U);
  BOOST_TEST(merged.merge == 1U);
  BOOST_TEST(merged.split + merged.appear + merged.vanish == 0U);
  const what_if split = preview(one_each, one_of_both, history, {});
  BOOST_TEST(split.stay == 1U);
  BOOST_TEST(split.split == 1U);
  BOOST_TEST(split.merge + split.appear + split.vanish == 0U);
}

namespace {

bool overlap(const previewed_alarm& a, const previewed_alarm& b) {
  const auto end = [](const previewed_alarm& of) { return of.cleared_at.value_or(timestamp::max()); };
  return a.by.kind == b.by.kind && a.by.side == b.by.side && a.raised_at < end(b) && b.raised_at < end(a);
}

/// The plain way to the most pairs: whoever finds all partners taken asks one of them to take another.
struct slow_pairing {
  const std::vector<previewed_alarm>& then;
  const std::vector<previewed_alarm>& now;
  std::vector<std::optional<std::size_t>> partner; ///< of each of `now`

  bool find_for(std::size_t i, std::vector<bool>& asked) {
    for (std::size_t j = 0; j < now.size(); ++j) {
      if (asked[j] || !overlap(then[i], now[j])) continue;
      asked[j] = true;
      if (partner[j] && !find_for(*partner[j], asked)) continue;
      partner[j] = i;
      return true;
    }
    return false;
  }
  std::size_t count() {
    partner.resize(now.size());
    std::size_t out = 0;
    for (std::size_t i = 0; i < then.size(); ++i) {
      std::vector<bool> asked(now.size());
      out += find_for(i, asked) ? 1 : 0;
    }
    return out;
  }
};

std::size_t lonely(const std::vector<previewed_alarm>& all, const std::vector<previewed_alarm>& others) {
  return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](const previewed_alarm& each) {
    return std::none_of(others.begin(), others.end(), [&](const auto& other) { return overlap(each, other); });
  }));
}

rule_set some_rules(std::mt19937& random) {
  rule_set out;
  const auto pick = [&](unsigned n) { return static_cast<int>(random() % n); };
  for (int i = 0, n = 1 + pick(3); i < n; ++i) {
    const bool low = pick(4) == 0;
    const std::string text = std::string("id=") + std::to_string(i + 1) +
                             (low ? " kind=low_limit side=below limit=" : " kind=high_limit limit=") +
                             std::to_string(low ? 2'000 + 500 * pick(3) : 6'000 + 1'000 * pick(4)) +
                             " deadband=" + std::to_string(1'000 * pick(4)) +
                             " on_delay=" + std::to_string(60'000 * pick(6)) +
                             " off_delay=" + std::to_string(60'000 * pick(10));
    out.rules.push_back(fitted(parse_rule_text(text).value(), std::chrono::seconds{60}));
  }
  return out;
}

} // namespace

BOOST_AUTO_TEST_CASE(what_stays_merges_and_splits_is_what_the_slow_pairing_finds) {
  std::size_t merged = 0;
  std::size_t split = 0;
  const bool held = rc::check([&](unsigned seed) {
    std::mt19937 random(seed);
    auto history = minutes({{300, 0}});
    for (judged_reading& r : history)
      r.value = static_cast<milli_celsius>(1'000 * (random() % 3 == 0 ? random() % 12 : 5));
    const rule_set proposed = some_rules(random);
    const rule_set current = some_rules(random);
    const auto then = alarms_over(proposed, history);
    const auto now = alarms_over(current, history);
    const what_if found = preview(proposed, current, history, {});
    RC_ASSERT(found.appear == lonely(then, now));
    RC_ASSERT(found.vanish == lonely(now, then));
    RC_ASSERT(found.stay == (slow_pairing{then, now, {}}.count()));
    RC_ASSERT(found.stay + found.merge + found.vanish == now.size());
    RC_ASSERT(found.stay + found.split + found.appear == then.size());
    merged += found.merge;
    split += found.split;
  });
  BOOST_TEST(held);
  BOOST_TEST(merged > 3U);
  BOOST_TEST(split > 3U);
}

BOOST_AUTO_TEST_CASE(the_lists_are_bounded_and_the_counts_are_not) {
  std::vector<judged_reading> history;
  for (int i = 0; i < 100; ++i)
    for (const auto& r : minutes({{1, 5'000}, {1, 9'000}})) {
      history.push_back(r);
      history.back().at += std::chrono::minutes{2 * i};
    }
  const what_if found = preview(rules({"id=1 kind=high_limit limit=8000"}), {}, history, {.most_listed = 7});
  BOOST_TEST(found.appear == 100U);
  BOOST_TEST(found.appearing.size() == 7U);
}

BOOST_AUTO_TEST_CASE(a_replay_finds_what_the_reference_finds) {
  const bool held = rc::check([](unsigned seed) {
    std::mt19937 random(seed);
    auto history = minutes({{400, 0}});
    int level = 5;
    for (judged_reading& r : history) {
      if (random() % 10 == 0) level = static_cast<int>(random() % 12);
      r.value = 1'000 * level;
    }
    const rule_set set = rules({"id=1 kind=high_limit limit=8000 on_delay=300000 off_delay=120000 deadband=1000",
                                "id=2 kind=cumulative limit=7000 window=7200000 cumulative=1800000"});
    const auto found = alarms_over(set, history);
    std::size_t expected = 0;
    for (const rule& by : set.rules)
      for (const reference_alarm& alarm : reference_alarms(by, history)) {
        ++expected;
        RC_ASSERT(std::any_of(found.begin(), found.end(), [&](const previewed_alarm& each) {
          return each.by == by && each.raised_at == alarm.raised_at && each.cleared_at == alarm.cleared_at &&
                 each.extreme == alarm.extreme && each.course.lasted == alarm.course.lasted;
        }));
      }
    RC_ASSERT(found.size() == expected);
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::test
