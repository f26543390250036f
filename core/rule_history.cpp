#include "core/rule_history.hpp"

#include "core/place_rules.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

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

std::uint32_t version_at(const std::vector<rule_record>& records, timestamp at) {
  std::uint64_t newest = 0;
  for (const rule_record& each : records)
    if (each.from <= at) newest = std::max(newest, each.revision);
  return static_cast<std::uint32_t>(newest + 1);
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
  records_[number(record.rule.customer)].push_back(std::move(record));
}

const std::vector<rule_record>& rule_history::records_of(customer_id customer) const {
  static const std::vector<rule_record> none;
  const auto found = records_.find(number(customer));
  return found == records_.end() ? none : found->second;
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

std::vector<rule_history::period> rule_history::periods_of(const ruled_unit& unit, timestamp since,
                                                           std::uint16_t consecutive) const {
  const auto& records = records_of(unit.customer);
  std::set<timestamp> beginnings;
  for (const rule_record& each : records)
    if (each.from > since) beginnings.insert(each.from);
  const auto at = [&](timestamp when) {
    return resolve(unit, rules_at(records, when), consecutive, version_at(records, when));
  };
  std::vector<period> out{{timestamp::min(), at(since)}};
  for (const timestamp from : beginnings) {
    period next{from, at(from)};
    if (next.rules.rules != out.back().rules.rules) out.push_back(std::move(next));
  }
  return out;
}

} // namespace coldvigil
