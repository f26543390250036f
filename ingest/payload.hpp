#pragma once
// A source's answer to readings: converted to m°C and UTC, with a reason for each that cannot be. Thread-safe, pure.

#include "core/reading.hpp"
#include "core/registry.hpp"
#include "core/result.hpp"
#include "core/source.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace coldvigil {

struct payload_limits {
  std::size_t max_rows = 500'000;
  timestamp latest = timestamp::max(); ///< now plus the tolerance: later readings are `future`
};

struct row_value {
  timestamp at;
  milli_celsius value = 0;
  friend bool operator==(const row_value&, const row_value&) = default;
};

/// A row that is no reading: why, and what was understood of it all the same.
struct row_refusal {
  reject_reason reason = reject_reason::bad_value;
  std::optional<timestamp> at{};
  std::optional<milli_celsius> value{};
  std::string raw{}; ///< what the source wrote as time or value, at most 64 bytes
  friend bool operator==(const row_refusal&, const row_refusal&) = default;
};

struct payload_row {
  std::size_t unit = 0; ///< index into parsed_payload::units
  temperature_scale scale = temperature_scale::celsius;
  std::string sensor;
  std::variant<row_value, row_refusal> content;
};

/// Rows in the payload's order. A unit's facts are the first ones that the payload gives; its customer is left 0. A row
/// without a usable unit code points to a unit whose code is empty; it is always refused, as unknown_unit when nothing
/// else is wrong with it.
struct parsed_payload {
  std::vector<unit_description> units;
  std::vector<payload_row> rows;
};

/// A body that is not what the mapping expects as a whole (HTML, half a body, invalid UTF-8, no such list or column,
/// too many rows) is a failure; a single bad row is a refused row.
[[nodiscard]] result<parsed_payload> parse_payload(std::string_view body, payload_format format,
                                                   const field_mapping& mapping, const payload_limits& limits);

} // namespace coldvigil
