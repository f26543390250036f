#include "core/rule_check.hpp"
#include "core/rule_condition.hpp"
#include "core/rule_profiles.hpp"
#include "core/rule_scope.hpp"
#include "core/rule_text.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include <fstream>
#include <iterator>
#include <random>
#include <set>

namespace coldvigil {
namespace {

ruled_unit fridge() {
  ruled_unit out;
  out.unit = unit_id{7};
  out.customer = customer_id{1};
  out.facility = facility_id{3};
  out.kind = unit_kind::vaccine_fridge;
  out.range = {2'000, 8'000};
  out.interval = std::chrono::seconds{300};
  return out;
}

scoped_rule scoped(rule_scope scope, std::uint32_t id, rule_kind kind = rule_kind::high_limit,
                   alarm_level level = alarm_level::critical) {
  scoped_rule out;
  out.scope = scope;
  out.customer = customer_id{1};
  out.kind = unit_kind::vaccine_fridge;
  out.facility = facility_id{3};
  out.unit = unit_id{7};
  out.what.id = rule_id{id};
  out.what.kind = kind;
  out.what.level = level;
  return out;
}

std::set<std::uint32_t> ids(const rule_set& rules) {
  std::set<std::uint32_t> out;
  for (const rule& each : rules.rules)
    out.insert(static_cast<std::uint32_t>(each.id));
  return out;
}
std::set<std::uint32_t> resolved(std::initializer_list<scoped_rule> all) {
  return ids(resolve(fridge(), std::vector<scoped_rule>(all), 3, 1));
}
using id_set = std::set<std::uint32_t>;

rule random_rule(std::mt19937& random) {
  rule out;
  out.id = rule_id{static_cast<std::uint32_t>(random())};
  out.kind = static_cast<rule_kind>(random() % rule_kind_count);
  out.level = static_cast<alarm_level>(random() % 2);
  out.side = static_cast<rule_side>(random() % 3);
  out.gaps = static_cast<gap_policy>(random() % 3);
  out.scale = static_cast<temperature_scale>(random() % 3);
  out.limit = static_cast<milli_celsius>(random() % 200'000) - 100'000;
  out.deadband = static_cast<milli_celsius>(random() % 3'000);
  out.inclusive = random() % 2 == 0;
  out.reason_required = random() % 2 == 0;
  for (millis* each : {&out.on_delay, &out.off_delay, &out.window, &out.cumulative, &out.lead, &out.max_gap,
                       &out.tolerated_for, &out.silent_after})
    *each = millis{random() % 3 == 0 ? 0 : random() % 100'000'000};
  out.consecutive = static_cast<std::uint16_t>(random());
  out.min_samples = static_cast<std::uint16_t>(random());
  out.score_limit = static_cast<float>(random()) / 7.0F;
  if (random() % 2 == 0) out.tolerated_to = static_cast<milli_celsius>(random() % 100'000);
  if (random() % 2 == 0) out.name = "a = b, name=c id=4  °C";
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(rules)

BOOST_AUTO_TEST_CASE(text_round_trips) {
  const bool held = rc::check([](unsigned seed) {
    std::mt19937 random(seed);
    const rule before = random_rule(random);
    const auto after = parse_rule_text(to_text(before));
    RC_ASSERT(after.ok());
    RC_ASSERT(*after == before);
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_CASE(text_names_what_is_wrong) {
  BOOST_TEST(parse_rule_text("kind=high_limit limit=8000").ok());
  for (const char* bad : {"kind=hot", "limit=8°C", "limit", "colour=red", "consecutive=70000", "inclusive=maybe"}) {
    const auto parsed = parse_rule_text(bad);
    BOOST_REQUIRE(!parsed.ok());
    BOOST_TEST(parsed.error().text().find(bad) != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(rules_that_cannot_be_meant_are_refused) {
  for (const char* bad :
       {"kind=high_limit limit=2000000", "kind=high_limit limit=8000 deadband=-1", "kind=high_limit consecutive=0",
        "kind=high_limit on_delay=-1", "kind=high_limit on_delay=9999999999999", "kind=rate_of_change window=600000",
        "kind=cumulative window=600000 cumulative=600001", "kind=cumulative window=600000",
        "kind=cumulative window=600000 cumulative=1 side=either", "kind=mkt_limit limit=8000 window=1000",
        "kind=predicted_breach limit=8000 window=600000", "kind=model_persistence score_limit=0",
        "kind=high_limit limit=8000 tolerated_to=7000", "kind=low_limit limit=2000 tolerated_to=3000",
        "kind=mkt_limit limit=8000 window=86400000 tolerated_to=9000", "kind=high_limit limit=8000 tolerated_to=9000",
        "kind=high_limit limit=8000 tolerated_for=60000"})
    BOOST_TEST(!check(parse_rule_text(bad).value()).ok(), bad);
  rule named = parse_rule_text("kind=high_limit limit=8000").value();
  named.name = std::string(200, 'x');
  BOOST_TEST(check(named).ok());
  named.name += 'x';
  BOOST_TEST(!check(named).ok());
  named.name = "two\nlines";
  BOOST_TEST(!check(named).ok());
  rule_set twins{
      1, {}, {parse_rule_text("id=4 kind=low_limit").value(), parse_rule_text("id=4 kind=high_limit").value()}};
  BOOST_TEST(!check(twins).ok());
}

BOOST_AUTO_TEST_CASE(a_member_that_the_kind_makes_no_use_of_is_refused_by_its_name) {
  const std::string cumulative = "kind=cumulative limit=8000 window=600000 cumulative=60000 ";
  const std::string forecast = "kind=predicted_breach limit=8000 window=600000 lead=60000 ";
  const std::vector<std::pair<std::string, std::string>> useless{
      {"kind=no_data on_delay=60000", "on_delay"},
      {"kind=no_data off_delay=60000", "off_delay"},
      {"kind=no_data consecutive=2", "consecutive"},
      {"kind=no_data gaps=pause", "gaps"},
      {"kind=no_data max_gap=60000", "max_gap"},
      {"kind=no_data limit=8000", "limit"},
      {cumulative + "deadband=500", "deadband"},
      {cumulative + "min_samples=5", "min_samples"},
      {"kind=sensor_fault window=600000", "window"},
      {"kind=sensor_fault lead=60000", "lead"},
      {"kind=sensor_fault silent_after=60000", "silent_after"},
      {"kind=sensor_fault cumulative=60000", "cumulative"},
      {"kind=sensor_fault inclusive=yes", "inclusive"},
      {forecast + "score_limit=-3", "score_limit"},
      {"kind=low_limit side=above limit=2000", "side"},
      {"kind=high_limit side=either limit=8000", "side"},
      {"kind=mkt_limit side=below limit=8000 window=86400000", "side"},
      {"kind=model_persistence side=below", "side"}};
  for (const auto& [text, member] : useless) {
    const rule given = parse_rule_text(text).value();
    const auto fault = find_fault(given);
    BOOST_REQUIRE_MESSAGE(fault.has_value(), text);
    BOOST_TEST(fault->member == member, text);
    BOOST_TEST(check(as_judged(given)).ok(), text);
  }
}

BOOST_AUTO_TEST_CASE(what_a_kind_makes_no_use_of_changes_nothing_that_is_judged) {
  const bool held = rc::check([](unsigned seed) {
    std::mt19937 random(seed);
    const rule stored = random_rule(random);
    const rule judged = as_judged(stored);
    RC_ASSERT(as_judged(judged) == judged);
    RC_ASSERT(judged.kind == stored.kind && judged.level == stored.level && judged.name == stored.name);
    for (const milli_celsius value : {-30'000, 0, stored.limit, 30'000})
      if (has_temperature_limit(stored.kind) && stored.kind != rule_kind::mkt_limit &&
          stored.kind != rule_kind::predicted_breach)
        RC_ASSERT(beyond(judged, value) == beyond(stored, value));
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_CASE(every_profile_is_sound_and_named_once) {
  std::set<std::string_view> names;
  for (const rule_profile& each : rule_profiles()) {
    BOOST_TEST(names.insert(each.name).second);
    BOOST_TEST(find_profile(each.name) == &each);
    BOOST_TEST(!each.source.empty());
    const rule_set rules{1, {}, rules_of(each, 500)};
    const auto sound = check(rules);
    BOOST_TEST(sound.ok(), (sound ? "" : sound.error().text()));
    BOOST_TEST(*ids(rules).begin() == 500U);
  }
  BOOST_TEST(find_profile("nobody") == nullptr);
}

BOOST_AUTO_TEST_CASE(every_profile_and_every_kind_is_documented) {
  std::ifstream file(COLDVIGIL_SOURCE_DIR "/docs/rules.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  for (const rule_profile& each : rule_profiles())
    BOOST_TEST(page.find("`" + std::string(each.name) + "`") != std::string::npos, each.name);
  for (std::size_t kind = 0; kind < rule_kind_count; ++kind) {
    const std::string name(to_string(static_cast<rule_kind>(kind)));
    BOOST_TEST(page.find("`" + name + "`") != std::string::npos, name);
  }
}

BOOST_AUTO_TEST_CASE(without_any_a_unit_has_the_programs_own) {
  const rule_set rules = resolve(fridge(), {}, 3, 1);
  BOOST_TEST((ids(rules) == id_set{1, 2, 3, 4}));
  BOOST_TEST((rules.rules[3].kind == rule_kind::no_data));
  BOOST_TEST((rules.rules[3].level == alarm_level::warning));
  BOOST_TEST((rules.rules[3].silent_after == std::chrono::minutes{15})); // three intervals
  ruled_unit other = fridge();
  other.interval = std::chrono::seconds{5};
  BOOST_TEST((resolve(other, {}, 3, 1).rules[3].silent_after == std::chrono::minutes{10}));
  other.interval = std::chrono::seconds{0};
  BOOST_TEST((resolve(other, {}, 3, 1).rules[3].silent_after == std::chrono::hours{1}));
  BOOST_TEST(rules.rules[1].limit == 8'000);
  BOOST_TEST(rules.rules[2].consecutive == 3);
  BOOST_TEST((rules.rules[0].max_gap == std::chrono::minutes{15}));
}

BOOST_AUTO_TEST_CASE(what_a_rule_leaves_open_follows_from_the_units_interval) {
  const auto of_unit = [](const char* text, int seconds) {
    return fitted(parse_rule_text(text).value(), std::chrono::seconds{seconds});
  };
  const rule open = of_unit("kind=no_data", 300);
  BOOST_TEST((open.silent_after == std::chrono::minutes{15}));
  BOOST_TEST((open.max_gap == std::chrono::minutes{15}));
  BOOST_TEST((of_unit("kind=no_data", 0).silent_after == std::chrono::hours{1})); // not known
  const rule said = of_unit("kind=no_data silent_after=600000 max_gap=1000", 300);
  BOOST_TEST((said.silent_after == std::chrono::minutes{10}));
  BOOST_TEST((said.max_gap == millis{1'000}));
}

BOOST_AUTO_TEST_CASE(the_nearest_wins) {
  const auto customer = scoped(rule_scope::customer, 10);
  const auto kind = scoped(rule_scope::kind, 11);
  const auto facility = scoped(rule_scope::facility, 12);
  const auto unit = scoped(rule_scope::unit, 13);
  BOOST_TEST((resolved({customer}) == id_set{1, 3, 4, 10}));
  BOOST_TEST((resolved({kind, customer}) == id_set{1, 3, 4, 11}));
  BOOST_TEST((resolved({facility, customer, kind}) == id_set{1, 3, 4, 12}));
  BOOST_TEST((resolved({customer, unit, facility, kind}) == id_set{1, 3, 4, 13}));
}

BOOST_AUTO_TEST_CASE(each_sort_by_itself) {
  const auto critical = scoped(rule_scope::customer, 10);
  const auto warning = scoped(rule_scope::unit, 11, rule_kind::high_limit, alarm_level::warning);
  BOOST_TEST((resolved({critical, warning}) == id_set{1, 3, 4, 10, 11}));
  auto sum_above = scoped(rule_scope::customer, 12, rule_kind::cumulative);
  auto sum_below = scoped(rule_scope::unit, 13, rule_kind::cumulative);
  sum_below.what.side = rule_side::below;
  BOOST_TEST((resolved({sum_above, sum_below}) == id_set{1, 2, 3, 4, 12, 13}));
}

BOOST_AUTO_TEST_CASE(one_scope_may_have_several_of_a_sort) {
  BOOST_TEST((resolved({scoped(rule_scope::facility, 10), scoped(rule_scope::facility, 11),
                        scoped(rule_scope::customer, 12)}) == id_set{1, 3, 4, 10, 11}));
}

BOOST_AUTO_TEST_CASE(a_rule_can_be_turned_off_nearby) {
  auto off = scoped(rule_scope::unit, 20, rule_kind::model_persistence, alarm_level::warning);
  off.off = true;
  BOOST_TEST((resolved({off}) == id_set{1, 2, 4}));
}

BOOST_AUTO_TEST_CASE(rules_of_others_do_not_apply) {
  for (const rule_scope scope : {rule_scope::customer, rule_scope::kind, rule_scope::facility, rule_scope::unit}) {
    auto foreign = scoped(scope, 30);
    foreign.customer = customer_id{2};
    BOOST_TEST((resolved({foreign}) == id_set{1, 2, 3, 4}));
  }
  auto elsewhere = scoped(rule_scope::facility, 31);
  elsewhere.facility = facility_id{4};
  auto freezers = scoped(rule_scope::kind, 32);
  freezers.kind = unit_kind::freezer;
  auto neighbour = scoped(rule_scope::unit, 33);
  neighbour.unit = unit_id{8};
  BOOST_TEST((resolved({elsewhere, freezers, neighbour}) == id_set{1, 2, 3, 4}));
}

BOOST_AUTO_TEST_CASE(whoever_says_when_a_unit_is_silent_is_not_told_after_another_time_too) {
  const scoped_rule critical = scoped(rule_scope::customer, 10, rule_kind::no_data);
  BOOST_TEST((resolved({critical}) == id_set{1, 2, 3, 10}));
  scoped_rule off = critical;
  off.off = true;
  BOOST_TEST((resolved({off}) == id_set{1, 2, 3}));
  scoped_rule elsewhere = critical;
  elsewhere.customer = customer_id{2};
  BOOST_TEST((resolved({elsewhere}) == id_set{1, 2, 3, 4}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil
