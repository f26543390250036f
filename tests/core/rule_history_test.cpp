#include "core/place_rules.hpp"
#include "core/rule_history.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include <random>
#include <set>

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

/// Straight from the definition: at each time at which anything of the customer begins, all that has begun is looked
/// through and resolved.
std::vector<rule_history::period> slow_periods(const rule_history& history, const std::vector<rule_record>& records,
                                               timestamp since) {
  const auto at = [&](timestamp when) {
    std::uint64_t newest = 0;
    for (const rule_record& each : records)
      if (each.rule.customer == fridge().customer && each.from <= when) newest = std::max(newest, each.revision);
    return resolve(fridge(), history.in_force(fridge().customer, when), 3, static_cast<std::uint32_t>(newest + 1));
  };
  std::set<timestamp> beginnings;
  for (const rule_record& each : records)
    if (each.from > since) beginnings.insert(each.from);
  std::vector<rule_history::period> out{{timestamp::min(), at(since)}};
  for (const timestamp from : beginnings) {
    rule_history::period next{from, at(from)};
    if (next.rules.rules != out.back().rules.rules) out.push_back(std::move(next));
  }
  return out;
}

/// A rule's id says its place: of the fridge's customer, kind, facility or unit, of another such one, or of another
/// customer.
rule_record random_record(std::mt19937& random, std::uint64_t number_of_it) {
  const auto id = static_cast<std::uint32_t>(random() % 24);
  rule_record out = revision(number_of_it, 100 + id, 1'000 * static_cast<milli_celsius>(random() % 5),
                             static_cast<int>(random() % 40));
  const bool ours = id % 3 != 0;
  out.rule.scope = static_cast<rule_scope>(id % 4);
  out.rule.kind = ours ? fridge().kind : unit_kind::room;
  out.rule.facility = ours ? fridge().facility : facility_id{4};
  out.rule.unit = ours ? fridge().unit : unit_id{8};
  if (id == 23) out.rule.customer = customer_id{2};
  out.rule.off = random() % 5 == 0;
  out.removed = random() % 4 == 0;
  if (id % 5 == 0) out.rule.what.kind = rule_kind::no_data;
  return out;
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
    std::vector<rule_record> records;
    for (std::uint64_t i = 1; i <= 30; ++i) {
      records.push_back(random_record(random, i));
      history.add(records.back());
    }
    for (const int since : {-1, 5, 20, 39, 50}) {
      const auto found = history.periods_of(fridge(), from_ms(since), 3);
      const auto expected = slow_periods(history, records, from_ms(since));
      RC_ASSERT(found.size() == expected.size());
      for (std::size_t i = 0; i < found.size(); ++i) {
        RC_ASSERT(found[i].from == expected[i].from);
        RC_ASSERT(found[i].rules == expected[i].rules);
      }
    }
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_CASE(the_rules_of_now_say_since_when_and_until_when_they_are_so) {
  rule_history history;
  history.add(revision(1, 100, 7'000, 10));
  history.add(revision(2, 100, 6'000, 20));
  const auto now = history.rules_of(fridge(), from_ms(15), 3);
  BOOST_TEST((now.from == from_ms(10)));
  BOOST_TEST((now.until == from_ms(20)));
  BOOST_TEST(high_limit_of(now.rules) == 7'000);
  BOOST_TEST((history.rules_of(fridge(), from_ms(20), 3).until == timestamp::max()));
  BOOST_TEST((history.rules_of(fridge(), from_ms(9), 3).from == timestamp::min()));
}

BOOST_AUTO_TEST_CASE(what_changed_long_ago_or_elsewhere_is_not_looked_at_again) {
  rule_history history;
  std::uint64_t number_of_it = 0;
  for (int i = 0; i < 1'000; ++i) {
    history.add(revision(++number_of_it, 100, i, i));
    rule_record elsewhere = revision(++number_of_it, 101, i, 2'000 + i);
    elsewhere.rule.scope = rule_scope::unit;
    elsewhere.rule.unit = unit_id{8};
    history.add(elsewhere);
  }
  // As periods_of does: one look for the beginning and one for each change of the unit's own places after it.
  const auto looks_since = [&](int since) {
    int looks = 1;
    for (auto now = history.rules_of(fridge(), from_ms(since), 3); now.until != timestamp::max(); ++looks)
      now = history.rules_of(fridge(), now.until, 3);
    return looks;
  };
  BOOST_TEST(looks_since(999) == 1);
  BOOST_TEST(looks_since(989) == 11);
  BOOST_TEST(looks_since(-1) == 1'001);
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
