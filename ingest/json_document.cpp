#include "ingest/json_document.hpp"

#include "ingest/body_text.hpp"

#include <boost/json.hpp>

namespace coldvigil {
namespace {

constexpr std::size_t max_depth = 32;

failure not_json(const boost::system::error_code& error, std::string_view body, std::size_t position) {
  const std::string where = "byte " + std::to_string(position);
  if (error == boost::json::error::incomplete)
    return {error_code::invalid_argument, "the JSON ends in the middle (half a body)",
            "after byte " + std::to_string(body.size()), ""};
  const std::string_view rest = position < body.size() ? body.substr(position > 8 ? position - 8 : 0, 24) : "";
  const bool literal = rest.find("NaN") != std::string_view::npos || rest.find("Infinity") != std::string_view::npos;
  return {error_code::invalid_argument, "the body is not JSON: " + error.message(), where,
          literal ? "NaN and Infinity are no JSON; the source must send null" : ""};
}

} // namespace

result<boost::json::value> parse_json(std::string_view body) {
  boost::json::parse_options options;
  options.max_depth = max_depth;
  boost::json::stream_parser parser({}, options);
  boost::system::error_code error;
  const std::size_t used = parser.write(body.data(), body.size(), error);
  if (!error) parser.finish(error);
  if (error) return not_json(error, body, used);
  return parser.release();
}

const boost::json::value* find_path(const boost::json::value& from, std::string_view path) {
  const boost::json::value* at = &from;
  while (!path.empty()) {
    const std::size_t dot = path.find('.');
    const auto* object = at->if_object();
    at = object ? object->if_contains(path.substr(0, dot)) : nullptr;
    if (!at) return nullptr;
    path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
  }
  return at;
}

cell to_cell(const boost::json::value* value) {
  if (!value) return {};
  switch (value->kind()) {
  case boost::json::kind::null:
    return {cell::kind::null};
  case boost::json::kind::string:
    return {cell::kind::text, 0, value->get_string()};
  case boost::json::kind::int64:
    return {cell::kind::number, static_cast<double>(value->get_int64())};
  case boost::json::kind::uint64:
    return {cell::kind::number, static_cast<double>(value->get_uint64())};
  case boost::json::kind::double_:
    return {cell::kind::number, value->get_double()};
  default:
    return {cell::kind::other};
  }
}

std::string known_members(const boost::json::value& of) {
  const auto* object = of.if_object();
  if (!object) return "it is no object";
  std::string out;
  for (const auto& member : *object) {
    if (out.size() > 200) return out + ", ...";
    out += (out.empty() ? "it has: " : ", ") + std::string(clip_utf8(member.key(), 40));
  }
  return out.empty() ? "it is empty" : out;
}

} // namespace coldvigil
