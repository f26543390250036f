#include "db/sql_store.hpp"

#include "db/alarm_tables.hpp"
#include "db/contact_tables.hpp"
#include "db/fact_tables.hpp"
#include "db/guard.hpp"
#include "db/later_runs.hpp"
#include "db/life_tables.hpp"
#include "db/outbox_tables.hpp"
#include "db/registry_tables.hpp"
#include "db/rule_tables.hpp"
#include "db/sql_reader.hpp"
#include "db/system_alarm_tables.hpp"

#include <algorithm>
#include <thread>
#include <unordered_set>

namespace coldvigil::db {
namespace {

constexpr int attempts_a_commit = 2;
constexpr millis between_attempts{100};

void check_chunks(const commit_batch& batch) {
  std::unordered_set<std::int64_t> points;
  for (const unit_snapshot& each : batch.snapshots)
    points.insert(number(each.point));
  for (const chunk& each : batch.chunks) {
    const std::string where = "point " + std::to_string(number(each.point));
    if (each.readings.empty()) throw error({error_code::invalid_argument, "a chunk without readings", where});
    if (!points.contains(number(each.point)))
      throw error({error_code::invalid_argument, "a chunk without a snapshot of its point", where});
  }
}

std::array<std::uint64_t, 7> counts_of(const commit_batch& batch) {
  std::size_t readings = 0;
  for (const unit_run& run : batch.runs)
    readings += run.readings.size();
  return {
      readings,           batch.rejects.size(), batch.transitions.size(), batch.chunks.size(), batch.snapshots.size(),
      batch.polls.size(), batch.audits.size()};
}

} // namespace

/// What only looks.
template <class Work> auto sql_store::reading(Work&& work) {
  using answer = decltype(work(std::declval<sql_session&>()));
  return guarded(parts_.where, [&]() -> result<answer> { return with_session(*parts_.link, work); });
}

/// What changes the registry: `work(session, audits)` in one transaction with the commit row of the audits it gives.
template <class Work> auto sql_store::changing(Work&& work) {
  using answer = decltype(work(std::declval<sql_session&>(), std::declval<audit_trail&>()));
  return guarded(parts_.where, [&]() -> result<answer> {
    for (int attempt = 1;; ++attempt) {
      commit_batch record;
      audit_trail trail{end_.seq + 1};
      std::optional<answer> out;
      std::optional<prepared_commit> next;
      try {
        sql_session& in = session();
        in_transaction(in, [&] {
          out = work(in, trail);
          if (trail.entries.empty()) return;
          record.audits = std::move(trail.entries);
          record.at = record.audits.front().at;
          write(in, next.emplace(prepare(record, trail.changes)), std::move(trail.rows));
        });
        if (next) note_committed(*next);
        return std::move(*out);
      } catch (const connection_lost&) {
        parts_.link->drop();
        if (attempt == attempts_a_commit) throw;
      } catch (const commit_in_doubt&) {
        parts_.link->drop();
        if (next && settled_as_committed(*next)) {
          note_committed(*next);
          return std::move(*out);
        }
        if (attempt == attempts_a_commit) throw;
      }
    }
  });
}

sql_store::sql_store(sql_parts parts, const store_options& options) : parts_(std::move(parts)), options_(options) {
  sql_session& in = parts_.link->session();
  migrate(in, parts_.migrations, parts_.where);
  in_transaction(in, [&] { take_over(in); });
  parts_.link->on_reconnect([this](sql_session& fresh) { make_sure_of_place(fresh); });
}

/// After a new connection: nobody else took over, and the chain ends where we know it to.
void sql_store::make_sure_of_place(sql_session& in) {
  std::uint64_t newest = 0;
  in.run("SELECT max(epoch) FROM node_epochs", {}, [&](const sql_row& row) { newest = row.as<std::uint64_t>(0); });
  if (newest != epoch_)
    throw error({error_code::conflict, "another process has taken this database over", parts_.where,
                 "stop one of the two and start this one again"});
  const chain_end there = read_end(in);
  if (in_doubt_ && there.hash == in_doubt_->hash)
    throw error({error_code::conflict,
                 "commit " + std::to_string(there.seq) + ", told as failed while the database was away, is in it",
                 parts_.where, "restart coldvigil: it goes on from what is committed"});
  in_doubt_.reset();
}

result<std::unique_ptr<store_reader>> sql_store::make_reader() {
  return guarded(parts_.where, [&]() -> result<std::unique_ptr<store_reader>> {
    return std::unique_ptr<store_reader>(
        std::make_unique<sql_reader>(parts_.make_reader_link(), parts_.layout, parts_.where));
  });
}

result<registry> sql_store::load_registry() {
  return reading([](sql_session& in) { return db::load_registry(in); });
}

result<customer_record> sql_store::ensure_customer(const std::string& code, const std::string& name, uuid fresh,
                                                   timestamp now) {
  return changing(
      [&](sql_session& in, audit_trail& audits) { return db::ensure_customer(in, code, name, fresh, now, audits); });
}

result<std::vector<registered_unit>> sql_store::register_units(std::span<const unit_registration> units) {
  return changing([&](sql_session& in, audit_trail& audits) { return db::register_units(in, units, audits); });
}

result<std::uint16_t> sql_store::model_number(const std::string& name, const std::string& sha256_hex, timestamp now) {
  return changing(
      [&](sql_session& in, audit_trail& audits) { return db::model_number(in, name, sha256_hex, now, audits); });
}

result<std::vector<model_activation>> sql_store::model_activations(std::size_t newest) {
  return reading([&](sql_session& in) { return db::model_activations(in, newest); });
}

status sql_store::activate_model(const model_activation& change, const audit_entry& audit) {
  return changing([&](sql_session& in, audit_trail& audits) {
    db::activate_model(in, change, audit, audits);
    return nothing{};
  });
}

result<std::vector<token_record>> sql_store::load_tokens() {
  return reading([](sql_session& in) { return db::load_tokens(in); });
}

result<token_record> sql_store::add_token(const token_record& token, const audit_entry& audit) {
  return changing([&](sql_session& in, audit_trail& audits) { return db::add_token(in, token, audit, audits); });
}

result<std::size_t> sql_store::revoke_tokens(const std::string& name, const audit_entry& audit) {
  return changing([&](sql_session& in, audit_trail& audits) { return db::revoke_tokens(in, name, audit, audits); });
}

result<std::vector<rule_record>> sql_store::load_rules() {
  return reading([](sql_session& in) { return db::load_rules(in); });
}

result<std::vector<rule_record>> sql_store::change_rules(std::span<const rule_change> changes) {
  return changing([&](sql_session& in, audit_trail& audits) {
    std::vector<rule_record> out;
    for (const rule_change& each : changes)
      out.push_back(db::change_rule(in, each.rule, each.audit, audits));
    return out;
  });
}

status sql_store::add_life_event(alarm_id alarm, const life_event& event, const audit_entry& audit) {
  return changing([&](sql_session& in, audit_trail& audits) {
    db::add_life_event(in, alarm, event, audit, audits);
    return nothing{};
  });
}

status sql_store::add_service_change(const service_change& change, const audit_entry& audit) {
  return changing([&](sql_session& in, audit_trail& audits) {
    db::add_service_change(in, change, audit, audits);
    return nothing{};
  });
}

result<std::optional<contact_revision>> sql_store::newest_contacts() {
  return reading([](sql_session& in) { return db::newest_contacts(in); });
}

result<std::uint64_t> sql_store::add_contacts(const contact_revision& book, std::span<const audit_entry> entries) {
  return changing([&](sql_session& in, audit_trail& audits) { return db::add_contacts(in, book, entries, audits); });
}

// --- commits

sql_store::prepared_commit sql_store::prepare(const commit_batch& batch, const lasting_changes& changes,
                                              std::uint64_t log_from) const {
  check_chunks(batch);
  prepared_commit out{batch, final_snapshots(batch), {}, {}, pack(batch), {}, {}};
  for (const unit_snapshot& each : out.snapshots)
    out.snapshot_digests += snapshot_digest(each);
  out.link.seq = end_.seq + 1;
  out.link.epoch = epoch_;
  out.link.at_ms = to_ms(batch.at);
  out.link.content_hash = sha256(out.packed.head, out.packed.readings);
  out.link.sealed_hash = sha256(pack_sealed(batch.chunks));
  out.link.record_hash = sha256(pack_record(batch.transitions, batch.audits, changes));
  out.link.snapshots_hash = sha256(out.snapshot_digests);
  out.link.counts = counts_of(batch);
  out.link.log_from = log_from;
  return out;
}

bool sql_store::fits_the_log(const prepared_commit& next) const {
  return log_bytes_ + next.packed.size() <= options_.max_log_bytes;
}

void sql_store::check_log_bounds(const prepared_commit& next) const {
  // Snapshots are what lets the log shrink again: they must always get in.
  if (!fits_the_log(next) && next.batch.snapshots.empty())
    throw error(
        {error_code::limit,
         "the log of unsealed readings has reached its limit of " + std::to_string(options_.max_log_bytes) + " bytes",
         parts_.where, "raise store.max_log_bytes"});
}

void sql_store::write_commit_row(sql_session& in, const prepared_commit& next) const {
  sql_values row{as_integer(next.link.seq), as_integer(next.link.epoch), next.link.at_ms};
  for (const std::uint64_t count : next.link.counts)
    row.push_back(as_integer(count));
  for (const std::string* each : {&end_.hash, &next.link.content_hash, &next.link.sealed_hash, &next.link.record_hash,
                                  &next.snapshot_digests, &next.hash, &next.row_digests})
    row.emplace_back(blob{*each});
  row.push_back(integer_or_null(next.link.log_from));
  in.run("INSERT INTO commits (seq, node_epoch, at, readings, rejects, transitions, chunks, snapshots, polls, audits, "
         "prev_hash, content_hash, sealed_hash, record_hash, snapshot_digests, hash, row_digests, log_from) "
         "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
         row);
}

/// `rows`: what is written already into the recorded tables. They come before the commit's row, whose hash is over
/// them.
void sql_store::write(sql_session& in, prepared_commit& next, row_recorder rows) const {
  const commit_batch& batch = next.batch;
  const std::uint64_t seq = next.link.seq;
  add_rejects(in, batch.rejects, seq, rows);
  add_polls(in, batch.polls, seq, rows);
  add_system_alarms(in, batch.system_alarms, seq, rows);
  add_notifications(in, batch.notifications, seq, rows);
  next.row_digests = rows.take();
  next.link.rows_hash = sha256(next.row_digests);
  next.hash = chain_hash(end_.hash, next.link);
  write_commit_row(in, next);
  if (!nothing_to_log(batch)) parts_.layout->write_log(in, seq, batch, next.packed);
  parts_.layout->write_chunks(in, seq, batch.chunks);
  parts_.layout->write_snapshots(in, seq, next.snapshots);
  add_transitions(in, batch.transitions, seq);
  for (const auto& [alarm, event] : batch.said)
    insert_life_event(in, alarm, event, seq);
  add_audits(in, batch.audits, seq);
  set_feed_heads(in, batch.feed);
}

/// Returns when the commit is in the database; throws when it is not.
void sql_store::write_durably(prepared_commit& next, const std::function<void(sql_session&, row_recorder&)>& before) {
  for (int attempt = 1;; ++attempt) {
    try {
      sql_session& in = session();
      in_transaction(in, [&] {
        row_recorder rows;
        if (before) before(in, rows);
        write(in, next, std::move(rows));
      });
      return;
    } catch (const connection_lost&) {
      parts_.link->drop();
      if (attempt == attempts_a_commit) throw;
    } catch (const commit_in_doubt&) {
      parts_.link->drop();
      if (settled_as_committed(next)) return;
      if (attempt == attempts_a_commit) throw;
    }
  }
}

/// Whether the commit row is there. The session is ours alone only after the old one has ended, so the answer is final.
bool sql_store::settled_as_committed(const prepared_commit& next) {
  const auto deadline = std::chrono::steady_clock::now() + options_.settle_patience;
  for (;;) {
    try {
      return read_end(session()).hash == next.hash;
    } catch (const connection_lost& away) {
      parts_.link->drop();
      if (std::chrono::steady_clock::now() >= deadline) {
        in_doubt_ = chain_end{next.link.seq, next.hash, {}, {}, true};
        throw;
      }
      std::this_thread::sleep_for(between_attempts);
    }
  }
}

result<std::uint64_t> sql_store::commit(const commit_batch& batch) {
  return guarded(parts_.where, [&]() -> result<std::uint64_t> {
    lasting_changes changes;
    changes.said = batch.said;
    std::optional<prepared_commit> next(prepare(batch, changes));
    if (!fits_the_log(*next)) {
      trim();
      next.emplace(prepare(batch, changes)); // a trim is a commit of its own
    }
    check_log_bounds(*next);
    write_durably(*next);
    note_committed(*next);
    return end_.seq;
  });
}

void sql_store::note_committed(const prepared_commit& done) {
  end_ = {done.link.seq, done.hash, from_ms(done.link.at_ms), done.link.log_from, true};
  if (!nothing_to_log(done.batch)) log_bytes_ += done.packed.size();
  if (tracker_) tracker_->note(end_.seq, done.batch);
  if (row_counts_) add_written(done.row_digests, *row_counts_);
}

// --- recovery

status sql_store::recover(const std::function<void(unit_recovery&&)>& sink) {
  return guarded(parts_.where, [&]() -> status {
    read_units(sink);
    return nothing{};
  });
}

result<std::vector<alarm_record>> sql_store::alarms_of(unit_id unit, timestamp since) {
  return reading([&](sql_session& in) { return read_alarms_of(in, unit, since); });
}

result<std::vector<std::pair<unit_id, alarm_id>>> sql_store::newest_alarm_ids() {
  return reading([](sql_session& in) { return read_newest_alarm_ids(in); });
}

result<std::vector<feed_head>> sql_store::feed_heads() {
  return reading([](sql_session& in) { return read_feed_heads(in); });
}

result<stored_notifications> sql_store::load_notifications(timestamp since, timestamp now) {
  return reading([&](sql_session& in) { return read_notifications(in, since, now); });
}

result<std::vector<system_alarm>> sql_store::load_system_alarms(std::size_t cleared) {
  return reading([&](sql_session& in) { return read_system_alarms(in, cleared); });
}

// --- upkeep: see sql_store_upkeep.cpp

template <class Work> auto sql_store::keeping_up(Work&& work) {
  return guarded(parts_.where, [&]() -> result<decltype(work())> {
    try {
      return work();
    } catch (const connection_lost&) {
      parts_.link->drop();
      throw;
    } catch (const commit_in_doubt&) {
      parts_.link->drop();
      throw;
    }
  });
}

result<std::uint64_t> sql_store::trim_log() {
  return keeping_up([&] { return trim(); });
}

result<forgotten_rows> sql_store::forget_oldest() {
  return keeping_up([&] {
    forgotten_rows out;
    forget_recorded(out);
    forget_notifications(out);
    return out;
  });
}

void sql_store::close() {
  try {
    session().run("UPDATE node_epochs SET closed_at = CURRENT_TIMESTAMP WHERE epoch = $1", {as_integer(epoch_)});
  } catch (const std::exception&) {
    // An epoch without an end is one that ended by itself; nothing depends on it.
  }
  parts_.link->drop();
}

} // namespace coldvigil::db
