#pragma once
// What is shelved: not one alarm but the alarms of a rule at a unit, so that one that chatters stays quiet (ISA-18.2).

#include "core/alarm.hpp"
#include "core/alarm_life.hpp"
#include "core/engine_name.hpp"

#include <map>
#include <optional>
#include <tuple>

namespace coldvigil {

/// A fold over what people say of alarms: their newest word on a unit's rule counts. Holds what lasts and nothing else.
class alarm_shelf {
 public:
  /// In the order of its coming. All but shelving and its end changes nothing, and so does what the engine says.
  void note(const alarm_record& of, const life_event& said);

  /// What the engine says of an alarm at its raising, because those of its rule and unit are shelved until later than
  /// `now`: it is shelved until then, too. Nothing when it is graver than the one that a person shelved.
  [[nodiscard]] std::optional<life_event> carried_to(const alarm_record& raised, timestamp now) const;

 private:
  using source = std::tuple<unit_id, rule_kind, rule_id>;
  struct shelving {
    alarm_level level = alarm_level::warning;
    life_event said{};
  };
  std::map<source, shelving> lasting_{};
};

} // namespace coldvigil
