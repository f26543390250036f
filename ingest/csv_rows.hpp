#pragma once
// CSV bodies: a header line with column names, then a row a line.

#include "ingest/row_builder.hpp"

#include <string_view>

namespace coldvigil {

/// Adds every line after the header to the builder. Blank lines are left out; a line with another number of cells than
/// the header is a broken row.
[[nodiscard]] status add_csv_rows(std::string_view body, const field_mapping& mapping, row_builder& rows);

} // namespace coldvigil
