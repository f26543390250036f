#pragma once
// What every body is checked for before it is parsed.

#include "core/result.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace coldvigil {

/// Position of the first byte that is not UTF-8 (overlong forms, surrogates and values over U+10FFFF are not).
[[nodiscard]] std::optional<std::size_t> first_invalid_utf8(std::string_view text);

/// At most `bytes` bytes, not cut within a character.
[[nodiscard]] std::string_view clip_utf8(std::string_view text, std::size_t bytes);

/// The body without a byte order mark; a failure when it is empty, not UTF-8, or HTML or XML. `expected` ("JSON") is
/// named in the failure.
[[nodiscard]] result<std::string_view> check_body(std::string_view body, std::string_view expected);

} // namespace coldvigil
