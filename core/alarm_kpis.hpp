#pragma once
// How good the alarm system itself is (ISA-18.2, IEC 62682, EEMUA 191): pure functions over the courses of alarms.

#include "core/alarm.hpp"

#include <optional>
#include <span>
#include <vector>

namespace coldvigil {

/// One alarm from its raising to its end.
struct alarm_course {
  alarm_id id{};
  unit_id unit{};
  rule_id rule{};
  rule_kind kind = rule_kind::high_limit;
  alarm_level level = alarm_level::critical;
  timestamp raised_at{};
  std::optional<timestamp> cleared_at{};
  std::optional<timestamp> acknowledged_at{};
  bool retroactive = false; ///< found late: nobody could act on it when it was raised
  bool suppressed = false;  ///< set aside at its raising: by a common cause, as its rule is shelved, or out of service
  friend bool operator==(const alarm_course&, const alarm_course&) = default;
};

/// What stands of the alarms that the transitions speak of, in the order of their raising: the last word counts,
/// annulled ones are left out. Acknowledgements are the lives' (core/alarm_life).
[[nodiscard]] std::vector<alarm_course> courses_of(std::span<const alarm_transition> transitions);

struct kpi_limits {
  unsigned operators = 1;                ///< people among whom the alarms are shared, at least 1
  unsigned flood_begins = 10;            ///< more than so many an operator in 10 min
  unsigned flood_ends = 5;               ///< fewer than so many
  millis chatter_window{60'000};         ///< three clearings of one rule of a unit within this
  millis slow_chatter_window{0};         ///< likewise; ten sample intervals suit slow readings; 0 = not judged
  millis fleeting{60'000};               ///< cleared before anybody could act
  millis stale = std::chrono::hours{24}; ///< active without a break for longer
  std::size_t top = 10;
};

struct alarm_source {
  unit_id unit{};
  rule_id rule{};
  rule_kind kind = rule_kind::high_limit;
  std::uint64_t alarms = 0;
  friend bool operator==(const alarm_source&, const alarm_source&) = default;
};

struct alarm_kpis {
  std::uint64_t alarms = 0;         ///< raised in the period, neither retroactive nor suppressed
  std::uint64_t retroactive = 0;    ///< raised in the period, found late; in no other number
  std::uint64_t suppressed = 0;     ///< raised in the period, set aside at that; in no other number
  double per_operator_10_min = 0;   ///< average; target at most 1
  double per_operator_day = 0;      ///< average; about 144 to 150 is the most that is manageable
  std::uint64_t most_in_10_min = 0; ///< of all operators together
  std::uint64_t most_active = 0;    ///< at one time

  struct flood {
    timestamp from{};
    timestamp to{};
    friend bool operator==(const flood&, const flood&) = default;
  };
  std::vector<flood> floods{};
  double share_in_flood = 0; ///< of the period; target below 0.01

  std::vector<alarm_source> chattering{};        ///< with their clearings in the period; target none
  std::vector<alarm_source> slowly_chattering{}; ///< own measure for sources that report each minute or slower
  std::uint64_t fleeting = 0;
  std::uint64_t stale = 0; ///< active for too long at the end of the period or at their end within it

  std::vector<alarm_source> top{}; ///< the most frequent first
  double share_of_top = 0;

  std::uint64_t critical = 0, warning = 0; ///< raised in the period

  std::uint64_t acknowledged = 0; ///< of those raised in the period
  std::optional<millis> median_to_acknowledge{}, p90_to_acknowledge{}, longest_to_acknowledge{};
  friend bool operator==(const alarm_kpis&, const alarm_kpis&) = default;
};

/// Of the period [from, to). Alarms raised before it count as active in it. Retroactive ones were no load on anybody at
/// the time for which they are raised, nor are those that called nobody: they are counted apart. O(n log n).
[[nodiscard]] alarm_kpis kpis_of(std::span<const alarm_course> alarms, timestamp from, timestamp to,
                                 const kpi_limits& limits);

} // namespace coldvigil
