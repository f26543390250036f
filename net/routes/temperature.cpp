// Reading what was measured: lists, the newest of each unit, one unit's.
#include "net/reading_page.hpp"
#include "net/routes/routes.hpp"
#include "net/scope.hpp"
#include "net/series_reader.hpp"

#include <algorithm>
#include <limits>

namespace coldvigil::routes {
namespace {

struct reading_filter {
  time_span span;
  page_window page;
  milli_celsius low = std::numeric_limits<milli_celsius>::min();
  milli_celsius high = std::numeric_limits<milli_celsius>::max();
};

std::optional<milli_celsius> celsius_bound(query_string& query, const std::string& name) {
  const auto given = query.real(name);
  if (!given) return std::nullopt;
  const auto value = to_milli_celsius(*given, temperature_scale::celsius);
  if (!value) query.reject(name, "a temperature in °C");
  return value;
}

reading_filter read_filter(const api& with, query_string& query) {
  reading_filter filter;
  filter.span = read_span(with, query, "start_date", "end_date");
  filter.page = read_page(query, 1000, 100, 100'000);
  if (const auto low = celsius_bound(query, "min_temperature")) filter.low = *low;
  if (const auto high = celsius_bound(query, "max_temperature")) filter.high = *high;
  return filter;
}

std::vector<found_unit> all_units(const scope& seen) {
  std::vector<found_unit> out;
  for (const auto& customer : seen.customers)
    for (std::size_t i = 0; i < customer->unit_count; ++i)
      out.push_back(found_unit{customer, &customer->unit(i)});
  return out;
}

std::string render_page(const std::vector<found_unit>& units, const std::vector<sensor_names>& sensors,
                        reading_page& found, const page_window& page) {
  std::string text;
  json_writer out(text);
  out.begin_object().key("items").begin_array();
  const std::uint64_t total = found.total();
  std::shared_ptr<const customer_now> last;
  std::optional<customer_view> view;
  for (const auto& entry : found.take(page.offset)) {
    const found_unit& unit = units[entry.unit];
    if (unit.customer != last) view.emplace(last = unit.customer);
    write_reading(out, *view, *unit.unit->unit, entry.reading, name_of(sensors[entry.unit], entry.reading.sensor));
  }
  write_page_end(out, page, total);
  return text;
}

route_answer answer_page(api& with, const std::vector<found_unit>& units, const reading_filter& filter) {
  reading_page found(filter.page.offset + filter.page.limit);
  std::vector<sensor_names> sensors(units.size());
  std::size_t left = with.options.max_scanned_readings;
  for (std::size_t i = 0; i < units.size(); ++i) {
    auto got = co_await read_series_up_to(with, units[i], filter.span.from, filter.span.to, left);
    if (auto* refused = std::get_if<http_answer>(&got)) co_return std::move(*refused);
    if (std::holds_alternative<too_many_readings>(got))
      co_return problem(422, "too-much", "Too many readings lie in that span: name a unit or a shorter span.");
    series& content = std::get<series>(got);
    left -= content.readings.size();
    for (const auto& reading : content.readings)
      if (reading.value >= filter.low && reading.value <= filter.high) found.offer(reading, i);
    sensors[i] = std::move(content.sensors);
  }
  co_return json_answer(render_page(units, sensors, found, filter.page));
}

} // namespace

route_answer list_readings(api& with, api_request& request) {
  const reading_filter filter = read_filter(with, request.query);
  if (!request.query.errors().empty()) co_return invalid_input(request.query.errors());
  const auto seen = scope_of(with, request);
  if (!seen) co_return not_found("There is no such customer.");
  std::vector<found_unit> units;
  if (const auto name = request.query.text("unit_id")) {
    const auto unit = find_unit(*seen, *name);
    if (!unit) co_return not_found("There is no such unit.");
    units.push_back(*unit);
  } else if (seen->unit_count() > with.options.max_listed_units) {
    co_return problem(422, "too-much",
                      "More than " + std::to_string(with.options.max_listed_units) + " units: name one by unit_id.");
  } else {
    units = all_units(*seen);
  }
  co_return co_await answer_page(with, units, filter);
}

route_answer unit_readings(api& with, api_request& request) {
  const reading_filter filter = read_filter(with, request.query);
  if (!request.query.errors().empty()) co_return invalid_input(request.query.errors());
  const auto seen = scope_of(with, request);
  const auto unit = seen ? find_unit(*seen, request.path[0]) : std::nullopt;
  if (!unit) co_return not_found("There is no such unit.");
  const std::vector<found_unit> units{*unit};
  co_return co_await answer_page(with, units, filter);
}

route_answer latest_readings(api& with, api_request& request) {
  const std::size_t limit = request.query.number("limit", 1, 100'000, 100'000);
  if (!request.query.errors().empty()) co_return invalid_input(request.query.errors());
  const auto seen = scope_of(with, request);
  if (!seen) co_return not_found("There is no such customer.");
  std::vector<found_unit> units = all_units(*seen);
  std::erase_if(units, [](const found_unit& one) { return !one.unit->last; });
  std::stable_sort(units.begin(), units.end(),
                   [](const auto& a, const auto& b) { return a.unit->last->at > b.unit->last->at; });
  units.resize(std::min(units.size(), limit));
  std::unordered_map<const customer_now*, customer_view> views;
  std::string text;
  json_writer out(text);
  out.begin_array();
  for (const auto& one : units) {
    const auto& view = views.try_emplace(one.customer.get(), one.customer).first->second;
    write_reading(out, view, *one.unit->unit, *one.unit->last, one.unit->last_sensor());
  }
  out.end_array();
  co_return json_answer(std::move(text));
}

} // namespace coldvigil::routes
