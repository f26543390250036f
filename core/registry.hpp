#pragma once
// Who is watched: customers, their facilities and units, as the store keeps them.

#include "core/ids.hpp"
#include "core/temperature.hpp"
#include "core/time.hpp"
#include "core/unit_kind.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace coldvigil {

struct customer_record {
  customer_id id{};
  uuid public_id{};
  std::string code; ///< unique, e.g. "A"
  std::string name;
  timestamp created_at{};
};

struct facility_record {
  facility_id id{};
  uuid public_id{};
  customer_id customer{};
  std::string code; ///< unique within the customer
  std::optional<std::string> name{};
  std::optional<std::string> city{};
  std::optional<std::string> country{};
  timestamp created_at{};
};

struct unit_record {
  unit_id id{};
  point_id point{}; ///< the judged probe
  uuid public_id{};
  customer_id customer{};
  facility_id facility{};
  std::string code; ///< unique within the customer
  std::optional<std::string> name{};
  std::optional<double> size_value{};
  std::optional<std::string> size_unit{};
  std::optional<milli_celsius> set_point{};
  temperature_scale scale = temperature_scale::celsius; ///< the customer's scale, for display
  unit_kind kind = unit_kind::freezer;
  limits range{};                   ///< in force
  std::chrono::seconds interval{0}; ///< expected between readings; 0 = unknown
  timestamp created_at{};
};

/// What a source tells of a unit that is not registered yet.
struct unit_description {
  customer_id customer{};
  std::string facility_code;
  std::string unit_code;
  std::optional<std::string> facility_name{}, city{}, country{}, unit_name{}, size_unit{};
  std::optional<double> size_value{};
  std::optional<milli_celsius> set_point{};
  std::optional<limits> own_limits{};
  temperature_scale scale = temperature_scale::celsius;
  std::chrono::seconds interval{0};
};

struct registry {
  std::vector<customer_record> customers;
  std::vector<facility_record> facilities;
  std::vector<unit_record> units;
};

enum class permission : std::uint8_t { read, write, admin };
[[nodiscard]] constexpr bool allows(permission held, permission needed) {
  return held >= needed;
}

/// A bearer token as stored: never the token itself.
struct token_record {
  std::int64_t id = 0;
  std::string sha256_hex; ///< of the token's text
  std::string name;
  std::optional<customer_id> customer{}; ///< nothing = all customers (admin only)
  permission level = permission::read;
  std::optional<timestamp> expires_at{};
  timestamp created_at{};
};

} // namespace coldvigil
