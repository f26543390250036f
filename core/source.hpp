#pragma once
// How a customer's endpoint is read: where it is, when, and what its fields mean.

#include "core/registry.hpp"
#include "core/temperature.hpp"
#include "core/time.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace coldvigil {

enum class payload_format : std::uint8_t { json, csv };

enum class time_format : std::uint8_t { iso8601, epoch_seconds, epoch_milliseconds, pattern };

/// Where a value stands in a payload: a dotted JSON path ("data.items" for the list, then names inside one item), or a
/// CSV column's name. An empty name means that the source does not have it.
struct field_mapping {
  std::string list = "readings"; ///< JSON: path to the array; empty = the body itself is the array
  std::string unit = "unit_id";
  std::string facility = "facility_id";
  std::string time = "timestamp";
  std::string temperature = "temperature";
  std::string scale = "temperature_unit";
  std::string sensor = "sensor_id";
  std::string set_point = "set_temperature";
  std::string unit_name = "unit_name";
  std::string facility_name{};
  std::string city = "city";
  std::string country = "country";
  std::string size = "size";
  std::string size_unit = "size_unit";
  std::string low_limit{}, high_limit{}; ///< the unit's own limits, in the row's scale
  time_format format = time_format::iso8601;
  std::string pattern{};                                        ///< strptime pattern, for time_format::pattern
  std::string zone = "UTC";                                     ///< IANA zone of times that carry no offset
  temperature_scale default_scale = temperature_scale::celsius; ///< when the row does not say
  char delimiter = ',';                                         ///< CSV
};

/// A customer, and how its readings come: polled when it has a URL, else posted only. Secrets stay in here and out of
/// every log.
struct source_settings {
  std::string customer_code;
  std::string customer_name;
  payload_format format = payload_format::json;
  std::string url;             ///< current readings; "{hours}" is replaced by how far back to ask, as a decimal number
  std::string history_url{};   ///< asked once at first contact; "{hours}", "{unit}" and "{limit}" are replaced; with
                               ///< "{unit}" it is asked for every unit of `directory_url`; empty = no back-fill
  std::string directory_url{}; ///< lists facilities and units ("/facilities"); empty = none
  std::chrono::seconds interval{300};
  std::chrono::hours history_hours{14 * 24};
  field_mapping fields{};
  std::string header_name{}, header_value{}; ///< an authorisation header
  std::string user{}, password{};            ///< or basic credentials
  bool training = false;                     ///< its readings may teach models that others use too
  bool register_units = false;               ///< unknown units are registered
  std::size_t max_units = 1000;              ///< never more than this for the customer
  std::vector<unit_description> units{};     ///< declared in the configuration: [[customer.unit]]
};

} // namespace coldvigil
