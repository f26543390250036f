// The no_data rules of a unit, by the wall clock.
#include "core/alarm_book.hpp"
#include "core/finding_text.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace coldvigil {

namespace {

/// How long a silence lasts is not said: it goes on.
std::string words_of_silence(bool ever_heard, timestamp since) {
  return (ever_heard ? "nothing heard since " : "no reading ever came; listened for since ") + to_the_minute(since);
}

} // namespace

silence_rules silence_rules_of(const rule_set& rules, timestamp from) {
  silence_rules out{{}, in_force(rules), from};
  std::copy_if(rules.rules.begin(), rules.rules.end(), std::back_inserter(out.rules),
               [](const rule& by) { return by.kind == rule_kind::no_data; });
  return out;
}

bool alarm_book::watches_silence(const silence_rules& by) const {
  return !by.rules.empty() || std::any_of(alarms_.begin(), alarms_.end(), [&](const alarm_record& a) {
    return a.rule == rule_kind::no_data && a.open();
  });
}

void alarm_book::end_unwatched_silence(const std::vector<rule>& watched, context& at) {
  for (alarm_record& alarm : alarms_) {
    if (alarm.rule != rule_kind::no_data || !alarm.open()) continue;
    if (std::any_of(watched.begin(), watched.end(), [&](const rule& by) { return by.id == alarm.by.id; })) continue;
    alarm.cleared_at = std::max(at.now, alarm.raised_at);
    alarm.end = alarm_end::rule_changed;
    alarm.course.unseen = *alarm.cleared_at - alarm.course.onset;
    emit(alarm, transition_kind::cleared, *alarm.cleared_at, at);
  }
}

std::vector<alarm_transition> alarm_book::judge_silence(const silence& of, const silence_rules& by,
                                                        const uuid_source& fresh_uuid) {
  context at{of.now, fresh_uuid};
  if (std::exchange(restored_, false)) end_orphans(at);
  end_unwatched_silence(by.rules, at);
  const timestamp since = of.heard ? std::max(*of.heard, of.started) : of.started;
  for (const rule& rule : by.rules) {
    alarm_record* open = open_alarm(rule);
    if (!open && of.now - since >= rule.silent_after) {
      course silent;
      silent.onset = since;
      silent.raised_at = std::max(since + rule.silent_after, by.from);
      silent.raised_value = silent.extreme = silent.lowest = silent.highest = silent.last_value = last_value_;
      alarm_record raised = record(rule, by.beside, silent);
      raised.explanation = words_of_silence(last_value_ != no_temperature, since);
      add(std::move(raised), at);
    } else if (open && of.heard && of.now - *of.heard < rule.silent_after) {
      open->cleared_at = std::max(*of.heard, open->raised_at);
      open->course.unseen = *open->cleared_at - open->course.onset;
      emit(*open, transition_kind::cleared, *open->cleared_at, at);
    }
  }
  return std::move(at.out);
}

} // namespace coldvigil
