#pragma once
// JSON bodies: a list of objects somewhere in a document.

#include "ingest/row_builder.hpp"

#include <boost/json/value.hpp>

#include <string_view>

namespace coldvigil {

/// A failure says whether it is no JSON or ends too early.
[[nodiscard]] result<boost::json::value> parse_json(std::string_view body);

/// The value at a dotted path; the value itself for an empty path; null when there is none.
[[nodiscard]] const boost::json::value* find_path(const boost::json::value& from, std::string_view path);

[[nodiscard]] cell to_cell(const boost::json::value* value);

/// Adds every element of the mapped list to the builder.
[[nodiscard]] status add_json_rows(std::string_view body, const field_mapping& mapping, row_builder& rows);

} // namespace coldvigil
