#pragma once
// Which readings show an alarm, however long it has been open.

#include "core/alarm.hpp"

#include <vector>

namespace coldvigil {

struct time_stretch {
  timestamp from{}, to{}; ///< both inclusive
  friend bool operator==(const time_stretch&, const time_stretch&) = default;
};

/// From an hour before its onset to an hour after its end, or to now. Of more than seven days only where it began,
/// where it was raised, and its last days: seven days in all at most, in order.
[[nodiscard]] std::vector<time_stretch> evidence_of(const alarm_record& alarm, timestamp now);

} // namespace coldvigil
