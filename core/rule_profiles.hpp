#pragma once
// Named sets of rules after norms, as presets: a facility or a unit takes one and has its rules. Where a norm says
// nothing (deadbands, what silence means), the presets add nothing but a warning when no data come.

#include "core/rule.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace coldvigil {

struct rule_profile {
  std::string_view name;   ///< as configured and shown: "usp_cct"
  std::string_view title;  ///< for people
  std::string_view source; ///< the norm, and where its words were taken from
  std::string_view note;   ///< what a user must know before relying on it; may be empty
  std::vector<rule> rules; ///< ids count from 1
};

[[nodiscard]] const std::vector<rule_profile>& rule_profiles();
/// Nothing when there is none of this name.
[[nodiscard]] const rule_profile* find_profile(std::string_view name);
/// The profile's rules under identifiers of their own.
[[nodiscard]] std::vector<rule> rules_of(const rule_profile& profile, std::uint32_t first_id);

} // namespace coldvigil
