// The no_data rules of a unit, by the wall clock.
#include "core/alarm_book.hpp"

#include <algorithm>
#include <utility>

namespace coldvigil {

namespace {

/// "2026-11-22 01:03 UTC": people are told in minutes.
std::string to_the_minute(timestamp at) {
  std::string out = format_utc(at).substr(0, 16);
  out[10] = ' ';
  return out + " UTC";
}

/// How long a silence lasts is not said: it goes on.
std::string words_of_silence(bool ever_heard, timestamp since) {
  return (ever_heard ? "nothing heard since " : "no reading ever came; listened for since ") + to_the_minute(since);
}

} // namespace

alarm_book::rules_from alarm_book::rules_at(timestamp now) const {
  const rule_set* out = now_.rules.get();
  timestamp from = now_.rules_from;
  for (const rules_change& change : changes_) {
    if (change.from <= now_.rules_from || change.from > now) continue;
    out = change.rules.get();
    from = change.from;
  }
  return {*out, from};
}

bool alarm_book::watches_silence(timestamp now) const {
  const auto is_silence = [](rule_kind kind) { return kind == rule_kind::no_data; };
  const auto& rules = rules_at(now).rules.rules;
  return std::any_of(rules.begin(), rules.end(), [&](const rule& by) { return is_silence(by.kind); }) ||
         std::any_of(alarms_.begin(), alarms_.end(),
                     [&](const alarm_record& a) { return is_silence(a.rule) && a.open(); });
}

void alarm_book::end_unwatched_silence(const rule_set& rules, context& at) {
  for (alarm_record& alarm : alarms_) {
    const bool watched = std::any_of(rules.rules.begin(), rules.rules.end(), [&](const rule& by) {
      return by.kind == rule_kind::no_data && by.id == alarm.by.id;
    });
    if (alarm.rule != rule_kind::no_data || !alarm.open() || watched) continue;
    alarm.cleared_at = std::max(at.now, alarm.raised_at);
    alarm.end = alarm_end::rule_changed;
    alarm.course.unseen = *alarm.cleared_at - alarm.course.onset;
    emit(alarm, transition_kind::cleared, *alarm.cleared_at, at);
  }
}

std::vector<alarm_transition> alarm_book::judge_silence(timestamp now, std::optional<timestamp> heard,
                                                        timestamp started, const uuid_source& fresh_uuid) {
  context at{now, fresh_uuid};
  if (std::exchange(restored_, false)) end_orphans(at);
  const auto [rules, in_force_from] = rules_at(now);
  end_unwatched_silence(rules, at);
  const timestamp since = heard ? std::max(*heard, started) : started;
  for (const rule& by : rules.rules) {
    if (by.kind != rule_kind::no_data) continue;
    alarm_record* open = open_alarm(by);
    if (!open && now - since >= by.silent_after) {
      course silence;
      silence.onset = since;
      silence.raised_at = std::max(since + by.silent_after, in_force_from);
      silence.raised_value = silence.extreme = silence.lowest = silence.highest = silence.last_value = last_value_;
      alarm_record silent = record(by, rules, silence);
      silent.explanation = words_of_silence(last_value_ != no_temperature, since);
      add(std::move(silent), at);
    } else if (open && heard && now - *heard < by.silent_after) {
      open->cleared_at = std::max(*heard, open->raised_at);
      open->course.unseen = *open->cleared_at - open->course.onset;
      emit(*open, transition_kind::cleared, *open->cleared_at, at);
    }
  }
  return std::move(at.out);
}

} // namespace coldvigil
