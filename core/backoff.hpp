#pragma once
// How long to wait after a failure: doubling up to a bound, with jitter so that customers do not come back in step.

#include "core/time.hpp"

#include <algorithm>

namespace coldvigil {

struct backoff_limits {
  millis initial{1000};
  millis maximum{60'000};
};

/// The wait after the n-th failure in a row (n from 1): between half and all of initial * 2^(n-1), at most `maximum`.
/// `chance` is random in [0, 1).
[[nodiscard]] inline millis backoff_delay(const backoff_limits& limits, unsigned failures, double chance) {
  const unsigned doublings = std::min(failures == 0 ? 0U : failures - 1, 30U);
  const auto grown = std::min<std::int64_t>(limits.maximum.count(), limits.initial.count() << doublings);
  return millis{static_cast<std::int64_t>(static_cast<double>(grown) * (0.5 + chance / 2))};
}

} // namespace coldvigil
