#include "sim/world.hpp"

#include "sim/chance.hpp"
#include "sim/endpoint.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace coldvigil::sim {
namespace {

constexpr std::uint64_t ch_null = 70;
constexpr millis full_resolution = std::chrono::hours{1};

timestamp on_grid_after(timestamp at, millis step) {
  const std::int64_t steps = (to_ms(at) + step.count() - 1) / step.count();
  return from_ms(steps * step.count());
}

} // namespace

simulated_world::simulated_world(const world_options& options, const clock& time)
    : options_(options), time_(time), customers_(reference_customers(options.seed)) {
  std::uint64_t number = 0;
  for (const simulated_customer& customer : customers_)
    for (const simulated_facility& facility : customer.facilities)
      for (const simulated_unit& unit : facility.units) {
        const double set = unit.celsius(unit.set_point);
        traces_[unit.code] = std::make_unique<unit_trace>(draw_design(options.seed, ++number, class_of(set), set));
      }
}

result<std::unique_ptr<simulated_world>> simulated_world::make(const world_options& options, const clock& time) {
  std::unique_ptr<simulated_world> world(new simulated_world(options, time));
  if (const auto loaded = world->load_faults(); !loaded.ok()) return loaded.error();
  return world;
}

std::chrono::seconds simulated_world::interval_of(const simulated_customer& customer) const {
  return options_.interval.count() > 0 ? options_.interval : customer.frequency;
}

std::vector<reported_reading> simulated_world::readings(const simulated_customer& customer, const simulated_unit& unit,
                                                        millis span) {
  const millis interval = interval_of(customer);
  // The archive's step is a whole number of intervals, so that both lie on one grid.
  const millis archive = interval * std::max<std::int64_t>(1, millis{options_.archive_step} / interval);
  const timestamp end = now();
  const timestamp begin = end - std::min<millis>(span, options_.max_history);
  const timestamp fine_from = std::max(begin, end - full_resolution);
  unit_trace& trace = *traces_.at(unit.code);
  auto raw = trace.readings(on_grid_after(begin, archive), fine_from - millis{1}, archive);
  const auto fine = trace.readings(on_grid_after(fine_from, interval), end, interval);
  raw.insert(raw.end(), fine.begin(), fine.end());
  std::vector<reported_reading> out;
  out.reserve(raw.size());
  for (const trace_reading& reading : raw) {
    const auto dice = mix({trace.design().key, ch_null, static_cast<std::uint64_t>(to_ms(reading.at))});
    reported_reading shown{reading.at, std::nullopt};
    if (uniform(dice) >= unit.null_chance) shown.value = std::round(unit.own(reading.celsius) * 100) / 100;
    out.push_back(shown);
  }
  return out;
}

std::optional<double> simulated_world::newest(const simulated_customer& customer, const simulated_unit& unit) {
  const auto all = readings(customer, unit, 20 * millis{interval_of(customer)});
  for (auto reading = all.rbegin(); reading != all.rend(); ++reading)
    if (reading->value) return reading->value;
  return std::nullopt;
}

result<fault> simulated_world::start_fault(const std::string& unit_code, fault_kind kind, double minutes,
                                           double magnitude) {
  const auto found = traces_.find(unit_code);
  if (found == traces_.end()) return failure{error_code::not_found, "there is no unit " + unit_code};
  fault what;
  what.kind = kind;
  what.start = on_grid_after(now() + millis{1}, physics_step);
  what.end = what.start + std::max(physics_step, millis{static_cast<std::int64_t>(minutes * 60'000)});
  what.magnitude = magnitude;
  if (!found->second->add(what))
    return failure{error_code::limit, "the unit has had too many faults", unit_code, "restart with another seed"};
  if (const auto saved = save_faults(); !saved.ok()) return saved.error();
  return what;
}

http_message_handler simulated_world::handler(const std::string& customer_code) {
  const auto found = std::find_if(customers_.begin(), customers_.end(),
                                  [&](const simulated_customer& c) { return c.code == customer_code; });
  const simulated_customer& customer = *found;
  return [this, &customer](const http_message_request& request) { return answer(*this, customer, request); };
}

// --- injected faults in a file

status simulated_world::load_faults() {
  if (options_.faults_path.empty() || !std::filesystem::exists(options_.faults_path)) return nothing{};
  const failure damaged{error_code::corrupt, "the file of injected faults is damaged", options_.faults_path,
                        "delete it: the simulated units then have no faults"};
  std::ifstream in(options_.faults_path);
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  boost::json::error_code error;
  const auto value = boost::json::parse(text, error);
  if (error || !value.is_array()) return damaged;
  for (const auto& entry : value.as_array()) {
    try {
      const auto& object = entry.as_object();
      const auto kind = parse_fault(object.at("kind").as_string());
      const auto trace = traces_.find(std::string(object.at("unit").as_string()));
      if (!kind || trace == traces_.end()) return damaged;
      const fault what{*kind, from_ms(object.at("start").to_number<std::int64_t>()),
                       from_ms(object.at("end").to_number<std::int64_t>()), object.at("magnitude").to_number<double>()};
      if (what.end <= what.start || !trace->second->add(what)) return damaged;
    } catch (const std::exception&) {
      return damaged;
    }
  }
  return nothing{};
}

status simulated_world::save_faults() {
  if (options_.faults_path.empty()) return nothing{};
  const std::lock_guard lock(saving_);
  boost::json::array all;
  for (const auto& [code, trace] : traces_)
    for (const fault& f : trace->faults())
      all.push_back({{"unit", code},
                     {"kind", profile_of(f.kind).name},
                     {"start", to_ms(f.start)},
                     {"end", to_ms(f.end)},
                     {"magnitude", f.magnitude}});
  const std::string draft = options_.faults_path + ".new";
  std::ofstream out(draft, std::ios::trunc);
  out << boost::json::serialize(all) << "\n";
  out.close();
  std::error_code error;
  if (out) std::filesystem::rename(draft, options_.faults_path, error);
  if (out && !error) return nothing{};
  return failure{error_code::unavailable, "the file of injected faults cannot be written", options_.faults_path};
}

} // namespace coldvigil::sim
