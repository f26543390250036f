#pragma once
// What a unit's alarms were worth, by the rules of the protocol: an alarm finds a fault only when it opens inside it,
// is false when it opens outside every fault and its recovery, and no window is adjusted around anything.

#include "evaluation/bounds_watch.hpp"

#include <optional>
#include <string>
#include <vector>

namespace coldvigil {

struct scoring_rules {
  millis merge_gap = std::chrono::minutes{60}; ///< alarms of a unit closer than this are one
  millis recovery = std::chrono::hours{6};     ///< after a fault: alarms count neither way
};

struct scored_fault {
  std::string kind;
  fault_span span{};
  breach_times breach{};
};

/// One unit as it was watched.
struct unit_case {
  std::string unit, site;
  timestamp from{}, to{};             ///< the time that is scored
  std::vector<scored_fault> faults{}; ///< in order; those that start in the scored time are counted
  std::vector<episode> alarms{};      ///< of severity `alarm`, in any order
};

struct fault_outcome {
  std::string kind;
  std::optional<millis> delay{};          ///< from onset to the alarm; nothing: missed
  std::optional<millis> lead_instant{};   ///< from the alarm to the first breach; below zero: the breach came first
  std::optional<millis> lead_sustained{}; ///< the same to the breach that lasted
};

struct unit_outcome {
  std::string unit, site;
  std::vector<fault_outcome> faults;
  std::vector<episode> false_alarms;
  std::size_t episodes = 0; ///< all alarms after merging that open in the scored time
  millis clean{0};          ///< scored time outside faults and recovery: what false alarms are counted over
  millis scored{0};
};

[[nodiscard]] unit_outcome judge(const unit_case& unit, const scoring_rules& rules);

/// False alarms of a site that overlap, or whose gaps are shorter than the merge gap, are one incident.
[[nodiscard]] std::size_t site_incidents(const std::vector<unit_outcome>& units, const scoring_rules& rules);

} // namespace coldvigil
