#pragma once
// Rows of the notification lists as the file has them; the reader turns them into settings.

#include "config/keys.hpp"

#include <array>

namespace coldvigil {

struct header_row {
  std::string name, value;
};
struct schedule_row {
  std::string id, zone = "UTC";
  std::array<std::string, 7> week{}; ///< Monday first
};
struct date_row {
  std::string date, duty;
};
struct person_row {
  std::string id, name{}, zone = "UTC", schedule{};
  severity least = severity::warning;
};
struct way_row {
  std::string channel, address;
};
struct team_row {
  std::string id;
};
struct member_row {
  std::string person, schedule;
};
struct policy_row {
  std::string id;
  std::chrono::minutes repeat{30};
  std::uint64_t max_rounds = 48;
  std::chrono::seconds quiet{20};
};
struct step_row {
  std::chrono::minutes after{0};
  std::string to;
};
struct route_row {
  std::string customer, facility, policy;
  severity least = severity::warning;
};

/// Keys inside one block of the list that the row stands for; specialised for each.
template <class Row> [[nodiscard]] std::span<const config_key<Row>> notification_keys();
template <> std::span<const config_key<channel_settings>> notification_keys<channel_settings>();
template <> std::span<const config_key<header_row>> notification_keys<header_row>();
template <> std::span<const config_key<schedule_row>> notification_keys<schedule_row>();
template <> std::span<const config_key<date_row>> notification_keys<date_row>();
template <> std::span<const config_key<person_row>> notification_keys<person_row>();
template <> std::span<const config_key<way_row>> notification_keys<way_row>();
template <> std::span<const config_key<team_row>> notification_keys<team_row>();
template <> std::span<const config_key<member_row>> notification_keys<member_row>();
template <> std::span<const config_key<policy_row>> notification_keys<policy_row>();
template <> std::span<const config_key<step_row>> notification_keys<step_row>();
template <> std::span<const config_key<route_row>> notification_keys<route_row>();

} // namespace coldvigil
