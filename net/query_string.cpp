#include "net/query_string.hpp"

#include <charconv>
#include <cmath>

namespace coldvigil {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

} // namespace

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_blank) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i] == '+' && plus_is_blank ? ' ' : text[i];
    }
  }
  return out;
}

query_string::query_string(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto name = percent_decode(pair.substr(0, equals), true);
    auto value = percent_decode(pair.substr(std::min(equals + 1, pair.size())), true);
    if (!name || name->empty()) continue;
    if (!value) {
      reject(*name, "a percent sign needs two hex digits");
      continue;
    }
    if (!values_.try_emplace(*name, std::move(*value)).second) reject(*name, "given more than once");
  }
}

void query_string::reject(const std::string& name, std::string detail) {
  errors_.push_back(field_error{"?" + name, std::move(detail)});
}

std::vector<std::string> query_string::names() const {
  std::vector<std::string> out;
  for (const auto& [name, value] : values_)
    out.push_back(name);
  return out;
}

std::optional<std::string> query_string::text(const std::string& name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) return std::nullopt;
  return found->second;
}

std::size_t query_string::number(const std::string& name, std::size_t low, std::size_t high, std::size_t otherwise) {
  const auto given = text(name);
  if (!given) return otherwise;
  std::size_t value = 0;
  const char* const end = given->data() + given->size();
  const auto read = std::from_chars(given->data(), end, value);
  if (read.ec == std::errc{} && read.ptr == end && value >= low && value <= high) return value;
  reject(name, "a whole number from " + std::to_string(low) + " to " + std::to_string(high));
  return otherwise;
}

std::optional<double> query_string::real(const std::string& name) {
  const auto given = text(name);
  if (!given) return std::nullopt;
  double value = 0;
  const char* const end = given->data() + given->size();
  const auto read = std::from_chars(given->data(), end, value);
  if (read.ec == std::errc{} && read.ptr == end && std::isfinite(value)) return value;
  reject(name, "a number");
  return std::nullopt;
}

std::optional<timestamp> query_string::time(const std::string& name) {
  auto given = text(name);
  if (!given) return std::nullopt;
  auto at = parse_utc(*given);
  // "+01:00" that was not percent-encoded has become a blank.
  if (const auto blank = given->rfind(' '); !at && blank != std::string::npos && blank > 10)
    at = parse_utc(given->replace(blank, 1, "+"));
  if (!at) reject(name, "a time with an offset, e.g. 2026-11-21T04:05:06Z");
  return at;
}

std::optional<bool> query_string::truth(const std::string& name) {
  const auto given = text(name);
  if (!given) return std::nullopt;
  if (*given == "true" || *given == "1") return true;
  if (*given == "false" || *given == "0") return false;
  reject(name, "true or false");
  return std::nullopt;
}

} // namespace coldvigil
