// What the store does by itself: it takes over a database, takes in what an older version left, keeps the log short,
// and says what is missing of it. A commit that it makes for this has the time of the one before it.
#include "core/engine_name.hpp"
#include "db/commit_rows.hpp"
#include "db/fact_tables.hpp"
#include "db/forgetting.hpp"
#include "db/log_gap.hpp"
#include "db/recovery.hpp"
#include "db/sql_store.hpp"

#include <algorithm>
#include <utility>

namespace coldvigil::db {
namespace {

constexpr std::uint64_t trim_step_commits = 1000;
constexpr int trim_steps_a_call = 50;
constexpr std::int64_t rows_taken_in_at_once = 10'000;

} // namespace

void sql_store::take_over(sql_session& in) {
  in.run("INSERT INTO node_epochs (epoch) SELECT coalesce(max(epoch), 0) + 1 FROM node_epochs RETURNING epoch", {},
         [&](const sql_row& row) { epoch_ = row.as<std::uint64_t>(0); });
  end_ = read_end(in);
  const bool from_before_rows = end_.seq > 0 && !end_.with_rows;
  if (end_.seq > 0 && !end_.log_from) found(in);
  if (from_before_rows) take_rows_in(in);
  in.run("SELECT coalesce(sum(bytes), 0) FROM commit_log", {},
         [&](const sql_row& row) { log_bytes_ = row.as<std::uint64_t>(0); });
}

/// The first commit since the record says from where on the log is kept: it takes that from the log as it is, and
/// accounts for what was said and changed before changes were part of the record.
void sql_store::found(sql_session& in) {
  std::uint64_t log_from = end_.seq + 1;
  in.run("SELECT min(seq) FROM commit_log", {}, [&](const sql_row& row) {
    if (!row.is_null(0)) log_from = row.as<std::uint64_t>(0);
  });
  commit_batch nothing_new;
  nothing_new.at = end_.at;
  prepared_commit next = prepare(nothing_new, read_changes_between(in, 0, 0), log_from);
  write(in, next, {});
  note_committed(next);
}

/// Rows from before they were part of the record are taken as they are.
void sql_store::take_rows_in(sql_session& in) {
  for (const recorded_table& table : recorded_tables())
    while (take_some_rows_in(in, table)) {
    }
}

bool sql_store::take_some_rows_in(sql_session& in, const recorded_table& table) {
  const std::string& key = table.columns.front().name;
  row_recorder rows;
  sql_value last;
  in.run(select_recorded(table, "WHERE recorded_in = 0 ORDER BY " + key + " LIMIT $1"), {rows_taken_in_at_once},
         [&](const sql_row& row) {
           rows.sink(table.which)(row);
           last = key_value(table, entry_of(table, row).key);
         });
  if (std::holds_alternative<std::monostate>(last)) return false;
  commit_batch nothing_new;
  nothing_new.at = end_.at;
  prepared_commit next = prepare(nothing_new, {});
  write(in, next, std::move(rows));
  in.run(std::string("UPDATE ") + table.name + " SET recorded_in = $1 WHERE recorded_in = 0 AND " + key + " <= $2",
         {as_integer(next.link.seq), last});
  note_committed(next);
  return true;
}

sql_store::chain_end sql_store::read_end(sql_session& in) const {
  chain_end out;
  in.run("SELECT seq, hash, at, log_from, row_digests FROM commits ORDER BY seq DESC LIMIT 1", {},
         [&](const sql_row& row) {
           out = {row.as<std::uint64_t>(0), row.bytes(1), row.time(2), {}, !row.is_null(4)};
           if (!row.is_null(3)) out.log_from = row.as<std::uint64_t>(3);
         });
  return out;
}

void sql_store::read_units(const std::function<void(unit_recovery&&)>& sink) {
  tracker_ = recover_units(*parts_.link, *parts_.layout, sink);
  gap_.reset();
  if (const auto missing = with_session(*parts_.link, find_log_gap)) record_gap(*missing);
}

/// Readings that were committed are lost; what is left goes on, and says so for good.
void sql_store::record_gap(const log_gap& missing) {
  gap_ = text_of(missing);
  bool told = false;
  session().run("SELECT id FROM audit WHERE action = 'record.gap' AND subject = $1 LIMIT 1", {*gap_},
                [&](const sql_row&) { told = true; });
  if (told) return;
  commit_batch words;
  words.at = end_.at;
  words.audits = {{end_.at, std::nullopt, std::string(engine_name), "record.gap", *gap_, "", "missing from the log",
                   "readings that were committed are not there any more; the units go on from what is left"}};
  prepared_commit next = prepare(words, {});
  write_durably(next);
  note_committed(next);
}

std::uint64_t sql_store::trim_step(std::uint64_t below) {
  sql_session& in = session();
  std::uint64_t trimmed = 0;
  std::uint64_t bytes = 0;
  in_transaction(in, [&] {
    std::uint64_t through = 0;
    in.run("SELECT coalesce(min(seq), 0) FROM commit_log", {}, [&](const sql_row& row) {
      through = std::min(below - 1, row.as<std::uint64_t>(0) + trim_step_commits - 1);
    });
    in.run("SELECT coalesce(sum(bytes), 0) FROM commit_log WHERE seq <= $1", {as_integer(through)},
           [&](const sql_row& row) { bytes = row.as<std::uint64_t>(0); });
    trimmed = in.run("DELETE FROM commit_log WHERE seq <= $1", {as_integer(through)});
  });
  log_bytes_ -= bytes;
  return trimmed;
}

/// What is trimmed is said by a commit before it goes, so that rows which somebody takes out are told from those.
void sql_store::record_trim(std::uint64_t below) {
  commit_batch nothing_new;
  nothing_new.at = end_.at;
  prepared_commit next = prepare(nothing_new, {}, below);
  write_durably(next);
  note_committed(next);
}

/// What a commit forgets is told from what somebody takes out.
void sql_store::forget_recorded(forgotten_rows& out) {
  const bounds_of_rows bounds{{recorded::polls, options_.keep_polls},
                              {recorded::rejects, options_.keep_rejects},
                              {recorded::deliveries, options_.keep_deliveries}};
  if (!row_counts_) row_counts_ = count_rows(session(), bounds);
  const auto old = oldest_beyond(session(), bounds, *row_counts_, end_.at, out);
  if (old.empty()) return;
  commit_batch nothing_new;
  nothing_new.at = end_.at;
  prepared_commit next = prepare(nothing_new, {});
  const auto counts = std::exchange(row_counts_, std::nullopt); // until it is known to have been committed
  write_durably(next, [&](sql_session& in, row_recorder& rows) { forget_rows(in, old, rows, out); });
  note_committed(next);
  row_counts_ = counts;
  for (const auto& [table, through] : old)
    (*row_counts_)[table] = {counts->at(table).rows - out[forgettable_of(table)], 0};
}

void sql_store::forget_notifications(forgotten_rows& out) {
  sql_session& in = session();
  in_transaction(in, [&] {
    forget_cases(in, options_.keep_cases, end_.at, out);
    forget_links(in, end_.at, out);
  });
}

std::uint64_t sql_store::trim() {
  if (!tracker_) read_units([](unit_recovery&&) {});
  const std::uint64_t below = tracker_->oldest_needed().value_or(end_.seq + 1);
  bool any = false;
  session().run("SELECT seq FROM commit_log WHERE seq < $1 LIMIT 1", {as_integer(below)},
                [&](const sql_row&) { any = true; });
  if (!any) return 0;
  if (below > end_.log_from.value_or(1)) record_trim(below);
  std::uint64_t trimmed = 0;
  for (int step = 0; step < trim_steps_a_call; ++step) {
    const std::uint64_t more = trim_step(below);
    trimmed += more;
    if (more == 0) break;
  }
  return trimmed;
}

} // namespace coldvigil::db
