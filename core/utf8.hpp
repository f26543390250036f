#pragma once
// Texts as bytes: what is UTF-8, and what to make of the rest.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace coldvigil {

/// Position of the first byte that is not UTF-8 (overlong forms, surrogates and values over U+10FFFF are not).
[[nodiscard]] std::optional<std::size_t> first_invalid_utf8(std::string_view text);

/// At most `bytes` bytes, not cut within a character.
[[nodiscard]] std::string_view clip_utf8(std::string_view text, std::size_t bytes);

/// The text; what is not UTF-8 is taken for Windows-1252, which any bytes are: most that is called Latin-1 is that.
[[nodiscard]] std::string as_utf8(std::string_view text);

} // namespace coldvigil
