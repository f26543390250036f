#pragma once
// What was understood of a payload, for people.

#include "ingest/payload.hpp"

#include <cstddef>
#include <string>

namespace coldvigil {

/// A small table of the first rows as understood: unit, UTC time, °C, the source's scale, sensor, reason;
/// then how many rows and units there are in all.
[[nodiscard]] std::string describe_rows(const parsed_payload& payload, std::size_t first_n);

} // namespace coldvigil
