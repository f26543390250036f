#include "db/rule_tables.hpp"

#include "core/rule_text.hpp"
#include "db/shapes.hpp"
#include "db/words.hpp"

#include <utility>

namespace coldvigil::db {
namespace {

constexpr std::size_t scope_count = 4;
constexpr std::size_t unit_kind_count = 8;

rule parsed(const std::string& definition, const std::string& row) {
  auto out = parse_rule_text(definition);
  if (!out) throw_damaged(out.error().what, row);
  return std::move(*out);
}

rule_record rule_from(const sql_row& row) {
  rule_record out;
  out.revision = row.as<std::uint64_t>(0);
  const std::string name = "rule_revisions row revision=" + std::to_string(out.revision);
  out.rule.what = parsed(row.text(7), name);
  out.rule.what.id = row.as<rule_id>(1);
  out.rule.customer = row.as<customer_id>(2);
  out.rule.scope = from_word<rule_scope>(row.text(3), scope_count, name);
  out.rule.kind = from_word<unit_kind>(row.text(4), unit_kind_count, name);
  out.rule.facility = row.as<facility_id>(5);
  out.rule.unit = row.as<unit_id>(6);
  out.rule.off = row.flag(8);
  out.removed = row.flag(9);
  out.from = row.time(10);
  out.changed_at = row.time(11);
  return out;
}

constexpr const char* rule_columns = "SELECT revision, rule_id, customer_id, scope, kind, facility_id, unit_id, "
                                     "definition, is_off, removed, from_at, changed_at, commit_seq FROM rule_revisions";

life_event life_event_from(const sql_row& row) {
  const std::string name = "alarm_events row id=" + std::to_string(row.integer(5));
  return {from_word<life_event_kind>(row.text(0), life_event_kind_count, name), row.time(1), row.text(2), row.text(3),
          row.time_or_null(4)};
}
constexpr const char* life_event_columns =
    "SELECT kind, at, who, text, until_at, id, alarm_id, commit_seq FROM alarm_events";

} // namespace

std::vector<rule_record> load_rules(sql_session& in) {
  std::vector<rule_record> out;
  in.run(rule_columns + std::string(" ORDER BY revision"), {},
         [&](const sql_row& row) { out.push_back(rule_from(row)); });
  return out;
}

void read_rules_between(sql_session& in, std::uint64_t from, std::uint64_t to,
                        const std::function<void(std::uint64_t seq, rule_record&&)>& sink) {
  in.run(rule_columns + (" WHERE " + in_commits() + " ORDER BY commit_seq, revision"),
         {as_integer(from), as_integer(to)},
         [&](const sql_row& row) { sink(row.as<std::uint64_t>(12), rule_from(row)); });
}

rule_record change_rule(sql_session& in, const rule_record& change, const audit_entry& audit, audit_trail& audits) {
  rule_record out = change;
  const scoped_rule& rule = out.rule;
  in.run("INSERT INTO rule_revisions (rule_id, customer_id, scope, kind, facility_id, unit_id, definition, is_off, "
         "removed, "
         "from_at, changed_at, commit_seq) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) "
         "RETURNING revision",
         {as_integer(rule.what.id), as_integer(rule.customer), as_word(rule.scope), as_word(rule.kind),
          as_integer(rule.facility), as_integer(rule.unit), clean_text(to_text(rule.what)), rule.off, out.removed,
          to_ms(out.from), to_ms(out.changed_at), as_integer(audits.commit)},
         [&](const sql_row& row) { out.revision = row.as<std::uint64_t>(0); });
  audits.push_back(audit);
  audits.changes.rules.push_back(out);
  return out;
}

void insert_life_event(sql_session& in, alarm_id alarm, const life_event& event, std::uint64_t commit) {
  in.run("INSERT INTO alarm_events (alarm_id, kind, at, who, text, until_at, commit_seq) "
         "VALUES ($1, $2, $3, $4, $5, $6, $7)",
         {as_integer(alarm), as_word(event.kind), to_ms(event.at), clean_text(event.who), clean_text(event.text),
          or_null(event.until), as_integer(commit)});
}

void add_life_event(sql_session& in, alarm_id alarm, const life_event& event, const audit_entry& audit,
                    audit_trail& audits) {
  insert_life_event(in, alarm, event, audits.commit);
  audits.push_back(audit);
  audits.changes.said.emplace_back(alarm, event);
}

std::vector<life_event> read_life_events(sql_session& in, alarm_id alarm) {
  std::vector<life_event> out;
  in.run(life_event_columns + std::string(" WHERE alarm_id = $1 ORDER BY id"), {as_integer(alarm)},
         [&](const sql_row& row) { out.push_back(life_event_from(row)); });
  return out;
}

std::vector<std::pair<alarm_id, life_event>> read_shelving_events(sql_session& in, timestamp now) {
  std::vector<std::pair<alarm_id, life_event>> out;
  in.run(life_event_columns + std::string(" WHERE id >= (SELECT min(id) FROM alarm_events WHERE kind = 'shelve' AND "
                                          "until_at > $1) AND kind IN ('shelve', 'unshelve') ORDER BY id"),
         {to_ms(now)}, [&](const sql_row& row) { out.emplace_back(row.as<alarm_id>(6), life_event_from(row)); });
  return out;
}

void read_life_events_between(sql_session& in, std::uint64_t from, std::uint64_t to,
                              const std::function<void(std::uint64_t seq, alarm_id alarm, life_event&&)>& sink) {
  in.run(life_event_columns + (" WHERE " + in_commits() + " ORDER BY commit_seq, id"),
         {as_integer(from), as_integer(to)},
         [&](const sql_row& row) { sink(row.as<std::uint64_t>(7), row.as<alarm_id>(6), life_event_from(row)); });
}

} // namespace coldvigil::db
