#pragma once
// "Did you mean ...?"

#include <string>
#include <string_view>
#include <vector>

namespace coldvigil {

/// The name that takes the fewest edits from `wrong`; empty when none is near.
[[nodiscard]] std::string nearest_name(std::string_view wrong, const std::vector<std::string>& known);

} // namespace coldvigil
