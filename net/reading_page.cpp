#include "net/reading_page.hpp"

#include <algorithm>

namespace coldvigil {
namespace {

bool comes_first(const reading_page::entry& a, const reading_page::entry& b) {
  return a.reading.at != b.reading.at ? a.reading.at > b.reading.at : a.unit < b.unit;
}

} // namespace

void reading_page::offer(const judged_reading& reading, std::size_t unit) {
  ++total_;
  entry fresh{reading, unit};
  if (heap_.size() == keep_) {
    if (heap_.empty() || !comes_first(fresh, heap_.front())) return;
    std::pop_heap(heap_.begin(), heap_.end(), comes_first);
    heap_.back() = fresh;
  } else {
    heap_.push_back(fresh);
  }
  std::push_heap(heap_.begin(), heap_.end(), comes_first);
}

std::vector<reading_page::entry> reading_page::take(std::size_t offset) {
  std::sort(heap_.begin(), heap_.end(), comes_first);
  heap_.erase(heap_.begin(), heap_.begin() + static_cast<std::ptrdiff_t>(std::min(offset, heap_.size())));
  return std::move(heap_);
}

} // namespace coldvigil
