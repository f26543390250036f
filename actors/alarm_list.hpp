#pragma once
// Alarms with their lives, as they are listed.

#include "net/engine.hpp"

namespace coldvigil::actors {

/// Stages are not in the store but follow from what was said, so a list that asks for them looks through so many
/// alarms at most; it goes on at `next`, which may come with fewer items than were asked for.
inline constexpr std::size_t alarms_looked_through = 5'000;

result<alarm_listing> list_alarms(store_reader& from, const alarm_list_query& query, timestamp now);

} // namespace coldvigil::actors
