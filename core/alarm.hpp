#pragma once
// Alarms as data. An alarm is raised and cleared by its condition; every change of it is an append-only transition.

#include "core/ids.hpp"
#include "core/temperature.hpp"
#include "core/time.hpp"
#include "core/unit_kind.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace coldvigil {

/// Low and high are independent. The reference's hybrid rule is: any of the three.
enum class rule_kind : std::uint8_t { low_limit, high_limit, model_persistence };
inline constexpr std::size_t rule_kind_count = 3;
[[nodiscard]] std::string_view to_string(rule_kind rule);
[[nodiscard]] std::optional<rule_kind> parse_rule(std::string_view name);

/// The rules of one unit. Snapshotted into every alarm that they raise.
struct rule_set {
  std::uint32_t version = 1;
  limits range{};                ///< strict: equal to a limit is inside
  std::uint16_t consecutive = 3; ///< this many scored readings in a row over the model's threshold
  friend bool operator==(const rule_set&, const rule_set&) = default;
};

/// The state of an alarm after a transition.
struct alarm_record {
  alarm_id id{};
  uuid public_id{};
  customer_id customer{};
  facility_id facility{};
  unit_id unit{};
  rule_kind rule = rule_kind::low_limit;
  rule_set rules{};                      ///< in force when it was raised
  timestamp raised_at{};                 ///< event time of the reading that raised it
  std::optional<timestamp> cleared_at{}; ///< event time of the reading that cleared it
  milli_celsius raised_value = 0;
  milli_celsius extreme = 0; ///< farthest out of limits so far (limit rules); last value (model rule)
  float peak_score = 0;      ///< highest score so far; 0 when none was scored
  bool retroactive = false;  ///< found in back-filled history: it calls nobody
  bool annulled = false;     ///< a late reading showed that it never was
  friend bool operator==(const alarm_record&, const alarm_record&) = default;

  [[nodiscard]] bool open() const { return !cleared_at && !annulled; }
};

enum class transition_kind : std::uint8_t { raised, cleared, revised, annulled };
[[nodiscard]] std::string_view to_string(transition_kind kind);

/// One append-only step of an alarm's life.
struct alarm_transition {
  alarm_record after;
  transition_kind kind = transition_kind::raised;
  timestamp at{};         ///< event time
  timestamp decided_at{}; ///< wall clock when it was decided
  friend bool operator==(const alarm_transition&, const alarm_transition&) = default;
};

/// What one rule remembers of one unit between two readings. Part of the unit's snapshot.
struct machine_state {
  bool active = false;
  std::uint16_t run = 0; ///< consecutive readings over the threshold so far (persistence)
  timestamp raised_at{}; ///< of the active alarm
  milli_celsius raised_value = 0;
  milli_celsius extreme = 0;
  float peak_score = 0;
  bool retroactive = false;
  friend bool operator==(const machine_state&, const machine_state&) = default;
};
using machine_states = std::array<machine_state, rule_kind_count>;

} // namespace coldvigil
