#include "app/stored_units.hpp"

#include "app/open_parts.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace coldvigil {

result<std::vector<judged_reading>> stored_readings_of(store_reader& from, const unit_record& unit,
                                                       const std::vector<judged_reading>& tail, std::size_t days) {
  const millis span = std::chrono::days{days};
  auto all = from.sealed(unit.point, tail.empty() ? from_ms(0) : tail.back().at - span, timestamp::max());
  if (!all.ok()) return all;
  for (const judged_reading& each : tail)
    if (all->empty() || each.at > all->back().at) all->push_back(each);
  if (all->empty()) return all;
  const timestamp oldest = all->back().at - span;
  std::erase_if(*all, [&](const judged_reading& each) { return each.at < oldest; });
  return all;
}

training_series healthy_series(std::string name, const unit_record& unit, const std::vector<judged_reading>& readings) {
  training_series out{std::move(name), {}};
  for (const judged_reading& each : readings)
    if (each.value >= unit.range.low && each.value <= unit.range.high) out.readings.push_back({each.at, each.value});
  return out;
}

status each_stored_unit(const store_settings& settings, std::size_t days, const stored_unit_sink& sink,
                        const std::function<void(std::size_t done, std::size_t of)>& progress) {
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

  std::size_t done = 0;
  for (const unit_record& unit : known->units) {
    auto all = stored_readings_of(**reader, unit, unsealed[unit.point], days);
    if (!all.ok()) return all.error();
    sink(*customers.at(unit.customer), unit, std::move(*all));
    progress(++done, known->units.size());
  }
  from.close();
  return nothing{};
}

std::function<bool(const customer_record&)> teachers(const settings& config) {
  std::set<std::string> agreed;
  for (const source_settings& each : config.customers)
    if (each.training) agreed.insert(each.customer_code);
  const bool alone = config.customers.size() == 1 && !config.simulation.enabled;
  return [agreed, alone](const customer_record& customer) { return alone || agreed.contains(customer.code); };
}

} // namespace coldvigil
