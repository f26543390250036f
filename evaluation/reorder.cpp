#include "evaluation/reorder.hpp"

#include <algorithm>

namespace coldvigil {

std::optional<ordered_reading> reorder_window::add(const ordered_reading& one, reorder_counts& counts) {
  if (given_to_ && one.at <= *given_to_) {
    ++(one.at == *given_to_ ? counts.repeated : counts.late);
    return std::nullopt;
  }
  if (held_.empty() || held_.back().at < one.at) {
    held_.push_back(one);
  } else {
    const auto place = std::lower_bound(held_.begin(), held_.end(), one.at,
                                        [](const ordered_reading& a, timestamp at) { return a.at < at; });
    if (place->at == one.at) {
      ++counts.repeated;
      if (!place->value) place->value = one.value;
      return std::nullopt;
    }
    ++counts.moved;
    held_.insert(place, one);
  }
  return held_.size() > window_ ? flush() : std::nullopt;
}

std::optional<ordered_reading> reorder_window::flush() {
  if (held_.empty()) return std::nullopt;
  const ordered_reading oldest = held_.front();
  held_.erase(held_.begin());
  given_to_ = oldest.at;
  return oldest;
}

} // namespace coldvigil
