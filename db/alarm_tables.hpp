#pragma once
// Alarms as they are, and their transitions. Every function throws db::error.

#include "core/alarm.hpp"
#include "db/sql.hpp"
#include "db/store.hpp"

namespace coldvigil::db {

/// Appends the transitions and brings the alarms up to them, in order.
void add_transitions(sql_session& in, const std::vector<alarm_transition>& transitions, std::uint64_t seq);

[[nodiscard]] alarm_page read_alarms(sql_session& in, const alarm_query& query);
[[nodiscard]] std::vector<alarm_transition> read_transitions(sql_session& in, alarm_id alarm);
/// Those of the commits from one to another, both inclusive, in order. Every column must agree with the others.
void read_transitions_between(sql_session& in, std::uint64_t from, std::uint64_t to,
                              const std::function<void(std::uint64_t seq, alarm_transition&&)>& sink);
/// The alarm as it is now. Every column must agree with the others.
[[nodiscard]] std::optional<alarm_record> read_whole_alarm(sql_session& in, alarm_id alarm);
[[nodiscard]] std::vector<alarm_record> read_alarms_of(sql_session& in, unit_id unit, timestamp since);
[[nodiscard]] std::vector<std::pair<unit_id, alarm_id>> read_newest_alarm_ids(sql_session& in);

} // namespace coldvigil::db
