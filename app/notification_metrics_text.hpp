#pragma once
// Notification's counters for /metrics.

#include "core/notification_metrics.hpp"

#include <string>

namespace coldvigil {

[[nodiscard]] std::string notification_metrics_text(const notification_metrics& of);

} // namespace coldvigil
