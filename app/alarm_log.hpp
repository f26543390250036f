#pragma once
// Alarms in the log: a line for each committed step of one.

#include "app/event_log.hpp"
#include "core/alarm.hpp"
#include "core/now_board.hpp"

namespace coldvigil {

/// "alarm_raised", "alarm_cleared", ... as information; what was found in back-filled history is of level debug.
void write_alarm(const event_log& log, const now_board& board, const alarm_transition& what);

} // namespace coldvigil
