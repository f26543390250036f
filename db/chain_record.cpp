#include "db/chain_record.hpp"

#include "db/alarm_tables.hpp"
#include "db/contact_tables.hpp"
#include "db/fact_tables.hpp"
#include "db/hash_chain.hpp"
#include "db/life_tables.hpp"
#include "db/rule_tables.hpp"

#include <map>

namespace coldvigil::db {
namespace {

struct commit_row {
  chain_link link;
  std::string prev_hash;
  std::string snapshot_digests;
  std::string hash;
};

/// What a commit put into tables of its own.
struct lasting {
  std::vector<alarm_transition> transitions;
  std::vector<audit_entry> audits;
  lasting_changes changes;
  std::vector<chunk> chunks;
};
using lasting_by_commit = std::map<std::uint64_t, lasting>;

const std::string commit_columns = "seq, node_epoch, at, content_hash, sealed_hash, record_hash, prev_hash, "
                                   "snapshot_digests, hash, readings, rejects, "
                                   "transitions, chunks, snapshots, polls, audits";

commit_row commit_from(const sql_row& row) {
  commit_row out;
  out.snapshot_digests = row.bytes(7);
  out.link = {row.as<std::uint64_t>(0),
              row.as<std::uint64_t>(1),
              row.integer(2),
              row.bytes(3),
              row.bytes(4),
              row.bytes(5),
              sha256(out.snapshot_digests),
              {}};
  for (std::size_t i = 0; i < out.link.counts.size(); ++i)
    out.link.counts[i] = row.as<std::uint64_t>(9 + static_cast<int>(i));
  out.prev_hash = row.bytes(6);
  out.hash = row.bytes(8);
  return out;
}

std::vector<commit_row> read_commits(sql_session& in, std::uint64_t after, std::size_t limit) {
  std::vector<commit_row> out;
  in.run("SELECT " + commit_columns + " FROM commits WHERE seq > $1 ORDER BY seq LIMIT $2",
         {as_integer(after), as_integer(limit)}, [&](const sql_row& row) { out.push_back(commit_from(row)); });
  return out;
}

lasting_by_commit read_lasting(sql_session& in, const series_layout& layout, std::uint64_t from, std::uint64_t to) {
  lasting_by_commit out;
  read_transitions_between(in, from, to, [&](std::uint64_t seq, alarm_transition&& each) {
    out[seq].transitions.push_back(std::move(each));
  });
  read_audits_between(in, from, to,
                      [&](std::uint64_t seq, audit_entry&& each) { out[seq].audits.push_back(std::move(each)); });
  read_life_events_between(in, from, to, [&](std::uint64_t seq, alarm_id alarm, life_event&& each) {
    out[seq].changes.said.emplace_back(alarm, std::move(each));
  });
  read_service_changes_between(in, from, to, [&](std::uint64_t seq, service_change&& each) {
    out[seq].changes.service.push_back(std::move(each));
  });
  read_rules_between(in, from, to,
                     [&](std::uint64_t seq, rule_record&& each) { out[seq].changes.rules.push_back(std::move(each)); });
  read_contacts_between(in, from, to, [&](std::uint64_t seq, contact_revision&& each) {
    out[seq].changes.contacts.push_back(std::move(each));
  });
  layout.read_sealed_between(in, from, to,
                             [&](std::uint64_t seq, chunk&& each) { out[seq].chunks.push_back(std::move(each)); });
  return out;
}

/// Empty when the commit is whole.
std::string trouble_with(const commit_row& row, const std::string& previous, std::uint64_t expected,
                         const lasting& of) {
  if (row.link.seq != expected) return "commit " + std::to_string(expected) + " is missing";
  if (row.prev_hash != previous) return "it does not follow the commit before it";
  if (chain_hash(row.prev_hash, row.link) != row.hash) return "the commit row was changed";
  if (sha256(pack_record(of.transitions, of.audits, of.changes)) != row.link.record_hash)
    return "its alarm transitions, what people said or changed, or its audit entries were changed";
  if (sha256(pack_sealed(of.chunks)) != row.link.sealed_hash) return "readings that it sealed were changed";
  return "";
}

/// Rows that cannot even be read: the damage is said of the first commit whose rows fail alone.
chain_fault unreadable(sql_session& in, const series_layout& layout, std::uint64_t from, std::uint64_t to) {
  for (std::uint64_t seq = from; seq < to; ++seq) {
    try {
      (void)read_lasting(in, layout, seq, seq);
    } catch (const connection_lost&) {
      throw;
    } catch (const error& damage) {
      return {seq, damage.what()};
    }
  }
  return {to, "its rows cannot be read"};
}

/// The contents that are still kept have their hashes.
std::optional<chain_fault> check_log(sql_session& in, const series_layout& layout, std::uint64_t after,
                                     std::uint64_t through) {
  std::uint64_t last = after;
  try {
    while (last < through) {
      const std::uint64_t before = last;
      layout.read_log(in, last, 16, [&](std::uint64_t seq, std::vector<unit_run>&&) { last = seq; });
      if (last == before) return std::nullopt;
    }
    return std::nullopt;
  } catch (const connection_lost&) {
    throw;
  } catch (const error& damage) {
    std::uint64_t bad = last + 1;
    in.run("SELECT min(seq) FROM commit_log WHERE seq > $1", {as_integer(last)},
           [&](const sql_row& row) { bad = row.as<std::uint64_t>(0); });
    if (bad > through) return std::nullopt; // its turn comes
    return chain_fault{bad, damage.what()};
  }
}

void check_commits(sql_session& in, const series_layout& layout, chain_check& check, std::size_t steps) {
  if (check.commits == 0) check.hash = chain_start();
  const auto rows = read_commits(in, check.commits, steps);
  if (rows.empty()) {
    check.at = chain_check::part::snapshots;
    return;
  }
  const std::uint64_t from = check.commits;
  const std::uint64_t to = rows.back().link.seq;
  lasting_by_commit kept;
  try {
    kept = read_lasting(in, layout, from + 1, to);
  } catch (const connection_lost&) {
    throw;
  } catch (const error&) {
    check.fault = unreadable(in, layout, from + 1, to);
    return;
  }
  const auto log_fault = check_log(in, layout, from, to);
  for (const commit_row& row : rows) {
    const std::string what = trouble_with(row, check.hash, check.commits + 1, kept[row.link.seq]);
    if (!what.empty()) {
      check.fault = chain_fault{check.commits + 1, what};
      return;
    }
    if (log_fault && log_fault->seq == row.link.seq) {
      check.fault = log_fault;
      return;
    }
    check.hash = row.hash;
    check.commits = row.link.seq;
  }
}

bool has_digest(const std::string& digests, const std::string& wanted) {
  for (std::size_t at = 0; at + snapshot_digest_size <= digests.size(); at += snapshot_digest_size)
    if (digests.compare(at, snapshot_digest_size, wanted) == 0) return true;
  return false;
}

void check_snapshots(sql_session& in, const series_layout& layout, chain_check& check, std::size_t steps) {
  std::vector<stored_snapshot> page;
  try {
    page = layout.read_snapshots(in, point_id{check.after}, steps);
  } catch (const connection_lost&) {
    throw;
  } catch (const error& damage) {
    check.fault = chain_fault{check.commits, damage.what()};
    return;
  }
  for (const stored_snapshot& each : page) {
    std::string digests;
    in.run("SELECT snapshot_digests FROM commits WHERE seq = $1", {as_integer(each.seq)},
           [&](const sql_row& row) { digests = row.bytes(0); });
    check.after = number(each.snapshot.point);
    if (has_digest(digests, snapshot_digest(each.snapshot))) continue;
    check.fault = chain_fault{each.seq, "the snapshot of point " + std::to_string(check.after) + " was changed"};
    return;
  }
  if (page.size() < steps) {
    check.at = chain_check::part::alarms;
    check.after = 0;
  }
}

/// An alarm may move on between two queries, so it is looked at from both sides.
bool is_what_was_told(sql_session& in, alarm_id id) {
  const auto told = read_transitions(in, id);
  const auto now = read_whole_alarm(in, id);
  const auto told_then = read_transitions(in, id);
  const auto says = [&](const std::vector<alarm_transition>& steps) {
    return !steps.empty() && steps.back().after == now;
  };
  return now && (says(told) || says(told_then));
}

std::string trouble_with_alarm(sql_session& in, alarm_id id) {
  try {
    if (is_what_was_told(in, id)) return "";
    return "alarm " + std::to_string(number(id)) + " is not what its newest transition says";
  } catch (const connection_lost&) {
    throw;
  } catch (const error& damage) {
    return damage.what();
  }
}

void check_alarms(sql_session& in, chain_check& check, std::size_t steps) {
  std::vector<std::pair<alarm_id, std::uint64_t>> page;
  in.run("SELECT ids.id, (SELECT coalesce(max(t.commit_seq), 0) FROM alarm_transitions t WHERE t.id = ids.id) FROM ("
         "SELECT id FROM (SELECT id FROM alarms WHERE id > $1 ORDER BY id LIMIT $2) a UNION "
         "SELECT id FROM (SELECT DISTINCT id FROM alarm_transitions WHERE id > $1 ORDER BY id LIMIT $2) t"
         ") ids ORDER BY ids.id LIMIT $2",
         {as_integer(check.after), as_integer(steps)},
         [&](const sql_row& row) { page.emplace_back(row.as<alarm_id>(0), row.as<std::uint64_t>(1)); });
  for (const auto& [id, seq] : page) {
    check.after = number(id);
    const std::string what = trouble_with_alarm(in, id);
    if (what.empty()) continue;
    check.fault = chain_fault{seq == 0 ? check.commits : seq, what};
    return;
  }
  if (page.size() < steps) check.at = chain_check::part::strays;
}

/// Rows that no commit accounts for. What was said before changes were part of the chain has its audit entry.
struct lasting_table {
  const char* name;
  const char* id;
  const char* in_the_audit;
};
constexpr lasting_table lasting_tables[]{
    {"alarm_events", "id",
     "a.at = t.at AND a.actor = t.who AND a.reason = t.text AND a.action = 'alarm.' || t.kind AND "
     "a.subject = (SELECT CAST(alarms.public_id AS TEXT) FROM alarms WHERE alarms.id = t.alarm_id)"},
    {"service_changes", "id",
     "a.at = t.at AND a.actor = t.who AND a.reason = t.reason AND a.customer_id = t.customer_id AND "
     "a.action = CASE WHEN t.is_out THEN 'unit.out_of_service' ELSE 'unit.in_service' END AND "
     "a.subject = (SELECT units.code FROM units WHERE units.id = t.unit_id)"},
    {"rule_revisions", "revision",
     "a.at = t.changed_at AND a.customer_id = t.customer_id AND a.subject LIKE '%, rule ' || t.rule_id AND "
     "CASE WHEN t.removed THEN a.action = 'rule.removed' "
     "ELSE a.new_value = CASE WHEN t.is_off THEN 'off ' ELSE '' END || t.definition END"},
    {"contact_revisions", "revision", "FALSE"}, // there were none before
};

/// A join, for which SQLite makes itself an index; it would not for NOT EXISTS.
std::optional<std::int64_t> stray_of(sql_session& in, const lasting_table& table) {
  const std::string smallest = "SELECT min(t." + std::string(table.id) + ") FROM " + table.name + " t ";
  std::optional<std::int64_t> out;
  for (const std::string& where :
       {std::string("WHERE t.commit_seq > (SELECT coalesce(max(seq), 0) FROM commits)"),
        "LEFT JOIN audit a ON " + std::string(table.in_the_audit) + " WHERE t.commit_seq <= 0 AND a.id IS NULL"})
    in.run(smallest + where, {}, [&](const sql_row& row) {
      if (!row.is_null(0)) out = row.integer(0);
    });
  return out;
}

void check_strays(sql_session& in, chain_check& check) {
  for (const lasting_table& table : lasting_tables) {
    const auto stray = stray_of(in, table);
    if (!stray) continue;
    check.fault =
        chain_fault{check.commits, std::string(table.name) + " row " + std::to_string(*stray) + " is of no commit"};
    return;
  }
  check.at = chain_check::part::done;
}

} // namespace

std::optional<chain_head> read_head(sql_session& in) {
  std::optional<chain_head> out;
  in.run("SELECT seq, hash, at FROM commits ORDER BY seq DESC LIMIT 1", {}, [&](const sql_row& row) {
    out = chain_head{row.as<std::uint64_t>(0), to_hex(row.bytes(1)), row.time(2)};
  });
  return out;
}

std::optional<std::string> read_commit_hash(sql_session& in, std::uint64_t seq) {
  std::optional<std::string> out;
  in.run("SELECT hash FROM commits WHERE seq = $1", {as_integer(seq)},
         [&](const sql_row& row) { out = to_hex(row.bytes(0)); });
  return out;
}

chain_check go_on(sql_session& in, const series_layout& layout, chain_check check, std::size_t steps) {
  if (check.finished()) return check;
  if (check.at == chain_check::part::commits)
    check_commits(in, layout, check, steps);
  else if (check.at == chain_check::part::snapshots)
    check_snapshots(in, layout, check, steps);
  else if (check.at == chain_check::part::alarms)
    check_alarms(in, check, steps);
  else
    check_strays(in, check);
  return check;
}

} // namespace coldvigil::db
