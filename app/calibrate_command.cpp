// `coldvigil calibrate`: a model's threshold from a budget of false alarms.
#include "app/budget.hpp"
#include "app/evaluation_commands.hpp"
#include "app/progress_bar.hpp"
#include "model/model_file.hpp"

#include <boost/json.hpp>

#include <iostream>
#include <memory>

namespace coldvigil {
namespace {

constexpr double shown_budgets[] = {0.15, 0.3, 0.5, 1, 3};

struct calibrate_arguments {
  std::string model, readings, until, out;
  double budget = 0.5;
  bool json = false;
};

void print(const calibrate_arguments& with, const tail_fit& fit, const model_file& model) {
  const double months = static_cast<double>(fit.blocks) / blocks_a_month;
  if (with.json) {
    boost::json::array table;
    for (const double budget : shown_budgets)
      table.push_back({{"budget", budget}, {"score", fit.threshold(budget)}});
    std::cout << boost::json::serialize(boost::json::object{{"model", model.name},
                                                            {"unit_months", months},
                                                            {"budget", with.budget},
                                                            {"score", fit.threshold(with.budget)},
                                                            {"level", fit.level},
                                                            {"shape", fit.shape},
                                                            {"scale", fit.scale},
                                                            {"scores_by_budget", table},
                                                            {"out", with.out}})
              << "\n";
    return;
  }
  char text[160];
  std::snprintf(text, sizeof text, "%s on %.1f unit-months; a score of 1 is the model's own threshold\n",
                model.name.c_str(), months);
  std::cout << text << "false alarms a unit-month   alarm above a score of\n";
  for (const double budget : shown_budgets) {
    std::snprintf(text, sizeof text, "  %-25.2f %.3f\n", budget, fit.threshold(budget));
    std::cout << text;
  }
  if (!with.out.empty()) {
    std::snprintf(text, sizeof text, "wrote %s: its score of 1 is %.2f false alarms a unit-month\n", with.out.c_str(),
                  with.budget);
    std::cout << text;
  }
}

int run_calibrate(const calibrate_arguments& with) {
  const auto fail = [](const failure& error) { return report_failure("calibrate", error); };
  backtest_options options;
  options.readings = with.readings;
  if (!with.until.empty()) {
    const auto until = day_or_time(with.until, "--until");
    if (!until.ok()) return fail(until.error());
    options.stop_at = *until;
  }
  const auto bytes = model_bytes(with.model);
  if (!bytes.ok()) return fail(bytes.error());
  const std::string where = with.model.empty() ? "the shipped model" : with.model;
  auto model = read_model(*bytes, where);
  if (!model.ok()) return fail(model.error());
  const auto running = load_detector_bytes(*bytes, where);
  if (!running.ok()) return fail(running.error());
  progress_bar bar(true);
  const auto tail = fit_fleet(**running, options, millis{0}, [&](double share) { bar.show("calibrating", share); });
  bar.end();
  if (!tail.ok()) return fail(tail.error());
  if (!tail->fit) {
    char have[80];
    std::snprintf(have, sizeof have, "too little to fit a threshold: %.1f unit-months of scores", tail->unit_months);
    return fail({error_code::invalid_argument, have, with.readings, "at least 5 are needed"});
  }
  const auto fit = tail->fit;
  if (!with.out.empty()) {
    model->threshold *= fit->threshold(with.budget);
    if (const auto saved = save_model(*model, with.out); !saved.ok()) return fail(saved.error());
  }
  print(with, *fit, *model);
  return 0;
}

} // namespace

void add_calibrate_command(CLI::App& app, chosen_command& chosen) {
  auto with = std::make_shared<calibrate_arguments>();
  auto* command = app.add_subcommand("calibrate", "Fit a model's threshold to a budget of false alarms");
  command->add_option("--readings", with->readings, "readings.csv of the fleet, as healthy as it usually is")
      ->required();
  command->add_option("--model", with->model, "A model file; without it the shipped one");
  command->add_option("--until", with->until, "Use readings before this day or time only");
  command->add_option("--budget", with->budget, "False alarms a unit-month")
      ->check(CLI::Range(0.01, 100.0))
      ->capture_default_str();
  command->add_option("--out", with->out, "Write the model with this threshold to a file");
  command->add_flag("--json", with->json, "Print JSON");
  command->callback([&chosen, with] { chosen = [with] { return run_calibrate(*with); }; });
}

} // namespace coldvigil
