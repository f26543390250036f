#include "ingest/directory.hpp"

#include "ingest/body_text.hpp"
#include "ingest/json_document.hpp"

#include <boost/json.hpp>

namespace coldvigil {
namespace {

constexpr double longest_interval_seconds = 7 * 86'400;

failure wrong(std::string what, std::string where = {}, std::string hint = {}) {
  return {error_code::invalid_argument, std::move(what), std::move(where), std::move(hint)};
}

cell member(const boost::json::value& of, std::string_view name) {
  return to_cell(find_path(of, name));
}

/// A code that is there and not too long; empty otherwise.
std::string code_of(const boost::json::value& of, std::string_view name) {
  std::string code = text_of(member(of, name), max_code_bytes + 1);
  return code.size() > max_code_bytes ? std::string() : code;
}

std::chrono::seconds interval_of(const boost::json::value& unit) {
  const auto number = number_in(member(unit, "interval_seconds")).number;
  if (!number || *number < 0 || *number > longest_interval_seconds) return std::chrono::seconds{0};
  return std::chrono::seconds{static_cast<std::int64_t>(*number)};
}

result<unit_description> describe_unit(const unit_description& facility, const boost::json::value& unit,
                                       temperature_scale otherwise) {
  unit_description out = facility;
  out.unit_code = code_of(unit, "unit_id");
  if (out.unit_code.empty())
    return wrong("a unit has no usable unit_id", "facility " + facility.facility_code, known_members(unit));
  const auto scale = scale_of(member(unit, "temperature_unit"), otherwise);
  if (!scale) return wrong("temperature_unit is none of C, F and K", "unit " + out.unit_code);
  out.scale = *scale;
  out.unit_name = fact(member(unit, "name"));
  out.size_value = number_in(member(unit, "size")).number;
  out.size_unit = fact(member(unit, "size_unit"));
  out.set_point = temperature_fact(member(unit, "set_temperature"), *scale);
  const auto low = temperature_fact(member(unit, "low_limit"), *scale);
  const auto high = temperature_fact(member(unit, "high_limit"), *scale);
  if (low && high && *low < *high) out.own_limits = limits{*low, *high};
  out.interval = interval_of(unit);
  return out;
}

/// What all units of a facility share.
result<unit_description> describe_facility(const boost::json::value& facility) {
  unit_description out;
  out.facility_code = code_of(facility, "facility_id");
  if (out.facility_code.empty()) return wrong("a facility has no usable facility_id", "", known_members(facility));
  out.facility_name = fact(member(facility, "name"));
  out.city = fact(member(facility, "city"));
  out.country = fact(member(facility, "country"));
  return out;
}

const boost::json::array* array_at(const boost::json::value& of, std::string_view name) {
  const auto* value = find_path(of, name);
  return value ? value->if_array() : nullptr;
}

} // namespace

result<std::vector<unit_description>> parse_directory(std::string_view body, temperature_scale otherwise,
                                                      std::size_t max_units) {
  const auto text = check_body(body, "JSON");
  if (!text) return text.error();
  const auto document = parse_json(*text);
  if (!document) return document.error();
  const auto* facilities = document->is_array() ? document->if_array() : array_at(*document, "facilities");
  if (!facilities) return wrong("the directory has no array 'facilities'", "", known_members(*document));
  std::vector<unit_description> out;
  for (const auto& item : *facilities) {
    const auto facility = describe_facility(item);
    if (!facility) return facility.error();
    const auto* units = array_at(item, "units");
    if (!units)
      return wrong("a facility has no array 'units'", "facility " + facility->facility_code, known_members(item));
    for (const auto& unit : *units) {
      if (out.size() >= max_units)
        return failure{error_code::limit, "the directory has more than " + std::to_string(max_units) + " units"};
      auto described = describe_unit(*facility, unit, otherwise);
      if (!described) return described.error();
      out.push_back(std::move(*described));
    }
  }
  return out;
}

} // namespace coldvigil
