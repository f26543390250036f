#include "core/rule_check.hpp"

#include "core/plain_text.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace coldvigil {
namespace {

constexpr millis longest = std::chrono::days{40};
constexpr millis shortest_window = std::chrono::minutes{2};

status refuse(const rule& what, std::string text, std::string hint) {
  const std::string where = "rule " + std::to_string(static_cast<std::uint32_t>(what.id)) + " " +
                            std::string(to_string(what.kind)) + (what.name.empty() ? "" : " \"" + what.name + "\"");
  return failure{error_code::invalid_argument, std::move(text), where, std::move(hint)};
}

constexpr unsigned bit(rule_kind kind) {
  return 1U << static_cast<unsigned>(kind);
}
constexpr unsigned plain_limits = bit(rule_kind::low_limit) | bit(rule_kind::high_limit);
constexpr unsigned slopes = bit(rule_kind::rate_of_change) | bit(rule_kind::predicted_breach);
constexpr unsigned sums = bit(rule_kind::cumulative);
constexpr unsigned means = bit(rule_kind::mkt_limit);
/// A silence is judged by the clock and ended by the next reading: nothing of it is counted from reading to reading.
constexpr unsigned by_readings = ~bit(rule_kind::no_data);

/// Each member that not every kind makes use of, and the kinds that do.
template <class Visit> void each_use(Visit&& visit) {
  visit("limit", &rule::limit, plain_limits | slopes | sums | means);
  visit("inclusive", &rule::inclusive, plain_limits | sums);
  visit("deadband", &rule::deadband, plain_limits | slopes | means);
  visit("on_delay", &rule::on_delay, by_readings);
  visit("off_delay", &rule::off_delay, by_readings);
  visit("consecutive", &rule::consecutive, by_readings);
  visit("score_limit", &rule::score_limit, bit(rule_kind::model_persistence));
  visit("window", &rule::window, slopes | sums | means);
  visit("cumulative", &rule::cumulative, sums);
  visit("lead", &rule::lead, bit(rule_kind::predicted_breach));
  visit("min_samples", &rule::min_samples, means | bit(rule_kind::sensor_fault));
  visit("gaps", &rule::gaps, by_readings);
  visit("max_gap", &rule::max_gap, by_readings);
  visit("tolerated_to", &rule::tolerated_to, plain_limits);
  visit("tolerated_for", &rule::tolerated_for, plain_limits);
  visit("silent_after", &rule::silent_after, bit(rule_kind::no_data));
}

bool is_time(millis span) {
  return span >= millis{0} && span <= longest;
}

std::optional<rule_fault> fault_of_times(const rule& what) {
  for (const rule_time& each : rule_times)
    if (!is_time(what.*each.member))
      return rule_fault{each.name, "a time is negative or longer than 40 days", "give 0 to 40 days"};
  if ((bit(what.kind) & (slopes | sums | means)) != 0 && what.window < shortest_window)
    return rule_fault{"window", "the window is shorter than 2 minutes", "give a longer window"};
  if (what.kind == rule_kind::cumulative && (what.cumulative <= millis{0} || what.cumulative > what.window))
    return rule_fault{"cumulative", "the summed time must be above 0 and fit into the window", "give a longer window"};
  if (what.kind == rule_kind::predicted_breach && what.lead <= millis{0})
    return rule_fault{"lead", "a forecast needs how far it looks", "give a lead"};
  return std::nullopt;
}

std::optional<rule_fault> fault_of_use(const rule& what) {
  std::optional<rule_fault> out;
  each_use([&](std::string_view name, auto member, unsigned kinds) {
    if (out || (kinds & bit(what.kind)) != 0 || what.*member == rule{}.*member) return;
    const bool delay = what.kind == rule_kind::no_data && (name == "on_delay" || name == "off_delay");
    out = rule_fault{name, "a " + std::string(to_string(what.kind)) + " rule makes no use of it",
                     delay ? "leave it out: silent_after is its delay, and the next reading ends it" : "leave it out"};
  });
  return out;
}

/// The only side that a kind has.
std::optional<rule_side> fixed_side(rule_kind kind) {
  if (has_sides(kind)) return std::nullopt;
  return kind == rule_kind::low_limit ? rule_side::below : rule_side::above;
}

std::optional<rule_fault> fault_of_sides(const rule& what) {
  if (const auto side = fixed_side(what.kind); side && what.side != *side)
    return rule_fault{"side", "a " + std::string(to_string(what.kind)) + " rule looks at one side only",
                      "leave it out: low_limit looks below its limit, high_limit and mkt_limit above theirs"};
  if (what.side != rule_side::either) return std::nullopt;
  if (what.kind == rule_kind::cumulative)
    return rule_fault{"side", "the summed time needs one side", "give above or below"};
  if (what.kind == rule_kind::predicted_breach)
    return rule_fault{"side", "a forecast needs one side", "give above or below"};
  return std::nullopt;
}

std::optional<rule_fault> fault_of_tolerance(const rule& what) {
  if (what.tolerated_to.has_value() != (what.tolerated_for > millis{0}))
    return rule_fault{what.tolerated_to ? "tolerated_for" : "tolerated_to",
                      "what is borne needs how far and for how long",
                      "give tolerated_to and tolerated_for, or neither"};
  if (!what.tolerated_to) return std::nullopt;
  if (what.kind == rule_kind::high_limit ? *what.tolerated_to < what.limit : *what.tolerated_to > what.limit)
    return rule_fault{"tolerated_to", "what is borne lies inside the limit", "tolerated_to lies beyond the limit"};
  return std::nullopt;
}

} // namespace

