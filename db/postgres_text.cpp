#include "db/postgres_text.hpp"

#include "db/byte_stream.hpp"
#include "db/hash_chain.hpp"

#include <algorithm>

namespace coldvigil::db {
namespace {

template <class Number> std::vector<Number> numbers_of(std::string_view array) {
  if (array.size() < 2 || array.front() != '{' || array.back() != '}') throw damaged_bytes("no array");
  array = array.substr(1, array.size() - 2);
  std::vector<Number> out;
  if (array.empty()) return out;
  out.reserve(static_cast<std::size_t>(std::count(array.begin(), array.end(), ',')) + 1);
  const char* at = array.data();
  const char* const end = at + array.size();
  for (;;) {
    Number value{};
    const auto [next, trouble] = std::from_chars(at, end, value);
    if (trouble != std::errc{}) throw damaged_bytes("an array element that is no number");
    out.push_back(value);
    if (next == end) return out;
    if (*next != ',') throw damaged_bytes("an array that is not one of numbers");
    at = next + 1;
  }
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  throw damaged_bytes("no hexadecimal digit");
}

struct to_text {
  using text = std::optional<std::string>;
  text operator()(std::monostate) const { return std::nullopt; }
  text operator()(std::int64_t value) const { return std::to_string(value); }
  text operator()(double value) const {
    char digits[40];
    return std::string(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
  }
  text operator()(bool value) const { return value ? "t" : "f"; }
  text operator()(const std::string& value) const { return clean_text(value); }
  text operator()(const blob& value) const { return bytea_text(value.bytes); }
};

} // namespace

void array_text::add_text(const std::optional<std::string>& value) {
  if (!value) return piece("NULL");
  std::string quoted = "\"";
  for (const char c : *value) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  piece(quoted + '"');
}

std::string array_text::take() {
  return out_.empty() ? "{}" : std::move(out_) + '}';
}

std::vector<std::int64_t> integers_of(std::string_view array) {
  return numbers_of<std::int64_t>(array);
}
std::vector<float> reals_of(std::string_view array) {
  return numbers_of<float>(array);
}

std::string bytea_text(std::string_view bytes) {
  return "\\x" + to_hex(bytes);
}

std::string bytes_of(std::string_view bytea) {
  if (bytea.size() % 2 != 0 || !bytea.starts_with("\\x")) throw damaged_bytes("no bytes");
  std::string out;
  out.reserve(bytea.size() / 2);
  for (std::size_t i = 2; i < bytea.size(); i += 2)
    out += static_cast<char>(hex_value(bytea[i]) * 16 + hex_value(bytea[i + 1]));
  return out;
}

std::optional<std::string> text_of(const sql_value& value) {
  return std::visit(to_text{}, value);
}

} // namespace coldvigil::db
