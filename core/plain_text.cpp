#include "core/plain_text.hpp"

#include "core/utf8.hpp"

#include <cstdint>

namespace coldvigil {
namespace {

bool is_line_mark(char c) {
  return c == '\n' || c == '\r' || c == '\t';
}

/// C0, DEL and, as UTF-8 writes them, C1.
bool is_control(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte < 0x20 || byte == 0x7F) return true;
  if (byte != 0xC2 || at + 1 == text.size()) return false;
  const auto next = static_cast<unsigned char>(text[at + 1]);
  return next >= 0x80 && next < 0xA0;
}

/// A character of three bytes in UTF-8 at this place; 0 when there is none.
std::uint32_t long_character(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[at + i])); };
  if (text.size() < at + 3 || byte(0) < 0xE0 || byte(0) > 0xEF) return 0;
  return (byte(0) & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
}

/// Characters without a shape, and those that turn the order of what follows; joiners and marks that scripts need stay.
bool is_hidden(std::string_view text, std::size_t at) {
  const std::uint32_t c = long_character(text, at);
  return c == 0x200B || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF;
}

/// Blanks of all scripts, and what has no shape of its own.
std::size_t blank_bytes(std::string_view text, std::size_t at) {
  if (std::string_view(" \t\r\n").find(text[at]) != std::string_view::npos) return 1;
  if (text.substr(at).starts_with("\xC2\xA0")) return 2;
  const std::uint32_t c = long_character(text, at);
  return (c >= 0x2000 && c <= 0x200F) || c == 0x202F || c == 0x3000 || c == 0x115F || c == 0x3164 ? 3 : 0;
}

} // namespace

std::optional<std::string> fault_in_text(std::string_view text, text_form form, std::size_t most) {
  if (text.size() > most) return "longer than " + std::to_string(most) + " bytes";
  if (first_invalid_utf8(text)) return "it is no text in UTF-8";
  for (std::size_t i = 0; i < text.size(); ++i)
    if (is_hidden(text, i)) return "it has characters that nobody can see";
  for (std::size_t i = 0; i < text.size(); ++i)
    if (is_control(text, i) && !(form == text_form::lines && is_line_mark(text[i])))
      return form == text_form::lines ? "it has control characters" : "it has control characters or several lines";
  return std::nullopt;
}

std::string printable(std::string_view text) {
  const std::string all = as_utf8(text);
  std::string out;
  for (std::size_t i = 0; i < all.size();) {
    const std::uint32_t wide = long_character(all, i);
    const bool two = (static_cast<unsigned char>(all[i]) & 0xE0) == 0xC0;
    const std::size_t length = wide != 0 ? 3 : is_control(all, i) && two ? 2 : 1;
    if (!is_control(all, i) && !is_hidden(all, i) && wide != 0xFFFE && wide != 0xFFFF) out.append(all, i, length);
    i += length;
  }
  return out;
}

bool says_nothing(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t blank = blank_bytes(text, at);
    if (blank == 0) return false;
    at += blank;
  }
  return true;
}

} // namespace coldvigil
