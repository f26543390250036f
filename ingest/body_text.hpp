#pragma once
// What every body is checked for before it is parsed.

#include "core/result.hpp"
#include "core/utf8.hpp"

#include <string_view>

namespace coldvigil {

/// The body without a byte order mark; a failure when it is empty, not UTF-8, or HTML or XML. `expected` ("JSON") is
/// named in the failure.
[[nodiscard]] result<std::string_view> check_body(std::string_view body, std::string_view expected);

} // namespace coldvigil
