#pragma once
// Which entries of the audit are asked for, found by the filter that leaves the fewest. Throws db::error.

#include "db/sql.hpp"
#include "db/store.hpp"

namespace coldvigil::db {

/// What follows "FROM audit" in a statement, with its parameters. Newest first: as they were committed; of a person, an
/// action or a time by their time.
struct audit_search {
  std::string text;
  sql_values parameters;
};
[[nodiscard]] audit_search search_of(sql_session& in, const audit_query& query);

} // namespace coldvigil::db
