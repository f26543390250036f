#pragma once
// The API's description (net/openapi.json), embedded byte for byte.

#include <string_view>

namespace coldvigil {

/// Lives as long as the process.
[[nodiscard]] std::string_view openapi_text();

} // namespace coldvigil
