#include "core/alarm_story.hpp"

#include <algorithm>

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

/// Whether a shelving repeats the one that lasts until `standing`. Whoever says for how long, not until when, says
/// another end each time.
bool repeats(const life_event& shelving, timestamp standing) {
  constexpr millis sent_again_within = std::chrono::minutes{2};
  return shelving.until && std::chrono::abs(*shelving.until - standing) <= sent_again_within;
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

alarm_life life_after(const alarm_life& life, const alarm_transition& transition) {
  const auto told = told_by(transition, life);
  if (!told) return life;
  auto next = live(life, *told, {});
  return next ? *std::move(next) : life;
}

std::vector<life_event> with_service(std::span<const alarm_transition> transitions, std::span<const life_event> said,
                                     std::span<const service_change> of_unit) {
  std::vector<life_event> out(said.begin(), said.end());
  if (transitions.empty()) return out;
  const timestamp born = transitions.front().decided_at;
  std::vector<life_event> service;
  for (const service_change& each : of_unit) {
    if (each.at <= born) service.clear(); // only how it stood at the raising counts
    if (each.at > born || each.out)
      service.push_back(
          {each.out ? life_event_kind::take_out : life_event_kind::put_back, each.at, each.who, each.reason, {}});
  }
  out.insert(out.end(), service.begin(), service.end());
  std::stable_sort(out.begin(), out.end(), [](const life_event& a, const life_event& b) { return a.at < b.at; });
  return out;
}

alarm_life untouched(const alarm_record& alarm) {
  alarm_life out;
  out.active = alarm.open();
  out.annulled = alarm.annulled;
  return out;
}

bool stands_already(const alarm_story& story, const life_event& event) {
  const auto same = [&](const std::optional<alarm_life::mark>& mark) {
    return mark && mark->who == event.who && mark->text == event.text;
  };
  switch (event.kind) {
  case life_event_kind::acknowledge:
    return same(story.life.acknowledged);
  case life_event_kind::shelve:
    return same(story.life.shelved) && repeats(event, story.life.shelved_until);
  case life_event_kind::close:
    return same(story.life.closed);
  case life_event_kind::assign:
    return !event.text.empty() && story.life.assignee == event.text;
  default:
    break;
  }
  if (story.said.empty()) return false;
  const life_event& newest = story.said.back();
  return newest.kind == event.kind && newest.who == event.who && newest.text == event.text;
}

life_limits limits_of(const alarm_record& alarm, life_limits general) {
  general.reason_required = general.reason_required || alarm.by.reason_required;
  return general;
}

} // namespace coldvigil
