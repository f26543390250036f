#pragma once
// Enumerations by the words under which they are stored and shown.

#include <cstddef>
#include <optional>
#include <string_view>

namespace coldvigil {

/// The value among the first `count` whose to_string is `word`.
template <class Enum> [[nodiscard]] std::optional<Enum> parse_word(std::string_view word, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    if (to_string(static_cast<Enum>(i)) == word) return static_cast<Enum>(i);
  return std::nullopt;
}

} // namespace coldvigil
