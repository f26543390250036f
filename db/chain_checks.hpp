#pragma once
// The parts of a check of the record, in their order. Each goes on by up to `steps` and puts what it finds into
// `check`. Damage in the rows is a fault of the record; every other db::error is thrown.

#include "db/commit_rows.hpp"
#include "db/series_layout.hpp"
#include "db/store.hpp"

#include <map>

namespace coldvigil::db {

/// Each commit follows the one before it, and all that it put into tables is there as it was; so are the contents that
/// the log still keeps and the newest snapshots.
void check_commits(sql_session& in, const series_layout& layout, chain_check& check, std::size_t steps);
/// Every snapshot is one that its commit made, of the unit that its point belongs to.
void check_snapshots(sql_session& in, const series_layout& layout, chain_check& check, std::size_t steps);
/// Every alarm is what its newest transition says.
void check_alarms(sql_session& in, chain_check& check, std::size_t steps);
/// No row belongs to a commit that does not exist.
void check_strays(sql_session& in, chain_check& check);

/// What is wrong, by commit; the first thing of each stands.
using faults = std::map<std::uint64_t, std::string>;
/// The rows of recorded tables that name one of the commits have their digest there, and what these commits wrote is
/// there still, or was written or taken out since.
[[nodiscard]] faults faults_of_rows(sql_session& in, chain_check& check, const std::vector<commit_row>& rows);

/// What is damaged in the rows that `read` reads; nothing when they can be read.
template <class Read> std::optional<std::string> damage_in(Read&& read) {
  try {
    read();
    return std::nullopt;
  } catch (const error& found) {
    if (found.problem().code != error_code::corrupt) throw;
    return found.what();
  }
}

} // namespace coldvigil::db
