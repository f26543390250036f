// `coldvigil simulate --export`: a labelled fleet as files.
#include "app/evaluation_commands.hpp"
#include "app/output_file.hpp"
#include "app/progress_bar.hpp"
#include "app/real_range.hpp"
#include "evaluation/readings_file.hpp"
#include "evaluation/tables.hpp"
#include "sim/fleet.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>

namespace coldvigil {
namespace {

struct export_arguments {
  std::string folder;
  sim::fleet_plan plan;
  std::int64_t interval_s = 300;
  std::vector<std::string> faults{"all"}, kinds, habits;
  std::string magnitude = "1";
  bool json = false;
};

failure wrong(std::string what, std::string where, std::string hint) {
  return {error_code::invalid_argument, std::move(what), std::move(where), std::move(hint)};
}

constexpr std::array<std::pair<sim::unit_class, unit_kind>, 4> kind_names{
    {{sim::unit_class::vaccine, unit_kind::vaccine_fridge},
     {sim::unit_class::cooler, unit_kind::chilled_room},
     {sim::unit_class::freezer, unit_kind::freezer},
     {sim::unit_class::ultra_low, unit_kind::ultra_low}}};

unit_kind kind_of(sim::unit_class of) {
  return kind_names[static_cast<std::size_t>(of)].second;
}

status take_faults(const std::vector<std::string>& names, sim::fleet_plan& plan) {
  for (const std::string& name : names) {
    if (name == "none") continue;
    if (name == "all" || name == "unseen") {
      const std::size_t from = name == "all" ? 0 : sim::catalogue_size;
      const std::size_t to = name == "all" ? sim::catalogue_size : sim::fault_profiles.size();
      for (std::size_t i = from; i < to; ++i)
        plan.faults.push_back(static_cast<sim::fault_kind>(i));
      continue;
    }
    const auto kind = sim::parse_fault(name);
    if (!kind) {
      std::string known = "all, unseen, none";
      for (const auto& profile : sim::fault_profiles)
        known += ", " + std::string(profile.name);
      return wrong("there is no kind of fault '" + name + "'", "--faults", "take of: " + known);
    }
    plan.faults.push_back(*kind);
  }
  return nothing{};
}

status take_kinds(const std::vector<std::string>& names, sim::fleet_plan& plan) {
  if (names.empty()) return nothing{};
  plan.kinds.clear();
  for (const std::string& name : names) {
    const auto found = std::find_if(kind_names.begin(), kind_names.end(),
                                    [&](const auto& pair) { return to_string(pair.second) == name; });
    if (found == kind_names.end())
      return wrong("there is no simulated kind of unit '" + name + "'", "--kinds",
                   "take of: vaccine_fridge, chilled_room, freezer, ultra_low");
    plan.kinds.push_back(found->first);
  }
  return nothing{};
}

status take_habits(const std::vector<std::string>& names, sim::fleet_plan& plan) {
  for (const std::string& name : names) {
    const auto which = sim::parse_habit(name);
    if (!which && name != "all") {
      std::string known = "all";
      for (const auto& each : sim::habit_names)
        known += ", " + std::string(each);
      return wrong("there is no habit '" + name + "'", "--habits", "take of: " + known);
    }
    if (which)
      plan.habits.push_back(*which);
    else
      for (std::size_t i = 0; i < sim::habit_names.size(); ++i)
        plan.habits.push_back(static_cast<sim::habit>(i));
  }
  return nothing{};
}

status take_magnitude(const std::string& text, sim::fleet_plan& plan) {
  const auto colon = text.find(':');
  const auto low = parse_file_number(text.substr(0, colon));
  const auto high = colon == std::string::npos ? low : parse_file_number(text.substr(colon + 1));
  if (!low || !high || !(*low > 0) || !(*high >= *low) || *high > 10)
    return wrong("'" + text + "' is no factor", "--magnitude", "a number or LOW:HIGH, above 0 and at most 10");
  plan.magnitude_low = *low;
  plan.magnitude_high = *high;
  return nothing{};
}

result<sim::fleet_plan> plan_of(const export_arguments& arguments) {
  sim::fleet_plan plan = arguments.plan;
  plan.interval = std::chrono::seconds{arguments.interval_s};
  if (const auto taken = take_faults(arguments.faults, plan); !taken.ok()) return taken.error();
  if (const auto taken = take_kinds(arguments.kinds, plan); !taken.ok()) return taken.error();
  if (const auto taken = take_habits(arguments.habits, plan); !taken.ok()) return taken.error();
  if (const auto taken = take_magnitude(arguments.magnitude, plan); !taken.ok()) return taken.error();
  if (plan.days <= plan.clean_days && !plan.faults.empty())
    return wrong("the days end before the first fault may come", "--days",
                 "give more than the clean days (" + std::to_string(plan.clean_days) + "), or --faults none");
  return plan;
}

/// A fleet that was to have faults and has none says why.
status asked_for_had(const sim::fleet_plan& plan, const std::vector<sim::fleet_unit>& fleet) {
  const bool asked = !plan.faults.empty() && plan.faults_per_unit > 0 && plan.clean_share < 1;
  const bool any = std::any_of(fleet.begin(), fleet.end(), [](const auto& unit) { return !unit.faults.empty(); });
  if (!asked || any) return nothing{};
  const std::size_t left = plan.days - plan.clean_days;
  return wrong("none of these faults fits on these units into the " + std::to_string(left) +
                   (left == 1 ? " day" : " days") + " after the " + std::to_string(plan.clean_days) + " clean ones",
               "--days", "give more days or fewer --clean-days, other --faults or --kinds, or --faults none");
}

struct export_counts {
  std::uint64_t readings = 0, empty = 0;
  std::map<std::string, std::size_t> faults;
};

void write_units(const std::vector<sim::fleet_unit>& fleet, std::int64_t interval_s, output_file& units,
                 output_file& labels, export_counts& counts) {
  units.write(units_header);
  labels.write(labels_header);
  const auto milli = [](double celsius) { return to_milli_celsius(celsius, temperature_scale::celsius); };
  for (const sim::fleet_unit& unit : fleet) {
    units.write(csv_line(unit_row{unit.code, kind_of(unit.kind), milli(unit.design.set_point), milli(unit.low),
                                  milli(unit.high), interval_s, unit.site}));
    for (const sim::fault& one : unit.faults) {
      const std::string name(profile_of(one.kind).name);
      ++counts.faults[name];
      labels.write(csv_line(label_row{unit.code, one.start, one.end, name}));
    }
  }
}

void write_readings(const sim::fleet_plan& plan, const std::vector<sim::fleet_unit>& fleet, output_file& readings,
                    export_counts& counts) {
  readings.write(readings_header);
  progress_bar bar(true);
  std::size_t done = 0;
  for (const sim::fleet_unit& unit : fleet) {
    run_unit(plan, unit, [&](const sim::fleet_reading& one) {
      const auto value = to_milli_celsius(one.celsius, temperature_scale::celsius);
      const bool empty = one.what == sim::arrival::empty || !value;
      readings.write(unit.code + "," + format_utc(one.at) + "," + (empty ? std::string() : celsius_text(*value)) +
                     "\n");
      ++(empty ? counts.empty : counts.readings);
    });
    bar.show("simulating", ++done, fleet.size(), "units");
    if (!readings.good()) break;
  }
  bar.end();
}

void print(const export_arguments& arguments, std::size_t units, const export_counts& counts) {
  std::size_t faults = 0;
  boost::json::object kinds;
  for (const auto& [kind, count] : counts.faults) {
    faults += count;
    kinds[kind] = count;
  }
  if (arguments.json) {
    std::cout << boost::json::serialize(boost::json::object{{"folder", arguments.folder},
                                                            {"units", units},
                                                            {"readings", counts.readings},
                                                            {"empty_readings", counts.empty},
                                                            {"faults", faults},
                                                            {"faults_by_kind", kinds},
                                                            {"seed", arguments.plan.seed}})
              << "\n";
    return;
  }
  std::cout << "wrote readings.csv, units.csv and labels.csv in " << arguments.folder << ": " << units << " units, "
            << counts.readings << " readings, " << faults << " faults of " << counts.faults.size() << " kinds\n";
}

int run_export(const export_arguments& arguments) {
  const auto plan = plan_of(arguments);
  if (!plan.ok()) return report_failure("simulate", plan.error());
  const auto fleet = sim::plan_fleet(*plan);
  if (const auto had = asked_for_had(*plan, fleet); !had.ok()) return report_failure("simulate", had.error());
  std::error_code error;
  std::filesystem::create_directories(arguments.folder, error);
  if (error)
    return report_failure("simulate", wrong("cannot make the folder: " + error.message(), arguments.folder,
                                            "name one that you may write to"));
  export_counts counts;
  // All three belong together: they take their places when the last of them is whole.
  output_file readings(arguments.folder + "/readings.csv"), units(arguments.folder + "/units.csv"),
      labels(arguments.folder + "/labels.csv");
  if (readings.good()) {
    write_units(fleet, arguments.interval_s, units, labels, counts);
    write_readings(*plan, fleet, readings, counts);
  }
  for (output_file* each : {&readings, &units, &labels})
    if (const auto closed = each->close(); !closed.ok()) return report_failure("simulate", closed.error());
  print(arguments, fleet.size(), counts);
  return 0;
}

} // namespace

void add_simulate_options(CLI::App& command, chosen_command& chosen, const chosen_command& serve_endpoints) {
  auto with = std::make_shared<export_arguments>();
  auto* out = command.add_option("--export", with->folder,
                                 "Instead of running endpoints, write a labelled fleet to this folder: readings.csv, "
                                 "units.csv, labels.csv");
  const auto add = [&](const char* name, auto& into, const char* what) {
    return command.add_option(name, into, what)->needs(out)->capture_default_str();
  };
  add("--units", with->plan.units, "Units of the fleet")->check(CLI::Range(1, 100'000));
  add("--days", with->plan.days, "Days of readings, the clean ones included")->check(CLI::Range(1, 3650));
  add("--clean-days", with->plan.clean_days, "Days at the beginning without faults")->check(CLI::Range(0, 3650));
  add("--faults", with->faults, "Kinds of faults: all (16), unseen (4 more), none, or names")->delimiter(',');
  add("--faults-per-unit", with->plan.faults_per_unit, "Faults of a unit that has any")->check(CLI::Range(0, 100));
  add("--clean-share", with->plan.clean_share, "Share of the units without faults")->check(real_range(0.0, 1.0));
  add("--magnitude", with->magnitude, "Factor on the faults' strength, or LOW:HIGH");
  add("--seed", with->plan.seed, "Another seed: other units and other faults");
  add("--interval", with->interval_s, "Seconds between readings")->check(CLI::Range(5, 86'400));
  add("--kinds", with->kinds, "Kinds of units: vaccine_fridge, chilled_room, freezer, ultra_low (all)")->delimiter(',');
  add("--heat-wave", with->plan.heat_wave, "K warmer at every site for four days")->check(real_range(0.0, 30.0));
  add("--habits", with->habits,
      "Everyday patterns that are no faults, dealt in turn: all, or weekdays, six_days, nights, holidays, "
      "summer_time, goods, free_defrosts")
      ->delimiter(',');
  add("--units-per-site", with->plan.units_per_site, "Units that share their surroundings")
      ->check(CLI::Range(1, 100'000));
  command.add_flag("--json", with->json, "Print what was written as JSON")->needs(out);
  command.callback([&chosen, with, serve_endpoints] {
    chosen = with->folder.empty() ? serve_endpoints : chosen_command([with] { return run_export(*with); });
  });
}

} // namespace coldvigil
