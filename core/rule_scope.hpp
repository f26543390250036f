#pragma once
// Whose rules a unit has: its own, its facility's, its kind's, its customer's. The nearest wins, for each sort of rule
// (kind, level and side) by itself; the program's own rules are the farthest.

#include "core/registry.hpp"
#include "core/rule.hpp"

#include <optional>
#include <span>

namespace coldvigil {

/// Nearest last. The rules of one customer never reach another's unit.
enum class rule_scope : std::uint8_t { customer, kind, facility, unit };
[[nodiscard]] std::string_view to_string(rule_scope scope);
[[nodiscard]] std::optional<rule_scope> parse_scope(std::string_view name);

struct scoped_rule {
  rule_scope scope = rule_scope::customer;
  customer_id customer{};
  unit_kind kind = unit_kind::freezer; ///< scope kind
  facility_id facility{};              ///< scope facility
  unit_id unit{};                      ///< scope unit
  rule what{};
  bool off = false; ///< no rule of this sort from here on: what is farther away does not count either
  friend bool operator==(const scoped_rule&, const scoped_rule&) = default;
};

/// What decides on a unit's rules.
struct ruled_unit {
  customer_id customer{};
  facility_id facility{};
  unit_id unit{};
  unit_kind kind = unit_kind::freezer;
  limits range{};
  std::chrono::seconds interval{0};
};
[[nodiscard]] ruled_unit ruled(const unit_record& unit);
[[nodiscard]] bool applies(const scoped_rule& rule, const ruled_unit& unit);

/// The unit's rules, fitted to it. All rules of a sort that the nearest scope has count; in the order of `all`, after
/// those of the program that stand.
[[nodiscard]] rule_set resolve(const ruled_unit& unit, std::span<const scoped_rule> all, std::uint16_t consecutive,
                               std::uint32_t version);

} // namespace coldvigil
