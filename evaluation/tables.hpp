#pragma once
// The small files beside the readings: units, labels, alarms. Read whole, up to a limit.

#include "core/result.hpp"
#include "core/temperature.hpp"
#include "core/time.hpp"
#include "core/unit_kind.hpp"
#include "evaluation/csv_table.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace coldvigil {

inline constexpr std::size_t most_table_rows = 5'000'000;

/// unit_id,kind,set_temperature,low,high,interval_seconds[,site] in °C; any but the first may be empty.
struct unit_row {
  std::string unit;
  std::optional<unit_kind> kind{};
  std::optional<milli_celsius> set_point{}, low{}, high{};
  std::optional<std::int64_t> interval_s{};
  std::string site{};
};

/// unit_id,start,end,kind: a fault from start (inclusive) to end (exclusive).
struct label_row {
  std::string unit;
  timestamp start{}, end{};
  std::string kind;
};

/// unit_id,opened_at,closed_at,kind,channel,severity,peak_score,explanation; an empty closed_at: still open at the end.
struct alarm_row {
  std::string unit;
  timestamp opened{};
  std::optional<timestamp> closed{};
  std::string kind{}, channel{}, severity{};
  std::optional<double> peak_score{};
  std::string explanation{};
};

inline constexpr std::string_view units_header = "unit_id,kind,set_temperature,low,high,interval_seconds,site\n";
inline constexpr std::string_view labels_header = "unit_id,start,end,kind\n";
inline constexpr std::string_view alarms_header =
    "unit_id,opened_at,closed_at,kind,channel,severity,peak_score,explanation\n";
inline constexpr std::string_view readings_header = "unit_id,timestamp,temperature\n";
inline constexpr std::string_view scores_header =
    "unit_id,timestamp,temperature,score,reconstruction_error,forecast,lower,upper\n";

/// Rows that cannot be used are counted and named; a missing column is a failure.
/// Of a unit the first row stands.
[[nodiscard]] result<std::vector<unit_row>> read_units(const std::string& path, row_problems& problems);
[[nodiscard]] result<std::vector<label_row>> read_labels(const std::string& path, row_problems& problems);
[[nodiscard]] result<std::vector<alarm_row>> read_alarms(const std::string& path, row_problems& problems);

/// As lines of the files, with the line end.
[[nodiscard]] std::string csv_line(const unit_row& row);
[[nodiscard]] std::string csv_line(const label_row& row);
[[nodiscard]] std::string csv_line(const alarm_row& row);

/// °C with as many decimals as it has: "-19.5".
[[nodiscard]] std::string celsius_text(milli_celsius value);

} // namespace coldvigil
