#include "app/training_history.hpp"

#include "app/stored_units.hpp"
#include "ingest/payload.hpp"
#include "sim/trace.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <sstream>

namespace coldvigil {
namespace {

constexpr std::uintmax_t largest_readings_file = 512u << 20; // bytes, read whole
constexpr std::size_t most_rows = 10'000'000;
/// A Monday: door openings and restocks follow the week.
constexpr timestamp simulation_start = std::chrono::sys_days{std::chrono::year{2026} / 1 / 5};

struct class_plan {
  sim::unit_class kind;
  double lowest, highest; ///< °C, set point
};
constexpr class_plan plans[] = {{sim::unit_class::freezer, -30, -16},
                                {sim::unit_class::cooler, 1, 14},
                                {sim::unit_class::vaccine, 3, 6},
                                {sim::unit_class::ultra_low, -86, -65}};

void append(sim::unit_trace& trace, timestamp from, timestamp to, int interval_s, training_series& into) {
  for (const auto& one : trace.readings(from, to, std::chrono::seconds{interval_s}))
    if (const auto value = to_milli_celsius(one.celsius, temperature_scale::celsius))
      into.readings.push_back({one.at, *value});
}

std::string span_of(const std::vector<training_series>& series) {
  timestamp first = timestamp::max();
  timestamp last = timestamp::min();
  for (const auto& one : series) {
    if (one.readings.empty()) continue;
    first = std::min(first, one.readings.front().at);
    last = std::max(last, one.readings.back().at);
  }
  return first > last ? "no readings" : format_utc(first) + " to " + format_utc(last);
}

/// Event order, one reading a time.
void put_in_order(training_series& series) {
  auto& all = series.readings;
  const auto earlier = [](const auto& a, const auto& b) { return a.at < b.at; };
  std::stable_sort(all.begin(), all.end(), earlier);
  all.erase(std::unique(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.at == b.at; }), all.end());
}

result<std::string> whole_file(const std::string& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error) return failure{error_code::not_found, "cannot read the readings: " + error.message(), path, ""};
  if (size > largest_readings_file)
    return failure{error_code::limit, "the file of readings is larger than 512 MiB", path, "train on a part of it"};
  std::ifstream in{path, std::ios::binary};
  std::string text(static_cast<std::size_t>(size), '\0');
  if (!in.read(text.data(), static_cast<std::streamsize>(text.size())))
    return failure{error_code::unavailable, "cannot read the readings", path, ""};
  return text;
}

} // namespace

training_series simulated_series(std::uint64_t seed, std::size_t unit, std::size_t days, int interval_s) {
  const class_plan& plan = plans[unit % std::size(plans)];
  std::mt19937_64 random{seed * 1'000'003 + unit};
  const double part = static_cast<double>(random() >> 11) / 9007199254740992.0;
  const double set_point = plan.lowest + part * (plan.highest - plan.lowest);
  sim::unit_trace trace{sim::draw_design(seed, unit, plan.kind, set_point)};

  training_series out{"simulated-" + std::to_string(seed) + "-" + std::to_string(unit), {}};
  const timestamp end = simulation_start + std::chrono::days{days};
  if (interval_s == 0) {
    const timestamp change = end - std::chrono::days{1};
    append(trace, simulation_start, change, 300, out);
    append(trace, change + std::chrono::seconds{10}, end, 10, out);
  } else {
    // Short intervals need fewer days to show as many windows; three are what location and scale remember.
    const timestamp from = interval_s < 300 ? std::max(simulation_start, end - std::chrono::days{4}) : simulation_start;
    append(trace, from, end, interval_s, out);
  }
  return out;
}

training_history simulated_history(std::uint64_t seed, std::size_t units, std::size_t days,
                                   const history_progress& progress) {
  training_history out;
  for (std::size_t unit = 0; unit < units; ++unit) {
    for (const int interval_s : sampling_intervals_s)
      out.series.push_back(simulated_series(seed, unit, days, interval_s));
    progress(unit + 1, units);
  }
  out.description = std::to_string(units) + " simulated units of 4 classes without faults, " + std::to_string(days) +
                    " days, sampled every 10 s, 1, 5, 15 and 30 min and changing from 5 min to 10 s, seed " +
                    std::to_string(seed);
  return out;
}

result<training_history> csv_history(const std::string& path) {
  const auto text = whole_file(path);
  if (!text.ok()) return text.error();
  payload_limits limits;
  limits.max_rows = most_rows;
  const auto parsed = parse_payload(*text, payload_format::csv, field_mapping{}, limits);
  if (!parsed.ok()) return parsed.error();
  training_history out;
  out.series.resize(parsed->units.size());
  for (std::size_t i = 0; i < parsed->units.size(); ++i)
    out.series[i].unit = parsed->units[i].unit_code;
  for (const payload_row& row : parsed->rows)
    if (const auto* value = std::get_if<row_value>(&row.content))
      out.series[row.unit].readings.push_back({value->at, value->value});
  for (training_series& series : out.series)
    put_in_order(series);
  out.description = std::filesystem::path{path}.filename().string() + ": " + std::to_string(out.series.size()) +
                    " units, " + span_of(out.series);
  return out;
}

result<training_history> store_history(const settings& config, std::size_t days, const history_progress& progress) {
  training_history out;
  const auto teaches = teachers(config);
  std::set<std::string> customers;
  const auto add = [&](const customer_record& customer, const unit_record& unit, std::vector<judged_reading>&& all) {
    if (!teaches(customer)) return;
    training_series series = healthy_series(customer.code + "/" + unit.code, unit, all);
    put_in_order(series);
    if (!series.readings.empty()) customers.insert(customer.code);
    out.series.push_back(std::move(series));
  };
  if (const auto done = each_stored_unit(config.store, days, add, progress); !done.ok()) return done.error();
  if (customers.empty())
    return failure{error_code::not_found, "no customer's readings may be trained on", "customer.training",
                   "set training = true for those who agreed"};
  out.customers.assign(customers.begin(), customers.end());
  out.description = "the store: " + std::to_string(out.series.size()) + " units, readings inside their limits, " +
                    span_of(out.series);
  return out;
}

} // namespace coldvigil
