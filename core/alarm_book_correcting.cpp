// How a replay corrects what was told.
#include "core/alarm_book.hpp"
#include "core/rule_check.hpp"
#include "core/rule_condition.hpp"

#include <algorithm>
#include <utility>

namespace coldvigil {
namespace {

bool same_rule(const alarm_record& a, const alarm_record& b) {
  return a.rule == b.rule && a.by.id == b.by.id;
}

/// What a replay may give another value; identity stays, and so does how the alarm was found.
bool same_course(const alarm_record& a, const alarm_record& b) {
  // While an alarm is open its excursion lives in the machine and is written down when it is cleared.
  const bool same_excursion =
      !a.cleared_at || (a.extreme == b.extreme && a.measured == b.measured && a.peak_score == b.peak_score &&
                        a.explanation == b.explanation && a.course == b.course);
  return same_excursion && a.raised_at == b.raised_at && a.cleared_at == b.cleared_at && a.end == b.end &&
         a.raised_value == b.raised_value && a.rules == b.rules && a.by == b.by;
}

/// What the rule holds against its limit, or else the newest reading, while its condition holds by that.
std::optional<std::int64_t> held_against_limit(const rule& by, const machine_state& state) {
  const course* now = state.now && !state.now->clearing ? &*state.now : nullptr;
  if (by.kind == rule_kind::cumulative) {
    const auto* sum = state.window ? std::get_if<cumulative_memory>(&*state.window) : nullptr;
    if (sum == nullptr || !(now || sum->last_beyond)) return std::nullopt;
    std::int64_t beyond_ms = 0;
    for (const auto& slot : sum->slots)
      beyond_ms += slot.beyond_ms;
    return beyond_ms;
  }
  if (now == nullptr || (is_plain_limit(by.kind) && !beyond(by, now->last_value))) return std::nullopt;
  return now->measured ? now->measured : std::optional<std::int64_t>(now->last_value);
}

} // namespace

/// It never was, and may be one all the same by the newest readings, or be on its way to it: what is known of that
/// takes the place of what the rule measured. Nothing is, when the rule judges no more.
void alarm_book::annul(alarm_record& alarm) const {
  alarm.annulled = true;
  const auto same = std::find(now_.rules->rules.begin(), now_.rules->rules.end(), alarm.by);
  const bool judges = same != now_.rules->rules.end();
  alarm.end = judges ? alarm_end::condition : alarm_end::rule_changed;
  alarm.measured.reset();
  if (judges)
    alarm.measured = held_against_limit(*same, now_.states[static_cast<std::size_t>(same - now_.rules->rules.begin())]);
}

void alarm_book::annul_missing(const std::vector<alarm_record>& found, context& at) {
  for (alarm_record& alarm : alarms_) {
    if (alarm.rule == rule_kind::no_data) continue; // a fact of the wall clock
    const bool lives = std::any_of(found.begin(), found.end(), [&](const alarm_record& f) { return f.id == alarm.id; });
    if (lives) continue;
    annul(alarm);
    emit(alarm, transition_kind::annulled, alarm.raised_at, at);
  }
  std::erase_if(alarms_, [](const alarm_record& alarm) { return alarm.annulled; });
}

void alarm_book::revise(alarm_record& alarm, const alarm_record& found, context& at) {
  const alarm_id id = alarm.id;
  const uuid public_id = alarm.public_id;
  const bool retroactive = alarm.retroactive;
  alarm = found;
  alarm.id = id;
  alarm.public_id = public_id;
  alarm.retroactive = retroactive;
  emit(alarm, transition_kind::revised, found.cleared_at.value_or(found.raised_at), at);
}

void alarm_book::reconcile(std::vector<alarm_record> found, std::optional<timestamp> known, context& at) {
  // An alarm lives on in the found one with the same beginning, else in the first that overlaps it in time.
  const auto pair_up = [&](auto&& alike) {
    for (alarm_record& f : found) {
      if (f.id != alarm_id{}) continue;
      for (const alarm_record& alarm : alarms_) {
        if (!same_rule(alarm, f) || !alike(alarm, f)) continue;
        const bool taken =
            std::any_of(found.begin(), found.end(), [&](const alarm_record& o) { return o.id == alarm.id; });
        if (taken) continue;
        f.id = alarm.id;
        break;
      }
    }
  };
  pair_up([](const alarm_record& a, const alarm_record& f) { return a.raised_at == f.raised_at; });
  pair_up([](const alarm_record& a, const alarm_record& f) {
    const timestamp a_end = a.cleared_at.value_or(timestamp::max());
    const timestamp f_end = f.cleared_at.value_or(timestamp::max());
    return a.raised_at < f_end && f.raised_at < a_end;
  });
  // Those that end come first: never two open alarms of one rule at a time.
  annul_missing(found, at);
  for (const bool open_ones : {false, true}) {
    for (const alarm_record& f : found) {
      if (f.id == alarm_id{} || f.open() != open_ones) continue;
      const auto alarm =
          std::find_if(alarms_.begin(), alarms_.end(), [&](const alarm_record& a) { return a.id == f.id; });
      if (!same_course(*alarm, f)) revise(*alarm, f, at);
    }
  }
  for (alarm_record& f : found) {
    if (f.id != alarm_id{}) continue;
    f.retroactive = f.retroactive || (known && f.raised_at <= *known); // newer readings were judged without it
    add(f, at);
    if (f.cleared_at) emit(alarms_.back(), transition_kind::cleared, *f.cleared_at, at);
  }
}

} // namespace coldvigil
