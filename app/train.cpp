#include "app/train.hpp"

#include "app/coldvigil_version.hpp"
#include "app/evaluation_commands.hpp"
#include "app/model_output.hpp"
#include "app/output_file.hpp"
#include "app/progress_bar.hpp"
#include "app/real_range.hpp"
#include "app/training_history.hpp"
#include "model/detector.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <iostream>

namespace coldvigil {
namespace {

int fail(const failure& error) {
  return report_failure("train", error);
}

result<std::size_t> simulated_units(const std::string& text) {
  constexpr std::size_t usual = 64, most = 1000;
  if (text.empty()) return usual;
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc{} && end == text.data() + text.size() && number >= 2 && number <= most) return number;
  return failure{error_code::invalid_argument, "'" + text + "' is no number of simulated units", "--units",
                 "2 to 1000; a file of units needs --readings"};
}

result<training_history> history_for(const train_arguments& arguments, progress_bar& bar) {
  const auto shown = [&](const std::string& what) {
    return [&bar, what](std::size_t done, std::size_t of) { bar.show(what, done, of, "units"); };
  };
  if (!arguments.readings.empty()) {
    file_history_options file{.readings = arguments.readings};
    const auto span = reported_span(arguments.readings, bar);
    if (!span.ok()) return span.error();
    file.within = *span;
    if (!arguments.units.empty()) {
      auto units = reported(read_units, arguments.units);
      if (!units.ok()) return units.error();
      file.units = std::move(*units);
    }
    return file_history(file, [&bar](double share) { bar.show("reading", share); });
  }
  if (arguments.from_store) {
    const auto config = load_settings(arguments.config, arguments.overrides);
    if (!config.ok()) return config.error();
    return store_history(*config, arguments.days, shown("reading"));
  }
  const auto units = simulated_units(arguments.units);
  if (!units.ok()) return units.error();
  return simulated_history(arguments.seed, *units, arguments.days, shown("simulating"));
}

training_options options_for(const train_arguments& arguments, const training_history& history) {
  training_options options;
  options.seed = arguments.seed;
  options.epochs = arguments.epochs;
  options.quantile = arguments.quantile;
  options.name = "lstm-ae-" + program_version() + "-" + std::to_string(arguments.seed);
  options.trained_on = history.description;
  options.made_with = "coldvigil " + program_version();
  options.customers = history.customers;
  return options;
}

/// What a model says of healthy units: how often it is wrong.
struct false_figures {
  std::size_t windows = 0, over = 0, runs = 0; ///< runs: three or more in a row over the threshold
};

false_figures false_of(detector& model, const training_series& healthy) {
  detect_request request;
  for (const auto& one : healthy.readings)
    request.samples.push_back({one.at, one.value, true});
  false_figures out;
  std::size_t in_a_row = 0;
  const auto answers = model.step({&request, 1});
  for (const verdict& one : answers.front().verdicts) {
    if (one.state != score_state::scored) continue;
    ++out.windows;
    in_a_row = one.score > 1 ? in_a_row + 1 : 0;
    out.over += in_a_row > 0 ? 1U : 0U;
    out.runs += in_a_row == 3 ? 1U : 0U;
  }
  return out;
}

/// Another fleet than the one trained on, without faults: what is over the threshold there is wrong.
status print_false_figures(const model_file& model, const train_arguments& arguments, progress_bar& bar) {
  constexpr std::size_t units = 16;
  const auto bytes = write_model(model);
  if (!bytes.ok()) return bytes.error();
  const auto made = load_detector_bytes(*bytes, arguments.out);
  if (!made.ok()) return made.error();
  std::string table = "  sampled every   windows   share over   over a unit-day   three in a row a unit-day\n";
  std::size_t done = 0;
  for (const int interval_s : sampling_intervals_s) {
    false_figures sum;
    double unit_days = 0;
    for (std::size_t unit = 0; unit < units; ++unit) {
      const auto series = simulated_series(arguments.seed + 1'000'000, unit, arguments.days, interval_s);
      const auto one = false_of(**made, series);
      sum.windows += one.windows;
      sum.over += one.over;
      sum.runs += one.runs;
      unit_days += static_cast<double>((series.readings.back().at - series.readings.front().at).count()) / 86'400'000;
      bar.show("checking", ++done, units * std::size(sampling_intervals_s), "series");
    }
    const std::string name = interval_s == 0 ? "300 then 10 s" : std::to_string(interval_s) + " s";
    char line[160];
    std::snprintf(line, sizeof line, "  %-14s %8zu     %8.5f   %15.3f   %25.3f\n", name.c_str(), sum.windows,
                  static_cast<double>(sum.over) / static_cast<double>(std::max<std::size_t>(sum.windows, 1)),
                  static_cast<double>(sum.over) / unit_days, static_cast<double>(sum.runs) / unit_days);
    table += line;
  }
  bar.end();
  std::cout << "On " << units << " other simulated units without faults:\n" << table;
  return nothing{};
}

void print_json(const model_file& model, const std::string& file) {
  std::cout << boost::json::serialize(boost::json::object{{"file", file},
                                                          {"name", model.name},
                                                          {"trained_on", model.trained_on},
                                                          {"seed", model.seed},
                                                          {"threshold", model.threshold},
                                                          {"held_out_error", model.held_out_error},
                                                          {"held_out_loss", model.held_out_loss},
                                                          {"training_windows", model.training_windows},
                                                          {"held_out_windows", model.held_out_windows}})
            << "\n";
}

} // namespace

