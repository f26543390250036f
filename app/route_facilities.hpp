#pragma once
// Facilities that routes of the file name: one that is misspelt would let its people sleep, one that is new is
// registered with its first unit.

#include "config/settings.hpp"
#include "core/registry.hpp"
#include "core/result.hpp"

#include <map>
#include <string>
#include <vector>

namespace coldvigil {

/// Those that neither the store nor the file knows, and that polls of their customer may still register: "facility F9
/// of customer A". A failure when nothing ever will. `customers` are those of the store by code.
[[nodiscard]] result<std::vector<std::string>>
awaited_facilities(const settings& all, const std::map<std::string, customer_id>& customers, const registry& known);

} // namespace coldvigil
