#pragma once
// One row of cells, JSON's or CSV's, to a reading or a refusal.

#include "ingest/cell.hpp"
#include "ingest/payload.hpp"
#include "ingest/source_time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace coldvigil {

enum class field : std::uint8_t {
  unit,
  facility,
  time,
  temperature,
  scale,
  sensor,
  set_point,
  unit_name,
  facility_name,
  city,
  country,
  size,
  size_unit,
  low_limit,
  high_limit,
};
inline constexpr std::size_t field_count = 15;

/// The source's name of a field; empty when it does not have it.
[[nodiscard]] const std::string& name_of(field which, const field_mapping& mapping);

using row_cells = std::array<cell, field_count>;

class row_builder {
 public:
  row_builder(const field_mapping& mapping, const payload_limits& limits, time_reader times);

  /// False when the payload has more rows than allowed; nothing is added then.
  [[nodiscard]] bool add(const row_cells& cells);
  /// A row whose cells cannot be told apart.
  [[nodiscard]] bool add_broken(std::string_view raw);
  /// Settles repeated hours and gives all rows.
  [[nodiscard]] parsed_payload finish();

 private:
  std::size_t unit_index(const row_cells& cells, temperature_scale scale);
  void take_facts(unit_description& unit, const row_cells& cells, temperature_scale scale) const;
  void refuse_by_time(std::size_t row);

  const field_mapping& mapping_;
  payload_limits limits_;
  time_reader times_;
  parsed_payload payload_;
  std::vector<std::optional<source_time>> row_times_; ///< parallel to the rows; nothing for a broken row
  std::vector<std::string> row_time_texts_;           ///< parallel: what was written, kept only when it is no instant
  std::unordered_map<std::string, std::size_t> index_;
};

} // namespace coldvigil
