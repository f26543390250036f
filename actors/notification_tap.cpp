#include "actors/notification_tap.hpp"

#include <algorithm>

namespace coldvigil::actors {

std::optional<operator_act> act_of(const uuid& alarm, const life_event& event) {
  using kind = operator_act::kind;
  switch (event.kind) {
  case life_event_kind::acknowledge:
  case life_event_kind::close:
    return operator_act{kind::acknowledge, alarm, event.who, {}};
  case life_event_kind::shelve:
    return operator_act{kind::shelve, alarm, event.who, event.until.value_or(event.at)};
  case life_event_kind::suppress:
  case life_event_kind::take_out:
    return operator_act{kind::shelve, alarm, event.who, event.at + std::chrono::years{100}};
  case life_event_kind::unshelve:
  case life_event_kind::unsuppress:
  case life_event_kind::put_back:
    return operator_act{kind::unshelve, alarm, event.who, {}};
  default:
    return std::nullopt;
  }
}

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
