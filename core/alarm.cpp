#include "core/alarm.hpp"

#include <algorithm>

namespace coldvigil {

rules_in_force in_force(const rule_set& rules) {
  const auto model = std::find_if(rules.rules.begin(), rules.rules.end(),
                                  [](const rule& each) { return each.kind == rule_kind::model_persistence; });
  const std::uint16_t consecutive = model == rules.rules.end() ? std::uint16_t{0} : model->consecutive;
  return {rules.version, rules.range, consecutive};
}

} // namespace coldvigil
