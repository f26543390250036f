#include "ingest/cell.hpp"

#include "ingest/body_text.hpp"

#include <charconv>
#include <cmath>

namespace coldvigil {
namespace {

constexpr std::size_t max_scale_bytes = 16;

number_or_reason number_from_text(std::string_view text) {
  text = trimmed(text);
  if (text.empty()) return {{}, reject_reason::null_value};
  if (text.front() == '+') text.remove_prefix(1);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end != text.data() + text.size()) return {{}, reject_reason::bad_value};
  // Too large for a double, or so near to zero that it has no digits left: neither was measured.
  if (error == std::errc::result_out_of_range) return {{}, reject_reason::non_finite};
  if (error != std::errc{}) return {{}, reject_reason::bad_value};
  if (!std::isfinite(number)) return {{}, reject_reason::non_finite};
  return {number};
}

} // namespace

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

std::string text_of(const cell& from, std::size_t max_bytes) {
  if (from.what == cell::kind::text) return std::string(clip_utf8(trimmed(from.text), max_bytes));
  if (from.what != cell::kind::number) return {};
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, from.number).ptr;
  return {digits, end};
}

std::optional<std::string> fact(const cell& from) {
  std::string text = text_of(from, max_name_bytes);
  if (text.empty()) return std::nullopt;
  return text;
}

number_or_reason number_in(const cell& from) {
  switch (from.what) {
  case cell::kind::missing:
  case cell::kind::null:
    return {{}, reject_reason::null_value};
  case cell::kind::text:
    return number_from_text(from.text);
  case cell::kind::other:
    return {{}, reject_reason::bad_value};
  case cell::kind::number:
    break;
  }
  if (!std::isfinite(from.number)) return {{}, reject_reason::non_finite};
  return {from.number};
}

std::optional<milli_celsius> temperature_fact(const cell& from, temperature_scale scale) {
  const auto number = number_in(from).number;
  return number ? to_milli_celsius(*number, scale) : std::nullopt;
}

std::optional<temperature_scale> scale_of(const cell& from, temperature_scale fallback) {
  const std::string text = text_of(from, max_scale_bytes);
  if (text.empty()) return from.what == cell::kind::other ? std::nullopt : std::optional(fallback);
  return parse_scale(text);
}

} // namespace coldvigil
