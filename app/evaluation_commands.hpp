#pragma once
// The commands around files of readings: they read and write CSV and need no server. Each adds its options to a
// subcommand; when it is the one that was called, `chosen` runs it and gives the process's exit code: 0 done, 1 failed,
// 2 wrong arguments or files.

#include "core/result.hpp"
#include "evaluation/csv_table.hpp"

#include <CLI/CLI.hpp>

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

} // namespace coldvigil
