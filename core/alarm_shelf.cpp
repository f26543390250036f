#include "core/alarm_shelf.hpp"

namespace coldvigil {

void alarm_shelf::note(const alarm_record& of, const life_event& said) {
  if (said.who == engine_name) return;
  const source from{of.unit, of.rule, of.by.id};
  if (said.kind == life_event_kind::unshelve) lasting_.erase(from);
  if (said.kind != life_event_kind::shelve) return;
  std::erase_if(lasting_, [&](const auto& each) { return *each.second.said.until <= said.at; });
  lasting_.insert_or_assign(from, shelving{of.by.level, said});
}

std::optional<life_event> alarm_shelf::carried_to(const alarm_record& raised, timestamp now) const {
  const auto found = lasting_.find({raised.unit, raised.rule, raised.by.id});
  if (found == lasting_.end()) return std::nullopt;
  const auto& [level, said] = found->second;
  if (*said.until <= now || raised.by.level > level) return std::nullopt;
  return life_event{life_event_kind::shelve, now, std::string(engine_name),
                    "as " + said.who + " shelved it: " + said.text, said.until};
}

} // namespace coldvigil
