#pragma once
// Kinds of ASCII letters, whatever the locale.

namespace coldvigil {

[[nodiscard]] constexpr bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// Of what names for machines are made: codes, ids, labels of hosts, names of headers.
[[nodiscard]] constexpr bool is_name_letter(char c) {
  return is_alphanumeric(c) || c == '-' || c == '_';
}

} // namespace coldvigil
