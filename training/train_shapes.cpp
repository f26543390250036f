// Trains the network of fault shapes on labelled fleets (scripts/train-shapes makes them) and writes its weights as
// model/fault_shape_weights.inc.

#include "core/plain_file.hpp"
#include "evaluation/readings_file.hpp"
#include "evaluation/tables.hpp"
#include "model/course_score.hpp"
#include "model/shape_training.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <map>
#include <set>
#include <span>
#include <sstream>
#include <string>

namespace coldvigil {
namespace {

constexpr std::chrono::hours recovery{6};
/// What shows in how the temperature moves. Other faults of a fleet teach nothing, neither that they are faults nor
/// that they are none.
const std::set<std::string> shown_kinds{"door_ajar",     "compressor_fail", "power_outage",
                                        "defrost_stuck", "short_cycling",   "slow_rise"};

struct unit_in_training {
  unit_course course{};
  labelled_course labelled;
  std::vector<label_row> faults;
  std::int32_t newest = 0;
};

shape_label label_at(const std::vector<label_row>& faults, timestamp at) {
  for (const label_row& each : faults) {
    if (at < each.start || at >= each.end + recovery) continue;
    return at < each.end && shown_kinds.contains(each.kind) ? shape_label::faulty : shape_label::unknown;
  }
  return shape_label::healthy;
}

[[noreturn]] void stop(const failure& why) {
  std::cerr << "train_shapes: " << why.text() << '\n';
  std::exit(2);
}

/// What could not be used teaches nothing: somebody should know.
void report(const row_problems& problems, const std::string& file) {
  if (problems.count == 0) return;
  std::cerr << file << ": " << problems.count << " rows cannot be used\n";
  for (const std::string& each : problems.named)
    std::cerr << "  " << each << '\n';
}

/// Of every unit of a fleet the steps, in the order of its readings.
void read_fleet(const std::string& folder, double share, std::vector<labelled_course>& into) {
  row_problems problems;
  const auto labels = read_labels(folder + "/labels.csv", problems);
  if (!labels.ok()) stop(labels.error());
  report(problems, folder + "/labels.csv");
  auto file = readings_file::open(folder + "/readings.csv");
  if (!file.ok()) stop(file.error());
  std::map<std::string, unit_in_training, std::less<>> units;
  for (const label_row& each : labels.value())
    units[each.unit].faults.push_back(each);
  course_rules rules;
  rules.with_shapes = false;
  file_reading reading;
  while (file.value().next(reading)) {
    if (!reading.value) continue;
    auto known = units.find(reading.unit);
    if (known == units.end()) known = units.try_emplace(std::string(reading.unit)).first;
    unit_in_training& unit = known->second;
    fold(unit.course, reading.at, *reading.value, rules);
    if (unit.course.folded == unit.newest) continue;
    unit.newest = unit.course.folded;
    const auto step = newest_step(unit.course, rules);
    if (!step) continue;
    unit.labelled.steps.push_back(*step);
    unit.labelled.labels.push_back(label_at(unit.faults, reading.at));
  }
  report(file.value().problems(), folder + "/readings.csv");
  for (auto& [name, unit] : units) {
    unit.labelled.share = share / static_cast<double>(units.size());
    into.push_back(std::move(unit.labelled));
  }
}

void write(const std::string& path, const shape_network& network, const std::string& made_by) {
  std::ostringstream out;
  out << "// " << made_by << "\n// Generated: do not edit. Inputs, memory, bias (64 each), output, its bias.\n";
  char text[32];
  std::size_t column = 0;
  for (const float each : std::bit_cast<shape_numbers>(network)) {
    std::snprintf(text, sizeof text, "%.6gF,", static_cast<double>(each));
    std::string number = text;
    if (number.find_first_of(".e") == std::string::npos) number.insert(number.size() - 2, ".0");
    out << number << (++column % 12 == 0 ? "\n" : " ");
  }
  out << '\n';
  const std::string made = out.str();
  if (const auto written = replace_file(path, std::as_bytes(std::span{made})); !written.ok()) stop(written.error());
}

int run(int count, char** arguments) {
  CLI::App app{"Trains the network of fault shapes on labelled fleets."};
  std::string out, made_by = "By train_shapes.";
  std::vector<std::string> fleets;
  shape_training_options options;
  app.add_option("--out", out, "where the weights go")->required();
  app.add_option("--made-by", made_by, "said in the file's first line");
  app.add_option("--rounds", options.rounds, "of training")->check(CLI::Range(1, 1'000'000));
  app.add_option("--seed", options.seed, "of the network and of what it is shown");
  app.add_option("fleets", fleets, "DIR or DIR*SHARE: a folder with readings.csv and labels.csv")->required();
  CLI11_PARSE(app, count, arguments);
  if (const auto tried = can_be_written(out); !tried.ok()) stop(tried.error());
  std::vector<labelled_course> courses;
  for (const std::string& each : fleets) {
    const auto star = each.rfind('*');
    const auto share = star == std::string::npos ? 1.0 : parse_file_number(each.substr(star + 1)).value_or(0);
    if (!(share > 0)) stop({error_code::invalid_argument, "no share above 0", each, "give DIR or DIR*SHARE"});
    read_fleet(each.substr(0, star), share, courses);
  }
  const bool enough = std::any_of(courses.begin(), courses.end(),
                                  [&](const labelled_course& each) { return each.steps.size() >= options.stretch; });
  if (!enough)
    stop({error_code::invalid_argument, "no unit has readings for a stretch", "the fleets",
          "give longer ones, at most 10 min apart and in the order of time"});
  const auto network = train_shapes(courses, options, [](double done, double loss) {
    std::fprintf(stderr, "%3.0f %%  loss %.4f\n", 100 * done, loss);
  });
  write(out, network, made_by);
  return 0;
}

} // namespace
} // namespace coldvigil

int main(int count, char** arguments) {
  return coldvigil::run(count, arguments);
}
