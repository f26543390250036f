#pragma once
// The rows of commits, and what each commit put into tables of its own. Every function throws db::error.

#include "db/hash_chain.hpp"
#include "db/series_layout.hpp"

#include <map>

namespace coldvigil::db {

struct commit_row {
  chain_link link;
  std::string prev_hash;
  std::string snapshot_digests;
  std::string row_digests;
  std::string hash;
};
/// Appends the commits after one through another, in order: what came before a damaged row is there when it throws.
void read_commits(sql_session& in, std::uint64_t after, std::uint64_t through, std::vector<commit_row>& into);

/// What a commit put into tables of its own.
struct lasting {
  std::vector<alarm_transition> transitions;
  std::vector<audit_entry> audits;
  lasting_changes changes;
  std::vector<chunk> chunks;
};
using lasting_by_commit = std::map<std::uint64_t, lasting>;
/// Of the commits from one to another, both inclusive.
[[nodiscard]] lasting_by_commit read_lasting(sql_session& in, const series_layout& layout, std::uint64_t from,
                                             std::uint64_t to);
/// What people changed in the commits from one to another; 0 holds what came before changes were part of the record.
[[nodiscard]] lasting_changes read_changes_between(sql_session& in, std::uint64_t from, std::uint64_t to);

} // namespace coldvigil::db
