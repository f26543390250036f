#pragma once
// Puts the sealed readings of a unit and those in its memory together.

#include "core/reading.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

namespace coldvigil {

/// Both in event order. Where both have a time, `newer` stands: it may have been judged again.
[[nodiscard]] inline std::vector<judged_reading> merged(std::vector<judged_reading> older,
                                                        std::vector<judged_reading> newer) {
  std::vector<judged_reading> out;
  out.reserve(older.size() + newer.size());
  const auto by_time = [](const judged_reading& a, const judged_reading& b) { return a.at < b.at; };
  std::set_union(newer.begin(), newer.end(), older.begin(), older.end(), std::back_inserter(out), by_time);
  return out;
}

} // namespace coldvigil
