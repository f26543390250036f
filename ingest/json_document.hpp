#pragma once
// JSON from outside: parsed with bounds, looked into without surprises.

#include "core/result.hpp"
#include "ingest/cell.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace coldvigil {

/// A failure says whether it is no JSON or ends too early.
[[nodiscard]] result<boost::json::value> parse_json(std::string_view body);

/// The value at a dotted path; the value itself for an empty path; null when there is none.
[[nodiscard]] const boost::json::value* find_path(const boost::json::value& from, std::string_view path);

[[nodiscard]] cell to_cell(const boost::json::value* value);

/// "it has: a, b": the members of an object, for messages about what is not there.
[[nodiscard]] std::string known_members(const boost::json::value& of);

} // namespace coldvigil
