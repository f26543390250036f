#pragma once
// A unit out of service: it goes on recording and being judged, and its alarms leave people in peace.

#include "core/ids.hpp"
#include "core/time.hpp"

#include <string>

namespace coldvigil {

struct service_change {
  customer_id customer{};
  unit_id unit{};
  bool out = true; ///< else back in service
  timestamp at{};  ///< wall clock, a committed fact
  std::string who{};
  std::string reason{};
  friend bool operator==(const service_change&, const service_change&) = default;
};

} // namespace coldvigil
