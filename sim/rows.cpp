#include "sim/rows.hpp"

#include "sim/plain_json.hpp"

#include <boost/json.hpp>

#include <cstdio>

namespace coldvigil::sim {
namespace {

namespace json = boost::json;

json::value optional_text(const std::optional<std::string>& text) {
  return text ? json::value(*text) : json::value(nullptr);
}

} // namespace

std::string naive(timestamp at) {
  std::string text = format_utc(at);
  text.pop_back(); // the Z
  return text;
}

void append_json(std::string& out, const origin& from, const reported_reading& reading) {
  const json::object row{{"customer_id", from.customer.code},
                         {"facility_id", from.facility.code},
                         {"unit_id", from.unit.code},
                         {"unit_name", optional_text(from.unit.name)},
                         {"temperature", reading.value ? json::value(*reading.value) : json::value(nullptr)},
                         {"temperature_unit", from.unit.fahrenheit ? "F" : "C"},
                         {"timestamp", naive(reading.at)},
                         {"sensor_id", from.unit.sensor},
                         {"set_temperature", from.unit.set_point},
                         {"size", from.unit.size},
                         {"size_unit", from.unit.size_unit},
                         {"city", optional_text(from.facility.city)},
                         {"country", from.facility.country},
                         {"quality_score", reading.quality}};
  append_plain(out, row);
}

void append_csv(std::string& out, const origin& from, const reported_reading& reading) {
  char text[64];
  out += from.customer.code + "," + from.facility.code + "," + from.unit.code + "," + from.unit.name.value_or("") + ",";
  if (reading.value) {
    std::snprintf(text, sizeof text, "%.2f", *reading.value);
    out += text;
  }
  out += from.unit.fahrenheit ? ",F," : ",C,";
  out += naive(reading.at) + "," + from.unit.sensor;
  std::snprintf(text, sizeof text, ",%.1f,%.0f,", from.unit.set_point, from.unit.size);
  out += text;
  out += from.unit.size_unit + "," + from.facility.city.value_or("") + "," + from.facility.country;
  std::snprintf(text, sizeof text, ",%.2f\n", reading.quality);
  out += text;
}

} // namespace coldvigil::sim
