#include "app/stored_units.hpp"

#include "app/open_parts.hpp"
#include "core/history_page.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <map>
#include <set>
#include <utility>

namespace coldvigil {
namespace {

/// One unit of a fleet that is gone through is in memory at a time, with as many days as were asked for.
constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

} // namespace

result<std::vector<judged_reading>> stored_readings_of(store_reader& from, const unit_record& unit,
                                                       const std::vector<judged_reading>& tail, millis span,
                                                       std::size_t most) {
  std::vector<judged_reading> all;
  if (tail.empty()) return all; // the newest reading is never sealed
  const timestamp newest = tail.back().at;
  const timestamp oldest = newest - span;
  const millis page = history_page(unit.interval);
  for (timestamp begin = oldest; begin <= newest && all.size() <= most; begin += page) {
    const auto part = from.sealed(unit.point, begin, std::min(newest, begin + page - millis{1}));
    if (!part.ok()) return part;
    all.insert(all.end(), part->begin(), part->end());
  }
  for (const judged_reading& each : tail)
    if (each.at >= oldest && (all.empty() || each.at > all.back().at)) all.push_back(each);
  if (all.size() <= most) return all;
  return failure{error_code::limit, "the unit has more than " + std::to_string(most) + " readings in that time",
                 unit.code, "ask for fewer days"};
}

training_series healthy_series(std::string name, const unit_record& unit, const std::vector<judged_reading>& readings) {
  training_series out{std::move(name), {}};
  for (const judged_reading& each : readings)
    if (each.value >= unit.range.low && each.value <= unit.range.high) out.readings.push_back({each.at, each.value});
  return out;
}

status each_stored_unit(const store_settings& settings, std::size_t days, const stored_unit_sink& sink,
                        const std::function<void(std::size_t done, std::size_t of)>& progress) {
  // Opening would make one.
  if (settings.kind == store_kind::sqlite && !std::filesystem::exists(settings.path))
    return failure{error_code::not_found, "there is no store", settings.path, "check store.path in the configuration"};
  auto opened = open_store(settings);
  if (!opened.ok()) return opened.error();
  store& from = **opened;
  const auto known = from.load_registry();
  if (!known.ok()) return known.error();
  auto reader = from.make_reader();
  if (!reader.ok()) return reader.error();
  std::map<customer_id, const customer_record*> customers;
  for (const customer_record& each : known->customers)
    customers[each.id] = &each;
  std::map<point_id, std::vector<judged_reading>> unsealed;
  const auto recovered =
      from.recover([&](unit_recovery&& unit) { unsealed[unit.snapshot.point] = std::move(unit.snapshot.tail); });
  if (!recovered.ok()) return recovered.error();

  std::size_t done = 0, readings = 0;
  for (const unit_record& unit : known->units) {
    auto all = stored_readings_of(**reader, unit, unsealed[unit.point], std::chrono::days{days}, no_limit);
    if (!all.ok()) return all.error();
    readings += all->size();
    sink(*customers.at(unit.customer), unit, std::move(*all));
    progress(++done, known->units.size());
  }
  from.close();
  if (readings > 0) return nothing{};
  return failure{error_code::not_found, "the store holds no readings",
                 settings.kind == store_kind::sqlite ? settings.path : "store.url",
                 "check the store in the configuration, and that a server has run on it"};
}

std::function<bool(const customer_record&)> teachers(const settings& config) {
  std::set<std::string> agreed;
  for (const source_settings& each : config.customers)
    if (each.training) agreed.insert(each.customer_code);
  const bool alone = config.customers.size() == 1 && !config.simulation.enabled;
  return [agreed, alone](const customer_record& customer) { return alone || agreed.contains(customer.code); };
}

} // namespace coldvigil
