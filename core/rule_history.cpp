#include "core/rule_history.hpp"

#include "core/place_rules.hpp"

#include <algorithm>
#include <iterator>

namespace coldvigil {
namespace {

/// By rule, the newest revision of those that have begun.
std::vector<const rule_record*> begun(const std::vector<rule_record>& records, timestamp at) {
  std::map<rule_id, const rule_record*> newest;
  for (const rule_record& each : records)
    if (each.from <= at) newest[each.rule.what.id] = &each;
  std::vector<const rule_record*> out;
  for (const auto& [id, record] : newest)
    if (!record->removed) out.push_back(record);
  return out;
}

std::vector<scoped_rule> rules_at(const std::vector<rule_record>& records, timestamp at) {
  std::vector<scoped_rule> out;
  for (const rule_record* each : begun(records, at))
    out.push_back(each->rule);
  return out;
}

/// Where the rules of a scope come from, of those of one customer.
template <class Placed> std::pair<rule_scope, std::int64_t> key_of(rule_scope scope, const Placed& at) {
  switch (scope) {
  case rule_scope::kind:
    return {scope, static_cast<std::int64_t>(at.kind)};
  case rule_scope::facility:
    return {scope, number(at.facility)};
  case rule_scope::unit:
    return {scope, number(at.unit)};
  case rule_scope::customer:
    break;
  }
  return {rule_scope::customer, 0};
}

/// What is so at a time, of a map by beginnings; null when nothing has begun.
template <class Map> const typename Map::mapped_type* value_at(const Map& by_beginning, timestamp at) {
  const auto next = by_beginning.upper_bound(at);
  return next == by_beginning.begin() ? nullptr : &std::prev(next)->second;
}

/// `change` what is so from a time on, until something else is and after that, too.
template <class Map, class Change> void change_from(Map& by_beginning, timestamp from, Change&& change) {
  const auto* before = value_at(by_beginning, from);
  auto each = by_beginning.try_emplace(from, before ? *before : typename Map::mapped_type{}).first;
  for (; each != by_beginning.end(); ++each)
    change(each->second);
}

} // namespace

std::uint64_t revision_of(std::span<const rule_record> records, const scoped_rule& place) {
  std::uint64_t newest = 0;
  for (const rule_record& each : records)
    if (same_place(each.rule, place)) newest = std::max(newest, each.revision);
  return newest;
}

std::uint64_t rule_history::revision_of(const scoped_rule& place) const {
  return coldvigil::revision_of(records_of(place.customer), place);
}

void rule_history::add(rule_record record) {
  revision_ = std::max(revision_, record.revision);
  of_customer& to = customers_[number(record.rule.customer)];
  const auto added = static_cast<std::uint32_t>(to.records.size());
  to.records.push_back(std::move(record));
  const rule_record& change = to.records.back();
  change_from(to.newest, change.from, [&](std::uint64_t& newest) { newest = std::max(newest, change.revision); });
  change_from(to.places[key_of(change.rule.scope, change.rule)], change.from,
              [&](std::vector<std::uint32_t>& standing) {
                const auto id_of = [&](std::uint32_t index) { return to.records[index].rule.what.id; };
                std::erase_if(standing, [&](std::uint32_t index) { return id_of(index) == id_of(added); });
                const auto place = std::partition_point(
                    standing.begin(), standing.end(), [&](std::uint32_t index) { return id_of(index) < id_of(added); });
                if (!change.removed) standing.insert(place, added);
              });
}

const rule_history::of_customer& rule_history::find(customer_id customer) const {
  static const of_customer none;
  const auto found = customers_.find(number(customer));
  return found == customers_.end() ? none : found->second;
}

std::vector<scoped_rule> rule_history::in_force(customer_id customer, timestamp at) const {
  return rules_at(records_of(customer), at);
}

std::vector<rule_record> rule_history::standing(customer_id customer, timestamp at) const {
  std::vector<rule_record> out;
  for (const rule_record* each : begun(records_of(customer), at))
    out.push_back(*each);
  return out;
}

std::vector<rule_record> rule_history::committed(customer_id customer) const {
  std::map<rule_id, const rule_record*> newest;
  for (const rule_record& each : records_of(customer))
    newest[each.rule.what.id] = &each;
  std::vector<rule_record> out;
  for (const auto& [id, record] : newest)
    if (!record->removed) out.push_back(*record);
  return out;
}

rule_history::stretch rule_history::rules_of(const ruled_unit& unit, timestamp at, std::uint16_t consecutive) const {
  const of_customer& of = find(unit.customer);
  stretch out;
  std::vector<scoped_rule> standing;
  for (const rule_scope scope : {rule_scope::customer, rule_scope::kind, rule_scope::facility, rule_scope::unit}) {
    const auto place = of.places.find(key_of(scope, unit));
    if (place == of.places.end()) continue;
    const auto next = place->second.upper_bound(at);
    if (next != place->second.end()) out.until = std::min(out.until, next->first);
    if (next == place->second.begin()) continue;
    const auto& [from, indices] = *std::prev(next);
    out.from = std::max(out.from, from);
    for (const std::uint32_t index : indices)
      standing.push_back(of.records[index].rule);
  }
  std::sort(standing.begin(), standing.end(),
            [](const scoped_rule& a, const scoped_rule& b) { return a.what.id < b.what.id; });
  const std::uint64_t* newest = value_at(of.newest, at);
  out.rules = resolve(unit, standing, consecutive, static_cast<std::uint32_t>((newest ? *newest : 0) + 1));
  return out;
}

std::vector<rule_history::period> rule_history::periods_of(const ruled_unit& unit, timestamp since,
                                                           std::uint16_t consecutive) const {
  stretch now = rules_of(unit, since, consecutive);
  std::vector<period> out;
  out.push_back({timestamp::min(), std::move(now.rules)});
  while (now.until != timestamp::max()) {
    now = rules_of(unit, now.until, consecutive);
    if (now.rules.rules != out.back().rules.rules) out.push_back({now.from, std::move(now.rules)});
  }
  return out;
}

} // namespace coldvigil
