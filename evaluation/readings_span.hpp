#pragma once
// From when to when a file has readings. A sensor whose clock was lost writes 1970 or 2099, and one such row would be
// the beginning, or the end, of all units: what stands so far from everything else is left out.

#include "core/result.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace coldvigil {

struct readings_span {
  timestamp first = timestamp::min(), last = timestamp::max();
  std::uint64_t far_off = 0; ///< readings outside of it: more than a day from all others, at most one in a thousand
  timestamp example{};       ///< one of them
  [[nodiscard]] bool holds(timestamp at) const { return at >= first && at <= last; }
};

/// Reads the file once. One without a usable row is a failure.
[[nodiscard]] result<readings_span> span_of_readings(const std::string& path,
                                                     const std::function<void(double share)>& progress);

} // namespace coldvigil
