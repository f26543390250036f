#pragma once
// Alarms as data. An alarm is raised and cleared by its condition; every change of it is an append-only transition.

#include "core/alarm_machine.hpp"
#include "core/ids.hpp"
#include "core/rule.hpp"
#include "core/temperature.hpp"
#include "core/time.hpp"
#include "core/unit_kind.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace coldvigil {

/// What was in force at the unit when an alarm was raised, beside the rule itself.
struct rules_in_force {
  std::uint32_t version = 1;
  limits range{};                ///< the unit's
  std::uint16_t consecutive = 3; ///< N of its persistence rule; 0 when it has none
  friend bool operator==(const rules_in_force&, const rules_in_force&) = default;
};
[[nodiscard]] rules_in_force in_force(const rule_set& rules);

/// Readings may be on their way for so long, as between two polls.
inline constexpr millis found_late_after = std::chrono::minutes{15};

enum class alarm_end : std::uint8_t {
  condition,    ///< the condition was over
  rule_changed, ///< somebody changed or removed the rule; the new one judges for itself
};
[[nodiscard]] std::string_view to_string(alarm_end end);

/// The state of an alarm after a transition.
struct alarm_record {
  alarm_id id{};
  uuid public_id{};
  customer_id customer{};
  facility_id facility{};
  unit_id unit{};
  rule_kind rule = rule_kind::low_limit;
  coldvigil::rule by{}; ///< the rule as it was when it raised this
  rules_in_force rules{};
  timestamp raised_at{};                 ///< event time of the reading that raised it
  std::optional<timestamp> cleared_at{}; ///< event time of the reading that cleared it
  alarm_end end = alarm_end::condition;  ///< meaningful once it is cleared, or annulled: the rule judges no more
  milli_celsius raised_value = 0;
  milli_celsius extreme = 0; ///< farthest out of limits so far; of rules without a side the newest value
  /// Of rules over a window: what they hold against their limit (core/rule_condition), at its farthest out so far. Of
  /// an annulled one the same, of other rules the newest reading, while its condition holds all the same.
  std::optional<std::int64_t> measured{};
  float peak_score = 0; ///< highest score so far; 0 when none was scored
  /// In words: of a model's alarm what drove the highest score so far, of no_data since when nothing is heard. Else
  /// empty.
  std::string explanation{};
  excursion course{}; ///< so far: while it is open, as of the transition
  /// Found late: in back-filled history, by a late reading when newer ones had been judged already, or by one that was
  /// older than found_late_after and its rule's max_gap.
  bool retroactive = false;
  bool annulled = false; ///< a late reading showed that it never was
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
  /// Decided from back-filled readings, before the unit was heard live: it calls nobody. Not kept.
  bool history = false;
  friend bool operator==(const alarm_transition&, const alarm_transition&) = default;
};

} // namespace coldvigil
