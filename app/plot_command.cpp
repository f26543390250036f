// `coldvigil plot`: a picture of one unit from files.
#include "app/budget.hpp"
#include "app/evaluation_commands.hpp"
#include "app/output_file.hpp"
#include "app/progress_bar.hpp"
#include "core/utf8.hpp"
#include "evaluation/plot.hpp"
#include "evaluation/readings_file.hpp"
#include "evaluation/reorder.hpp"
#include "evaluation/tables.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <iostream>
#include <limits>
#include <memory>

namespace coldvigil {
namespace {

constexpr std::size_t most_points = 20'000'000;
constexpr std::size_t units_named = 8;

struct plot_arguments {
  std::string unit, readings, units, scores, alarms, labels, from, to, out;
  plot_size size;
  bool json = false;
};

struct plot_range {
  timestamp from = timestamp::min(), to = timestamp::max();
  [[nodiscard]] bool holds(timestamp at) const { return at >= from && at <= to; }
};

failure wrong(std::string what, std::string where, std::string hint) {
  return {error_code::invalid_argument, std::move(what), std::move(where), std::move(hint)};
}

result<plot_range> range_of(const plot_arguments& with) {
  plot_range out;
  for (const auto& [text, into, name] : {std::tuple{&with.from, &out.from, "--from"}, {&with.to, &out.to, "--to"}}) {
    if (text->empty()) continue;
    const auto at = day_or_time(*text, name);
    if (!at.ok()) return at.error();
    *into = *at;
  }
  return out;
}

/// The readings of the unit; without a name, the file's first unit.
status take_trace(plot_arguments& with, const plot_range& range, plot_data& into) {
  auto file = readings_file::open(with.readings);
  if (!file.ok()) return file.error();
  progress_bar bar(true);
  reorder_window order(usual_reorder_window);
  reorder_counts counts;
  file_reading one;
  std::uint64_t rows = 0;
  bool has_unit = false;
  with.unit = as_utf8(with.unit); // as the file's names are read
  std::vector<std::string> seen;
  const auto keep = [&](const ordered_reading& reading) {
    if (range.holds(reading.at)) into.trace.push_back({reading.at, reading.value});
  };
  while (file->next(one)) {
    if (++rows % 100'000 == 0) bar.show("reading", file->progress());
    if (with.unit.empty()) with.unit = one.unit;
    if (one.unit != with.unit) {
      if (seen.size() < units_named && std::find(seen.begin(), seen.end(), one.unit) == seen.end())
        seen.emplace_back(one.unit);
      continue;
    }
    has_unit = true;
    if (const auto next = order.add({one.at, one.value}, counts)) keep(*next);
    if (into.trace.size() > most_points)
      return failure{error_code::limit, "more than 20 million readings", with.readings, "give --from and --to"};
  }
  while (const auto next = order.flush())
    keep(*next);
  bar.end();
  if (!file->sound()) return failure{error_code::unavailable, "reading the file broke off", with.readings, ""};
  report_left_out(with.readings, file->problems(), counts);
  if (!into.trace.empty()) return nothing{};
  if (has_unit)
    return wrong("all readings of unit '" + with.unit + "' are of another time", with.readings,
                 "check --from and --to");
  std::string known;
  for (const std::string& each : seen)
    known += " " + each;
  return wrong("no readings of unit '" + with.unit + "'", with.readings, "other units there:" + known);
}

status take_scores(const plot_arguments& with, const plot_range& range, plot_data& into) {
  if (with.scores.empty()) return nothing{};
  auto table = csv_table::open(with.scores);
  if (!table.ok()) return table.error();
  const auto unit = table->required("unit_id");
  if (!unit.ok()) return unit.error();
  const auto time = table->required("timestamp");
  if (!time.ok()) return time.error();
  const auto score = table->required("score");
  if (!score.ok()) return score.error();
  const auto lower = table->column("lower"), upper = table->column("upper");
  row_problems problems;
  while (table->next(problems)) {
    if (without_blanks(table->cell(*unit)) != with.unit) continue;
    const auto at = parse_file_time(without_blanks(table->cell(*time)));
    if (!at || !range.holds(*at)) continue;
    const auto value = parse_file_number(without_blanks(table->cell(*score)));
    into.scores.push_back({*at, value.value_or(std::numeric_limits<double>::quiet_NaN()),
                           parse_file_number(table->cell(lower)), parse_file_number(table->cell(upper))});
    if (into.scores.size() > most_points)
      return failure{error_code::limit, "more than 20 million scores", with.scores, "give --from and --to"};
  }
  std::stable_sort(into.scores.begin(), into.scores.end(),
                   [](const plot_score& a, const plot_score& b) { return a.at < b.at; });
  return nothing{};
}

status take_tables(const plot_arguments& with, plot_data& into) {
  const timestamp begin = into.trace.front().at;
  const timestamp end = into.trace.back().at;
  into.title = with.unit;
  if (!with.units.empty()) {
    const auto units = reported(read_units, with.units);
    if (!units.ok()) return units.error();
    for (const unit_row& unit : *units) {
      if (unit.unit != with.unit) continue;
      into.low = unit.low;
      into.high = unit.high;
      if (unit.kind) into.title += ", " + std::string(to_string(*unit.kind));
    }
  }
  if (!with.alarms.empty()) {
    const auto alarms = reported(read_alarms, with.alarms);
    if (!alarms.ok()) return alarms.error();
    for (const alarm_row& alarm : *alarms)
      if (alarm.unit == with.unit)
        into.alarms.push_back({alarm.opened, alarm.closed.value_or(end),
                               alarm.channel.empty() ? alarm.kind : alarm.channel, alarm.severity == "alarm"});
  }
  if (!with.labels.empty()) {
    const auto labels = reported(read_labels, with.labels);
    if (!labels.ok()) return labels.error();
    for (const label_row& label : *labels)
      if (label.unit == with.unit) into.faults.push_back({label.start, label.end, label.kind, true});
  }
  for (auto* spans : {&into.alarms, &into.faults}) {
    std::erase_if(*spans, [&](const plot_span& each) { return each.to < begin || each.from > end; });
    std::stable_sort(spans->begin(), spans->end(),
                     [](const plot_span& a, const plot_span& b) { return a.from < b.from; });
  }
  return nothing{};
}

int run_plot(plot_arguments with) {
  if (const auto own = apart({with.out}, {with.readings, with.units, with.scores, with.alarms, with.labels}); !own.ok())
    return report_failure("plot", own.error());
  if (!with.out.ends_with(".svg") && replaces(with.out))
    return report_failure("plot", wrong("the picture is SVG, and its file's name ends otherwise", with.out,
                                        "name one that ends in .svg"));
  // What cannot be written is told before the work, not after it.
  output_file out(with.out);
  if (!out.good()) return report_failure("plot", out.close().error());
  plot_data data;
  auto range = range_of(with);
  if (!range.ok()) return report_failure("plot", range.error());
  progress_bar bar(true);
  const auto span = reported_span(with.readings, bar);
  if (!span.ok()) return report_failure("plot", span.error());
  // Rows of a lost clock, decades away, would squeeze the others into a line; who asks for them gets them.
  if (with.from.empty()) range->from = span->first;
  if (with.to.empty()) range->to = span->last;
  if (const auto taken = take_trace(with, *range, data); !taken.ok()) return report_failure("plot", taken.error());
  if (const auto taken = take_scores(with, *range, data); !taken.ok()) return report_failure("plot", taken.error());
  if (const auto taken = take_tables(with, data); !taken.ok()) return report_failure("plot", taken.error());
  out.write(plot_svg(data, with.size));
  if (const auto closed = out.close(); !closed.ok()) return report_failure("plot", closed.error());
  if (with.json)
    std::cout << boost::json::serialize(boost::json::object{{"file", with.out},
                                                            {"unit", with.unit},
                                                            {"readings", data.trace.size()},
                                                            {"scores", data.scores.size()},
                                                            {"from", format_utc(data.trace.front().at)},
                                                            {"to", format_utc(data.trace.back().at)}})
              << "\n";
  else
    std::cout << "wrote " << with.out << ": unit " << with.unit << ", " << data.trace.size() << " readings\n";
  return 0;
}

} // namespace

void add_plot_command(CLI::App& app, chosen_command& chosen) {
  auto with = std::make_shared<plot_arguments>();
  auto* command = app.add_subcommand("plot", "Draw a unit's trace, limits, forecast, score and alarms as SVG");
  command->add_option("--readings", with->readings, "readings.csv")->required();
  command->add_option("--out", with->out, "The SVG file to write, NAME.svg")->required();
  command->add_option("--unit", with->unit, "Its unit_id; without it the file's first unit");
  command->add_option("--units", with->units, "units.csv: limits");
  command->add_option("--scores", with->scores, "scores.csv, as backtest writes it: score and forecast");
  command->add_option("--alarms", with->alarms, "alarms.csv, as backtest writes it");
  command->add_option("--labels", with->labels, "labels.csv: known faults");
  command->add_option("--from", with->from, "First day or time (UTC)");
  command->add_option("--to", with->to, "Last day or time (UTC)");
  command->add_option("--width", with->size.width, "Pixels")->check(CLI::Range(300, 10'000))->capture_default_str();
  command->add_option("--height", with->size.height, "Pixels")->check(CLI::Range(200, 10'000))->capture_default_str();
  command->add_flag("--json", with->json, "Print what was drawn as JSON");
  command->callback([&chosen, with] { chosen = [with] { return run_plot(*with); }; });
}

} // namespace coldvigil
