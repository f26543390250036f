#include "core/now_board.hpp"

#include <utility>

namespace coldvigil {

const unit_now* customer_now::find(const std::string& name) const {
  const customer_directory& units = *directory;
  if (const auto found = units.unit_by_public.find(name); found != units.unit_by_public.end())
    return &unit(found->second);
  if (const auto found = units.unit_by_code.find(name); found != units.unit_by_code.end()) return &unit(found->second);
  return nullptr;
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
