#include "app/alarm_log.hpp"

#include "core/rule.hpp"

namespace coldvigil {

void write_alarm(const event_log& log, const now_board& board, const alarm_transition& what) {
  const alarm_record& alarm = what.after;
  const auto customer = board.of(alarm.customer);
  if (!customer) return;
  const unit_now* unit = customer->find(alarm.unit);
  log.write(what.history ? log_level::debug : log_level::info, "alarm_" + std::string(to_string(what.kind)),
            {{"alarm", to_string(alarm.public_id)},
             {"customer", customer->directory->customer->code},
             {"unit", unit ? unit->unit->code : ""},
             {"rule", std::string(to_string(alarm.rule))},
             {"level", std::string(to_string(alarm.by.level))},
             {"raised_at", format_utc(alarm.raised_at)}});
}

} // namespace coldvigil
