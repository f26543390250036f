#pragma once
// What people decide about rules and alarms, checked and committed with its audit entry. On the writer's thread
// one after the other, so that nobody decides on what has changed meanwhile.

#include "actors/desk_limits.hpp"
#include "core/place_rules.hpp"
#include "core/rule_history.hpp"
#include "db/store.hpp"
#include "net/engine.hpp"

#include <functional>
#include <string>

namespace coldvigil::actors {

/// Brings the board up to what is committed.
status publish_rules(store& durable, rule_board& board);

/// The rules change from `earliest` on: an event time later than all that may be judged by now, which is the time of
/// the decision plus the tolerance for readings from the future. Published once they are committed, all or none. Gives
/// what was changed; error_code::conflict when they are not those that the change was decided on; not_found when the
/// place has no rule of an id that is given, and `where` is where it stands: "#/rules/0/id".
result<std::vector<rule_record>> change_rules(store& durable, rule_board& board, const place_rules& wanted,
                                              timestamp now, timestamp earliest, const desk_limits& limits);

/// The whole story of an alarm; not_found when there is none, or when it is not this customer's.
result<alarm_story> story_of(store_reader& from, const uuid& alarm, std::optional<customer_id> customer);

/// What would come of saying it.
struct word_on_trial {
  alarm_story story{};                     ///< as it is without it
  bool stands = false;                     ///< it was said before, and nothing would change
  result<alarm_life> after = alarm_life{}; ///< or why it is refused
};
/// `event.who` and `event.at` are set.
result<word_on_trial> try_word(store_reader& committed, const alarm_word& word, const desk_limits& limits);

struct said {
  alarm_story story{};
  bool fresh = true; ///< false: it stood already, and nothing was committed
};
/// The code of a unit, for the audit trail.
using unit_codes = std::function<std::string(unit_id)>;
/// An event leads an alarm from one stage to another.
[[nodiscard]] audit_entry audit_of(const alarm_record& alarm, const std::string& unit_code, const life_event& event,
                                   alarm_stage before, alarm_stage after);

/// Somebody says something of an alarm. `event.who` and `event.at` are set. Gives the story with it. `committed` reads
/// the same store.
result<said> say(store& durable, store_reader& committed, const alarm_word& word, const unit_codes& code_of,
                 const desk_limits& limits);

/// A unit goes out of service or comes back; false when it is so already. `change.who` and `change.at` are set,
/// `unit_code` is for the audit trail.
result<bool> change_service(store& durable, store_reader& committed, const service_change& change,
                            const std::string& unit_code, const desk_limits& limits);

} // namespace coldvigil::actors
