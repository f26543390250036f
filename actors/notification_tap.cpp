#include "actors/notification_tap.hpp"

#include <algorithm>

namespace coldvigil::actors {

operator_act act_of(const uuid& alarm, const alarm_life& life) {
  using kind = operator_act::kind;
  constexpr auto for_good = std::chrono::years{100};
  if (life.closed) return {kind::acknowledge, alarm, life.closed->who, {}};
  if (life.acknowledged) return {kind::acknowledge, alarm, life.acknowledged->who, {}};
  if (life.out_of_service) return {kind::shelve, alarm, life.out_of_service->who, life.out_of_service->at + for_good};
  if (life.suppressed) return {kind::shelve, alarm, life.suppressed->who, life.suppressed->at + for_good};
  if (life.shelved) return {kind::shelve, alarm, life.shelved->who, life.shelved_until};
  return {kind::unshelve, alarm, {}, {}};
}

bool concerns_calling(life_event_kind said) {
  return said != life_event_kind::comment && said != life_event_kind::assign && said != life_event_kind::action;
}

std::optional<alarm_notice> notification_tap::notice_of(const alarm_transition& transition, const now_board& board) {
  const alarm_record& alarm = transition.after;
  const auto customer = board.of(alarm.customer);
  if (!customer) return std::nullopt; // only committed customers have alarms
  const customer_directory& directory = *customer->directory;
  const unit_now* unit = customer->find(alarm.unit);
  const auto facility = std::find_if(directory.facilities.begin(), directory.facilities.end(),
                                     [&](const auto& each) { return each->id == alarm.facility; });
  if (!unit || facility == directory.facilities.end()) return std::nullopt;
  return maker_.make(transition, {*directory.customer, **facility, *unit->unit});
}

} // namespace coldvigil::actors
