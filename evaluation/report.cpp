#include "evaluation/report.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <random>

namespace coldvigil {
namespace {

constexpr double ms_a_month = 30.0 * 86'400'000;
constexpr double ms_a_minute = 60'000;
constexpr std::array<std::string_view, 5> fast_kinds{"compressor_fail", "power_outage", "door_ajar", "defrost_stuck",
                                                     "stuck_on"};
constexpr std::array<std::string_view, 4> slow_kinds{"refrigerant_leak", "iced_evap", "thermostat_drift",
                                                     "sensor_drift"};

/// What one draw of units gives for one set of faults.
struct tally {
  std::size_t faults = 0, found = 0;
  std::vector<double> delays, leads_instant, leads_sustained; ///< min
};

void count(const fault_outcome& fault, std::size_t times, tally& into) {
  into.faults += times;
  if (!fault.delay) return;
  into.found += times;
  const auto push = [times](std::vector<double>& to, const std::optional<millis>& value) {
    if (value) to.insert(to.end(), times, static_cast<double>(value->count()) / ms_a_minute);
  };
  push(into.delays, fault.delay);
  push(into.leads_instant, fault.lead_instant);
  push(into.leads_sustained, fault.lead_sustained);
}

/// The value below which the part lies (nearest rank); reorders.
std::optional<double> quantile(std::vector<double>& values, double part) {
  if (values.empty()) return std::nullopt;
  const auto rank = static_cast<std::size_t>(std::ceil(part * static_cast<double>(values.size())));
  const std::size_t place = std::min(values.size() - 1, rank == 0 ? 0 : rank - 1);
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(place), values.end());
  return values[place];
}

enum measure : std::size_t { recall, delay_median, delay_p90, lead_instant, lead_sustained, measures };
using measured_values = std::array<std::optional<double>, measures>;

measured_values measure_of(tally& of) {
  measured_values out;
  if (of.faults > 0) out[recall] = static_cast<double>(of.found) / static_cast<double>(of.faults);
  out[delay_median] = quantile(of.delays, 0.5);
  out[delay_p90] = quantile(of.delays, 0.9);
  out[lead_instant] = quantile(of.leads_instant, 0.5);
  out[lead_sustained] = quantile(of.leads_sustained, 0.5);
  return out;
}

/// The draws of one measure, to an interval around its estimate.
figure interval(std::optional<double> estimate, std::vector<double>& draws, double confidence) {
  figure out;
  out.estimate = estimate;
  if (!estimate) return out;
  out.low = quantile(draws, (1 - confidence) / 2).value_or(*estimate);
  out.high = quantile(draws, (1 + confidence) / 2).value_or(*estimate);
  return out;
}

/// One line of the report: which faults it counts.
struct line {
  std::string name;
  std::vector<std::vector<double>> draws = std::vector<std::vector<double>>(measures);
  tally all{};
  measured_values estimate{};
};

/// How the bootstrap sees all units: as often as they are drawn.
class counting {
 public:
  explicit counting(const std::vector<unit_outcome>& units) : units_(units) {
    std::map<std::string, std::size_t> places;
    for (const unit_outcome& unit : units)
      for (const fault_outcome& fault : unit.faults)
        places.emplace(fault.kind, 0);
    lines_.push_back({"all"});
    for (const auto group : {fault_group::fast, fault_group::slow, fault_group::other})
      lines_.push_back({std::string(to_string(group))});
    for (auto& [kind, place] : places) {
      place = lines_.size();
      lines_.push_back({kind});
    }
    for (const unit_outcome& unit : units)
      for (const fault_outcome& fault : unit.faults)
        kind_line_.push_back(places.at(fault.kind));
  }

  /// Tallies of every line when unit i is drawn times[i] times.
  [[nodiscard]] std::vector<tally> tallies(const std::vector<std::size_t>& times) const {
    std::vector<tally> out(lines_.size());
    std::size_t place = 0;
    for (std::size_t i = 0; i < units_.size(); ++i)
      for (const fault_outcome& fault : units_[i].faults) {
        const std::size_t kind = kind_line_[place++];
        if (times[i] == 0) continue;
        count(fault, times[i], out[0]);
        count(fault, times[i], out[1 + static_cast<std::size_t>(group_of(fault.kind))]);
        count(fault, times[i], out[kind]);
      }
    return out;
  }
  std::vector<line>& lines() { return lines_; }

 private:
  const std::vector<unit_outcome>& units_;
  std::vector<line> lines_;
  std::vector<std::size_t> kind_line_; ///< of every fault in the order of the units
};

double false_rate(const std::vector<unit_outcome>& units, const std::vector<std::size_t>& times) {
  double months = 0;
  double alarms = 0;
  for (std::size_t i = 0; i < units.size(); ++i) {
    months += static_cast<double>(times[i]) * static_cast<double>(units[i].clean.count()) / ms_a_month;
    alarms += static_cast<double>(times[i] * units[i].false_alarms.size());
  }
  return months > 0 ? alarms / months : 0;
}

fault_figures figures_of(line& of, double confidence) {
  fault_figures out;
  out.name = of.name;
  out.faults = of.all.faults;
  out.found = of.all.found;
  out.breached = of.all.leads_instant.size();
  std::array<figure, measures> all{};
  for (std::size_t m = 0; m < measures; ++m)
    all[m] = interval(of.estimate[m], of.draws[m], confidence);
  out.recall = all[recall];
  out.delay_median_min = all[delay_median];
  out.delay_p90_min = all[delay_p90];
  out.lead_instant_min = all[lead_instant];
  out.lead_sustained_min = all[lead_sustained];
  return out;
}

} // namespace

