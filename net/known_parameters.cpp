#include "net/known_parameters.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cctype>

namespace coldvigil {
namespace {

namespace json = boost::json;

std::string key_of(const route& of) {
  std::string out(http::to_string(of.method));
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
  return out + ' ' + std::string(of.pattern);
}

/// A parameter stands in its operation, or is shared and referred to.
const json::value& resolved(const json::value& document, const json::value& parameter) {
  const json::value* reference = parameter.as_object().if_contains("$ref");
  return reference ? document.at_pointer(std::string(reference->as_string()).substr(1)) : parameter;
}

std::vector<std::string> query_names(const json::value& document, const json::object& operation) {
  std::vector<std::string> out;
  const json::value* parameters = operation.if_contains("parameters");
  if (!parameters) return out;
  for (const json::value& each : parameters->as_array()) {
    const json::value& parameter = resolved(document, each);
    if (parameter.at("in").as_string() == "query") out.emplace_back(parameter.at("name").as_string());
  }
  return out;
}

std::string advice(const std::vector<std::string>& known) {
  if (known.empty()) return "not known: this path takes no parameters";
  std::string out = "not known: this path takes";
  for (const std::string& name : known)
    out += (&name == &known.front() ? " " : ", ") + name;
  return out;
}

} // namespace

known_parameters::known_parameters(std::string_view description) {
  const json::value document = json::parse(description);
  for (const auto& [path, methods] : document.at("paths").as_object())
    for (const auto& [method, operation] : methods.as_object())
      by_route_[std::string(method) + ' ' + std::string(path)] = query_names(document, operation.as_object());
}

std::vector<field_error> known_parameters::unknown_in(const query_string& query, const route& at) const {
  std::vector<field_error> out;
  const std::vector<std::string>& known = by_route_.at(key_of(at));
  for (const std::string& name : query.names())
    if (std::find(known.begin(), known.end(), name) == known.end())
      out.push_back(field_error{"?" + name, advice(known)});
  return out;
}

} // namespace coldvigil
