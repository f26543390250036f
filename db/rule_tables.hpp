#pragma once
// Revisions of rules, and what people said of alarms. Every function throws db::error; transactions are the caller's,
// and so is the commit that records what they add to `audits`.

#include "core/alarm_life.hpp"
#include "core/rule_history.hpp"
#include "db/registry_tables.hpp"
#include "db/sql.hpp"

#include <functional>
#include <vector>

namespace coldvigil::db {

/// In the order of their revisions.
[[nodiscard]] std::vector<rule_record> load_rules(sql_session& in);
/// Those of the commits from one to another, both inclusive, in order.
void read_rules_between(sql_session& in, std::uint64_t from, std::uint64_t to,
                        const std::function<void(std::uint64_t seq, rule_record&&)>& sink);
/// Appends a revision. A rule whose id is 0 is new and gets one.
[[nodiscard]] rule_record change_rule(sql_session& in, const rule_record& change, const audit_entry& audit,
                                      audit_trail& audits);

void add_life_event(sql_session& in, alarm_id alarm, const life_event& event, const audit_entry& audit,
                    audit_trail& audits);
/// What the engine said with an alarm's raising; its audit entry is the commit's.
void insert_life_event(sql_session& in, alarm_id alarm, const life_event& event, std::uint64_t commit);
/// In the order of their coming.
[[nodiscard]] std::vector<life_event> read_life_events(sql_session& in, alarm_id alarm);
/// Shelvings and their ends since the oldest one that lasts beyond `now`.
[[nodiscard]] std::vector<std::pair<alarm_id, life_event>> read_shelving_events(sql_session& in, timestamp now);
/// Those of the commits from one to another, both inclusive, in order.
void read_life_events_between(sql_session& in, std::uint64_t from, std::uint64_t to,
                              const std::function<void(std::uint64_t seq, alarm_id alarm, life_event&&)>& sink);

} // namespace coldvigil::db
