#pragma once
// A detector over a file of readings as if they came in now. Streams: memory grows with units, not with readings.

#include "evaluation/alarm_tracker.hpp"
#include "evaluation/breach_ledger.hpp"
#include "evaluation/csv_table.hpp"
#include "evaluation/readings_span.hpp"
#include "evaluation/reorder.hpp"
#include "model/detector.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace coldvigil {

struct backtest_options {
  std::string readings;
  std::vector<unit_row> units{}; ///< limits and intervals; a unit that is missing here has none
  tracker_rules rules{};
  readings_span within{};                            ///< readings outside are left out and counted
  timestamp report_from = timestamp::min();          ///< earlier readings only teach: no alarms, no scores
  timestamp stop_at = timestamp::max();              ///< readings from then on are left out
  std::size_t reorder_window = usual_reorder_window; ///< readings a unit
  std::size_t pending = 1'000'000; ///< readings gathered before they are scored together; 16 bytes each
  std::size_t run = 256;           ///< readings of a unit in one request
  std::size_t batch = 512;         ///< requests in one step
  std::size_t most_units = 2'000'000;
};

struct backtest_counts {
  std::uint64_t readings = 0, missing = 0, scored = 0, warming = 0, alarms = 0, warnings = 0;
  std::size_t units = 0;
  std::size_t with_facts = 0; ///< of these, such that options.units has
  breach_outcomes breaches{}; ///< of readings from report_from on
  reorder_counts order;
  row_problems problems;
};

/// A scored reading; the unit's code is valid during the call.
struct scored_reading {
  std::string_view unit;
  timestamp at{};
  milli_celsius value = 0;
  verdict judged{};
};

struct backtest_output {
  std::function<void(const alarm_row&)> alarm;      ///< as they close; a unit's in the order of closing
  std::function<void(const scored_reading&)> score; ///< may be empty; a unit's in time order
  std::function<void(double share)> progress;
};

[[nodiscard]] result<backtest_counts> backtest(detector& with, const backtest_options& options,
                                               const backtest_output& out);

} // namespace coldvigil
