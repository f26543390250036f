#include "ingest/body_text.hpp"

#include <algorithm>
#include <string>

namespace coldvigil {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

struct lead_byte {
  std::size_t length; ///< of the whole character
  unsigned char low;  ///< smallest second byte
  unsigned char high; ///< largest second byte
};

/// The table of well-formed UTF-8 (Unicode, table 3-7); length 0 = no character begins so.
constexpr lead_byte classify(unsigned char byte) {
  if (byte < 0x80) return {1, 0, 0};
  if (byte < 0xC2) return {0, 0, 0};
  if (byte < 0xE0) return {2, 0x80, 0xBF};
  if (byte == 0xE0) return {3, 0xA0, 0xBF};
  if (byte == 0xED) return {3, 0x80, 0x9F};
  if (byte < 0xF0) return {3, 0x80, 0xBF};
  if (byte == 0xF0) return {4, 0x90, 0xBF};
  if (byte < 0xF4) return {4, 0x80, 0xBF};
  if (byte == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

} // namespace

std::optional<std::size_t> first_invalid_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const lead_byte lead = classify(static_cast<unsigned char>(text[i]));
    if (lead.length == 0 || text.size() - i < lead.length) return i;
    if (lead.length > 1) {
      const auto second = static_cast<unsigned char>(text[i + 1]);
      if (second < lead.low || second > lead.high) return i;
      const auto rest = text.substr(i + 2, lead.length - 2);
      if (!std::ranges::all_of(rest, is_continuation)) return i;
    }
    i += lead.length;
  }
  return std::nullopt;
}

std::string_view clip_utf8(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && is_continuation(text[bytes]))
    --bytes;
  return text.substr(0, bytes);
}

result<std::string_view> check_body(std::string_view body, std::string_view expected) {
  const std::string name(expected);
  if (const auto at = first_invalid_utf8(body))
    return failure{error_code::invalid_argument, "the body is not UTF-8", "byte " + std::to_string(*at),
                   "the source must send UTF-8, or the answer was cut or compressed"};
  if (body.starts_with(byte_order_mark)) body.remove_prefix(byte_order_mark.size());
  const std::size_t begin = body.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos)
    return failure{error_code::invalid_argument, "the body is empty", "", "expected " + name};
  if (body[begin] == '<')
    return failure{error_code::invalid_argument, "the body is HTML or XML, not " + name,
                   "it begins with: " + std::string(clip_utf8(body.substr(begin), 40)),
                   "look whether the URL leads to a login or error page"};
  return body;
}

} // namespace coldvigil
