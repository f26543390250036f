#pragma once
#include "core/result.hpp"
#include "core/rule.hpp"

namespace coldvigil {

/// Nothing wrong, or what to change. Every rule that reaches a machine has passed this.
status check(const rule& what);

/// Of each rule, and that their identifiers are unique.
status check(const rule_set& what);

} // namespace coldvigil
