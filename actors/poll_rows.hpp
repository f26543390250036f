#pragma once
// The rows of a payload on their way into the engine.

#include "core/now_board.hpp"
#include "ingest/payload.hpp"
#include "net/engine.hpp"

#include <cstddef>
#include <vector>

namespace coldvigil::actors {

/// Positions of the rows by their time. Sources list the newest first as often as the oldest, and a part of a payload
/// that is judged before an older one could leave that one too late.
[[nodiscard]] std::vector<std::size_t> in_event_order(const std::vector<payload_row>& rows);

/// What is submitted for a row of the customer's payload; kept apart as an unknown unit's when `board` has no such
/// unit. `past` = the row answers a request for history.
[[nodiscard]] submission_item item_of(const customer_now& board, const parsed_payload& payload, std::size_t row,
                                      bool past);

} // namespace coldvigil::actors
