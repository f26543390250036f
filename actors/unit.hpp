#pragma once
#include "actors/context.hpp"
#include "actors/messages.hpp"
#include "core/rule_scope.hpp"

namespace coldvigil::actors {

struct unit_state {
  static inline const char* name = "coldvigil.unit";

  const engine_context* context = nullptr;
  std::unique_ptr<unit_judge> judge{};
  inference_actor scorer{};
  alarm_actor alarms{};
  ruled_unit unit{};
  std::optional<std::uint64_t> rules_revision{}; ///< of which the limits that are looked out for are

  void follow_rules();
};

/// One storage unit: a mailbox around unit_judge.
unit_actor::behavior_type unit(unit_actor::stateful_pointer<unit_state> self, const engine_context* context,
                               const unit_arrival& arrival, inference_actor scorer, alarm_actor alarms);

} // namespace coldvigil::actors
