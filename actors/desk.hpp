#pragma once
// What people decide about rules and alarms, checked and committed with its audit entry. On the writer's thread
// (engine_system::with_store), one after the other, so that nobody decides on what has changed meanwhile.

#include "core/alarm_story.hpp"
#include "core/rule_history.hpp"
#include "db/store.hpp"

#include <string>

namespace coldvigil::actors {

/// Brings the board up to what is committed.
status publish_rules(store& durable, rule_board& board);

struct rule_request {
  scoped_rule rule{}; ///< id 0: a new one; else a revision of that of the same customer
  bool removed = false;
  std::string who, reason;
};
struct desk_limits {
  std::size_t rules_a_place = 32; ///< of one unit, facility, kind or customer: every reading pays for them
  std::size_t said = 1'000;       ///< events of one alarm
  life_limits life{};
};
/// A rule changes from `earliest` on: an event time later than all that may be judged by now, which is the time of the
/// decision plus the tolerance for readings from the future. Published once it is committed.
result<rule_record> change_rule(store& durable, rule_board& board, const rule_request& request, timestamp now,
                                timestamp earliest, const desk_limits& limits);

/// The whole story of an alarm; not_found when there is none, or when it is not this customer's.
result<alarm_story> story_of(store_reader& from, const uuid& alarm, std::optional<customer_id> customer);

/// Somebody says something of an alarm. `event.who` and `event.at` are set. Gives the story with it.
result<alarm_story> say(store& durable, const uuid& alarm, std::optional<customer_id> customer, const life_event& event,
                        const desk_limits& limits);

} // namespace coldvigil::actors
