#include "db/audit_search.hpp"

#include "db/conditions.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace coldvigil::db {
namespace {

/// Each has an index. The others are written so that none serves them ("+at", substr): without statistics a planner
/// takes the wrong one.
enum class found_by { unit, actor, action, time, nothing };

found_by first_filter(const audit_query& query) {
  if (query.unit) return found_by::unit;
  if (query.actor) return found_by::actor;
  if (query.action) return found_by::action;
  return query.from || query.to ? found_by::time : found_by::nothing;
}

/// What begins with `with` and goes on; `after` is `with` with the next byte at its end. Not LIKE: codes have its
/// wildcards in them.
std::string begins(conditions& where, const std::string& column, const std::string& with) {
  std::string after = with;
  ++after.back();
  return column + " >= " + where.parameter(with) + " AND " + column + " < " + where.parameter(after);
}

/// What was done to the unit itself, and to its rules and alarms.
void add_unit(conditions& where, const std::string& code) {
  where.add("((subject = " + where.parameter(code) + " AND substr(action, 1, 5) = 'unit.') OR (" +
            begins(where, "subject", "unit " + code + ", ") + "))");
}

void add_action(conditions& where, const std::string& word) {
  const std::string whole = where.parameter(word + ".");
  where.add("substr(action || '.', 1, length(" + whole + ")) = " + whole);
}

/// The words that actions of this kind have: the program has a few dozen in all.
std::vector<std::string> actions_of(sql_session& in, const std::string& word) {
  std::vector<std::string> out{word};
  for (std::optional<std::string> next = word + "."; next;) {
    const sql_values after{*next, word + "/"};
    next.reset();
    in.run("SELECT min(action) FROM audit WHERE action > $1 AND action < $2", after,
           [&](const sql_row& row) { next = row.text_or_null(0); });
    if (next) out.push_back(*next);
  }
  return out;
}

conditions conditions_of(const audit_query& query, found_by by) {
  const std::string at = by == found_by::unit ? "+at" : "at";
  conditions where;
  if (query.customer)
    where.add(by == found_by::nothing ? "customer_id =" : "+customer_id =", as_integer(*query.customer));
  if (query.unit) add_unit(where, *query.unit);
  if (query.actor) where.add(by == found_by::actor ? "actor =" : "substr(actor, 1) =", *query.actor);
  if (query.action && by != found_by::action) add_action(where, *query.action);
  if (query.from) where.add(at + " >=", to_ms(*query.from));
  if (query.to) where.add(at + " <=", to_ms(*query.to));
  return where;
}

/// The newest of each action that is meant: together they are not in the order of the list.
std::string each_action(sql_session& in, const audit_query& query, conditions& where, const std::string& order) {
  std::string out;
  const std::string others = where.text().empty() ? " WHERE " : where.text() + " AND ";
  for (const std::string& action : actions_of(in, *query.action))
    out += (out.empty() ? "" : " UNION ALL ") + ("SELECT * FROM (SELECT id, at FROM audit" + others) +
           "action = " + where.parameter(action) + " ORDER BY " + order + where.page(query.limit + query.offset, 0) +
           ") newest";
  return "(" + out + ") found";
}

} // namespace

audit_search search_of(sql_session& in, const audit_query& query) {
  const found_by by = first_filter(query);
  conditions where = conditions_of(query, by);
  const bool by_commit = by == found_by::unit || by == found_by::nothing;
  const std::string order = by_commit ? "id DESC" : "at DESC, id DESC";
  const std::string found_in = by == found_by::action ? each_action(in, query, where, order) : "audit" + where.text();
  // Of a unit there are few: they are put in order, not looked for in it.
  const std::string found = found_in + " ORDER BY " + (by == found_by::unit ? "+id DESC" : order);
  const std::string page = where.page(query.limit, query.offset);
  return {" WHERE id IN (SELECT id FROM " + found + page + ") ORDER BY " + order, where.parameters()};
}

} // namespace coldvigil::db
