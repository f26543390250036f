// `coldvigil backtest`: a model over a file of readings as if they came in now.
#include "app/budget.hpp"
#include "app/evaluation_commands.hpp"
#include "app/open_parts.hpp"
#include "app/output_file.hpp"
#include "app/progress_bar.hpp"
#include "app/real_range.hpp"
#include "app/stored_readings.hpp"
#include "evaluation/backtest.hpp"
#include "evaluation/tables.hpp"
#include "model/course_detector.hpp"
#include "model/model_file.hpp"
#include "model/model_registry.hpp"
#include "model/paired_detector.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <iostream>
#include <memory>
#include <optional>

namespace coldvigil {
namespace {

struct backtest_arguments {
  std::string model, readings, units, alarms, scores, from, train_until;
  std::string config;
  std::vector<std::string> overrides;
  std::size_t days = 60;
  double budget = usual_budget;
  bool own_budget = false; ///< it was said on the command line
  bool from_store = false, autoencoder = false, json = false;
};

/// How far a reading strays from what is usual nineteen times in twenty.
constexpr double band_spreads = 2;

std::string score_line(const scored_reading& one, double error_threshold) {
  std::string out = csv_cell(one.unit) + "," + format_utc(one.at) + "," + celsius_text(one.value);
  const auto add = [&out](const char* format, double value) {
    char text[32] = "";
    if (std::isfinite(value)) std::snprintf(text, sizeof text, format, value);
    out += "," + std::string(text);
  };
  const verdict& said = one.judged;
  add("%.5g", said.state == score_state::scored ? static_cast<double>(said.score) : std::nan(""));
  add("%.5g", static_cast<double>(said.error) * error_threshold);
  const auto usual = static_cast<double>(said.usual);
  const double strays = band_spreads * static_cast<double>(said.strays);
  add("%.3f", usual);
  add("%.3f", usual - strays);
  add("%.3f", usual + strays);
  return out + "\n";
}

struct horizon_words {
  breach_horizon within;
  const char* text;
};
constexpr std::array<horizon_words, 4> horizons{{{breach_horizon::minutes, "minutes"},
                                                 {breach_horizon::six_hours, "within 6 h"},
                                                 {breach_horizon::day, "within a day"},
                                                 {breach_horizon::later, "within three days"}}};

boost::json::object breaches_json(const breach_outcomes& of) {
  boost::json::object out{{"readings", of.looked_at}};
  for (const horizon_words& each : horizons) {
    const breach_outcome& one = of.of(each.within);
    boost::json::object counts{{"said", one.said}, {"came_true", one.came}};
    if (each.within == breach_horizon::minutes) {
      counts["within_factor_two"] = one.near;
      counts["inside_interval"] = one.inside;
    }
    out[to_string(each.within)] = std::move(counts);
  }
  return out;
}

double percent(std::uint64_t part, std::uint64_t all) {
  return all == 0 ? 0 : 100 * static_cast<double>(part) / static_cast<double>(all);
}

/// How the times to a breach came true; nothing when none was said.
void print(const breach_outcomes& of) {
  const auto said = [](const breach_outcome& one) { return one.said > 0; };
  if (std::none_of(of.by.begin(), of.by.end(), said)) return;
  std::cout << "time to breach, of one reading in five minutes inside the limits:\n";
  char text[200];
  for (const horizon_words& each : horizons) {
    const breach_outcome& one = of.of(each.within);
    std::snprintf(text, sizeof text, "  %-17s %5.2f %%, of which came true %3.0f %%", each.text,
                  percent(one.said, of.looked_at), percent(one.came, one.said));
    std::cout << text;
    if (each.within == breach_horizon::minutes) {
      std::snprintf(text, sizeof text,
                    " (within 4 h; %.0f %% of these within a factor of two, %.0f %% in the interval)",
                    percent(one.near, one.came), percent(one.inside, one.came));
      std::cout << text;
    }
    std::cout << "\n";
  }
}

/// A model, and its threshold in those of the one that ships.
struct prepared {
  std::unique_ptr<detector> model;
  double threshold = 1;
  bool fitted = false; ///< else it is what the budget means where nothing is known of a fleet
};

std::string threshold_in_words(const backtest_arguments& with, const prepared& used) {
  char text[96];
  if (used.fitted)
    std::snprintf(text, sizeof text, "%.3f times the one that ships", used.threshold);
  else if (with.autoencoder)
    std::snprintf(text, sizeof text, "the one that ships");
  else
    std::snprintf(text, sizeof text, "the one that ships for %g false alarms a unit-month", with.budget);
  return text;
}

void print(const backtest_arguments& with, const backtest_counts& counts, const prepared& used) {
  const model_info& model = used.model->info();
  if (with.json) {
    boost::json::object out{{"model", model.name},
                            {"model_sha256", model.sha256_hex},
                            {"budget", with.budget},
                            {"threshold", used.threshold},
                            {"units", counts.units},
                            {"readings", counts.readings},
                            {"missing", counts.missing},
                            {"scored", counts.scored},
                            {"without_score", counts.warming},
                            {"alarms", counts.alarms},
                            {"warnings", counts.warnings},
                            {"time_to_breach", breaches_json(counts.breaches)}};
    add_left_out(out, counts.problems, counts.order);
    std::cout << boost::json::serialize(out) << "\n";
    return;
  }
  std::cout << "model " << model.name << ": " << counts.units << " units, " << counts.readings << " readings, "
            << counts.scored << " scored; " << counts.alarms << " alarms and " << counts.warnings << " warnings in "
            << with.alarms << "; the threshold is " << threshold_in_words(with, used) << "\n";
  print(counts.breaches);
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
  auto units = reported(read_units, with.units);
  if (!units.ok()) return units.error();
  out.units = std::move(*units);
  return out;
}

/// Without --train-until, what the beginning of the file calibrates.
constexpr millis calibration_span = std::chrono::days{14};

/// The fleet's tail on what is before `until`; when that is too little it is said.
result<fleet_tail> tail_before(timestamp until, detector& model, const backtest_options& options, millis young,
                               progress_bar& bar) {
  backtest_options earlier = options;
  earlier.stop_at = until;
  earlier.report_from = timestamp::min();
  const auto done = fit_fleet(model, earlier, young, [&](double share) { bar.show("calibrating", share); });
  bar.end();
  if (!done.ok()) return done.error();
  const fleet_tail& tail = done->tail;
  if (tail.fit) return tail;
  char text[160];
  std::snprintf(
      text, sizeof text,
      "%.1f unit-months before %s are too little to fit a threshold (5 are needed): the one that ships is used\n",
      tail.unit_months, format_utc(until).c_str());
  std::cerr << text;
  return tail;
}

result<timestamp> learnt_until(const backtest_arguments& with, const backtest_options& options) {
  if (!with.train_until.empty()) return day_or_time(with.train_until, "--train-until");
  return options.within.first + calibration_span;
}

/// An autoencoder's windows as the score, three in a row: what the detector is compared with.
result<prepared> autoencoder_alone(const backtest_arguments& with, backtest_options& options, progress_bar& bar) {
  const auto bytes = model_bytes(with.model);
  if (!bytes.ok()) return bytes.error();
  auto model = load_detector_bytes(*bytes, model_place(with.model));
  if (!model.ok()) return model.error();
  options.rules.model.consecutive = 3;
  const auto until = learnt_until(with, options);
  if (!until.ok()) return until.error();
  const auto tail = tail_before(*until, **model, options, millis{0}, bar);
  if (!tail.ok()) return tail.error();
  prepared out{.model = std::move(*model), .fitted = tail->fit.has_value()};
  if (tail->fit) out.threshold = tail->fit->threshold(with.budget);
  options.rules.model.score_limit = static_cast<float>(out.threshold);
  return out;
}

/// As the engine has it. A model that was calibrated keeps its calibration unless it is told to learn from the file.
result<prepared> as_in_the_engine(const backtest_arguments& with, const backtest_options& options, progress_bar& bar) {
  const auto bytes = model_bytes(with.model);
  if (!bytes.ok()) return bytes.error();
  auto file = read_model(*bytes, model_place(with.model));
  if (!file.ok()) return file.error();
  if (!file->tail || !with.train_until.empty()) {
    const auto until = learnt_until(with, options);
    if (!until.ok()) return until.error();
    const auto shipped = make_course_detector();
    const auto tail = tail_before(*until, *shipped, options, course_learning_time, bar);
    if (!tail.ok()) return tail.error();
    file->tail = tail->fit;
  }
  const auto calibrated = write_model(*file);
  if (!calibrated.ok()) return calibrated.error();
  auto model = load_pair(*calibrated, model_place(with.model), with.budget);
  if (!model.ok()) return model.error();
  return prepared{std::move(*model), course_threshold(file->tail, with.budget), file->tail.has_value()};
}

result<prepared> prepare(const backtest_arguments& with, backtest_options& options, progress_bar& bar) {
  return with.autoencoder ? autoencoder_alone(with, options, bar) : as_in_the_engine(with, options, bar);
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

/// A unit_id that is spelt otherwise would be without its limits, and nobody would know.
void report_unmet(const backtest_arguments& with, std::size_t rows, std::size_t met) {
  if (with.units.empty() || rows == met) return;
  std::cerr << with.units << ": " << rows - met << " of " << rows << (rows == 1 ? " unit" : " units")
            << " have no readings in " << with.readings << ": their limits are not used, check the unit_id\n";
}

int run_on_file(const backtest_arguments& with, const std::vector<unit_row>& stored_units) {
  auto options = options_of(with);
  if (!options.ok()) return report_failure("backtest", options.error());
  if (!stored_units.empty()) options->units = stored_units;
  if (const auto own = apart({with.alarms, with.scores}, {with.readings, with.units, with.model}); !own.ok())
    return report_failure("backtest", own.error());
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
  const auto span = reported_span(with.readings, bar);
  if (!span.ok()) return report_failure("backtest", span.error());
  options->within = *span;
  if (options->report_from > span->last)
    return report_failure("backtest",
                          {error_code::invalid_argument, "nothing is left to report", "--from, --train-until",
                           "give a time before the last reading, of " + format_utc(span->last)});
  const auto model = prepare(with, *options, bar);
  if (!model.ok()) return report_failure("backtest", model.error());
  std::vector<alarm_row> alarms;
  backtest_output out;
  out.alarm = [&](const alarm_row& one) { alarms.push_back(one); };
  detector& running = *model->model;
  const double error_threshold = running.info().threshold;
  if (scores) out.score = [&](const scored_reading& one) { scores->write(score_line(one, error_threshold)); };
  out.progress = [&](double share) { bar.show("backtest", share); };
  const auto counts = backtest(running, *options, out);
  bar.end();
  if (!counts.ok()) return report_failure("backtest", counts.error());
  report_left_out(with.readings, counts->problems, counts->order);
  report_unmet(with, options->units.size(), counts->with_facts);
  if (scores)
    if (const auto closed = scores->close(); !closed.ok()) return report_failure("backtest", closed.error());
  if (const auto written = write_alarms(std::move(alarms), alarms_file); !written.ok())
    return report_failure("backtest", written.error());
  print(with, *counts, *model);
  return 0;
}

/// Unless the command line says otherwise: with the model and the budget that the server has with these settings.
void judge_as_served(const model_settings& settings, backtest_arguments& with) {
  if (!with.own_budget) with.budget = settings.budget;
  if (!with.model.empty()) return;
  if (settings.path != "none") with.model = settings.path;
  const auto active = model_registry(settings.registry).standing();
  if (settings.path.empty() && active.ok() && !active->empty()) with.model = settings.registry;
}

/// What the store holds goes the way of any file.
int run_backtest(const backtest_arguments& with) {
  if (with.from_store == !with.readings.empty())
    return report_failure("backtest", {error_code::invalid_argument, "readings must come from somewhere",
                                       "--readings, --from-store", "give a file, or --from-store with --config"});
  if (!with.from_store) return run_on_file(with, {});
  const auto config = load_settings(with.config, with.overrides);
  if (!config.ok()) return report_failure("backtest", config.error());
  if (const auto own = apart({with.alarms, with.scores}, {with.config, config->store.path}); !own.ok())
    return report_failure("backtest", own.error());
  progress_bar bar(true);
  const auto taken = stored_readings::take(config->store, with.days, [&](double share) { bar.show("reading", share); });
  bar.end();
  if (!taken.ok()) return report_failure("backtest", taken.error());
  backtest_arguments of_file = with;
  of_file.readings = taken->path();
  judge_as_served(config->model, of_file);
  return run_on_file(of_file, taken->units());
}

} // namespace

void add_backtest_command(CLI::App& app, chosen_command& chosen) {
  auto with = std::make_shared<backtest_arguments>();
  auto* command = app.add_subcommand("backtest", "Run a model over a file of readings as if they came in now");
  command->add_option("--model", with->model,
                      "A model file, or the folder that train wrote; without it the shipped one");
  command->add_flag("--autoencoder", with->autoencoder,
                    "The autoencoder's error alone is the score, three readings in a row: for comparison");
  auto* readings = command->add_option("--readings", with->readings,
                                       "readings.csv: unit_id,timestamp,temperature[,temperature_unit]");
  auto* stored = command->add_flag("--from-store", with->from_store,
                                   "The readings in the store of --config instead, of units called CUSTOMER/UNIT, with "
                                   "its model and budget unless others are given");
  auto* config = command->add_option("--config", with->config, "Configuration file, for --from-store");
  command->add_option("--set", with->overrides, "Overrides one key: key=value")->allow_extra_args(false)->needs(config);
  stored->needs(config)->excludes(readings);
  config->needs(stored);
  command->add_option("--days", with->days, "Days of the store")->check(CLI::Range(1, 365))->capture_default_str();
  command->add_option("--units", with->units, "units.csv: limits and intervals")->excludes(stored);
  command->add_option("--alarms", with->alarms, "The alarms to write")->required();
  command->add_option("--scores", with->scores, "The scores to write");
  command->add_option("--from", with->from, "Report from this day or time on; what is earlier only teaches");
  command->add_option(
      "--train-until", with->train_until,
      "Learn from what is before this day or time, report from it on; without it the threshold is the model's "
      "own, or fitted on the file's first 14 days when it has none");
  auto* budget =
      command->add_option("--budget", with->budget, "False alarms a unit-month that the threshold is fitted to")
          ->check(real_range(0.01, 100.0))
          ->capture_default_str();
  command->add_flag("--json", with->json, "Print what was done as JSON");
  command->callback([&chosen, with, budget] {
    with->own_budget = budget->count() > 0;
    chosen = [with] { return run_backtest(*with); };
  });
}

} // namespace coldvigil
