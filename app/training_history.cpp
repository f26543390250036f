#include "app/training_history.hpp"

#include "app/stored_units.hpp"
#include "core/plain_text.hpp"
#include "evaluation/readings_file.hpp"
#include "sim/trace.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <random>
#include <set>

namespace coldvigil {
namespace {

constexpr std::uint64_t progress_every = 100'000; // rows
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

/// The newest readings of each unit, as many as there is room for: when there are too many, the longest series are cut.
class newest_readings {
 public:
  explicit newest_readings(std::size_t most) : most_(most) {}

  void add(std::string_view unit, const training_reading& reading) {
    if (recent_ == nullptr || recent_->unit != unit) recent_ = find(unit);
    recent_->readings.push_back(reading);
    if (++held_ > most_) cut();
  }
  [[nodiscard]] bool was_cut() const { return cut_; }
  /// By their code, each in event order.
  std::vector<training_series> take() {
    std::vector<training_series> out;
    for (auto& [code, series] : units_) {
      put_in_order(series);
      out.push_back(std::move(series));
    }
    return out;
  }

 private:
  training_series* find(std::string_view unit) {
    auto found = units_.find(unit);
    if (found == units_.end()) found = units_.emplace(std::string(unit), training_series{std::string(unit), {}}).first;
    return &found->second;
  }
  void cut() {
    cut_ = true;
    std::size_t longest = 0;
    for (const auto& [code, series] : units_)
      longest = std::max(longest, series.readings.size());
    held_ = 0;
    for (auto& [code, series] : units_) {
      auto& all = series.readings;
      if (all.size() > longest / 2) {
        put_in_order(series);
        all.erase(all.begin(), all.end() - static_cast<std::ptrdiff_t>(std::min(all.size(), longest / 2)));
        all.shrink_to_fit();
      }
      held_ += all.size();
    }
  }

  const std::size_t most_;
  std::map<std::string, training_series, std::less<>> units_;
  training_series* recent_ = nullptr;
  std::size_t held_ = 0;
  bool cut_ = false;
};

bool inside(const unit_row& unit, milli_celsius value) {
  return (!unit.low || value >= *unit.low) && (!unit.high || value <= *unit.high);
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

result<training_history> file_history(const file_history_options& options,
                                      const std::function<void(double share)>& progress) {
  std::map<std::string_view, const unit_row*> units;
  for (const unit_row& unit : options.units)
    units.emplace(unit.unit, &unit);
  auto file = readings_file::open(options.readings);
  if (!file.ok()) return file.error();
  newest_readings kept(options.most_readings);
  file_reading one;
  std::uint64_t rows = 0;
  while (file->next(one)) {
    if (++rows % progress_every == 0) progress(file->progress());
    if (!one.value || !options.within.holds(one.at)) continue;
    const auto unit = units.find(one.unit);
    if (unit == units.end() || inside(*unit->second, *one.value)) kept.add(one.unit, {one.at, *one.value});
  }
  if (!file->sound()) return failure{error_code::unavailable, "reading the file broke off", options.readings, ""};
  training_history out;
  out.series = kept.take();
  out.left_out = file->problems();
  out.description = printable(std::filesystem::path{options.readings}.filename().string()) + ": " +
                    std::to_string(out.series.size()) + " units, " + span_of(out.series);
  if (!options.units.empty()) out.description += ", inside their limits";
  if (kept.was_cut()) out.description += ", the newest readings of each unit";
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
