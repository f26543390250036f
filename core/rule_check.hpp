#pragma once
#include "core/result.hpp"
#include "core/rule.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace coldvigil {

/// What a rule cannot mean.
struct rule_fault {
  std::string_view member{}; ///< of `rule`, by its name there
  std::string what{}, hint{};
};
[[nodiscard]] std::optional<rule_fault> find_fault(const rule& what);

/// A low or a high limit: what it judges is a value, and can be farthest out.
[[nodiscard]] bool is_plain_limit(rule_kind kind);

/// Rules of this kind say which side they look at; the others have but one.
[[nodiscard]] bool has_sides(rule_kind kind);

/// What a silence does when nobody said it. A link that loses readings must not keep a limit or the score from being
/// judged, so their delays go on; a sum or a mean does not count what nobody saw, and a slope over a silence is none.
[[nodiscard]] gap_policy usual_gaps(rule_kind kind);

/// The rule as it is judged: what its kind makes no use of is as if nobody had said it. Rules that were stored before
/// such members were refused have them.
[[nodiscard]] rule as_judged(rule what);

/// Nothing wrong, or what to change. Every rule that reaches a machine has passed this.
status check(const rule& what);

/// Of each rule, and that their identifiers are unique.
status check(const rule_set& what);

} // namespace coldvigil
