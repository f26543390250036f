// `coldvigil backtest`: a model over a file of readings as if they came in now.
#include "app/budget.hpp"
#include "app/evaluation_commands.hpp"
#include "app/output_file.hpp"
#include "app/progress_bar.hpp"
#include "evaluation/backtest.hpp"
#include "evaluation/tables.hpp"
#include "model/course_detector.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <memory>
#include <optional>

namespace coldvigil {
namespace {

struct backtest_arguments {
  std::string model, readings, units, alarms, scores, from, train_until;
  double budget = 0.5;
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

void print(const backtest_arguments& with, const backtest_counts& counts, const model_info& model, double open_at) {
  if (with.json) {
    std::cout << boost::json::serialize(boost::json::object{{"model", model.name},
                                                            {"model_sha256", model.sha256_hex},
                                                            {"budget", with.budget},
                                                            {"alarm_above_score", open_at},
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
            << with.alarms << "; alarms open above a score of " << open_at << "\n";
}

result<backtest_options> options_of(const backtest_arguments& with) {
  backtest_options out;
  out.readings = with.readings;
  for (const auto& [text, option] : {std::pair{&with.from, "--from"}, {&with.train_until, "--train-until"}}) {
    if (text->empty()) continue;
    const auto at = day_or_time(*text, option);
    if (!at.ok()) return at.error();
    out.report_from = std::max(out.report_from, *at);
  }
  if (with.units.empty()) return out;
  row_problems problems;
  auto units = read_units(with.units, problems);
  report_problems(with.units, problems);
  if (!units.ok()) return units.error();
  out.units = std::move(*units);
  return out;
}

/// Without --train-until, what the beginning of the file calibrates.
constexpr millis calibration_span = std::chrono::days{14};

/// Fits the score at which alarms open to the budget, on what is before `until`.
status calibrate(detector& model, timestamp until, const backtest_arguments& with, backtest_options& options,
                 progress_bar& bar) {
  backtest_options earlier = options;
  earlier.stop_at = until;
  earlier.report_from = timestamp::min();
  // A unit that knows itself for a week only is damped: its scores say nothing about later ones.
  const millis young = with.model.empty() ? course_learning_time : millis{0};
  const auto tail = fit_fleet(model, earlier, young, [&](double share) { bar.show("calibrating", share); });
  bar.end();
  if (!tail.ok()) return tail.error();
  if (with.model.empty())
    options.rules.open_at = course_threshold(*tail, with.budget);
  else if (tail->fit)
    options.rules.open_at = tail->fit->threshold(with.budget);
  if (tail->fit) return nothing{};
  char text[160];
  std::snprintf(
      text, sizeof text,
      "%.1f unit-months before %s are too little to fit a threshold (5 are needed): the shipped one is used\n",
      tail->unit_months, format_utc(until).c_str());
  std::cerr << text;
  return nothing{};
}

/// The autoencoder that is named, or the score of every unit against its own usual course.
result<std::unique_ptr<detector>> named_or_own(const backtest_arguments& with, backtest_options& options) {
  if (with.model.empty()) {
    options.rules.consecutive = 1; // its statistics have a memory of their own
    return make_course_detector();
  }
  const auto bytes = model_bytes(with.model);
  if (!bytes.ok()) return bytes.error();
  return load_detector_bytes(*bytes, with.model);
}

/// The model to run, and in `options` the score at which it alarms.
result<std::unique_ptr<detector>> prepare(const backtest_arguments& with, backtest_options& options,
                                          progress_bar& bar) {
  const bool until_given = !with.train_until.empty();
  const auto until = until_given ? day_or_time(with.train_until, "--train-until") : first_reading(with.readings);
  if (!until.ok()) return until.error();
  auto model = named_or_own(with, options);
  if (!model.ok()) return model;
  const timestamp learnt_to = until_given ? *until : *until + calibration_span;
  if (const auto done = calibrate(**model, learnt_to, with, options, bar); !done.ok()) return done.error();
  return model;
}

status write_alarms(std::vector<alarm_row> alarms, output_file& out) {
  std::sort(alarms.begin(), alarms.end(), [](const alarm_row& a, const alarm_row& b) {
    return std::tie(a.opened, a.unit, a.channel, a.severity) < std::tie(b.opened, b.unit, b.channel, b.severity);
  });
  out.write(alarms_header);
  for (const alarm_row& each : alarms)
    out.write(csv_line(each));
  return out.close();
}

int run_backtest(const backtest_arguments& with) {
  auto options = options_of(with);
  if (!options.ok()) return report_failure("backtest", options.error());
  // Files that cannot be written are told before the work, not after it.
  output_file alarms_file(with.alarms);
  if (!alarms_file.good()) return report_failure("backtest", alarms_file.close().error());
  std::optional<output_file> scores;
  if (!with.scores.empty()) {
    scores.emplace(with.scores);
    if (!scores->good()) return report_failure("backtest", scores->close().error());
    scores->write(scores_header);
  }
  progress_bar bar(true);
  const auto model = prepare(with, *options, bar);
  if (!model.ok()) return report_failure("backtest", model.error());
  std::vector<alarm_row> alarms;
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
  if (const auto written = write_alarms(std::move(alarms), alarms_file); !written.ok())
    return report_failure("backtest", written.error());
  print(with, *counts, (*model)->info(), options->rules.open_at);
  return 0;
}

} // namespace

void add_backtest_command(CLI::App& app, chosen_command& chosen) {
  auto with = std::make_shared<backtest_arguments>();
  auto* command = app.add_subcommand("backtest", "Run a model over a file of readings as if they came in now");
  command->add_option(
      "--model", with->model,
      "An autoencoder's file, or the folder that train wrote; without it each unit is held against its own "
      "usual course");
  command->add_option("--readings", with->readings, "readings.csv: unit_id,timestamp,temperature[,temperature_unit]")
      ->required();
  command->add_option("--units", with->units, "units.csv: limits and intervals");
  command->add_option("--alarms", with->alarms, "The alarms to write")->required();
  command->add_option("--scores", with->scores, "The scores to write");
  command->add_option("--from", with->from, "Report from this day or time on; what is earlier only teaches");
  command->add_option(
      "--train-until", with->train_until,
      "Learn from what is before this day or time, report from it on; without it the threshold is fitted "
      "on the file's first 14 days");
  command->add_option("--budget", with->budget, "False alarms a unit-month that the threshold is fitted to")
      ->check(CLI::Range(0.01, 100.0))
      ->capture_default_str();
  command->add_flag("--json", with->json, "Print what was done as JSON");
  command->callback([&chosen, with] { chosen = [with] { return run_backtest(*with); }; });
}

} // namespace coldvigil
