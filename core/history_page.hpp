#pragma once
// How much of a unit's history is read at once where not all of it may be in memory.

#include "core/time.hpp"

#include <algorithm>

namespace coldvigil {

/// A day, or the longer time in which the unit reports 50,000 times.
[[nodiscard]] inline millis history_page(std::chrono::seconds interval) {
  constexpr int readings_a_page = 50'000;
  return std::max<millis>(std::chrono::days{1}, interval * readings_a_page);
}

} // namespace coldvigil
