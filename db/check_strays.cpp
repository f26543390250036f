#include "db/chain_checks.hpp"
#include "db/row_record.hpp"

#include <array>

namespace coldvigil::db {
namespace {

/// Every table whose rows belong to commits.
struct table_of_commits {
  const char* name;
  const char* commit;
  const char* id;
  bool before_the_record = false; ///< rows of commit 0 are from before changes were part of the record
};
constexpr table_of_commits tables_of_commits[]{
    {"commits", "seq", "seq"},
    {"commit_log", "seq", "seq"},
    {"chunks", "sealed_in", "point_id"},
    {"snapshots", "seq", "point_id"},
    {"alarm_transitions", "commit_seq", "id"},
    {"audit", "commit_seq", "id"},
    {"rejects", "commit_seq", "id"},
    {"alarm_events", "commit_seq", "id", true},
    {"service_changes", "commit_seq", "id", true},
    {"rule_revisions", "commit_seq", "revision", true},
    {"contact_revisions", "commit_seq", "revision"},
};

/// An entry from before changes were part of the record has an audit entry of its own that says the same.
struct told_by_audit {
  const char* table;
  const char* id;
  const char*
      rows; ///< id, commit_seq, and what its audit entry says: at, customer, actor, action, subject, value, reason
};
constexpr told_by_audit all_told_by_audit[]{
    {"alarm_events", "id",
     "SELECT t.id AS id, t.commit_seq AS commit_seq, t.at AS at, a.customer_id AS customer, t.who AS actor, "
     "'alarm.' || t.kind AS action, CAST(a.public_id AS TEXT) AS subject, '' AS value, t.text AS reason "
     "FROM alarm_events t LEFT JOIN alarms a ON a.id = t.alarm_id"},
    {"service_changes", "id",
     "SELECT t.id AS id, t.commit_seq AS commit_seq, t.at AS at, t.customer_id AS customer, t.who AS actor, "
     "CASE WHEN t.is_out THEN 'unit.out_of_service' ELSE 'unit.in_service' END AS action, u.code AS subject, "
     "CASE WHEN t.is_out THEN 'out of service' ELSE 'in service' END AS value, t.reason AS reason "
     "FROM service_changes t LEFT JOIN units u ON u.id = t.unit_id AND u.customer_id = t.customer_id"},
    {"rule_revisions", "revision",
     "SELECT t.revision AS id, t.commit_seq AS commit_seq, t.changed_at AS at, t.customer_id AS customer, '' AS actor, "
     "CASE WHEN t.removed THEN 'rule.removed' ELSE '' END AS action, "
     "t.scope || ' ' || CASE t.scope WHEN 'kind' THEN t.kind WHEN 'facility' THEN f.code WHEN 'unit' THEN u.code "
     "ELSE c.code END || ', rule ' || t.rule_id AS subject, "
     "CASE WHEN t.removed THEN '' ELSE CASE WHEN t.is_off THEN 'off ' ELSE '' END || t.definition END AS value, "
     "'' AS reason FROM rule_revisions t JOIN customers c ON c.id = t.customer_id "
     "LEFT JOIN facilities f ON f.id = t.facility_id AND f.customer_id = t.customer_id "
     "LEFT JOIN units u ON u.id = t.unit_id AND u.customer_id = t.customer_id"},
};
/// What a row leaves empty its audit entry may say as it likes.
constexpr const char* says_the_same =
    "a.at = t.at AND a.customer_id = t.customer AND a.subject = t.subject AND "
    "(t.actor = '' OR a.actor = t.actor) AND (t.value = '' OR a.new_value = t.value) AND "
    "(t.reason = '' OR a.reason = t.reason) AND "
    "(a.action = t.action OR (t.action = '' AND a.action IN ('rule.created', 'rule.changed')))";

std::string name_of(const char* table, std::int64_t id) {
  return std::string(table) + " row " + std::to_string(id) + " is of no commit";
}

std::optional<std::int64_t> number_in(sql_session& in, const std::string& statement, const sql_values& parameters) {
  std::optional<std::int64_t> out;
  in.run(statement, parameters, [&](const sql_row& row) {
    if (!row.is_null(0)) out = row.integer(0);
  });
  return out;
}

/// By the smallest id, of the rows whose commit is below the first or beyond the newest, or no number at all.
std::string stray_of(sql_session& in, const table_of_commits& table) {
  const std::string smallest =
      std::string("SELECT min(t.") + table.id + ") FROM " + table.name + " t WHERE t." + table.commit;
  const sql_values lowest{as_integer(table.before_the_record ? 0 : 1)};
  for (const auto& [where, parameters] :
       {std::pair(std::string(" < $1"), lowest),
        std::pair(std::string(" > (SELECT coalesce(max(seq), 0) FROM commits)"), sql_values{}),
        std::pair(std::string(" IS NULL"), sql_values{})})
    if (const auto stray = number_in(in, smallest + where, parameters)) return name_of(table.name, *stray);
  return "";
}

/// Of rows that say the same, those that the record holds are told first: there must be an audit entry for each.
std::string untold_of(sql_session& in, const told_by_audit& which) {
  const std::string of_commit_0 = std::string(" FROM ") + which.table + " WHERE commit_seq = 0";
  if (!number_in(in, std::string("SELECT min(") + which.id + ")" + of_commit_0, {})) return "";
  const auto untold = number_in(
      in,
      "SELECT min(id) FROM (SELECT t.id AS id, t.nth AS nth, count(a.id) AS told FROM (SELECT r.*, row_number() OVER "
      "(PARTITION BY at, customer, actor, action, subject, value, reason ORDER BY commit_seq DESC, id) AS nth FROM (" +
          std::string(which.rows) + ") r) t LEFT JOIN audit a ON " + says_the_same +
          " WHERE t.commit_seq = 0 GROUP BY t.id, t.nth) counted WHERE nth > told",
      {});
  return untold ? name_of(which.table, *untold) : "";
}

/// Nobody wrote them since the record has their kind.
std::string stray_row_of(sql_session& in, const recorded_table& table) {
  std::string stray;
  in.run(
      "SELECT " + table.columns.front().name + " FROM " + table.name +
          " WHERE recorded_in < 1 OR recorded_in > (SELECT coalesce(max(seq), 0) FROM commits) OR recorded_in IS NULL "
          "ORDER BY recorded_in LIMIT 1",
      {},
      [&](const sql_row& row) { stray = std::string(table.name) + " row " + key_of(table, row) + " is of no commit"; });
  return stray;
}

bool has_recorded_rows(sql_session& in) {
  bool out = false;
  in.run("SELECT row_digests FROM commits ORDER BY seq DESC LIMIT 1", {},
         [&](const sql_row& row) { out = !row.is_null(0); });
  return out;
}

std::string first_stray(sql_session& in) {
  for (const table_of_commits& table : tables_of_commits)
    if (auto stray = stray_of(in, table); !stray.empty()) return stray;
  if (has_recorded_rows(in))
    for (const recorded_table& table : recorded_tables())
      if (auto stray = stray_row_of(in, table); !stray.empty()) return stray;
  for (const told_by_audit& which : all_told_by_audit)
    if (auto untold = untold_of(in, which); !untold.empty()) return untold;
  return "";
}

} // namespace

void check_strays(sql_session& in, chain_check& check) {
  std::string what;
  if (auto damage = damage_in([&] { what = first_stray(in); })) what = *damage;
  if (what.empty())
    check.at = chain_check::part::done;
  else
    check.fault = chain_fault{check.commits, what};
}

} // namespace coldvigil::db
