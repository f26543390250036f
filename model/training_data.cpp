// From readings to normalised windows, by the same memory that the detector keeps.
#include "model/training.hpp"
#include "model/unit_memory.hpp"

#include <algorithm>

namespace coldvigil {

std::size_t window_set::size() const {
  return values.size() / window_length;
}

void take_windows(const training_series& series, std::size_t most, window_set& into) {
  const memory_rules rules{};
  // Two walks: the first counts what could be taken, the second takes every so many.
  const auto walk = [&](const auto& ready) {
    unit_memory memory{0};
    for (const auto& reading : series.readings)
      if (memory.add(reading.at, reading.value, rules) && memory.ready(rules)) ready(memory);
  };
  std::size_t possible = 0;
  walk([&](const unit_memory&) { ++possible; });
  if (possible == 0 || most == 0) return;
  const std::size_t wanted = std::min(most, possible);
  std::size_t index = 0;
  std::size_t taken = 0;
  walk([&](const unit_memory& memory) {
    const bool take = index++ * wanted / possible >= taken && taken < wanted;
    if (!take) return;
    ++taken;
    into.values.resize(into.values.size() + window_length);
    normalise(memory.window(), *memory.scale(rules), std::span{into.values}.last(window_length));
  });
}

} // namespace coldvigil
