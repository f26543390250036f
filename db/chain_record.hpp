#pragma once
// Checks that the stored record is what was committed: the chain of commits, the readings, alarm transitions and audit
// entries of each, what people said and changed in it, the rows of recorded tables (db/row_record), the snapshots, and
// that every alarm is what its newest transition says. Every function throws db::error.

#include "db/series_layout.hpp"
#include "db/store.hpp"

namespace coldvigil::db {

[[nodiscard]] std::optional<chain_head> read_head(sql_session& in);
[[nodiscard]] std::optional<std::string> read_commit_hash(sql_session& in, std::uint64_t seq);
/// See store_reader::check_chain.
[[nodiscard]] chain_check go_on(sql_session& in, const series_layout& layout, chain_check check, std::size_t steps);

} // namespace coldvigil::db
