#include "core/rule_scope.hpp"

#include "core/place_rules.hpp"
#include "core/rule_check.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace coldvigil {
namespace {

constexpr std::string_view names[] = {"customer", "kind", "facility", "unit"};

using sort = std::tuple<rule_kind, alarm_level, rule_side>;

sort sort_of(const rule& what) {
  return {what.kind, what.level, has_sides(what.kind) ? what.side : rule_side::either};
}

} // namespace

std::string_view to_string(rule_scope scope) {
  return names[static_cast<std::size_t>(scope)];
}

std::optional<rule_scope> parse_scope(std::string_view name) {
  const auto found = std::find(std::begin(names), std::end(names), name);
  if (found == std::end(names)) return std::nullopt;
  return static_cast<rule_scope>(found - std::begin(names));
}

ruled_unit ruled(const unit_record& unit) {
  return {unit.customer, unit.facility, unit.id, unit.kind, unit.range, unit.interval};
}

bool same_place(const scoped_rule& a, const scoped_rule& b) {
  if (a.customer != b.customer || a.scope != b.scope) return false;
  if (a.scope == rule_scope::kind) return a.kind == b.kind;
  if (a.scope == rule_scope::facility) return a.facility == b.facility;
  return a.scope == rule_scope::customer || a.unit == b.unit;
}

std::optional<std::size_t> repeated_by(const std::vector<place_rules::entry>& rules, std::size_t entry) {
  const auto same = [&](const place_rules::entry& other) {
    if (rules[entry].off || other.off)
      return rules[entry].off == other.off && sort_of(rules[entry].what) == sort_of(other.what);
    rule what = other.what;
    what.id = rules[entry].what.id;
    return what == rules[entry].what;
  };
  const auto end = rules.begin() + static_cast<std::ptrdiff_t>(entry);
  const auto found = std::find_if(rules.begin(), end, same);
  if (found == end) return std::nullopt;
  return static_cast<std::size_t>(found - rules.begin());
}

std::optional<std::size_t> turned_off_by(const std::vector<place_rules::entry>& rules, std::size_t entry) {
  if (rules[entry].off) return std::nullopt;
  const auto found = std::find_if(rules.begin(), rules.end(), [&](const place_rules::entry& other) {
    return other.off && sort_of(other.what) == sort_of(rules[entry].what);
  });
  if (found == rules.end()) return std::nullopt;
  return static_cast<std::size_t>(found - rules.begin());
}

bool applies(const scoped_rule& rule, const ruled_unit& unit) {
  if (rule.customer != unit.customer) return false;
  switch (rule.scope) {
  case rule_scope::customer:
    return true;
  case rule_scope::kind:
    return rule.kind == unit.kind;
  case rule_scope::facility:
    return rule.facility == unit.facility;
  case rule_scope::unit:
    return rule.unit == unit.unit;
  }
  return false;
}

scoped_rule place_of(const unit_record& unit, rule_scope scope) {
  scoped_rule out;
  out.scope = scope;
  out.customer = unit.customer;
  out.kind = unit.kind;
  out.facility = unit.facility;
  out.unit = unit.id;
  return out;
}

rule_set resolve_with(const ruled_unit& unit, std::vector<scoped_rule> all, const place_rules& wanted,
                      std::uint16_t consecutive, rule_id first) {
  std::erase_if(all, [&](const scoped_rule& each) { return same_place(each, wanted.place); });
  auto next = static_cast<std::uint32_t>(first);
  for (const place_rules::entry& each : wanted.rules) {
    scoped_rule rule = wanted.place;
    rule.what = each.what;
    rule.what.id = rule_id{next++};
    rule.off = each.off;
    all.push_back(std::move(rule));
  }
  return resolve(unit, all, consecutive, 1);
}

namespace {

/// Of whatever level: whoever has said it is not told after another time too.
bool says_when_silent(std::span<const scoped_rule> all, const ruled_unit& unit) {
  return std::any_of(all.begin(), all.end(), [&](const scoped_rule& each) {
    return each.what.kind == rule_kind::no_data && applies(each, unit);
  });
}

/// Whoever reports every few seconds is not silent because the network starts anew.
rule own_silence_of(const ruled_unit& unit) {
  rule out = fitted(own_silence(), unit.interval);
  out.silent_after = std::max<millis>(out.silent_after, std::chrono::minutes{10});
  return out;
}

} // namespace

rule_set resolve(const ruled_unit& unit, std::span<const scoped_rule> all, std::uint16_t consecutive,
                 std::uint32_t version) {
  std::map<sort, rule_scope> nearest;
  for (const scoped_rule& each : all) {
    if (!applies(each, unit)) continue;
    const auto [place, fresh] = nearest.try_emplace(sort_of(each.what), each.scope);
    if (!fresh) place->second = std::max(place->second, each.scope);
  }
  rule_set out = own_rules(unit.range, consecutive);
  out.version = version;
  std::erase_if(out.rules, [&](const rule& own) { return nearest.contains(sort_of(own)); });
  if (!says_when_silent(all, unit)) out.rules.push_back(own_silence_of(unit));
  for (const scoped_rule& each : all)
    if (!each.off && applies(each, unit) && nearest.at(sort_of(each.what)) == each.scope)
      out.rules.push_back(each.what);
  for (rule& each : out.rules)
    each = fitted(std::move(each), unit.interval);
  return out;
}

} // namespace coldvigil
