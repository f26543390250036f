// `coldvigil backtest`: a model over a file of readings as if they came in now.
#include "app/evaluation_commands.hpp"
#include "app/output_file.hpp"
#include "app/progress_bar.hpp"
#include "evaluation/backtest.hpp"
#include "evaluation/readings_file.hpp"
#include "evaluation/tables.hpp"
#include "model/default_model.hpp"
#include "model/detector.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>

namespace coldvigil {
namespace {

struct backtest_arguments {
  std::string model, readings, units, alarms, scores, from;
  bool json = false;
};

std::string score_line(const scored_reading& one, double error_threshold) {
  std::string out = csv_cell(one.unit) + "," + format_utc(one.at) + "," + celsius_text(one.value) + ",";
  char text[64];
  if (one.judged.state == score_state::scored) {
    const double score = static_cast<double>(one.judged.score);
    std::snprintf(text, sizeof text, "%.5g,%.5g", score, score * error_threshold);
    out += text;
  } else {
    out += ",";
  }
  return out + ",,,\n";
}

void print(const backtest_arguments& with, const backtest_counts& counts, const model_info& model) {
  if (with.json) {
    std::cout << boost::json::serialize(boost::json::object{{"model", model.name},
                                                            {"model_sha256", model.sha256_hex},
                                                            {"units", counts.units},
                                                            {"readings", counts.readings},
                                                            {"missing", counts.missing},
                                                            {"scored", counts.scored},
                                                            {"without_score", counts.warming},
                                                            {"alarms", counts.alarms},
                                                            {"warnings", counts.warnings},
                                                            {"rows_left_out", counts.problems.count},
                                                            {"readings_moved", counts.order.moved},
                                                            {"readings_too_late", counts.order.late},
                                                            {"readings_repeated", counts.order.repeated}})
              << "\n";
    return;
  }
  std::cout << "model " << model.name << ": " << counts.units << " units, " << counts.readings << " readings, "
            << counts.scored << " scored; " << counts.alarms << " alarms and " << counts.warnings << " warnings in "
            << with.alarms << "\n";
}

result<backtest_options> options_of(const backtest_arguments& with) {
  backtest_options out;
  out.readings = with.readings;
  if (!with.from.empty()) {
    const auto at = parse_file_time(with.from.size() == 10 ? with.from + "T00:00:00Z" : with.from);
    if (!at)
      return failure{error_code::invalid_argument, "'" + with.from + "' is no time", "--from",
                     "for example 2026-01-20 or 2026-01-20T08:00:00Z"};
    out.report_from = *at;
  }
  if (with.units.empty()) return out;
  row_problems problems;
  auto units = read_units(with.units, problems);
  report_problems(with.units, problems);
  if (!units.ok()) return units.error();
  out.units = std::move(*units);
  return out;
}

result<std::unique_ptr<detector>> model_of(const backtest_arguments& with) {
  if (with.model.empty()) return load_detector_bytes(default_model(), "the shipped model");
  const bool folder = std::filesystem::is_directory(with.model);
  return load_detector(folder ? (std::filesystem::path{with.model} / "model.cvm").string() : with.model);
}

status write_alarms(std::vector<alarm_row> alarms, const std::string& path) {
  std::sort(alarms.begin(), alarms.end(), [](const alarm_row& a, const alarm_row& b) {
    return std::tie(a.opened, a.unit, a.channel, a.severity) < std::tie(b.opened, b.unit, b.channel, b.severity);
  });
  output_file out(path);
  out.write(alarms_header);
  for (const alarm_row& each : alarms)
    out.write(csv_line(each));
  return out.close();
}

int run_backtest(const backtest_arguments& with) {
  const auto options = options_of(with);
  if (!options.ok()) return report_failure("backtest", options.error());
  const auto model = model_of(with);
  if (!model.ok()) return report_failure("backtest", model.error());
  std::optional<output_file> scores;
  if (!with.scores.empty()) {
    scores.emplace(with.scores);
    scores->write(scores_header);
  }
  std::vector<alarm_row> alarms;
  progress_bar bar(true);
  backtest_output out;
  out.alarm = [&](const alarm_row& one) { alarms.push_back(one); };
  const double error_threshold = (*model)->info().threshold;
  if (scores) out.score = [&](const scored_reading& one) { scores->write(score_line(one, error_threshold)); };
  out.progress = [&](double share) { bar.show("backtest", share); };
  const auto counts = backtest(**model, *options, out);
  bar.end();
  if (!counts.ok()) return report_failure("backtest", counts.error());
  report_problems(with.readings, counts->problems);
  if (scores)
    if (const auto closed = scores->close(); !closed.ok()) return report_failure("backtest", closed.error());
  if (const auto written = write_alarms(std::move(alarms), with.alarms); !written.ok())
    return report_failure("backtest", written.error());
  print(with, *counts, (*model)->info());
  return 0;
}

} // namespace

void add_backtest_command(CLI::App& app, chosen_command& chosen) {
  auto with = std::make_shared<backtest_arguments>();
  auto* command = app.add_subcommand("backtest", "Run a model over a file of readings as if they came in now");
  command->add_option("--model", with->model,
                      "A model file, or the folder that train wrote; without it the shipped one");
  command->add_option("--readings", with->readings, "readings.csv: unit_id,timestamp,temperature[,temperature_unit]")
      ->required();
  command->add_option("--units", with->units, "units.csv: limits and intervals");
  command->add_option("--alarms", with->alarms, "The alarms to write")->required();
  command->add_option("--scores", with->scores, "The scores to write");
  command->add_option("--from", with->from, "Report from this day or time on; what is earlier only teaches");
  command->add_flag("--json", with->json, "Print what was done as JSON");
  command->callback([&chosen, with] { chosen = [with] { return run_backtest(*with); }; });
}

} // namespace coldvigil
