#include "sim/endpoint.hpp"

#include "sim/world.hpp"

#include <boost/json.hpp>

#include <charconv>
#include <cmath>
#include <cstdio>
#include <map>

namespace coldvigil::sim {
namespace {

namespace json = boost::json;

constexpr double max_fault_minutes = 60.0 * 24 * 30;
constexpr std::size_t max_rows = 100'000;

struct route {
  std::string path;
  std::map<std::string, std::string> query;
};

/// What a request may be refused for: thrown inside this file only, answered at its border.
struct refusal {
  int status;
  std::string detail;
};

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16).ptr == text.data() + i + 3) {
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

route parse_target(std::string_view target) {
  route out;
  const auto mark = target.find('?');
  out.path = percent_decoded(target.substr(0, mark));
  if (mark == std::string_view::npos) return out;
  std::string_view rest = target.substr(mark + 1);
  while (!rest.empty()) {
    const auto end = rest.find('&');
    const std::string_view pair = rest.substr(0, end);
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos)
      out.query[percent_decoded(pair.substr(0, equals))] = percent_decoded(pair.substr(equals + 1));
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  }
  return out;
}

double number_of(const route& from, const std::string& name, double otherwise, double low, double high) {
  const auto found = from.query.find(name);
  if (found == from.query.end()) return otherwise;
  double value = 0;
  const std::string& text = found->second;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value) || value < low ||
      value > high) {
    char range[80];
    std::snprintf(range, sizeof range, " must be a number from %g to %g", low, high);
    throw refusal{400, name + range};
  }
  return value;
}

std::string naive(timestamp at) {
  std::string text = format_utc(at);
  text.pop_back(); // the Z
  return text;
}

http_message_response json_answer(int status, const json::value& body) {
  return {status, "application/json", json::serialize(body)};
}

json::value optional_text(const std::optional<std::string>& text) {
  return text ? json::value(*text) : json::value(nullptr);
}

json::object row_of(const simulated_customer& customer, const simulated_facility& facility, const simulated_unit& unit,
                    const reported_reading& reading) {
  return {{"customer_id", customer.code},
          {"facility_id", facility.code},
          {"unit_id", unit.code},
          {"unit_name", optional_text(unit.name)},
          {"temperature", reading.value ? json::value(*reading.value) : json::value(nullptr)},
          {"temperature_unit", unit.fahrenheit ? "F" : "C"},
          {"timestamp", naive(reading.at)},
          {"sensor_id", unit.sensor},
          {"set_temperature", unit.set_point},
          {"size", unit.size},
          {"size_unit", unit.size_unit},
          {"city", optional_text(facility.city)},
          {"country", facility.country},
          {"quality_score", reading.value ? 0.95 : 0.0}};
}

json::object listing(simulated_world& world, const simulated_customer& customer, json::array rows) {
  const auto count = rows.size();
  return {{"customer_id", customer.code},
          {"generated_at", naive(world.now())},
          {"reading_count", count},
          {"readings", std::move(rows)}};
}

millis span_of(const route& from, const simulated_world& world, double otherwise) {
  const double hours = number_of(from, "hours", otherwise, 0, static_cast<double>(world.options().max_history.count()));
  return millis{static_cast<std::int64_t>(hours * 3'600'000)};
}

http_message_response current(simulated_world& world, const simulated_customer& customer, const route& from) {
  const millis span = span_of(from, world, 0.25);
  json::array rows;
  for (const simulated_facility& facility : customer.facilities)
    for (const simulated_unit& unit : facility.units)
      for (const reported_reading& reading : world.readings(customer, unit, span))
        rows.push_back(row_of(customer, facility, unit, reading));
  return json_answer(200, listing(world, customer, std::move(rows)));
}

struct found_unit {
  const simulated_facility* facility = nullptr;
  const simulated_unit* unit = nullptr;
};

found_unit find_unit(const simulated_customer& customer, const std::string& code) {
  for (const simulated_facility& facility : customer.facilities)
    for (const simulated_unit& unit : facility.units)
      if (unit.code == code) return {&facility, &unit};
  throw refusal{404, "customer " + customer.code + " has no unit " + code};
}