bool is_plain_limit(rule_kind kind) {
  return (bit(kind) & plain_limits) != 0;
}

bool has_sides(rule_kind kind) {
  return (bit(kind) & (slopes | sums)) != 0;
}

gap_policy usual_gaps(rule_kind kind) {
  if ((bit(kind) & (sums | means)) != 0) return gap_policy::pause;
  return (bit(kind) & slopes) != 0 || kind == rule_kind::no_data ? gap_policy::restart : gap_policy::bridge;
}

std::optional<rule_fault> find_fault(const rule& what) {
  if (auto fault = fault_of_times(what)) return fault;
  if (has_temperature_limit(what.kind) && (what.limit < implausible_below || what.limit > implausible_above))
    return rule_fault{"limit", "the limit is no plausible temperature", "give it with its unit"};
  if (what.kind == rule_kind::rate_of_change && what.limit <= 0)
    return rule_fault{"limit", "the rate must be above 0", "give degrees per hour"};
  if (what.deadband < 0 || what.deadband > 100'000)
    return rule_fault{"deadband", "the deadband is not between 0 and 100 K", "it is a difference, inside the limit"};
  if (auto fault = fault_in_text(what.name, text_form::one_line, most_name_bytes))
    return rule_fault{"name", "the name cannot be kept: " + *fault, "give a short name"};
  if (what.consecutive == 0)
    return rule_fault{"consecutive", "0 readings in a row can never be seen", "give at least 1"};
  if (what.kind == rule_kind::model_persistence && !(std::isfinite(what.score_limit) && what.score_limit > 0))
    return rule_fault{"score_limit", "the score's limit must be above 0", "1 is the model's own threshold"};
  if (auto fault = fault_of_sides(what)) return fault;
  if (auto fault = fault_of_use(what)) return fault;
  return fault_of_tolerance(what);
}

rule as_judged(rule what) {
  each_use([&](std::string_view, auto member, unsigned kinds) {
    if ((kinds & bit(what.kind)) == 0) what.*member = rule{}.*member;
  });
  what.side = fixed_side(what.kind).value_or(what.side);
  return what;
}

status check(const rule& what) {
  if (auto fault = find_fault(what)) return refuse(what, std::move(fault->what), std::move(fault->hint));
  return nothing{};
}

status check(const rule_set& what) {
  std::set<rule_id> seen;
  for (const rule& each : what.rules) {
    if (status one = check(each); !one) return one;
    if (!seen.insert(each.id).second)
      return refuse(each, "another rule of the set has the same id", "ids are unique within a set");
  }
  return nothing{};
}

} // namespace coldvigil
