#pragma once
// Readings of any number of units from a CSV file: unit_id, timestamp, temperature[, temperature_unit] in any order,
// further columns ignored. Customers' own exports are of this shape.

#include "core/temperature.hpp"
#include "core/time.hpp"
#include "evaluation/csv_table.hpp"

#include <optional>
#include <string_view>

namespace coldvigil {

struct file_reading {
  std::string_view unit; ///< valid until the next call
  timestamp at{};
  std::optional<milli_celsius> value{}; ///< nothing: the row is there, the measurement is missing
};

class readings_file {
 public:
  static result<readings_file> open(const std::string& path);

  /// The next row that is a reading or an empty one; false at the end. What cannot be used is counted in problems().
  bool next(file_reading& into);
  [[nodiscard]] const row_problems& problems() const { return problems_; }
  [[nodiscard]] double progress() const { return table_.progress(); }
  [[nodiscard]] bool sound() const { return table_.sound(); }

 private:
  explicit readings_file(csv_table table) : table_(std::move(table)) {}
  csv_table table_;
  row_problems problems_;
  std::size_t unit_ = 0, time_ = 0, temperature_ = 0;
  std::optional<std::size_t> scale_;
};

/// ISO 8601, in UTC when it has no offset, or seconds or milliseconds since 1970; nothing before that or after 2200.
[[nodiscard]] std::optional<timestamp> parse_file_time(std::string_view text);
/// The beginning in UTC of a day ("2026-01-20") of those years; nothing for anything else.
[[nodiscard]] std::optional<timestamp> parse_file_day(std::string_view text);

/// A plain finite decimal number; nothing for anything else.
[[nodiscard]] std::optional<double> parse_file_number(std::string_view text);
/// The same of a temperature, which may have a comma for the point.
[[nodiscard]] std::optional<double> parse_file_temperature(std::string_view text);

} // namespace coldvigil
