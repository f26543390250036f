#pragma once
// A rule as one line of text: how stores keep it, audits show it and tests write it. Only what differs from the
// defaults is written; temperatures are thousandths of a degree Celsius, times milliseconds. The name comes last and
// goes to the end of the line:
//   id=200 kind=high_limit level=warning limit=8000 deadband=500 on_delay=1800000 name=Fridge, warm
#include "core/result.hpp"
#include "core/rule.hpp"

#include <string>
#include <string_view>

namespace coldvigil {

[[nodiscard]] std::string to_text(const rule& what);
/// Names the word that is wrong. Does not check what the rule means (core/rule_check).
[[nodiscard]] result<rule> parse_rule_text(std::string_view text);

} // namespace coldvigil
