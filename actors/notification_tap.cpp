#include "actors/notification_tap.hpp"

#include "core/engine_name.hpp"

#include <algorithm>
#include <set>

namespace coldvigil::actors {

namespace {

constexpr auto for_good = std::chrono::years{100};

} // namespace

operator_act act_of(const uuid& alarm, const alarm_life& life) {
  using kind = operator_act::kind;
  if (life.closed) return {kind::acknowledge, alarm, life.closed->who, {}};
  if (life.acknowledged) return {kind::acknowledge, alarm, life.acknowledged->who, {}};
  if (life.out_of_service) return {kind::shelve, alarm, life.out_of_service->who, life.out_of_service->at + for_good};
  if (life.suppressed) return {kind::shelve, alarm, life.suppressed->who, life.suppressed->at + for_good};
  if (life.shelved) return {kind::shelve, alarm, life.shelved->who, life.shelved_until};
  return {kind::unshelve, alarm, {}, {}};
}

std::vector<operator_act> acts_of(const system_alarm& alarm, const now_board& board,
                                  const std::vector<system_alarm>& all) {
  using kind = operator_act::kind;
  std::vector<operator_act> out;
  if (alarm.open() && alarm.acknowledged) out.push_back({kind::acknowledge, alarm.id, alarm.acknowledged->who, {}});
  const auto customer = alarm.what.customer ? board.of(*alarm.what.customer) : nullptr;
  if (!customer || alarm.what.units.empty()) return out;
  std::set<unit_id> others; // a customer's silence takes the place of his sites'
  for (const system_alarm& each : all)
    if (each.open() && each.id != alarm.id) others.insert(each.what.units.begin(), each.what.units.end());
  for (const unit_id each : alarm.what.units) {
    const unit_now* unit = customer->find(each);
    if (!unit || (!alarm.open() && others.contains(each))) continue;
    for (const auto& open : unit->open) {
      if (open->rule != rule_kind::no_data) continue;
      if (alarm.open())
        out.push_back({kind::shelve, open->public_id, std::string(engine_name), alarm.raised_at + for_good});
      else
        out.push_back(act_of(open->public_id, unit->life_of(*open)));
    }
  }
  return out;
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
