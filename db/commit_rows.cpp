#include "db/commit_rows.hpp"

#include "db/alarm_tables.hpp"
#include "db/contact_tables.hpp"
#include "db/fact_tables.hpp"
#include "db/life_tables.hpp"
#include "db/rule_tables.hpp"

namespace coldvigil::db {
namespace {

const std::string commit_columns = "seq, node_epoch, at, content_hash, sealed_hash, record_hash, prev_hash, "
                                   "snapshot_digests, hash, log_from, row_digests, readings, rejects, "
                                   "transitions, chunks, snapshots, polls, audits";

commit_row commit_from(const sql_row& row) {
  commit_row out;
  out.snapshot_digests = row.bytes(7);
  out.link.seq = row.as<std::uint64_t>(0);
  out.link.epoch = row.as<std::uint64_t>(1);
  out.link.at_ms = row.integer(2);
  out.link.content_hash = row.bytes(3);
  out.link.sealed_hash = row.bytes(4);
  out.link.record_hash = row.bytes(5);
  out.link.snapshots_hash = sha256(out.snapshot_digests);
  if (!row.is_null(9)) out.link.log_from = row.as<std::uint64_t>(9);
  out.row_digests = row.bytes(10);
  if (!row.is_null(10)) out.link.rows_hash = sha256(out.row_digests);
  for (std::size_t i = 0; i < out.link.counts.size(); ++i)
    out.link.counts[i] = row.as<std::uint64_t>(11 + static_cast<int>(i));
  out.prev_hash = row.bytes(6);
  out.hash = row.bytes(8);
  return out;
}

/// Calls `take(seq, changes)` with the changes of a commit to add to.
template <class Changes> void read_changes(sql_session& in, std::uint64_t from, std::uint64_t to, Changes&& of) {
  read_life_events_between(in, from, to, [&](std::uint64_t seq, alarm_id alarm, life_event&& each) {
    of(seq).said.emplace_back(alarm, std::move(each));
  });
  read_service_changes_between(
      in, from, to, [&](std::uint64_t seq, service_change&& each) { of(seq).service.push_back(std::move(each)); });
  read_rules_between(in, from, to,
                     [&](std::uint64_t seq, rule_record&& each) { of(seq).rules.push_back(std::move(each)); });
  read_contacts_between(
      in, from, to, [&](std::uint64_t seq, contact_revision&& each) { of(seq).contacts.push_back(std::move(each)); });
}

} // namespace

void read_commits(sql_session& in, std::uint64_t after, std::uint64_t through, std::vector<commit_row>& into) {
  in.run("SELECT " + commit_columns + " FROM commits WHERE seq > $1 AND seq <= $2 ORDER BY seq",
         {as_integer(after), as_integer(through)}, [&](const sql_row& row) { into.push_back(commit_from(row)); });
}

lasting_by_commit read_lasting(sql_session& in, const series_layout& layout, std::uint64_t from, std::uint64_t to) {
  lasting_by_commit out;
  read_transitions_between(in, from, to, [&](std::uint64_t seq, alarm_transition&& each) {
    out[seq].transitions.push_back(std::move(each));
  });
  read_audits_between(in, from, to,
                      [&](std::uint64_t seq, audit_entry&& each) { out[seq].audits.push_back(std::move(each)); });
  read_changes(in, from, to, [&](std::uint64_t seq) -> lasting_changes& { return out[seq].changes; });
  layout.read_sealed_between(in, from, to,
                             [&](std::uint64_t seq, chunk&& each) { out[seq].chunks.push_back(std::move(each)); });
  return out;
}

lasting_changes read_changes_between(sql_session& in, std::uint64_t from, std::uint64_t to) {
  lasting_changes out;
  read_changes(in, from, to, [&](std::uint64_t) -> lasting_changes& { return out; });
  return out;
}

} // namespace coldvigil::db
