#pragma once
// What people write: reasons, comments, names. One check for all of it, wherever it comes in.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace coldvigil {

inline constexpr std::size_t most_text_bytes = 2'000; ///< bytes of a reason, a comment or an action
inline constexpr std::size_t most_name_bytes = 200;   ///< bytes of what somebody or something is called

enum class text_form {
  one_line, ///< a name
  lines,    ///< prose: line ends and tabs are part of it
};

/// Why it cannot be kept, in words for whom wrote it: it is too long, no UTF-8, or it has characters that nobody can
/// see and that break lists and files (control characters, NUL among them).
[[nodiscard]] std::optional<std::string> fault_in_text(std::string_view text, text_form form, std::size_t most);

/// For files that refuse some characters, as XML and models do: UTF-8 (core/utf8), without control characters,
/// non-characters and characters that nobody can see.
[[nodiscard]] std::string printable(std::string_view text);

/// Empty, or blanks only.
[[nodiscard]] bool says_nothing(std::string_view text);

} // namespace coldvigil
