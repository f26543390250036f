#pragma once
#include "core/http_message.hpp"
#include "sim/customers.hpp"

namespace coldvigil::sim {

class simulated_world;

/// The endpoint of one customer:
///
///     GET  /                                 who this is
///     GET  /health
///     GET  /facilities                       facilities and their units
///     GET  /temperature/current?hours=       JSON, default the last quarter of an hour
///     GET  /temperature/historical?unit_id=&hours=&limit=
///     GET  /temperature/unit/{unit_id}       {"customer", "storage_room", "temp", "degrees"}
///     GET  /data/download.csv?hours=         CSV, default the last 24 hours; 204 when there is nothing
///     POST /simulate/fault/{unit_id}         {"kind", "minutes", "magnitude"}: starts that fault
///
/// Times are UTC without an offset, as the systems that are imitated write theirs. Errors are {"detail"}: 400 for what
/// is asked wrongly (more rows than world_options::max_rows too), 404, 405, 409 when a unit has had too many faults.
[[nodiscard]] http_message_response answer(simulated_world& world, const simulated_customer& customer,
                                           const http_message_request& request);

/// What a handler for a customer that does not exist answers.
[[nodiscard]] http_message_response no_such_customer(const std::string& code);

} // namespace coldvigil::sim
