#pragma once
// What people did to alarms and to the service of units, and the lives that follow from it. Every function throws
// db::error; transactions are the caller's.

#include "db/registry_tables.hpp"
#include "db/sql.hpp"
#include "db/store.hpp"

#include <functional>
#include <span>
#include <vector>

namespace coldvigil::db {

void add_service_change(sql_session& in, const service_change& change, const audit_entry& audit, audit_trail& audits);
[[nodiscard]] std::vector<std::pair<alarm_record, life_event>> read_shelvings(sql_session& in, timestamp now);
[[nodiscard]] std::vector<service_change> read_service_changes(sql_session& in, std::optional<unit_id> unit);
/// Those of the commits from one to another, both inclusive, in order.
void read_service_changes_between(sql_session& in, std::uint64_t from, std::uint64_t to,
                                  const std::function<void(std::uint64_t seq, service_change&&)>& sink);
[[nodiscard]] std::vector<alarm_life> read_lives(sql_session& in, std::span<const alarm_record> alarms);
[[nodiscard]] std::vector<alarm_course> read_courses(sql_session& in, const course_query& query);

} // namespace coldvigil::db
