#pragma once
// An alarm of Coldvigil itself, or of a common cause: what holds, since when, and who has seen it.

#include "core/alarm.hpp"
#include "core/alarm_life.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coldvigil {

enum class system_fault : std::uint8_t {
  store_away,         ///< what was gathered cannot be committed
  store_slow,         ///< commits take too long
  disk_low,           ///< the store's disk is nearly full
  clock_stepped,      ///< the wall clock jumped
  backlog_old,        ///< readings wait for their commit for too long
  polls_failing,      ///< a customer's endpoint gives nothing usable
  polls_refused,      ///< a customer's endpoint refuses our credentials
  model_missing,      ///< a model is configured and does not score
  self_test_overdue,  ///< nobody has confirmed a self-test of notification
  notice_undelivered, ///< a message to a person was given up
  site_silent,        ///< nothing is heard of the units of a facility
  customer_silent,    ///< nor of any of the customer's facilities
  alarm_unheard,      ///< nobody has acknowledged an alarm although everybody was called in all rounds
  notification_full,  ///< calls to people are left out, or wait, for as many as may are under way
};
inline constexpr std::size_t system_fault_count = 14;
[[nodiscard]] std::string_view to_string(system_fault fault);
/// "the store cannot be written to"
[[nodiscard]] std::string_view words_of(system_fault fault);
/// How bad it is when it holds.
[[nodiscard]] alarm_level level_of(system_fault fault);

/// Something holds at this moment.
struct system_condition {
  system_fault fault = system_fault::store_away;
  std::optional<customer_id> customer{}; ///< whose it is; nothing = Coldvigil's own
  std::string subject{};                 ///< one alarm each: a customer's or facility's code, a way to a person
  std::string detail{};                  ///< for people
  std::vector<unit_id> units{};          ///< of a common cause
  friend bool operator==(const system_condition&, const system_condition&) = default;
};

/// At most one of a fault, a customer and a subject is open at a time.
struct system_alarm {
  uuid id{};
  alarm_level level = alarm_level::warning;
  system_condition what{}; ///< as it stood last
  timestamp raised_at{};
  std::optional<timestamp> cleared_at{};
  std::optional<alarm_life::mark> acknowledged{}; ///< text: the reason, may be empty
  [[nodiscard]] bool open() const { return !cleared_at; }
  friend bool operator==(const system_alarm&, const system_alarm&) = default;
};

} // namespace coldvigil
