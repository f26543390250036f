#include "actors/notification_tap.hpp"

#include <algorithm>

namespace coldvigil::actors {

std::optional<alarm_notice> notification_tap::notice_of(const alarm_transition& transition, const now_board& board) {
  const alarm_record& alarm = transition.after;
  const auto customer = board.of(alarm.customer);
  if (!customer) return std::nullopt; // only committed customers have alarms
  const customer_directory& directory = *customer->directory;
  const auto unit = directory.unit_by_id.find(number(alarm.unit));
  const auto facility = std::find_if(directory.facilities.begin(), directory.facilities.end(),
                                     [&](const auto& each) { return each->id == alarm.facility; });
  if (unit == directory.unit_by_id.end() || facility == directory.facilities.end()) return std::nullopt;
  return maker_.make(transition, {*directory.customer, **facility, *customer->unit(unit->second).unit});
}

} // namespace coldvigil::actors
