#pragma once
// The alarm machines of a snapshot as bytes.

#include "core/machine_state.hpp"
#include "db/byte_stream.hpp"

namespace coldvigil::db {

void put_machines(byte_writer& to, const machine_states& machines);
/// Throws damaged_bytes.
[[nodiscard]] machine_states get_machines(byte_reader& from);
/// As they were packed in version 1 of the snapshot: low limit, high limit, model persistence.
[[nodiscard]] machine_states get_first_machines(byte_reader& from);

} // namespace coldvigil::db
