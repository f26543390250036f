#pragma once
// Alarms of Coldvigil itself and of common causes. Every function throws db::error; transactions are the caller's.

#include "core/system_alarm.hpp"
#include "db/row_record.hpp"
#include "db/sql.hpp"

namespace coldvigil::db {

/// Brings each up to date, by its id.
void add_system_alarms(sql_session& in, const std::vector<system_alarm>& alarms, std::uint64_t seq,
                       row_recorder& recorder);
/// All that are open, and the newest `cleared` of the others: open ones first, the newest first.
[[nodiscard]] std::vector<system_alarm> read_system_alarms(sql_session& in, std::size_t cleared);

} // namespace coldvigil::db