void add_train_options(CLI::App& command, train_arguments& into) {
  command.add_option("--out", into.out, "Model file to write (.cvm), or a folder, where it is named after its content")
      ->required();
  command.add_option("--seed", into.seed, "Of the simulated fleet and of the training")->capture_default_str();
  command.add_option("--days", into.days, "Days of history")->check(CLI::Range(1, 365))->capture_default_str();
  command.add_option("--epochs", into.epochs, "At most")->check(CLI::Range(1, 1000))->capture_default_str();
  command.add_option("--quantile", into.quantile, "Of the held-out healthy errors that becomes the threshold")
      ->check(real_range(0.5, 1.0))
      ->capture_default_str();
  auto* readings = command.add_option("--readings", into.readings,
                                      "Train on this CSV file: unit_id,timestamp,temperature[,temperature_unit]");
  command.add_option("--units", into.units,
                     "How many simulated units (64); with --readings units.csv: what is outside their limits is not "
                     "trained on");
  auto* stored = command.add_flag("--from-store", into.from_store, "Train on the history in the store of --config");
  auto* config = command.add_option("--config", into.config, "Configuration file, for --from-store");
  command.add_option("--set", into.overrides, "Overrides one key: key=value")->allow_extra_args(false)->needs(config);
  stored->needs(config)->excludes(readings);
  config->needs(stored);
  command.add_flag("--json", into.json, "Print JSON, and leave the check on simulated units out");
}

int run_train(const train_arguments& arguments) {
  // Said before the minutes of training, not after.
  if (const auto own = apart({arguments.out}, {arguments.readings, arguments.units}); !own.ok())
    return fail(own.error());
  const auto out = model_output::at(arguments.out);
  if (!out.ok()) return fail(out.error());
  progress_bar bar;
  const auto history = history_for(arguments, bar);
  bar.end();
  if (!history.ok()) return fail(history.error());
  report_problems(arguments.readings, history->left_out);
  std::cerr << "training on " << history->description << "\n";

  const auto model = train(options_for(arguments, *history), history->series, [&](const training_progress& now) {
    char note[96];
    if (now.epoch == 1) // nothing is measured on the held-out units yet
      std::snprintf(note, sizeof note, "loss %.4f", now.training_loss);
    else
      std::snprintf(note, sizeof note, "loss %.4f, held-out %.4f", now.training_loss, now.held_out_loss);
    bar.show("epoch " + std::to_string(now.epoch) + "/" + std::to_string(now.epochs), now.batch, now.batches, note);
    return true;
  });
  bar.end();
  if (!model.ok()) return fail(model.error());
  const auto file = out->save(*model);
  if (!file.ok()) return fail(file.error());
  if (arguments.json) {
    print_json(*model, *file);
    return 0;
  }
  std::cout << "wrote " << *file << ": threshold " << model->threshold << ", held-out error " << model->held_out_error
            << ", held-out loss " << model->held_out_loss << ", " << model->training_windows << " windows trained on, "
            << model->held_out_windows << " held out\n";
  const auto printed = print_false_figures(*model, arguments, bar);
  return printed.ok() ? 0 : fail(printed.error());
}

} // namespace coldvigil
