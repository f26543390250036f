#pragma once
// From the newest snapshots and the later log to every unit as it was.

#include "db/log_tracker.hpp"
#include "db/series_layout.hpp"
#include "db/sql_link.hpp"

#include <functional>

namespace coldvigil::db {

/// Calls `sink` once for every unit with a snapshot or readings, outside of any transaction. The log is held once, in
/// memory, and given away unit by unit; snapshots pass by in pages. Gives the tracker of what the log is still needed
/// for.
[[nodiscard]] log_tracker recover_units(sql_link& link, const series_layout& layout,
                                        const std::function<void(unit_recovery&&)>& sink);

} // namespace coldvigil::db
