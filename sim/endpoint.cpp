#include "sim/endpoint.hpp"

#include "sim/plain_json.hpp"
#include "sim/query.hpp"
#include "sim/rows.hpp"
#include "sim/world.hpp"

#include <boost/json.hpp>

#include <cmath>

namespace coldvigil::sim {
namespace {

namespace json = boost::json;

constexpr double max_fault_minutes = 60.0 * 24 * 30;
constexpr double max_limit = 100'000; ///< rows of one unit
constexpr double default_limit = 10'000;

using answered = result<http_message_response>;

http_message_response json_answer(int status, const json::value& body) {
  return {status, "application/json", plain_json(body)};
}

int status_of(error_code code) {
  switch (code) {
  case error_code::invalid_argument:
    return 400;
  case error_code::not_found:
    return 404;
  case error_code::limit:
    return 409;
  default:
    return 500;
  }
}

json::value optional_text(const std::optional<std::string>& text) {
  return text ? json::value(*text) : json::value(nullptr);
}

result<millis> span_of(const query& from, const simulated_world& world, double otherwise) {
  const auto hours = number_of(from, "hours", otherwise, 0, static_cast<double>(world.options().max_history.count()));
  if (!hours.ok()) return hours.error();
  return millis{static_cast<std::int64_t>(*hours * 3'600'000)};
}

/// The span that is asked for, unless the rows of all units would be more than an answer holds.
result<millis> fleet_span(const query& from, const simulated_world& world, const simulated_customer& customer,
                          double otherwise) {
  auto span = span_of(from, world, otherwise);
  if (span.ok() && world.rows_of(customer, *span) > world.options().max_rows)
    return failure{error_code::invalid_argument,
                   "that is more than " + std::to_string(world.options().max_rows) + " rows", "",
                   "ask for fewer hours, or for one unit at /temperature/historical"};
  return span;
}

http_message_response listing(const simulated_world& world, const simulated_customer& customer, std::size_t count,
                              const std::string& rows) {
  std::string head = plain_json(
      json::object{{"customer_id", customer.code}, {"generated_at", naive(world.now())}, {"reading_count", count}});
  head.pop_back();
  return {200, "application/json", head + ",\"readings\":[" + rows + "]}"};
}

answered current(simulated_world& world, const simulated_customer& customer, const query& from) {
  const auto span = fleet_span(from, world, customer, 0.25);
  if (!span.ok()) return span.error();
  std::string rows;
  std::size_t count = 0;
  for (const simulated_facility& facility : customer.facilities)
    for (const simulated_unit& unit : facility.units)
      for (const reported_reading& reading : world.readings(customer, unit, *span)) {
        if (count++ > 0) rows += ',';
        append_json(rows, {customer, facility, unit}, reading);
      }
  return listing(world, customer, count, rows);
}

answered csv(simulated_world& world, const simulated_customer& customer, const query& from) {
  const auto span = fleet_span(from, world, customer, 24);
  if (!span.ok()) return span.error();
  std::string out(csv_header);
  for (const simulated_facility& facility : customer.facilities)
    for (const simulated_unit& unit : facility.units)
      for (const reported_reading& reading : world.readings(customer, unit, *span))
        append_csv(out, {customer, facility, unit}, reading);
  if (out.size() == csv_header.size()) return http_message_response{204, "text/csv", ""};
  return http_message_response{200, "text/csv", std::move(out)};
}

struct found_unit {
  const simulated_facility* facility = nullptr;
  const simulated_unit* unit = nullptr;
};

result<found_unit> find_unit(const simulated_customer& customer, const std::string& code) {
  for (const simulated_facility& facility : customer.facilities)
    for (const simulated_unit& unit : facility.units)
      if (unit.code == code) return found_unit{&facility, &unit};
  return failure{error_code::not_found, "customer " + customer.code + " has no unit " + shown(code)};
}

answered historical(simulated_world& world, const simulated_customer& customer, const query& from) {
  const std::string* asked = from.find("unit_id");
  if (!asked) return failure{error_code::invalid_argument, "unit_id is missing"};
  const auto found = find_unit(customer, *asked);
  if (!found.ok()) return found.error();
  const auto span = span_of(from, world, 24);
  if (!span.ok()) return span.error();
  const auto limit = whole_number_of(from, "limit", default_limit, 1, max_limit);
  if (!limit.ok()) return limit.error();
  const auto readings = world.readings(customer, *found->unit, *span);
  const std::size_t count = std::min(readings.size(), static_cast<std::size_t>(*limit));
  std::string rows;
  for (std::size_t i = readings.size() - count; i < readings.size(); ++i) {
    if (!rows.empty()) rows += ',';
    append_json(rows, {customer, *found->facility, *found->unit}, readings[i]);
  }
  return listing(world, customer, count, rows);
}

http_message_response facilities(const simulated_world& world, const simulated_customer& customer) {
  json::array all;
  for (const simulated_facility& facility : customer.facilities) {
    json::array units;
    for (const simulated_unit& unit : facility.units)
      units.push_back({{"unit_id", unit.code},
                       {"name", optional_text(unit.name)},
                       {"set_temperature", unit.set_point},
                       {"temperature_unit", unit.fahrenheit ? "F" : "C"},
                       {"size", unit.size},
                       {"size_unit", unit.size_unit},
                       {"low_limit", unit.low},
                       {"high_limit", unit.high},
                       {"interval_seconds", world.interval_of(customer).count()}});
    all.push_back({{"facility_id", facility.code},
                   {"name", optional_text(facility.name)},
                   {"city", optional_text(facility.city)},
                   {"country", facility.country},
                   {"units", std::move(units)}});
  }
  return json_answer(200, {{"customer_id", customer.code}, {"facilities", std::move(all)}});
}

http_message_response root(const simulated_customer& customer) {
  std::size_t units = 0;
  for (const simulated_facility& facility : customer.facilities)
    units += facility.units.size();
  return json_answer(200, {{"customer_id", customer.code},
                           {"customer_name", customer.name},
                           {"data_sharing_method", customer.csv ? "csv" : "api"},
                           {"total_facilities", customer.facilities.size()},
                           {"total_units", units},
                           {"data_endpoint", customer.csv ? "/data/download.csv" : "/temperature/current"}});
}

answered assignment_shape(simulated_world& world, const simulated_customer& customer, const std::string& code) {
  const auto found = find_unit(customer, code);
  if (!found.ok()) return found.error();
  const auto value = world.newest(customer, *found->unit);
  return json_answer(200, {{"customer", customer.code},
                           {"storage_room", found->unit->name.value_or(found->unit->code)},
                           {"temp", value ? json::value(std::lround(*value)) : json::value(nullptr)},
                           {"degrees", found->unit->fahrenheit ? "F" : "C"}});
}

result<double> number_in(const json::object& body, const char* name, double otherwise, double low, double high) {
  const auto* value = body.if_contains(name);
  if (!value) return otherwise;
  json::error_code error;
  const double number = value->to_number<double>(error);
  if (error || !std::isfinite(number) || number < low || number > high) return out_of_range(name, low, high);
  return number;
}

result<const fault_profile*> kind_in(const json::object& body) {
  const auto* named = body.if_contains("kind");
  const auto kind = named && named->is_string() ? parse_fault(named->as_string()) : std::nullopt;
  if (kind) return &profile_of(*kind);
  std::string known;
  for (const fault_profile& profile : fault_profiles)
    known += " " + std::string(profile.name);
  return failure{error_code::invalid_argument, "kind must be one of:" + known};
}

answered start_fault(simulated_world& world, const simulated_customer& customer, const std::string& code,
                     const std::string& text) {
  if (const auto found = find_unit(customer, code); !found.ok()) return found.error();
  json::error_code error;
  const json::value parsed = json::parse(text, error);
  if (error || !parsed.is_object())
    return failure{error_code::invalid_argument, "the body must be a JSON object with kind and minutes"};
  const auto profile = kind_in(parsed.as_object());
  if (!profile.ok()) return profile.error();
  const fault_profile& of = **profile;
  const auto minutes = number_in(parsed.as_object(), "minutes", 30, 0.1, max_fault_minutes);
  if (!minutes.ok()) return minutes.error();
  const auto magnitude = number_in(parsed.as_object(), "magnitude", of.usual, of.low, of.high);
  if (!magnitude.ok()) return magnitude.error();
  const auto started = world.start_fault(code, of.kind, *minutes, *magnitude);
  if (!started.ok()) return started.error();
  return json_answer(200, {{"unit_id", code},
                           {"kind", of.name},
                           {"start", naive(started->start)},
                           {"end", naive(started->end)},
                           {"magnitude", *magnitude},
                           {"magnitude_means", of.meaning}});
}

/// The rest of the path behind a prefix; nothing when it does not begin with it or nothing follows.
std::optional<std::string> behind(const std::string& path, std::string_view prefix) {
  if (path.size() <= prefix.size() || path.compare(0, prefix.size(), prefix) != 0) return std::nullopt;
  return path.substr(prefix.size());
}

answered dispatch(simulated_world& world, const simulated_customer& customer, const http_message_request& request) {
  const query at = parse_target(request.target);
  if (const auto unit = behind(at.path, "/simulate/fault/")) {
    if (request.method != "POST") return json_answer(405, {{"detail", "faults are started by POST"}});
    return start_fault(world, customer, *unit, request.body);
  }
  if (request.method != "GET") return json_answer(405, {{"detail", "only GET is known here"}});
  if (at.path == "/") return root(customer);
  if (at.path == "/health") return json_answer(200, {{"status", "ok"}, {"customer_id", customer.code}});
  if (at.path == "/facilities") return facilities(world, customer);
  if (at.path == "/temperature/current") return current(world, customer, at);
  if (at.path == "/temperature/historical") return historical(world, customer, at);
  if (at.path == "/data/download.csv") return csv(world, customer, at);
  if (const auto unit = behind(at.path, "/temperature/unit/")) return assignment_shape(world, customer, *unit);
  return failure{error_code::not_found, "there is nothing at " + shown(at.path)};
}

} // namespace

http_message_response answer(simulated_world& world, const simulated_customer& customer,
                             const http_message_request& request) {
  const answered done = dispatch(world, customer, request);
  return done.ok() ? *done : json_answer(status_of(done.error().code), {{"detail", done.error().text()}});
}

http_message_response no_such_customer(const std::string& code) {
  return json_answer(404, {{"detail", "there is no customer " + shown(code)}});
}

} // namespace coldvigil::sim
