#pragma once
// The numbers of the alarm system (core/alarm_kpis) over the last 24 hours, as gauges of /metrics.

#include "net/api.hpp"

#include <string>

namespace coldvigil {

/// Of all customers, at most a minute old. Empty while the engine does not say within two seconds, or there are too
/// many alarms to count: whoever scrapes does not wait for more, and no old number passes for a new one.
[[nodiscard]] asio::awaitable<std::string> alarm_gauges_now(api& with);

} // namespace coldvigil
