#include "net/known_input.hpp"

#include "core/utf8.hpp"
#include "net/doubled_member.hpp"

#include <algorithm>
#include <cctype>

namespace coldvigil {
namespace {

namespace json = boost::json;

constexpr std::size_t shown_name_bytes = 100;

std::string key_of(const route& of) {
  std::string out(http::to_string(of.method));
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
  return out + ' ' + std::string(of.pattern);
}

/// A part of the description stands where it is used, or is shared and referred to.
const json::value& resolved(const json::value& document, const json::value& part) {
  const json::value* reference = part.as_object().if_contains("$ref");
  return reference ? document.at_pointer(std::string(reference->as_string()).substr(1)) : part;
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

bool says(const json::object& schema, const char* name, const json::value& what) {
  const json::value* said = schema.if_contains(name);
  return said && *said == what;
}

std::string advice(std::string_view taker, std::string_view things, const std::vector<std::string>& known) {
  std::string out = "not known: this " + std::string(taker) + " takes";
  if (known.empty()) return out + " no " + std::string(things);
  for (const std::string& name : known)
    out += (&name == &known.front() ? " " : ", ") + name;
  return out;
}

bool is_among(std::string_view name, const std::vector<std::string>& known) {
  return std::find(known.begin(), known.end(), name) != known.end();
}

} // namespace

known_input::body_form known_input::form_of(const json::value& document, const json::object& body) {
  body_form out;
  const json::value* required = body.if_contains("required");
  out.required = required && required->as_bool();
  const json::object& schema = resolved(document, body.at("content").at("application/json").at("schema")).as_object();
  out.object = says(schema, "type", "object");
  if (!says(schema, "additionalProperties", false)) return out;
  out.members.emplace();
  for (const auto& [name, what] : schema.at("properties").as_object())
    out.members->emplace_back(name);
  return out;
}

known_input::known_input(std::string_view description) {
  const json::value document = json::parse(description);
  for (const auto& [path, methods] : document.at("paths").as_object())
    for (const auto& [method, described] : methods.as_object()) {
      operation& one = by_route_[std::string(method) + ' ' + std::string(path)];
      one.parameters = query_names(document, described.as_object());
      const json::value* body = described.as_object().if_contains("requestBody");
      if (body && body->at("content").as_object().contains("application/json"))
        one.body = form_of(document, body->as_object());
    }
}

const known_input::operation& known_input::of(const route& at) const {
  return by_route_.at(key_of(at));
}

std::vector<field_error> known_input::unknown_in(const query_string& query, const route& at) const {
  std::vector<field_error> out;
  const std::vector<std::string>& known = of(at).parameters;
  for (const std::string& name : query.names())
    if (!is_among(name, known)) out.push_back(field_error{"?" + name, advice("path", "parameters", known)});
  return out;
}

std::variant<json::value, http_answer> known_input::read_body(std::string_view text, const route& at,
                                                              json::storage_ptr memory) const {
  const std::optional<body_form>& form = of(at).body;
  if (!form) return json::value{};
  if (text.empty() && !form->required) return json::value(json::object_kind, memory);
  json::error_code error;
  json::value out = json::parse(text, error, memory);
  if (error) return problem(400, "malformed", "The body is no well-formed JSON in UTF-8.");
  if (const auto twice = doubled_member(text, out))
    return problem(400, "malformed",
                   "The body has the member '" + std::string(clip_utf8(*twice, shown_name_bytes)) +
                       "' twice in one object: which of the two is meant?");
  if (!form->object) return out;
  if (!out.is_object()) return problem(400, "malformed", "The body is no JSON object in UTF-8.");
  std::vector<field_error> unknown;
  if (form->members)
    for (const auto& member : out.get_object())
      if (!is_among(member.key(), *form->members))
        unknown.push_back({"#/" + std::string(member.key()), advice("body", "members", *form->members)});
  if (!unknown.empty()) return invalid_input(unknown);
  return out;
}

} // namespace coldvigil
