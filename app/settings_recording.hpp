#pragma once
// Settings that judge and call are part of the record: a start with others than before is an audit entry.

#include "app/event_log.hpp"
#include "config/settings.hpp"
#include "db/store.hpp"

namespace coldvigil {

/// Before anything else writes to the store. Tells the log too.
[[nodiscard]] status record_settings(store& durable, const settings& config, timestamp now, const event_log& log);

} // namespace coldvigil
