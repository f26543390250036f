// The numbers of the profiles, each written out beside its norm. What stands here was read from the norms, not from
// the profiles.
#include "core/rule_profiles.hpp"
#include "core/rule_text.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <string>
#include <vector>

namespace coldvigil {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr auto critical = alarm_level::critical;
constexpr auto warning = alarm_level::warning;
constexpr bool or_equal = true;
constexpr bool strictly = false;
constexpr millis at_once{0};

/// Everything that is not said is at its default: no deadband, no off-delay, nothing borne, one reading is enough.
rule limit(rule_kind kind, alarm_level level, double celsius, bool inclusive, millis lasting) {
  rule out;
  out.kind = kind;
  out.side = kind == rule_kind::low_limit ? rule_side::below : rule_side::above;
  out.level = level;
  out.limit = *to_milli_celsius(celsius, temperature_scale::celsius);
  out.inclusive = inclusive;
  out.on_delay = lasting;
  out.gaps = gap_policy::pause; // time without data is not time out of limits, and does not undo what was counted
  return out;
}
rule above(alarm_level level, double celsius, millis lasting = at_once, bool inclusive = strictly) {
  return limit(rule_kind::high_limit, level, celsius, inclusive, lasting);
}
rule below(alarm_level level, double celsius, millis lasting = at_once, bool inclusive = strictly) {
  return limit(rule_kind::low_limit, level, celsius, inclusive, lasting);
}
rule summed(double celsius, millis in_all) {
  rule out = limit(rule_kind::cumulative, critical, celsius, or_equal, at_once);
  out.cumulative = in_all;
  out.window = days{30}; // for the journey of the specification
  return out;
}
rule mean_kinetic_above(double celsius, millis window) {
  rule out = limit(rule_kind::mkt_limit, critical, celsius, strictly, at_once);
  out.window = window;
  return out;
}
/// No norm says how long: three of the unit's intervals.
rule silence() {
  rule out;
  out.kind = rule_kind::no_data;
  out.level = warning;
  return out;
}

std::map<std::string, std::vector<rule>, std::less<>> norms() {
  return {
      // WHO/PQS/E006/TR07, type 1: >= +45 °C 1 h single, >= +30 °C 10 h cumulative, <= -0.5 °C 1 h single; thresholds
      // are inclusive. That nothing comes is an alarm of its own there, too.
      {"who_pqs_type_1",
       {above(critical, 45, hours{1}, or_equal), summed(30, hours{10}), below(critical, -0.5, hours{1}, or_equal),
        silence()}},
      // Type 2: >= +45 °C 1 h, >= +30 °C 10 h cumulative, >= +10 °C 20 h cumulative.
      {"who_pqs_type_2",
       {above(critical, 45, hours{1}, or_equal), summed(30, hours{10}), summed(10, hours{20}), silence()}},
      // WHO practice for refrigerators: > +8 °C for 10 h, <= -0.5 °C for 60 min.
      {"who_fridge", {above(critical, 8, hours{10}), below(critical, -0.5, hours{1}, or_equal), silence()}},
      // CDC toolkit: 2 to 8, -50 to -15, -90 to -60 °C.
      {"cdc_fridge", {below(critical, 2), above(critical, 8), silence()}},
      {"cdc_freezer", {below(critical, -50), above(critical, -15), silence()}},
      {"cdc_ultra_low", {below(critical, -90), above(critical, -60), silence()}},
      // USP <659>, <1079.2>, controlled cold: 2 to 8 °C, excursions 2 to 15 °C for at most 24 h, MKT of 24 consecutive
      // hours at most 8 °C.
      {"usp_cct",
       {below(critical, 2), above(warning, 8), above(critical, 8, hours{24}), above(critical, 15),
        mean_kinetic_above(8, hours{24}), silence()}},
      // Controlled room: 20 to 25 °C, excursions 15 to 30 °C for at most 24 h, MKT of 30 consecutive days at most 25
      // °C.
      {"usp_crt",
       {below(warning, 20), below(critical, 20, hours{24}), below(critical, 15), above(warning, 25),
        above(critical, 25, hours{24}), above(critical, 30), mean_kinetic_above(25, days{30}), silence()}},
      // USP <659>: cool 8 to 15 °C, freezer -25 to -10 °C.
      {"usp_cool", {below(critical, 8), above(critical, 15), silence()}},
      {"usp_freezer", {below(critical, -25), above(critical, -10), silence()}},
      // Quick-frozen Foodstuffs Regulations (NI) 2007, schedule 2: at most -18 °C, -15 °C briefly in transport, -12 °C
      // in retail display.
      {"food_quick_frozen", {above(warning, -18), above(critical, -15), silence()}},
      {"food_retail_display", {above(critical, -12), silence()}},
      // FDA Food Code 3-501.16: at most 5 °C (41 °F); 3-501.19: 4 h with time as a control.
      {"food_chilled", {above(warning, 5), above(critical, 5, hours{4}), silence()}},
  };
}

/// Without what is no number of a norm.
std::string said_by(rule what) {
  what.id = rule_id{};
  what.name.clear();
  return to_text(what);
}

} // namespace

BOOST_AUTO_TEST_SUITE(profiles)

BOOST_AUTO_TEST_CASE(every_profile_has_the_numbers_of_its_norm) {
  const auto expected = norms();
  BOOST_TEST(rule_profiles().size() == expected.size());
  for (const rule_profile& each : rule_profiles()) {
    const auto norm = expected.find(each.name);
    BOOST_REQUIRE_MESSAGE(norm != expected.end(), each.name << " has no norm written out here");
    BOOST_REQUIRE_MESSAGE(each.rules.size() == norm->second.size(), each.name << " has " << each.rules.size());
    for (std::size_t i = 0; i < each.rules.size(); ++i)
      BOOST_TEST(said_by(each.rules[i]) == said_by(norm->second[i]),
                 each.name << ", rule " << i + 1 << ": " << said_by(each.rules[i]));
  }
}

/// A profile is what it says: a name with other numbers than its rule would be read at three in the morning.
BOOST_AUTO_TEST_CASE(the_names_of_a_profiles_rules_say_their_limits) {
  for (const rule_profile& each : rule_profiles())
    for (const rule& one : each.rules) {
      if (!has_temperature_limit(one.kind)) continue;
      const bool of_a_range = one.name.starts_with("too ");
      std::string number = std::to_string(one.limit / 1000);
      if (one.limit == -500) number = "-0.5";
      BOOST_TEST((of_a_range || one.name.find(number + " °C") != std::string::npos), each.name << ": " << one.name);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil
