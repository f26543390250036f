#pragma once
// Places' clocks out of the system's time zone data.

#include "core/result.hpp"
#include "core/schedule.hpp"

namespace coldvigil {

/// By its IANA name ("Europe/London"). An unknown zone is a failure.
[[nodiscard]] result<std::shared_ptr<const zone_clock>> find_zone(const std::string& name);

} // namespace coldvigil
