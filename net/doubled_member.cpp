#include "net/doubled_member.hpp"

#include <cstddef>
#include <set>
#include <vector>

namespace coldvigil {
namespace {

namespace json = boost::json;

/// No deeper than the parser went.
std::size_t members_of(const json::value& of) {
  std::size_t out = 0;
  if (const auto* object = of.if_object()) {
    out = object->size();
    for (const auto& each : *object)
      out += members_of(each.value());
  } else if (const auto* list = of.if_array()) {
    for (const json::value& each : *list)
      out += members_of(each);
  }
  return out;
}

/// Of well-formed JSON: where the string ends that begins here.
std::size_t end_of_string(std::string_view text, std::size_t at) {
  for (++at; text[at] != '"'; ++at)
    if (text[at] == '\\') ++at;
  return at;
}

/// Of well-formed JSON: each has a colon, and there are no others outside of strings.
std::size_t members_written(std::string_view text) {
  std::size_t out = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"') at = end_of_string(text, at);
    if (text[at] == ':') ++out;
  }
  return out;
}

} // namespace

std::optional<std::string> doubled_member(std::string_view text, const json::value& parsed) {
  if (members_written(text) == members_of(parsed)) return std::nullopt; // nearly always, and far cheaper to see
  std::vector<std::set<std::string>> open;                              // of lists empty
  std::string_view newest;                                              // string
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '{' || c == '[') open.emplace_back();
    if (c == '}' || c == ']') open.pop_back();
    if (c == '"') {
      const std::size_t end = end_of_string(text, at);
      newest = text.substr(at, end + 1 - at);
      at = end;
    }
    if (c != ':') continue;
    std::string name(json::parse(newest).as_string());
    if (!open.back().insert(name).second) return name;
  }
  return std::nullopt;
}

} // namespace coldvigil