fault_group group_of(std::string_view kind) {
  if (std::find(fast_kinds.begin(), fast_kinds.end(), kind) != fast_kinds.end()) return fault_group::fast;
  if (std::find(slow_kinds.begin(), slow_kinds.end(), kind) != slow_kinds.end()) return fault_group::slow;
  return fault_group::other;
}

std::string_view to_string(fault_group group) {
  constexpr std::array<std::string_view, 3> names{"fast", "slow", "other"};
  return names[static_cast<std::size_t>(group)];
}

evaluation_report summarise(std::string name, const std::vector<unit_outcome>& units, const scoring_rules& rules,
                            const bootstrap_rules& bootstrap) {
  evaluation_report out;
  out.name = std::move(name);
  out.units = units.size();
  const std::vector<std::size_t> once(units.size(), 1);
  for (const unit_outcome& unit : units) {
    out.unit_months += static_cast<double>(unit.clean.count()) / ms_a_month;
    out.false_alarms += unit.false_alarms.size();
  }
  out.incidents = site_incidents(units, rules);

  counting counted(units);
  auto tallied = counted.tallies(once);
  for (std::size_t l = 0; l < tallied.size(); ++l) {
    counted.lines()[l].all = tallied[l];
    counted.lines()[l].estimate = measure_of(tallied[l]);
  }
  std::mt19937_64 random{bootstrap.seed};
  std::vector<double> false_draws;
  std::vector<std::size_t> times(units.size());
  for (std::size_t round = 0; round < bootstrap.rounds && !units.empty(); ++round) {
    std::fill(times.begin(), times.end(), std::size_t{0});
    for (std::size_t i = 0; i < units.size(); ++i)
      ++times[random() % units.size()];
    false_draws.push_back(false_rate(units, times));
    auto drawn = counted.tallies(times);
    for (std::size_t l = 0; l < drawn.size(); ++l) {
      const measured_values values = measure_of(drawn[l]);
      for (std::size_t m = 0; m < measures; ++m)
        if (values[m]) counted.lines()[l].draws[m].push_back(*values[m]);
    }
  }
  if (out.unit_months > 0) {
    out.false_per_unit_month = interval(false_rate(units, once), false_draws, bootstrap.confidence);
    const double incidents = static_cast<double>(out.incidents) / out.unit_months;
    out.incidents_per_unit_month = {incidents, incidents, incidents};
  }
  auto& lines = counted.lines();
  out.all = figures_of(lines[0], bootstrap.confidence);
  for (std::size_t l = 1; l < lines.size(); ++l)
    if (lines[l].all.faults > 0) (l < 4 ? out.groups : out.kinds).push_back(figures_of(lines[l], bootstrap.confidence));
  return out;
}

evaluation_report random_row(const std::vector<unit_case>& units, std::size_t episodes, const scoring_rules& rules,
                             const bootstrap_rules& bootstrap) {
  constexpr std::size_t rounds = 40;
  double span = 0;
  for (const unit_case& unit : units)
    span += std::max(0.0, static_cast<double>((unit.to - unit.from).count()));
  const double rate = span > 0 ? static_cast<double>(episodes) / span : 0; // a ms
  std::mt19937_64 random{bootstrap.seed};
  const auto uniform = [&] { return (static_cast<double>(random() >> 11) + 0.5) / 9007199254740992.0; };
  evaluation_report out;
  std::vector<double> recalls, rates, incidents;
  for (std::size_t round = 0; round < rounds; ++round) {
    std::vector<unit_outcome> outcomes;
    for (unit_case unit : units) {
      unit.alarms.clear();
      for (double at = 0; rate > 0;) {
        at += -std::log(uniform()) / rate;
        const timestamp when = unit.from + millis{static_cast<std::int64_t>(std::min(at, 1e15))};
        if (when >= unit.to) break;
        unit.alarms.push_back({when, when});
      }
      outcomes.push_back(judge(unit, rules));
    }
    const auto drawn = summarise("", outcomes, rules, {.rounds = 0});
    out.units = drawn.units;
    out.unit_months = drawn.unit_months;
    out.all.faults = drawn.all.faults;
    recalls.push_back(drawn.all.recall.estimate.value_or(0));
    rates.push_back(drawn.false_per_unit_month.estimate.value_or(0));
    incidents.push_back(drawn.incidents_per_unit_month.estimate.value_or(0));
  }
  const auto mean = [](const std::vector<double>& of) {
    double sum = 0;
    for (const double each : of)
      sum += each;
    return sum / static_cast<double>(of.size());
  };
  out.name = "random";
  out.all.name = "all";
  if (out.all.faults > 0) out.all.recall = interval(mean(recalls), recalls, bootstrap.confidence);
  out.all.found = static_cast<std::size_t>(std::llround(mean(recalls) * static_cast<double>(out.all.faults)));
  out.false_per_unit_month = interval(mean(rates), rates, bootstrap.confidence);
  out.false_alarms = static_cast<std::size_t>(std::llround(mean(rates) * out.unit_months));
  out.incidents_per_unit_month = interval(mean(incidents), incidents, bootstrap.confidence);
  return out;
}

} // namespace coldvigil
