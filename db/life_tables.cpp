#include "db/life_tables.hpp"

#include "core/alarm_shelf.hpp"
#include "db/alarm_tables.hpp"
#include "db/in_parts.hpp"
#include "db/rule_tables.hpp"
#include "db/shapes.hpp"
#include "db/words.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace coldvigil::db {
namespace {

std::vector<std::int64_t> sorted(std::set<std::int64_t> numbers) {
  return {numbers.begin(), numbers.end()};
}

service_change service_from(const sql_row& row) {
  return {row.as<customer_id>(0), row.as<unit_id>(1), row.flag(2), row.time(3), row.text(4), row.text(5)};
}
constexpr const char* service_columns =
    "SELECT customer_id, unit_id, is_out, at, who, reason, id, commit_seq FROM service_changes";

using service_by_unit = std::unordered_map<std::int64_t, std::vector<service_change>>;

service_by_unit service_of(sql_session& in, std::span<const alarm_record> alarms) {
  std::set<std::int64_t> units;
  for (const alarm_record& each : alarms)
    units.insert(number(each.unit));
  std::vector<std::pair<std::int64_t, service_change>> found;
  for_parts(in, service_columns + std::string(" WHERE unit_id IN "), sorted(std::move(units)),
            [&](const sql_row& row) { found.emplace_back(row.integer(6), service_from(row)); });
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  service_by_unit out;
  for (auto& [id, change] : found)
    out[number(change.unit)].push_back(std::move(change));
  return out;
}

/// Those of which something was said, and those that were corrected and so perhaps opened again.
std::unordered_set<std::int64_t> touched_of(sql_session& in, std::span<const alarm_record> alarms) {
  std::set<std::int64_t> ids;
  for (const alarm_record& each : alarms)
    ids.insert(number(each.id));
  const auto asked = sorted(std::move(ids));
  std::unordered_set<std::int64_t> out;
  const auto note = [&](const sql_row& row) { out.insert(row.integer(0)); };
  for_parts(in, "SELECT DISTINCT alarm_id FROM alarm_events WHERE alarm_id IN ", asked, note);
  for_parts(in, "SELECT DISTINCT id FROM alarm_transitions WHERE kind = 'revised' AND id IN ", asked, note);
  return out;
}

/// Whether an alarm was set aside at its raising. Its common cause is found a while after it; a cause that comes later
/// than the ten minutes by which loads are measured finds people called.
std::string set_aside() {
  const std::string born = "(SELECT min(t.decided_at) FROM alarm_transitions t WHERE t.id = alarms.id)";
  return "(EXISTS (SELECT 1 FROM alarm_events e WHERE e.alarm_id = alarms.id AND e.kind IN ('suppress', 'shelve') AND "
         "e.who = '" +
         std::string(engine_name) + "' AND e.at <= " + born +
         " + 600000) OR COALESCE((SELECT s.is_out FROM service_changes s WHERE s.unit_id = alarms.unit_id AND s.at "
         "<= " +
         born + " ORDER BY s.id DESC LIMIT 1), FALSE))";
}

} // namespace

void add_service_change(sql_session& in, const service_change& change, const audit_entry& audit, audit_trail& audits) {
  in.run("INSERT INTO service_changes (customer_id, unit_id, is_out, at, who, reason, commit_seq) "
         "VALUES ($1, $2, $3, $4, $5, $6, $7)",
         {as_integer(change.customer), as_integer(change.unit), change.out, to_ms(change.at), clean_text(change.who),
          clean_text(change.reason), as_integer(audits.commit)});
  audits.push_back(audit);
  audits.changes.service.push_back(change);
}

std::vector<service_change> read_service_changes(sql_session& in, std::optional<unit_id> unit) {
  std::vector<service_change> out;
  const std::string where = unit ? " WHERE unit_id = $1" : "";
  sql_values parameters;
  if (unit) parameters.emplace_back(as_integer(*unit));
  in.run(service_columns + where + " ORDER BY id", parameters,
         [&](const sql_row& row) { out.push_back(service_from(row)); });
  return out;
}

void read_service_changes_between(sql_session& in, std::uint64_t from, std::uint64_t to,
                                  const std::function<void(std::uint64_t seq, service_change&&)>& sink) {
  in.run(service_columns + (" WHERE " + in_commits() + " ORDER BY commit_seq, id"), {as_integer(from), as_integer(to)},
         [&](const sql_row& row) { sink(row.as<std::uint64_t>(7), service_from(row)); });
}

std::vector<std::pair<alarm_record, life_event>> read_shelvings(sql_session& in, timestamp now) {
  std::vector<std::pair<alarm_record, life_event>> out;
  for (auto& [alarm, said] : read_shelving_events(in, now))
    if (auto known = read_whole_alarm(in, alarm)) out.emplace_back(std::move(*known), std::move(said));
  return out;
}

/// Most alarms were never spoken of nor corrected and their units never out of service: those take no query of their
/// own.
std::vector<alarm_life> read_lives(sql_session& in, std::span<const alarm_record> alarms) {
  const service_by_unit service = service_of(in, alarms);
  const auto touched = touched_of(in, alarms);
  std::vector<alarm_life> out;
  out.reserve(alarms.size());
  for (const alarm_record& each : alarms) {
    const auto of_unit = service.find(number(each.unit));
    if (of_unit == service.end() && !touched.contains(number(each.id))) {
      out.push_back(untouched(each));
      continue;
    }
    const auto transitions = read_transitions(in, each.id);
    const auto said = read_life_events(in, each.id);
    const std::span<const service_change> changes =
        of_unit == service.end() ? std::span<const service_change>{} : std::span(of_unit->second);
    out.push_back(life_of(transitions, with_service(transitions, said, changes)));
  }
  return out;
}

std::vector<alarm_course> read_courses(sql_session& in, const course_query& query) {
  std::vector<alarm_course> out;
  sql_values parameters;
  parameters.reserve(4);
  for (const std::int64_t each : {to_ms(query.to), to_ms(query.from), static_cast<std::int64_t>(query.limit) + 1})
    parameters.emplace_back(each);
  if (query.customer) parameters.emplace_back(number(*query.customer));
  in.run("SELECT id, unit_id, rule_id, rule, level, raised_at, cleared_at, (SELECT min(e.at) FROM alarm_events e WHERE "
         "e.alarm_id = alarms.id AND e.kind = 'acknowledge'), retroactive, " +
             set_aside() +
             " FROM alarms WHERE raised_at < $1 AND (cleared_at IS NULL OR cleared_at >= $2) AND annulled = FALSE" +
             std::string(query.customer ? " AND customer_id = $4" : "") + " ORDER BY raised_at, id LIMIT $3",
         parameters, [&](const sql_row& row) {
           const std::string name = "alarms row id=" + std::to_string(row.integer(0));
           out.push_back({row.as<alarm_id>(0), row.as<unit_id>(1), row.as<rule_id>(2),
                          from_word<rule_kind>(row.text(3), rule_kind_count, name),
                          from_word<alarm_level>(row.text(4), alarm_level_count, name), row.time(5),
                          row.time_or_null(6), row.time_or_null(7), row.flag(8), row.flag(9)});
         });
  if (out.size() > query.limit)
    throw error({error_code::limit, "there are more than " + std::to_string(query.limit) + " alarms in this time", "",
                 "ask for a shorter time, or for one customer"});
  return out;
}

} // namespace coldvigil::db
