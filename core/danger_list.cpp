#include "core/danger_list.hpp"

#include <utility>

namespace coldvigil {

void danger_list::set(unit_id unit, std::optional<danger> now) {
  const std::lock_guard lock(mutex_);
  if (now)
    by_unit_.insert_or_assign(unit, std::move(*now));
  else
    by_unit_.erase(unit);
}

void danger_list::set_value(unit_id unit, milli_celsius newest) {
  const std::lock_guard lock(mutex_);
  if (const auto found = by_unit_.find(unit); found != by_unit_.end()) found->second.value = newest;
}

std::vector<danger> danger_list::all() const {
  std::vector<danger> out;
  const std::lock_guard lock(mutex_);
  for (const auto& [unit, each] : by_unit_)
    out.push_back(each);
  return out;
}

std::vector<unit_in_danger> units_out_of_limits(const danger_list& list, const now_board& board) {
  std::vector<unit_in_danger> out;
  for (const auto& [alarm, newest] : list.all()) {
    const auto customer = board.of(alarm.customer);
    const unit_now* now = customer ? customer->find(alarm.unit) : nullptr;
    if (!now) continue;
    const facility_record* facility = customer->directory->facility(now->unit->facility);
    const milli_celsius committed = now->last ? now->last->value : alarm.raised_value;
    const customer_record& of = *customer->directory->customer;
    out.push_back({of.name,
                   facility ? facility->name.value_or(facility->code) : "",
                   now->unit->name.value_or(now->unit->code),
                   newest.value_or(committed),
                   alarm.by.limit,
                   now->unit->scale,
                   alarm.raised_at,
                   {of.code, facility ? facility->code : "", now->unit->code, now->unit->public_id}});
  }
  return out;
}

} // namespace coldvigil
