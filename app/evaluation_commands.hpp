#pragma once
// The commands around files of readings: they read and write CSV and need no server. Each adds its options to a
// subcommand; when it is the one that was called, `chosen` runs it and gives the process's exit code: 0 done, 1 failed,
// 2 wrong arguments or files.

#include "app/progress_bar.hpp"
#include "core/result.hpp"
#include "evaluation/csv_table.hpp"
#include "evaluation/readings_span.hpp"
#include "evaluation/reorder.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/fwd.hpp>

#include <functional>
#include <string>

namespace coldvigil {

using chosen_command = std::function<int()>;

/// `simulate --export`: `serve_endpoints` runs when --export is not given.
void add_simulate_options(CLI::App& command, chosen_command& chosen, const chosen_command& serve_endpoints);
void add_evaluate_command(CLI::App& app, chosen_command& chosen);
void add_backtest_command(CLI::App& app, chosen_command& chosen);
void add_calibrate_command(CLI::App& app, chosen_command& chosen);
void add_models_command(CLI::App& app, chosen_command& chosen);
void add_plot_command(CLI::App& app, chosen_command& chosen);

/// Says on the standard error what went wrong and gives the exit code.
int report_failure(const std::string& command, const failure& error);
/// Says which rows of a file were left out.
void report_problems(const std::string& path, const row_problems& problems);
/// And how many readings came too late to be put in order.
void report_left_out(const std::string& path, const row_problems& problems, const reorder_counts& order);
/// The same as numbers: rows_left_out, readings_moved, readings_too_late, readings_far_off, readings_repeated.
void add_left_out(boost::json::object& to, const row_problems& problems, const reorder_counts& order);

/// From when to when the file has readings; how many stand far from them is said.
[[nodiscard]] result<readings_span> reported_span(const std::string& readings, progress_bar& bar);

/// The rows of one of the small tables; which were left out is said.
template <class Rows>
[[nodiscard]] result<Rows> reported(result<Rows> (*read)(const std::string&, row_problems&), const std::string& path) {
  row_problems problems;
  auto rows = read(path, problems);
  report_problems(path, problems);
  return rows;
}

} // namespace coldvigil
