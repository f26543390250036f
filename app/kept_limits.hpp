#pragma once
// A known unit keeps the limits with which it was registered: what the file says otherwise by now must not go unsaid.

#include "core/registry.hpp"

#include <optional>
#include <string>

namespace coldvigil {

/// The limits that the file asks for, when it asks for any and the unit has others.
[[nodiscard]] std::optional<limits> limits_in_file(const unit_description& in_file, const unit_record& known);
/// "-25 to -18.5", in °C.
[[nodiscard]] std::string in_words(const limits& range);

} // namespace coldvigil
