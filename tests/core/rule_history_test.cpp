#include "core/place_rules.hpp"
#include "core/rule_history.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include <random>

namespace coldvigil {
namespace {

ruled_unit fridge() {
  ruled_unit out;
  out.customer = customer_id{1};
  out.facility = facility_id{3};
  out.unit = unit_id{7};
  out.range = {2'000, 8'000};
  return out;
}

rule_record revision(std::uint64_t number_of_it, std::uint32_t id, milli_celsius limit, int from) {
  rule_record out;
  out.revision = number_of_it;
  out.rule.customer = customer_id{1};
  out.rule.what.id = rule_id{id};
  out.rule.what.kind = rule_kind::high_limit;
  out.rule.what.limit = limit;
  out.from = from_ms(from);
  return out;
}

milli_celsius high_limit_of(const rule_set& rules) {
  for (const rule& each : rules.rules)
    if (each.kind == rule_kind::high_limit) return each.limit;
  return 0;
}

} // namespace

BOOST_AUTO_TEST_SUITE(rule_histories)

BOOST_AUTO_TEST_CASE(a_unit_is_judged_by_what_is_in_force_and_by_what_comes) {
  rule_history history;
  history.add(revision(1, 100, 7'000, 10));
  history.add(revision(2, 100, 6'000, 20));
  const auto all = history.periods_of(fridge(), from_ms(0), 3);
  BOOST_REQUIRE(all.size() == 3U);
  BOOST_TEST(high_limit_of(all[0].rules) == 8'000);
  BOOST_TEST(all[0].rules.version == 1U);
  BOOST_TEST((all[1].from == from_ms(10)));
  BOOST_TEST(high_limit_of(all[1].rules) == 7'000);
  BOOST_TEST(all[2].rules.version == 3U);
  const auto late = history.periods_of(fridge(), from_ms(10), 3);
  BOOST_REQUIRE(late.size() == 2U);
  BOOST_TEST(high_limit_of(late[0].rules) == 7'000);
  BOOST_TEST(history.revision() == 2U);
}

BOOST_AUTO_TEST_CASE(a_later_word_overtakes_one_that_was_planned) {
  rule_history history;
  history.add(revision(1, 100, 7'000, 30));
  history.add(revision(2, 100, 6'000, 20));
  const auto all = history.periods_of(fridge(), from_ms(0), 3);
  BOOST_REQUIRE(all.size() == 2U);
  BOOST_TEST(high_limit_of(all[1].rules) == 6'000);
}

BOOST_AUTO_TEST_CASE(a_removed_rule_gives_way_to_what_is_farther_away) {
  rule_history history;
  history.add(revision(1, 100, 7'000, 10));
  rule_record gone = revision(2, 100, 7'000, 20);
  gone.removed = true;
  history.add(gone);
  const auto all = history.periods_of(fridge(), from_ms(15), 3);
  BOOST_REQUIRE(all.size() == 2U);
  BOOST_TEST(high_limit_of(all[1].rules) == 8'000);
  BOOST_TEST(history.in_force(customer_id{1}, from_ms(15)).size() == 1U);
  BOOST_TEST(history.in_force(customer_id{1}, from_ms(20)).empty());
}

BOOST_AUTO_TEST_CASE(what_does_not_concern_the_unit_begins_no_period) {
  rule_history history;
  rule_record elsewhere = revision(1, 100, 7'000, 10);
  elsewhere.rule.scope = rule_scope::unit;
  elsewhere.rule.unit = unit_id{8};
  history.add(elsewhere);
  rule_record foreign = revision(2, 101, 7'000, 20);
  foreign.rule.customer = customer_id{2};
  history.add(foreign);
  BOOST_TEST(history.periods_of(fridge(), from_ms(0), 3).size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_periods_are_what_is_in_force_at_each_moment) {
  const bool held = rc::check([](unsigned seed) {
    std::mt19937 random(seed);
    rule_history history;
    for (std::uint64_t i = 1; i <= 12; ++i) {
      rule_record each = revision(i, 100 + static_cast<std::uint32_t>(random() % 3),
                                  1'000 * static_cast<milli_celsius>(random() % 9), static_cast<int>(random() % 50));
      each.removed = random() % 4 == 0;
      history.add(each);
    }
    const auto periods = history.periods_of(fridge(), from_ms(5), 3);
    for (int now = 5; now < 60; ++now) {
      const rule_set* found = &periods.front().rules;
      for (const auto& each : periods)
        if (each.from <= from_ms(now)) found = &each.rules;
      const auto expected = resolve(fridge(), history.in_force(customer_id{1}, from_ms(now)), 3, 1);
      RC_ASSERT(found->rules == expected.rules);
    }
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_CASE(what_is_committed_is_shown_before_it_counts) {
  rule_history history;
  history.add(revision(1, 100, 8'000, 10));
  history.add(revision(2, 100, 9'000, 50));
  history.add(revision(3, 101, 7'000, 50));
  rule_record gone = revision(4, 101, 7'000, 60);
  gone.removed = true;
  history.add(gone);
  const auto committed = history.committed(customer_id{1});
  BOOST_REQUIRE(committed.size() == 1U);
  BOOST_TEST(committed[0].rule.what.limit == 9'000);
  BOOST_TEST(history.committed(customer_id{2}).empty());
}

BOOST_AUTO_TEST_CASE(what_counts_at_a_time_says_since_when_whatever_comes_later) {
  rule_history history;
  history.add(revision(1, 100, 8'000, 10));
  history.add(revision(2, 100, 9'000, 50));
  history.add(revision(3, 101, 7'000, 20));
  rule_record gone = revision(4, 101, 7'000, 60);
  gone.removed = true;
  history.add(gone);
  const auto before = history.standing(customer_id{1}, from_ms(49));
  BOOST_REQUIRE(before.size() == 2U);
  BOOST_TEST((before[0].from == from_ms(10)));
  BOOST_TEST(before[0].rule.what.limit == 8'000);
  BOOST_TEST((before[1].from == from_ms(20)));
  const auto after = history.standing(customer_id{1}, from_ms(60));
  BOOST_REQUIRE(after.size() == 1U);
  BOOST_TEST((after[0].from == from_ms(50)));
}

BOOST_AUTO_TEST_CASE(proposed_rules_stand_in_for_those_of_their_place_only) {
  scoped_rule own = revision(1, 100, 8'000, 0).rule;
  const scoped_rule other_level = [&] {
    scoped_rule out = own;
    out.what.id = rule_id{101};
    out.what.level = alarm_level::warning;
    out.scope = rule_scope::kind;
    out.kind = fridge().kind;
    return out;
  }();
  place_rules wanted;
  wanted.place = own;
  place_rules::entry entry{own.what, false};
  entry.what.limit = 6'000;
  wanted.rules.push_back(entry);
  const rule_set found = resolve_with(fridge(), {own, other_level}, wanted, 3, rule_id{900});
  const auto with_id = [&](std::uint32_t id) {
    return std::count_if(found.rules.begin(), found.rules.end(),
                         [&](const rule& each) { return each.id == rule_id{id}; });
  };
  BOOST_TEST(with_id(100) == 0);
  BOOST_TEST(with_id(101) == 1);
  BOOST_TEST(with_id(900) == 1);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil
