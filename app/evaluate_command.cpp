// `coldvigil evaluate`: what alarms are worth, against labels.
#include "app/evaluation_commands.hpp"
#include "app/progress_bar.hpp"
#include "app/real_range.hpp"
#include "evaluation/gather.hpp"
#include "evaluation/report.hpp"
#include "evaluation/score_ranking.hpp"

#include <iostream>
#include <memory>
#include <optional>

namespace coldvigil {
namespace {

struct evaluate_arguments {
  std::string alarms, labels, readings, units, scores;
  double skip_days = 0;
  std::size_t bootstrap = 1000;
  std::uint64_t seed = 1;
  bool json = false, markdown = false, kinds = false;
};

result<gathered> gather_all(const evaluate_arguments& arguments) {
  gather_options options;
  options.readings = arguments.readings;
  options.skip = millis{static_cast<std::int64_t>(arguments.skip_days * 86'400'000)};
  auto alarms = reported(read_alarms, arguments.alarms);
  if (!alarms.ok()) return alarms.error();
  auto labels = reported(read_labels, arguments.labels);
  if (!labels.ok()) return labels.error();
  options.alarms = std::move(*alarms);
  options.labels = std::move(*labels);
  if (!arguments.units.empty()) {
    auto units = reported(read_units, arguments.units);
    if (!units.ok()) return units.error();
    options.units = std::move(*units);
  }
  progress_bar bar(true);
  const auto span = reported_span(arguments.readings, bar);
  if (!span.ok()) return span.error();
  options.within = *span;
  auto all = gather(options, [&](double share) { bar.show("reading", share); });
  bar.end();
  return all;
}

void say_what_was_left_out(const gathered& all, const evaluate_arguments& arguments) {
  report_left_out(arguments.readings, all.reading_problems, all.order);
  const auto say = [](std::uint64_t count, const char* what) {
    if (count > 0) std::cerr << count << " " << what << "\n";
  };
  say(all.unknown_units_alarms, "alarms of units that the readings do not have were left out");
  say(all.unknown_units_labels, "labels of units that the readings do not have were left out");
  say(all.other_severities, "alarms of another severity than 'alarm' are not counted");
}

std::vector<evaluation_report> rows_of(const gathered& all, const evaluate_arguments& arguments) {
  const scoring_rules rules;
  const bootstrap_rules bootstrap{arguments.bootstrap, 0.9, arguments.seed};
  const auto judged = [&](const auto& alarms_of) {
    std::vector<unit_outcome> out;
    for (const gathered_unit& unit : all.units) {
      unit_case watched = unit.watched;
      watched.alarms = alarms_of(unit);
      out.push_back(judge(watched, rules));
    }
    return out;
  };
  const auto own = judged([](const gathered_unit& unit) { return unit.watched.alarms; });
  std::vector<evaluation_report> rows{summarise("alarms", own, rules, bootstrap)};
  const bool limits = std::any_of(all.units.begin(), all.units.end(), [](const auto& unit) { return unit.has_limits; });
  if (limits) {
    rows.push_back(summarise("bounds, 30 min", judged([](const gathered_unit& unit) { return unit.bounds_sustained; }),
                             rules, bootstrap));
    rows.push_back(summarise("bounds, at once", judged([](const gathered_unit& unit) { return unit.bounds_instant; }),
                             rules, bootstrap));
  }
  std::vector<unit_case> cases;
  std::size_t episodes = 0;
  for (const gathered_unit& unit : all.units)
    cases.push_back(unit.watched);
  for (const unit_outcome& unit : own)
    episodes += unit.episodes;
  rows.push_back(random_row(cases, episodes, rules, bootstrap));
  return rows;
}

int run_evaluate(const evaluate_arguments& arguments) {
  const auto all = gather_all(arguments);
  if (!all.ok()) return report_failure("evaluate", all.error());
  say_what_was_left_out(*all, arguments);
  const auto rows = rows_of(*all, arguments);
  std::optional<score_ranking> ranking;
  if (!arguments.scores.empty()) {
    progress_bar bar(true);
    const auto ranked = rank_scores(arguments.scores, *all, {}, [&](double share) { bar.show("scores", share); });
    bar.end();
    if (!ranked.ok()) return report_failure("evaluate", ranked.error());
    report_problems(arguments.scores, ranked->problems);
    ranking = *ranked;
  }
  if (arguments.json) {
    std::cout << report_json(rows, ranking ? &*ranking : nullptr) << "\n";
    return 0;
  }
  std::cout << (arguments.markdown ? report_markdown(rows, arguments.kinds) : report_text(rows));
  if (ranking) std::cout << "\n" << ranking_text(*ranking);
  return 0;
}

} // namespace

void add_evaluate_command(CLI::App& app, chosen_command& chosen) {
  auto with = std::make_shared<evaluate_arguments>();
  auto* command = app.add_subcommand("evaluate", "Compare alarms with labelled faults");
  command->add_option("--alarms", with->alarms, "alarms.csv, as backtest writes it")->required();
  command->add_option("--labels", with->labels, "labels.csv: unit_id,start,end,kind")->required();
  command->add_option("--readings", with->readings, "readings.csv: which units were watched, and when")->required();
  command->add_option("--units", with->units, "units.csv: limits (for leads and the bounds rows) and sites");
  command->add_option("--scores", with->scores, "scores.csv: how well scores alone rank readings");
  command->add_option("--skip-days", with->skip_days, "Days of each unit's beginning that are not scored")
      ->check(real_range(0.0, 3650.0))
      ->capture_default_str();
  command->add_option("--bootstrap", with->bootstrap, "Draws for the 90 % intervals")
      ->check(CLI::Range(0, 100'000))
      ->capture_default_str();
  command->add_option("--seed", with->seed, "Of the draws")->capture_default_str();
  auto* json = command->add_flag("--json", with->json, "Print JSON");
  auto* markdown = command->add_flag("--markdown", with->markdown, "Print Markdown tables")->excludes(json);
  command->add_flag("--kinds", with->kinds, "With the table of the kinds")->needs(markdown);
  command->callback([&chosen, with] { chosen = [with] { return run_evaluate(*with); }; });
}

} // namespace coldvigil
