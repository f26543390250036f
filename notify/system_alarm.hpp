#pragma once
// Alarms of Coldvigil itself that notification raises: they go the way of every alarm.

#include "core/alarm_notice.hpp"
#include "core/notification_records.hpp"

namespace coldvigil {

/// The one alarm of a way; always the same.
[[nodiscard]] uuid alarm_of_way(const callee& way);
/// Nobody has confirmed a self-test in time.
[[nodiscard]] alarm_notice test_overdue(const self_test& test, timestamp now);
/// A later one, or the same, has arrived after all.
[[nodiscard]] alarm_notice test_received(const self_test& test, timestamp now);

} // namespace coldvigil
