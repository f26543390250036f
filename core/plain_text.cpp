#include "core/plain_text.hpp"

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

} // namespace

std::optional<std::string> fault_in_text(std::string_view text, text_form form, std::size_t most) {
  if (text.size() > most) return "longer than " + std::to_string(most) + " bytes";
  for (std::size_t i = 0; i < text.size(); ++i)
    if (is_control(text, i) && !(form == text_form::lines && is_line_mark(text[i])))
      return form == text_form::lines ? "it has control characters" : "it has control characters or several lines";
  return std::nullopt;
}

bool says_nothing(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

} // namespace coldvigil
