// `coldvigil calibrate`: what a budget of false alarms means for the scores of a fleet.
#include "app/budget.hpp"
#include "app/evaluation_commands.hpp"
#include "app/model_output.hpp"
#include "app/open_parts.hpp"
#include "app/output_file.hpp"
#include "app/progress_bar.hpp"
#include "app/real_range.hpp"
#include "app/stored_units.hpp"
#include "core/plain_text.hpp"
#include "core/utf8.hpp"
#include "model/course_detector.hpp"
#include "model/model_file.hpp"

#include <boost/json.hpp>

#include <iostream>
#include <memory>
#include <optional>
#include <set>

namespace coldvigil {
namespace {

constexpr double shown_budgets[] = {0.15, 0.3, 0.5, 1, 3};

struct calibrate_arguments {
  std::string model, readings, until, out, config;
  std::vector<std::string> overrides;
  std::size_t days = 60;
  double budget = usual_budget;
  bool from_store = false, json = false;
};

/// What was fitted, and on what.
struct calibration {
  fleet_tail tail{};
  std::string on;
  std::vector<std::string> customers{};
  std::optional<backtest_counts> read{}; ///< of a file
};

result<calibration> from_file(const calibrate_arguments& with, detector& course, progress_bar& bar) {
  const auto span = reported_span(with.readings, bar);
  if (!span.ok()) return span.error();
  backtest_options options;
  options.readings = with.readings;
  options.within = *span;
  if (!with.until.empty()) {
    const auto until = day_or_time(with.until, "--until");
    if (!until.ok()) return until.error();
    options.stop_at = *until;
  }
  const auto done =
      fit_fleet(course, options, course_learning_time, [&](double share) { bar.show("calibrating", share); });
  bar.end();
  if (!done.ok()) return done.error();
  report_left_out(with.readings, done->read.problems, done->read.order);
  return calibration{done->tail, with.readings + (with.until.empty() ? "" : " before " + with.until), {}, done->read};
}

/// The scores of a unit's stored readings as this program gives them, whatever gave the stored ones.
void score(detector& course, const std::vector<judged_reading>& readings, fleet_scores& into) {
  constexpr std::size_t run = 256;
  fleet_scores::unit unit;
  detector_state state;
  for (std::size_t from = 0; from < readings.size(); from += run) {
    detect_request request{std::move(state), {}};
    for (std::size_t i = from; i < std::min(from + run, readings.size()); ++i)
      request.samples.push_back({readings[i].at, readings[i].value, true});
    auto answers = course.step({&request, 1});
    for (std::size_t i = 0; i < request.samples.size(); ++i) {
      const verdict& said = answers.front().verdicts[i];
      into.add(unit, request.samples[i].at, said.state, static_cast<double>(said.score), said.why.driver);
    }
    state = std::move(answers.front().state);
  }
}

result<calibration> from_store(const calibrate_arguments& with, detector& course, progress_bar& bar) {
  const auto config = load_settings(with.config, with.overrides);
  if (!config.ok()) return config.error();
  fleet_scores scores;
  std::set<std::string> customers;
  std::size_t units = 0;
  const auto add = [&](const customer_record& customer, const unit_record&, std::vector<judged_reading>&& all) {
    if (all.empty()) return;
    ++units;
    customers.insert(customer.code);
    score(course, all, scores);
  };
  const auto show = [&](std::size_t done, std::size_t of) { bar.show("calibrating", done, of, "units"); };
  if (const auto done = each_stored_unit(config->store, with.days, add, show); !done.ok()) return done.error();
  return calibration{scores.fit(),
                     "the store: " + std::to_string(units) + " units, the last " + std::to_string(with.days) + " days",
                     {customers.begin(), customers.end()},
                     {}};
}

void print_json(const calibrate_arguments& with, const calibration& made, const model_file& model,
                const std::string& written) {
  boost::json::array table;
  for (const double budget : shown_budgets)
    table.push_back({{"budget", budget}, {"threshold", course_threshold(made.tail.fit, budget)}});
  boost::json::object out{{"model", model.name},
                          {"on", made.on},
                          {"unit_months", made.tail.unit_months},
                          {"fitted", made.tail.fit.has_value()},
                          {"budget", with.budget},
                          {"threshold", course_threshold(made.tail.fit, with.budget)},
                          {"thresholds_by_budget", table},
                          {"out", written}};
  if (made.read) {
    out["units"] = made.read->units;
    out["readings"] = made.read->readings;
    add_left_out(out, made.read->problems, made.read->order);
  }
  if (made.tail.fit)
    out["fleet"] = {{"level", made.tail.fit->level},
                    {"shape", made.tail.fit->shape},
                    {"scale", made.tail.fit->scale},
                    {"threshold", made.tail.fit->threshold(budget_aim * with.budget)}};
  std::cout << boost::json::serialize(out) << "\n";
}

void print(const calibration& made, const model_file& model, const std::string& written) {
  char text[200];
  std::snprintf(text, sizeof text, "%s on %.1f unit-months%s\n", model.name.c_str(), made.tail.unit_months,
                made.tail.fit ? "" : ", too little to fit (5 are needed): these are the shipped thresholds");
  std::cout << text << "false alarms a unit-month   threshold, 1 is the shipped one\n";
  for (const double budget : shown_budgets) {
    std::snprintf(text, sizeof text, "  %-25.2f %.3f\n", budget, course_threshold(made.tail.fit, budget));
    std::cout << text;
  }
  if (!written.empty()) std::cout << "wrote " << written << "\n";
}

int run_calibrate(const calibrate_arguments& with) {
  const auto fail = [](const failure& error) { return report_failure("calibrate", error); };
  if (with.from_store == !with.readings.empty())
    return fail({error_code::invalid_argument, "readings must come from somewhere", "--readings, --from-store",
                 "give a file, or --from-store with --config"});
  if (const auto own = apart({with.out}, {with.readings}); !own.ok()) return fail(own.error());
  std::optional<model_output> out;
  if (!with.out.empty()) {
    auto place = model_output::at(with.out);
    if (!place.ok()) return fail(place.error());
    out = std::move(*place);
  }
  const auto bytes = model_bytes(with.model);
  if (!bytes.ok()) return fail(bytes.error());
  auto model = read_model(*bytes, model_place(with.model));
  if (!model.ok()) return fail(model.error());
  const auto course = make_course_detector();
  progress_bar bar(true);
  auto made = with.from_store ? from_store(with, *course, bar) : from_file(with, *course, bar);
  bar.end();
  if (!made.ok()) return fail(made.error());
  std::string written;
  if (out) {
    model->tail = made->tail.fit;
    model->calibrated_on = std::string(clip_utf8(printable(made->on), most_text_bytes));
    for (const std::string& each : made->customers)
      if (std::find(model->customers.begin(), model->customers.end(), each) == model->customers.end())
        model->customers.push_back(each);
    const auto saved = out->save(*model);
    if (!saved.ok()) return fail(saved.error());
    written = *saved;
  }
  with.json ? print_json(with, *made, *model, written) : print(*made, *model, written);
  return 0;
}

} // namespace

void add_calibrate_command(CLI::App& app, chosen_command& chosen) {
  auto with = std::make_shared<calibrate_arguments>();
  auto* command = app.add_subcommand("calibrate", "Fit what a budget of false alarms means to a fleet");
  auto* readings =
      command->add_option("--readings", with->readings, "readings.csv of the fleet, as healthy as it usually is");
  auto* stored = command->add_flag("--from-store", with->from_store, "The readings in the store of --config");
  auto* config = command->add_option("--config", with->config, "Configuration file, for --from-store");
  command->add_option("--set", with->overrides, "Overrides one key: key=value")->allow_extra_args(false)->needs(config);
  stored->needs(config)->excludes(readings);
  config->needs(stored);
  command->add_option("--days", with->days, "Days of the store")->check(CLI::Range(1, 365))->capture_default_str();
  command->add_option("--model", with->model,
                      "A model file, or the folder that train wrote; without it the shipped one");
  command->add_option("--until", with->until, "Use readings before this day or time only")->needs(readings);
  command->add_option("--budget", with->budget, "False alarms a unit-month")
      ->check(real_range(0.01, 100.0))
      ->capture_default_str();
  command->add_option(
      "--out", with->out,
      "Write the model with this calibration to a file (.cvm), or to a folder, where it is named after its content");
  command->add_flag("--json", with->json, "Print JSON");
  command->callback([&chosen, with] { chosen = [with] { return run_calibrate(*with); }; });
}

} // namespace coldvigil
