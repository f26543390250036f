#pragma once
// What is beyond its bound goes, the oldest first and not more at once than takes a moment. `now` is the time of the
// newest commit. Every function throws db::error.

#include "core/forgotten.hpp"
#include "db/row_record.hpp"
#include "db/sql.hpp"

#include <map>
#include <utility>
#include <vector>

namespace coldvigil::db {

/// By table: how many rows are kept of it.
using bounds_of_rows = std::map<recorded, std::uint64_t>;
struct row_count {
  std::uint64_t rows = 0;  ///< that a table has
  std::uint64_t fresh = 0; ///< of them, written since some were forgotten last
};
using row_counts = std::map<recorded, row_count>;
/// A table, and up to which number its rows go.
using old_rows = std::vector<std::pair<recorded, std::int64_t>>;

[[nodiscard]] forgettable forgettable_of(recorded table);
[[nodiscard]] row_counts count_rows(sql_session& in, const bounds_of_rows& bounds);
/// Adds what a commit with these row_digests wrote into the tables that are counted.
void add_written(std::string_view row_digests, row_counts& to);
/// Attempts to deliver of the last day are not among them. Notes in `out` whether more can go at once.
[[nodiscard]] old_rows oldest_beyond(sql_session& in, const bounds_of_rows& bounds, const row_counts& counts,
                                     timestamp now, forgotten_rows& out);
/// With the settled messages of which no attempt is left. The commit of `recorder` says so.
void forget_rows(sql_session& in, const old_rows& old, row_recorder& recorder, forgotten_rows& out);

/// Cases that were finished longer than a day ago and have seen all there is of their alarm, with its notices. The one
/// with the newest notice stays: it says where numbers go on.
void forget_cases(sql_session& in, std::uint64_t keep, timestamp now, forgotten_rows& out);
/// Links that expired a week ago or longer: nothing reads them. How many can be made until then is bounded.
void forget_links(sql_session& in, timestamp now, forgotten_rows& out);

} // namespace coldvigil::db
