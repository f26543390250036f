#pragma once
// All rules of one place (a customer, a kind of its units, a facility, a unit), as somebody wants them to be.

#include "core/rule_scope.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace coldvigil {

struct place_rules {
  scoped_rule place{}; ///< whose rules; what it says of a rule means nothing
  struct entry {
    rule what{}; ///< id 0: a new one, or the same as one that stands; else a revision of that of this place
    bool off = false;
  };
  std::vector<entry> rules{}; ///< what is not here is removed
  /// The revision of the place that the change was decided on; when another stands meanwhile, nothing is changed.
  std::optional<std::uint64_t> expected{};
  std::string place_name{}; ///< for the audit trail: "facility F1"
  std::string who, reason;
};

/// The first entry that an entry repeats: the same rule, whatever their ids are. Nothing when it repeats none.
[[nodiscard]] std::optional<std::size_t> repeated_by(const std::vector<place_rules::entry>& rules, std::size_t entry);

/// The entry that turns off the sort of rule that an entry is of: the place then has both, and the rule counts. Nothing
/// when there is none.
[[nodiscard]] std::optional<std::size_t> turned_off_by(const std::vector<place_rules::entry>& rules, std::size_t entry);

[[nodiscard]] bool same_place(const scoped_rule& a, const scoped_rule& b);

/// The place of this sort that the unit belongs to.
[[nodiscard]] scoped_rule place_of(const unit_record& unit, rule_scope scope);

/// Rules that are only proposed are numbered from here on, above all that are stored.
inline constexpr rule_id first_proposed{1u << 30};

/// What `resolve` would give if the place had the wanted rules instead of its own. Those are numbered from `first` on,
/// in their order.
[[nodiscard]] rule_set resolve_with(const ruled_unit& unit, std::vector<scoped_rule> all, const place_rules& wanted,
                                    std::uint16_t consecutive, rule_id first);

} // namespace coldvigil
