#include "core/alarm_story.hpp"

namespace coldvigil {
namespace {

/// Nothing when the transition changes nothing in the alarm's life.
std::optional<life_event> told_by(const alarm_transition& transition, const alarm_life& so_far) {
  life_event out;
  out.at = transition.decided_at;
  if (transition.after.annulled)
    out.kind = life_event_kind::annul;
  else if (transition.after.open() != so_far.active)
    out.kind = transition.after.open() ? life_event_kind::condition_back : life_event_kind::condition_over;
  else
    return std::nullopt;
  return out;
}

} // namespace

alarm_life life_of(std::span<const alarm_transition> transitions, std::span<const life_event> said) {
  std::vector<life_event> all;
  auto next = said.begin();
  for (const alarm_transition& transition : transitions) {
    for (; next != said.end() && next->at < transition.decided_at; ++next)
      all.push_back(*next);
    if (const auto told = told_by(transition, life_of(all))) all.push_back(*told);
  }
  all.insert(all.end(), next, said.end());
  return life_of(all);
}

life_limits limits_of(const alarm_record& alarm, life_limits general) {
  general.reason_required = general.reason_required || alarm.by.reason_required;
  return general;
}

} // namespace coldvigil
