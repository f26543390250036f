#pragma once
// Readings as the imitated systems write them: members of a JSON array, lines of a CSV file.

#include "sim/customers.hpp"
#include "sim/world.hpp"

#include <string>
#include <string_view>

namespace coldvigil::sim {

inline constexpr std::string_view csv_header =
    "customer_id,facility_id,unit_id,unit_name,temperature,temperature_unit,timestamp,sensor_id,"
    "set_temperature,size,size_unit,city,country,quality_score\n";

/// Where a reading comes from.
struct origin {
  const simulated_customer& customer;
  const simulated_facility& facility;
  const simulated_unit& unit;
};

/// UTC without an offset: "2026-11-21T04:05:06".
[[nodiscard]] std::string naive(timestamp at);

void append_json(std::string& out, const origin& from, const reported_reading& reading);
void append_csv(std::string& out, const origin& from, const reported_reading& reading);

} // namespace coldvigil::sim