http_message_response historical(simulated_world& world, const simulated_customer& customer, const route& from) {
  const auto asked = from.query.find("unit_id");
  if (asked == from.query.end()) throw refusal{400, "unit_id is missing"};
  const found_unit found = find_unit(customer, asked->second);
  const millis span = span_of(from, world, 24);
  const auto limit = static_cast<std::size_t>(number_of(from, "limit", 10'000, 1, max_rows));
  auto readings = world.readings(customer, *found.unit, span);
  if (readings.size() > limit) readings.erase(readings.begin(), readings.end() - static_cast<std::ptrdiff_t>(limit));
  json::array rows;
  for (const reported_reading& reading : readings)
    rows.push_back(row_of(customer, *found.facility, *found.unit, reading));
  return json_answer(200, listing(world, customer, std::move(rows)));
}

http_message_response csv(simulated_world& world, const simulated_customer& customer, const route& from) {
  const millis span = span_of(from, world, 24);
  std::string out = "customer_id,facility_id,unit_id,unit_name,temperature,temperature_unit,timestamp,sensor_id,"
                    "set_temperature,size,size_unit,city,country,quality_score\n";
  const std::size_t header = out.size();
  char text[64];
  for (const simulated_facility& facility : customer.facilities)
    for (const simulated_unit& unit : facility.units)
      for (const reported_reading& reading : world.readings(customer, unit, span)) {
        out += customer.code + "," + facility.code + "," + unit.code + "," + unit.name.value_or("") + ",";
        if (reading.value) {
          std::snprintf(text, sizeof text, "%.2f", *reading.value);
          out += text;
        }
        out += unit.fahrenheit ? ",F," : ",C,";
        out += naive(reading.at) + "," + unit.sensor;
        std::snprintf(text, sizeof text, ",%.1f,%.0f,", unit.set_point, unit.size);
        out += text;
        out += unit.size_unit + "," + facility.city.value_or("") + "," + facility.country;
        out += reading.value ? ",0.95\n" : ",0.0\n";
      }
  if (out.size() == header) return {204, "text/csv", ""};
  return {200, "text/csv", std::move(out)};
}

http_message_response facilities(simulated_world& world, const simulated_customer& customer) {
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

http_message_response assignment_shape(simulated_world& world, const simulated_customer& customer,
                                       const std::string& code) {
  const found_unit found = find_unit(customer, code);
  const auto value = world.newest(customer, *found.unit);
  return json_answer(200, {{"customer", customer.code},
                           {"storage_room", found.unit->name.value_or(found.unit->code)},
                           {"temp", value ? json::value(std::lround(*value)) : json::value(nullptr)},
                           {"degrees", found.unit->fahrenheit ? "F" : "C"}});
}

double number_in(const json::object& body, const char* name, double otherwise, double low, double high) {
  const auto* value = body.if_contains(name);
  if (!value) return otherwise;
  json::error_code error;
  const double number = value->to_number<double>(error);
  char range[80];
  std::snprintf(range, sizeof range, " must be a number from %g to %g", low, high);
  if (error || !std::isfinite(number) || number < low || number > high) throw refusal{400, std::string(name) + range};
  return number;
}

http_message_response start_fault(simulated_world& world, const simulated_customer& customer, const std::string& code,
                                  const std::string& text) {
  find_unit(customer, code);
  json::error_code error;
  const json::value parsed = json::parse(text, error);
  if (error || !parsed.is_object()) throw refusal{400, "the body must be a JSON object with kind and minutes"};
  const json::object& body = parsed.as_object();
  const auto* named = body.if_contains("kind");
  const auto kind = named && named->is_string() ? parse_fault(named->as_string()) : std::nullopt;
  if (!kind) {
    std::string known;
    for (const fault_profile& profile : fault_profiles)
      known += " " + std::string(profile.name);
    throw refusal{400, "kind must be one of:" + known};
  }
  const fault_profile& profile = profile_of(*kind);
  const double minutes = number_in(body, "minutes", 30, 0.1, max_fault_minutes);
  const double magnitude = number_in(body, "magnitude", profile.usual, profile.low, profile.high);
  const auto started = world.start_fault(code, *kind, minutes, magnitude);
  if (!started.ok()) throw refusal{started.error().code == error_code::limit ? 409 : 500, started.error().text()};
  return json_answer(200, {{"unit_id", code},
                           {"kind", profile.name},
                           {"start", naive(started->start)},
                           {"end", naive(started->end)},
                           {"magnitude", magnitude}});
}

/// The rest of the path behind a prefix; nothing when it does not begin with it or nothing follows.
std::optional<std::string> behind(const std::string& path, std::string_view prefix) {
  if (path.size() <= prefix.size() || path.compare(0, prefix.size(), prefix) != 0) return std::nullopt;
  return path.substr(prefix.size());
}

http_message_response dispatch(simulated_world& world, const simulated_customer& customer,
                               const http_message_request& request) {
  const route at = parse_target(request.target);
  if (const auto unit = behind(at.path, "/simulate/fault/")) {
    if (request.method != "POST") throw refusal{405, "faults are started by POST"};
    return start_fault(world, customer, *unit, request.body);
  }
  if (request.method != "GET") throw refusal{405, "only GET is known here"};
  if (at.path == "/") return root(customer);
  if (at.path == "/health") return json_answer(200, {{"status", "ok"}, {"customer_id", customer.code}});
  if (at.path == "/facilities") return facilities(world, customer);
  if (at.path == "/temperature/current") return current(world, customer, at);
  if (at.path == "/temperature/historical") return historical(world, customer, at);
  if (at.path == "/data/download.csv") return csv(world, customer, at);
  if (const auto unit = behind(at.path, "/temperature/unit/")) return assignment_shape(world, customer, *unit);
  throw refusal{404, "there is nothing at " + at.path};
}

} // namespace

http_message_response answer(simulated_world& world, const simulated_customer& customer,
                             const http_message_request& request) {
  try {
    return dispatch(world, customer, request);
  } catch (const refusal& why) {
    return json_answer(why.status, {{"detail", why.detail}});
  }
}

} // namespace coldvigil::sim
