#include "core/receipt.hpp"

#include <utility>

namespace coldvigil {

receipt::receipt(std::size_t items, done_function done) : results_(items), open_(items), done_(std::move(done)) {}

void receipt::settle(std::size_t item, item_result result) {
  results_[item] = result;
  if (open_.fetch_sub(1, std::memory_order_acq_rel) == 1) done_(results_);
}

} // namespace coldvigil
