#include "core/now_board.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace coldvigil {

alarm_life unit_now::life_of(const alarm_record& alarm) const {
  alarm_life out = untouched(alarm);
  for (const auto& [id, life] : lives)
    if (id == alarm.id) out = *life;
  out.out_of_service.reset();
  if (out_of_service) out.out_of_service = {out_of_service->at, out_of_service->who, out_of_service->reason};
  return out;
}

std::vector<std::shared_ptr<const alarm_record>> customer_now::open_alarms() const {
  std::vector<std::shared_ptr<const alarm_record>> out;
  for (const auto& block : blocks)
    for (const unit_now& unit : *block)
      out.insert(out.end(), unit.open.begin(), unit.open.end());
  std::sort(out.begin(), out.end(),
            [](const auto& a, const auto& b) { return std::tie(a->raised_at, a->id) > std::tie(b->raised_at, b->id); });
  return out;
}

std::string_view unit_now::last_sensor() const {
  return last && sensors ? name_of(*sensors, last->sensor) : std::string_view{};
}

const facility_record* customer_directory::facility(facility_id id) const {
  const auto found =
      std::find_if(facilities.begin(), facilities.end(), [id](const auto& each) { return each->id == id; });
  return found == facilities.end() ? nullptr : found->get();
}

const unit_now* customer_now::find(const std::string& name) const {
  const customer_directory& units = *directory;
  if (const auto found = units.unit_by_public.find(name); found != units.unit_by_public.end())
    return &unit(found->second);
  if (const auto found = units.unit_by_code.find(name); found != units.unit_by_code.end()) return &unit(found->second);
  return nullptr;
}

const unit_now* customer_now::find(unit_id id) const {
  const auto found = directory->unit_by_id.find(number(id));
  return found == directory->unit_by_id.end() ? nullptr : &unit(found->second);
}

std::shared_ptr<const customer_now> now_board::of(customer_id customer) const {
  const std::lock_guard lock(mutex_);
  const auto found = position_.find(number(customer));
  return found == position_.end() ? nullptr : current_.customers[found->second];
}

all_now now_board::all() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

void now_board::publish(std::vector<std::shared_ptr<const customer_now>> changed, std::uint64_t feed_last) {
  const std::lock_guard lock(mutex_);
  for (auto& snapshot : changed) {
    const auto [place, fresh] =
        position_.try_emplace(number(snapshot->directory->customer->id), current_.customers.size());
    if (fresh)
      current_.customers.push_back(std::move(snapshot));
    else
      current_.customers[place->second] = std::move(snapshot);
  }
  current_.feed_last = feed_last;
}

} // namespace coldvigil
