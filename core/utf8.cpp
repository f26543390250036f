#include "core/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace coldvigil {
namespace {

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

/// Windows-1252 from 0x80 on, up to where it is Latin-1; five of them mean nothing there.
constexpr std::array<std::string_view, 32> windows_1252{
    "€",        "\xC2\x81", "‚", "ƒ", "„", "…", "†", "‡", "ˆ", "‰", "Š", "‹", "Œ", "\xC2\x8D", "Ž", "\xC2\x8F",
    "\xC2\x90", "‘",        "’", "“", "”", "•", "–", "—", "˜", "™", "š", "›", "œ", "\xC2\x9D", "ž", "Ÿ"};

/// The next eight bytes: whole files go this way.
bool is_plain_ascii(const char* at) {
  std::uint64_t eight = 0;
  std::memcpy(&eight, at, sizeof eight);
  return (eight & 0x8080808080808080U) == 0;
}

} // namespace

std::optional<std::size_t> first_invalid_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    if (text.size() - i >= sizeof(std::uint64_t) && is_plain_ascii(text.data() + i)) {
      i += sizeof(std::uint64_t);
      continue;
    }
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

std::string as_utf8(std::string_view text) {
  if (!first_invalid_utf8(text)) return std::string(text);
  std::string out;
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (code < 0x80) {
      out += c;
    } else if (code < 0xA0) {
      out += windows_1252[code - 0x80U];
    } else {
      out += static_cast<char>(0xC0 | code >> 6);
      out += static_cast<char>(0x80 | (code & 0x3F));
    }
  }
  return out;
}

} // namespace coldvigil
