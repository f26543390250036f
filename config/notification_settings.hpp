#pragma once
// Who is told of alarms, by what, when: [notifications], [[channel]], [[schedule]], [[person]], [[team]], [[policy]],
// [[route]]. Names of time zones and customers are resolved, and secrets read, where the program is put together.

#include "core/contacts.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace coldvigil {

enum class channel_kind : std::uint8_t { smtp, webhook, http };
enum class channel_security : std::uint8_t { tls, starttls, plain };
enum class template_form : std::uint8_t { json, form, text };
enum class http_method : std::uint8_t { post, put, get };

struct channel_settings {
  std::string name;
  channel_kind kind = channel_kind::smtp;
  std::string host{}; ///< smtp
  std::uint16_t port = 587;
  channel_security security = channel_security::starttls;
  std::string user{}, from{}, from_name = "Coldvigil";
  std::string url{}; ///< webhook, http
  std::string key_id{};
  http_method method = http_method::post;
  std::vector<std::pair<std::string, std::string>> headers{};
  template_form form = template_form::json;
  std::string body{};
  std::string secret_file{}, secret_env{}; ///< at most one: where the password, the signing secret or {secret} stands
  std::string ca_file{};
  bool delivery_is_receipt = false;
  millis connect_timeout{10'000};
  millis total_timeout{30'000};
  std::string where{}; ///< of the block in the file, for messages
};

struct schedule_settings {
  std::string id, zone = "UTC";
  schedule duty{}; ///< without its clock
};
struct person_settings {
  std::string id, zone = "UTC";
  person who{}; ///< without the clock
  std::string where{};
};
struct team_settings {
  std::string id;
  std::vector<team_member> members{};
};
struct policy_settings {
  std::string id;
  escalation_policy policy{};
};
struct route_settings {
  std::string customer; ///< code; empty = all
  std::string facility; ///< code; empty = all of the customer's
  severity least = severity::warning;
  std::string policy;
  std::string where{};
};

struct notification_settings {
  std::string link_url; ///< of this server as people reach it; empty = messages have no link
  std::chrono::hours link_lifetime{48};
  std::string system_policy;
  std::string heartbeat_url;
  std::chrono::seconds heartbeat{60};
  std::chrono::seconds silence_hold{75};
  std::chrono::seconds stopped_after{30};
  std::chrono::seconds stopped_repeat{15 * 60};
  std::uint64_t self_test_days = 7;
  std::string self_test_at = "10:00";
  std::chrono::minutes self_test_time{10 * 60}; ///< self_test_at, read
  std::chrono::hours self_test_receipt{24};
  std::uint64_t max_in_flight_a_channel = 2;
  std::uint64_t max_waiting = 10'000;
  std::uint64_t max_cases = 50'000;
  std::uint64_t max_links = 100'000;
  std::uint64_t max_alarms_a_message = 50;
  std::uint64_t max_attempts = 1'000;
  std::chrono::hours give_up{24};
  millis backoff_initial{5'000};
  millis backoff_max{300'000};

  std::vector<channel_settings> channels{};
  std::vector<schedule_settings> schedules{};
  std::vector<person_settings> persons{};
  std::vector<team_settings> teams{};
  std::vector<policy_settings> policies{};
  std::vector<route_settings> routes{};

  /// Whether anything is to be told to anybody, now or once persons are given by API.
  [[nodiscard]] bool any() const { return !persons.empty() || !channels.empty() || !heartbeat_url.empty(); }
};

} // namespace coldvigil
