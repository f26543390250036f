#include "core/rule_profiles.hpp"

#include <algorithm>

namespace coldvigil {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr milli_celsius kelvin = 1000;

/// Time without data is not time out of limits, and does not undo what was counted: a bad link must not restart the
/// hour of a single-event rule again and again.
rule limit_rule(rule_kind kind, alarm_level level, milli_celsius limit, millis lasting, std::string name) {
  rule out;
  out.kind = kind;
  out.side = kind == rule_kind::low_limit ? rule_side::below : rule_side::above;
  out.level = level;
  out.limit = limit;
  out.on_delay = lasting;
  out.gaps = gap_policy::pause;
  out.name = std::move(name);
  return out;
}
rule above(alarm_level level, milli_celsius limit, millis lasting, std::string name) {
  return limit_rule(rule_kind::high_limit, level, limit, lasting, std::move(name));
}
rule below(alarm_level level, milli_celsius limit, millis lasting, std::string name) {
  return limit_rule(rule_kind::low_limit, level, limit, lasting, std::move(name));
}
rule at_or(rule of) {
  of.inclusive = true;
  return of;
}
rule summed(milli_celsius limit, millis sum, millis window, std::string name) {
  rule out = at_or(above(alarm_level::critical, limit, millis{0}, std::move(name)));
  out.kind = rule_kind::cumulative;
  out.cumulative = sum;
  out.window = window;
  return out;
}
rule mkt_above(milli_celsius limit, millis window, std::string name) {
  rule out = above(alarm_level::critical, limit, millis{0}, std::move(name));
  out.kind = rule_kind::mkt_limit;
  out.window = window;
  return out;
}
rule silent() {
  rule out;
  out.kind = rule_kind::no_data;
  out.level = alarm_level::warning;
  out.name = "no data";
  return out;
}

constexpr auto critical = alarm_level::critical;
constexpr auto warning = alarm_level::warning;
constexpr millis at_once{0};
constexpr std::string_view who_source = "WHO PQS E006/TR07 (LogTag USRID-16 manual)";
constexpr std::string_view who_note =
    "Thresholds are inclusive. The specification sums over a journey; here the sum is over the last 30 days.";

std::vector<rule> who_type_1() {
  return {at_or(above(critical, 45 * kelvin, hours{1}, "at or above +45 °C for 1 h")),
          summed(30 * kelvin, hours{10}, days{30}, "at or above +30 °C for 10 h in all"),
          at_or(below(critical, -500, hours{1}, "at or below -0.5 °C for 1 h")), silent()};
}

std::vector<rule> who_type_2() {
  return {at_or(above(critical, 45 * kelvin, hours{1}, "at or above +45 °C for 1 h")),
          summed(30 * kelvin, hours{10}, days{30}, "at or above +30 °C for 10 h in all"),
          summed(10 * kelvin, hours{20}, days{30}, "at or above +10 °C for 20 h in all"), silent()};
}

std::vector<rule> within(milli_celsius low, milli_celsius high, std::string_view norm) {
  const std::string of = " (" + std::string(norm) + ")";
  return {below(critical, low, at_once, "too cold" + of), above(critical, high, at_once, "too warm" + of), silent()};
}

std::vector<rule> usp_cold() {
  return {below(critical, 2 * kelvin, at_once, "below 2 °C"),
          above(warning, 8 * kelvin, at_once, "above 8 °C, an excursion"),
          above(critical, 8 * kelvin, hours{24}, "above 8 °C for more than 24 h"),
          above(critical, 15 * kelvin, at_once, "above 15 °C"),
          mkt_above(8 * kelvin, hours{24}, "mean kinetic temperature of 24 h above 8 °C"),
          silent()};
}

std::vector<rule> usp_room() {
  return {below(warning, 20 * kelvin, at_once, "below 20 °C, an excursion"),
          below(critical, 20 * kelvin, hours{24}, "below 20 °C for more than 24 h"),
          below(critical, 15 * kelvin, at_once, "below 15 °C"),
          above(warning, 25 * kelvin, at_once, "above 25 °C, an excursion"),
          above(critical, 25 * kelvin, hours{24}, "above 25 °C for more than 24 h"),
          above(critical, 30 * kelvin, at_once, "above 30 °C"),
          mkt_above(25 * kelvin, days{30}, "mean kinetic temperature of 30 days above 25 °C"),
          silent()};
}

rule_profile numbered(rule_profile of) {
  std::uint32_t next = 0;
  for (rule& each : of.rules)
    each.id = rule_id{++next};
  return of;
}

std::vector<rule_profile> make_profiles() {
  std::vector<rule_profile> all{
      {"who_pqs_type_1", "WHO PQS E006 type 1 recorder", who_source, who_note, who_type_1()},
      {"who_pqs_type_2", "WHO PQS E006 type 2 recorder", who_source, who_note, who_type_2()},
      {"who_fridge",
       "WHO vaccine refrigerator",
       "WHO practice: above +8 °C for 10 h, at or below -0.5 °C for 1 h",
       "The figures are common practice; check them against your programme's own.",
       {above(critical, 8 * kelvin, hours{10}, "above +8 °C for 10 h"),
        at_or(below(critical, -500, hours{1}, "at or below -0.5 °C for 1 h")), silent()}},
      {"cdc_fridge", "CDC vaccine refrigerator, 2 to 8 °C", "CDC Vaccine Storage and Handling Toolkit", "",
       within(2 * kelvin, 8 * kelvin, "CDC")},
      {"cdc_freezer", "CDC vaccine freezer, -50 to -15 °C", "CDC Vaccine Storage and Handling Toolkit", "",
       within(-50 * kelvin, -15 * kelvin, "CDC")},
      {"cdc_ultra_low", "CDC ultra-cold freezer, -90 to -60 °C", "CDC Vaccine Storage and Handling Toolkit", "",
       within(-90 * kelvin, -60 * kelvin, "CDC")},
      {"usp_cct", "USP controlled cold temperature", "USP <659>, <1079.2>",
       "Excursions between 2 and 15 °C are allowed for up to 24 h while the mean kinetic temperature stays at 8 °C.",
       usp_cold()},
      {"usp_crt", "USP controlled room temperature", "USP <659>, <1079.2>",
       "Excursions between 15 and 30 °C are allowed while the mean kinetic temperature of 30 days stays at 25 °C. "
       "A transient up to 40 °C is not judged by itself: above 30 °C calls at once.",
       usp_room()},
      {"usp_cool", "USP cool, 8 to 15 °C", "USP <659>", "", within(8 * kelvin, 15 * kelvin, "USP")},
      {"usp_freezer", "USP freezer, -25 to -10 °C", "USP <659>", "", within(-25 * kelvin, -10 * kelvin, "USP")},
      {"food_quick_frozen",
       "Quick-frozen food in storage and transport",
       "Quick-frozen Foodstuffs Regulations (NI) 2007, schedule 2 (directive 89/108/EEC)",
       "-15 °C is borne briefly in transport only; in a store use it as the critical limit it is here.",
       {above(warning, -18 * kelvin, at_once, "above -18 °C"), above(critical, -15 * kelvin, at_once, "above -15 °C"),
        silent()}},
      {"food_retail_display",
       "Quick-frozen food in retail display",
       "Quick-frozen Foodstuffs Regulations (NI) 2007, schedule 2",
       "",
       {above(critical, -12 * kelvin, at_once, "above -12 °C"), silent()}},
      {"food_chilled",
       "Chilled food, at most 5 °C",
       "FDA Food Code 3-501.16 and 3-501.19 (time as a control: 4 h)",
       "",
       {above(warning, 5 * kelvin, at_once, "above 5 °C"),
        above(critical, 5 * kelvin, hours{4}, "above 5 °C for 4 h: time as a control is used up"), silent()}}};
  std::transform(all.begin(), all.end(), all.begin(), numbered);
  return all;
}

} // namespace

const std::vector<rule_profile>& rule_profiles() {
  static const std::vector<rule_profile> all = make_profiles();
  return all;
}

const rule_profile* find_profile(std::string_view name) {
  for (const rule_profile& each : rule_profiles())
    if (each.name == name) return &each;
  return nullptr;
}

std::vector<rule> rules_of(const rule_profile& profile, std::uint32_t first_id) {
  std::vector<rule> out = profile.rules;
  for (rule& each : out)
    each.id = rule_id{first_id++};
  return out;
}

} // namespace coldvigil
