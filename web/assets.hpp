#pragma once
#include "net/assets.hpp"

namespace coldvigil {

/// A file of the dashboard that is embedded in the binary; null when there is none. Any thread.
[[nodiscard]] const asset* find_asset(std::string_view path);

} // namespace coldvigil
