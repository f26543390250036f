#pragma once
// JSON bodies: a list of readings somewhere in a document.

#include "ingest/row_builder.hpp"

#include <string_view>

namespace coldvigil {

/// Adds every element of the mapped list to the builder.
[[nodiscard]] status add_json_rows(std::string_view body, const field_mapping& mapping, row_builder& rows);

} // namespace coldvigil
