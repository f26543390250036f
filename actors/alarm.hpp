#pragma once
#include "actors/context.hpp"
#include "actors/messages.hpp"
#include "core/alarm_book.hpp"

#include <unordered_map>

namespace coldvigil::actors {

struct alarm_state {
  static inline const char* name = "coldvigil.alarm";

  struct entry {
    alarm_book book;
    customer_id customer{};
    point_id point{};
  };
  const engine_context* context = nullptr;
  std::unordered_map<std::int64_t, entry> books{}; ///< by unit

  std::vector<alarm_book::shared_rules> rule_sets{}; ///< units with the same rules share them

  [[nodiscard]] alarm_book::shared_rules rules_of(const unit_record& unit);
  void add(const unit_arrival& arrival);
  [[nodiscard]] unit_decision decide(judged& what);
};

/// The alarm books of one facility's units. Never messages a unit.
alarm_actor::behavior_type alarm(alarm_actor::stateful_pointer<alarm_state> self, const engine_context* context,
                                 writer_actor writer);

} // namespace coldvigil::actors
