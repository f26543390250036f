#include "sim/world.hpp"

#include "core/plain_file.hpp"
#include "sim/chance.hpp"
#include "sim/endpoint.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cmath>
#include <span>
#include <string_view>

namespace coldvigil::sim {
namespace {

constexpr std::uint64_t ch_null = 70;
constexpr millis full_resolution = std::chrono::hours{1};
/// More than all faults of all units take up.
constexpr std::size_t max_faults_file = 16u << 20;

/// As the imitated systems rate their readings: by how reliable the customer is and how far from the set point.
double quality_of(const simulated_customer& customer, double deviation, std::uint64_t dice) {
  const double distance = deviation > 10 ? 0.7 : deviation > 5 ? 0.85 : deviation > 2 ? 0.95 : 1;
  const double rated = customer.reliability * distance + between(mix({dice, 1}), -0.02, 0.02);
  return std::round(std::clamp(rated, 0.0, 1.0) * 100) / 100;
}

timestamp on_grid_after(timestamp at, millis step) {
  const std::int64_t steps = (to_ms(at) + step.count() - 1) / step.count();
  return from_ms(steps * step.count());
}

} // namespace

simulated_world::simulated_world(const world_options& options, const clock& time)
    : options_(options), time_(time),
      customers_(options.generated_customers == 0 ? reference_customers(options.seed)
                                                  : generate_customers(options.generated_customers, options.seed)) {
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

millis simulated_world::archive_step_of(const simulated_customer& customer) const {
  // A whole number of intervals, so that the archive lies on the grid of the live readings.
  const millis interval = interval_of(customer);
  return interval * std::max<std::int64_t>(1, millis{options_.archive_step} / interval);
}

std::size_t simulated_world::rows_of(const simulated_customer& customer, millis span) const {
  const millis within = std::min<millis>(span, options_.max_history);
  const auto rows = std::min(within, full_resolution) / interval_of(customer) + within / archive_step_of(customer) + 2;
  std::size_t units = 0;
  for (const simulated_facility& facility : customer.facilities)
    units += facility.units.size();
  return units * static_cast<std::size_t>(rows);
}

std::vector<reported_reading> simulated_world::readings(const simulated_customer& customer, const simulated_unit& unit,
                                                        millis span) {
  const millis interval = interval_of(customer);
  const millis archive = archive_step_of(customer);
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
    reported_reading given{reading.at, std::nullopt, 0};
    if (uniform(dice) >= unit.null_chance) {
      given.value = std::round(unit.own(reading.celsius) * 100) / 100;
      given.quality = quality_of(customer, std::abs(*given.value - unit.set_point), dice);
    }
    out.push_back(given);
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
  const millis length{static_cast<std::int64_t>(minutes * 60'000)};
  const auto started = found->second->start(kind, now(), length, magnitude);
  if (!started)
    return failure{error_code::limit, "the unit has had too many faults", unit_code, "restart with another seed"};
  if (const auto saved = save_faults(); !saved.ok())
    return failure{saved.error().code, "the fault runs, but will not survive a restart: " + saved.error().what,
                   saved.error().where, saved.error().hint};
  return *started;
}

http_message_handler simulated_world::handler(const std::string& customer_code) {
  const auto found = std::find_if(customers_.begin(), customers_.end(),
                                  [&](const simulated_customer& c) { return c.code == customer_code; });
  if (found == customers_.end())
    return [customer_code](const http_message_request&) { return no_such_customer(customer_code); };
  const simulated_customer& customer = *found;
  return [this, &customer](const http_message_request& request) { return answer(*this, customer, request); };
}

// --- injected faults in a file

status simulated_world::load_faults() {
  if (options_.faults_path.empty()) return nothing{};
  const auto bytes = read_plain_file(options_.faults_path, max_faults_file + 1);
  if (!bytes.ok() && bytes.error().code == error_code::not_found) return nothing{};
  if (!bytes.ok())
    return failure{error_code::unavailable, "the file of injected faults: " + bytes.error().what, options_.faults_path};
  const failure damaged{error_code::corrupt, "the file of injected faults is damaged", options_.faults_path,
                        "delete it: the simulated units then have no faults"};
  if (bytes->size() > max_faults_file) return damaged;
  const std::string_view text{reinterpret_cast<const char*>(bytes->data()), bytes->size()};
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
  const std::string text = boost::json::serialize(all) + "\n";
  const auto written = replace_file(options_.faults_path, std::as_bytes(std::span{text}));
  if (written.ok()) return nothing{};
  return failure{error_code::unavailable, "the file of injected faults: " + written.error().what, options_.faults_path};
}

} // namespace coldvigil::sim
