#include "sim/plain_json.hpp"

#include <boost/json.hpp>

#include <charconv>
#include <cmath>

namespace coldvigil::sim {
namespace {

namespace json = boost::json;

void append_decimal(std::string& out, double number) {
  if (!std::isfinite(number)) {
    out += "null";
    return;
  }
  char digits[400]; // the largest double has 309 before the point
  const auto end = std::to_chars(digits, digits + sizeof digits, number, std::chars_format::fixed).ptr;
  out.append(digits, end);
}

void append_members(std::string& out, const json::object& members) {
  out += '{';
  for (const auto& [name, value] : members) {
    if (out.back() != '{') out += ',';
    out += json::serialize(json::string(name)) + ':';
    append_plain(out, value);
  }
  out += '}';
}

void append_items(std::string& out, const json::array& items) {
  out += '[';
  for (const json::value& item : items) {
    if (out.back() != '[') out += ',';
    append_plain(out, item);
  }
  out += ']';
}

} // namespace

void append_plain(std::string& out, const json::value& value) {
  if (const auto* members = value.if_object())
    append_members(out, *members);
  else if (const auto* items = value.if_array())
    append_items(out, *items);
  else if (const auto* number = value.if_double())
    append_decimal(out, *number);
  else
    out += json::serialize(value);
}

std::string plain_json(const json::value& value) {
  std::string out;
  append_plain(out, value);
  return out;
}

} // namespace coldvigil::sim
