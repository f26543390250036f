#pragma once
// The one door for readings: admission, receipts, latency. Used by the front for what is posted and by the ingest
// actors for what is polled.

#include "actors/context.hpp"
#include "actors/messages.hpp"

namespace coldvigil::actors {

/// False when the gate is full: nothing was taken and `done` never comes. Any thread.
[[nodiscard]] bool submit(const engine_context& context, const customer_actor& to, submission&& what);

} // namespace coldvigil::actors
