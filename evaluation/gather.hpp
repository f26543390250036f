#pragma once
// Alarms, labels and readings of a fleet, brought together for judging. The readings are streamed: memory grows with
// units, labels and alarms only.

#include "evaluation/outcome.hpp"
#include "evaluation/readings_file.hpp"
#include "evaluation/readings_span.hpp"
#include "evaluation/reorder.hpp"
#include "evaluation/tables.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace coldvigil {

struct gather_options {
  std::string readings;
  std::vector<unit_row> units; ///< limits and sites; a unit that is missing here has none
  std::vector<label_row> labels;
  std::vector<alarm_row> alarms;
  readings_span within{};                            ///< readings outside are left out and counted
  millis skip{0};                                    ///< of each unit's beginning: not scored
  std::size_t reorder_window = usual_reorder_window; ///< readings a unit
  std::size_t most_units = 2'000'000;
};

/// A unit with what limits alone would have said of it.
struct gathered_unit {
  unit_case watched;
  bool has_limits = false;
  std::vector<episode> bounds_instant, bounds_sustained;
};

struct gathered {
  std::vector<gathered_unit> units; ///< by their code
  std::uint64_t readings = 0, missing = 0;
  reorder_counts order;
  row_problems reading_problems;
  std::size_t other_severities = 0;     ///< alarms that are not counted: they are of another severity than `alarm`
  std::size_t unknown_units_alarms = 0; ///< alarms and labels of units that the readings do not have
  std::size_t unknown_units_labels = 0;
};

[[nodiscard]] result<gathered> gather(const gather_options& options, const std::function<void(double)>& progress);

} // namespace coldvigil
