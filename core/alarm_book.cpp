#include "core/alarm_book.hpp"

#include "core/driver_text.hpp"
#include "core/rule_check.hpp"

#include <algorithm>
#include <utility>

namespace coldvigil {
namespace {

constexpr std::int64_t alarms_per_unit = 1 << 20;

void note_course(alarm_record& alarm, const course& what) {
  alarm.extreme = what.extreme;
  alarm.measured = what.measured;
  alarm.peak_score = what.peak_score;
  if (alarm.rule == rule_kind::model_persistence) alarm.explanation = driver_text(what.driver);
  alarm.course = summary(what);
}

std::vector<saved_machine> saved(const rule_set& rules, const std::vector<machine_state>& states) {
  std::vector<saved_machine> out;
  for (std::size_t i = 0; i < states.size(); ++i)
    if (states[i] != machine_state{}) out.push_back({rules.rules[i].id, rules.rules[i].kind, states[i]});
  return out;
}

} // namespace

alarm_book::alarm_book(const owner& of, shared_rules rules) : owner_(of) {
  base_.states.resize(rules->rules.size());
  base_.rules = std::move(rules);
  middle_ = base_;
  now_ = base_;
}

timestamp alarm_book::change_rules(shared_rules rules, timestamp from) {
  from = std::max(from, now_.rules_from + millis{1});
  if (now_.as_of) from = std::max(from, *now_.as_of + millis{1});
  // One that was planned for later than this one never comes into force.
  std::erase_if(changes_, [from](const rules_change& each) { return each.from >= from; });
  changes_.push_back({from, std::move(rules)});
  return from;
}

void alarm_book::forget_planned_rules() {
  std::erase_if(changes_, [this](const rules_change& each) { return !now_.as_of || each.from > *now_.as_of; });
}

alarm_record alarm_book::record(const rule& by, const rules_in_force& rules, const course& what) const {
  alarm_record alarm;
  alarm.customer = owner_.customer;
  alarm.facility = owner_.facility;
  alarm.unit = owner_.unit;
  alarm.rule = by.kind;
  alarm.by = by;
  alarm.rules = rules;
  alarm.raised_at = what.raised_at;
  alarm.raised_value = what.raised_value;
  alarm.retroactive = what.retroactive;
  note_course(alarm, what);
  return alarm;
}

alarm_id alarm_book::next_id() {
  return alarm_id{number(owner_.unit) * alarms_per_unit + ++last_number_};
}

alarm_record* alarm_book::open_alarm(const rule& by) {
  const auto found = std::find_if(alarms_.begin(), alarms_.end(), [&](const alarm_record& a) {
    return a.rule == by.kind && a.by.id == by.id && a.open();
  });
  return found == alarms_.end() ? nullptr : &*found;
}

alarm_book::running alarm_book::running_of(const alarm_record& alarm) const {
  for (std::size_t i = 0; i < now_.states.size(); ++i) {
    const rule& by = now_.rules->rules[i];
    if (by.id == alarm.by.id && by.kind == alarm.rule && now_.states[i].now) return {&by, &*now_.states[i].now};
  }
  return {};
}

void alarm_book::restore(const unit_snapshot& snapshot, std::vector<alarm_record> alarms,
                         std::optional<alarm_id> newest) {
  for (const saved_machine& machine : snapshot.base_machines)
    for (std::size_t i = 0; i < base_.states.size(); ++i) {
      const rule& by = base_.rules->rules[i];
      if (by.id == machine.rule && by.kind == machine.kind) base_.states[i] = machine.state;
    }
  base_.as_of = snapshot.base_as_of;
  middle_ = base_;
  now_ = base_;
  for (const judged_reading& reading : snapshot.tail) {
    last_value_ = reading.value;
    last_is_history_ = reading.history;
    if (snapshot.base_as_of && reading.at <= *snapshot.base_as_of) continue;
    advance(now_, reading, [](const event&) {});
  }
  alarms_ = std::move(alarms);
  std::erase_if(alarms_, [](const alarm_record& alarm) { return alarm.annulled; });
  forget_final(snapshot.base_as_of);
  if (newest) last_number_ = number(*newest) % alarms_per_unit;
  restored_ = true;
}

std::vector<alarm_transition> alarm_book::apply(judged& what, timestamp now, const uuid_source& fresh_uuid) {
  context at{now, fresh_uuid, last_is_history_};
  if (std::exchange(restored_, false)) end_orphans(at);
  std::optional<timestamp> base_as_of;
  if (what.replay) {
    replay(what, at);
    base_as_of = what.new_base;
  } else {
    if (what.move == checkpoint_move::collapse_before) {
      base_ = middle_ = now_;
      base_as_of = now_.as_of;
    }
    append(what.readings, at);
    if (what.move == checkpoint_move::rotate_after) {
      base_ = std::exchange(middle_, now_);
      base_as_of = base_.as_of;
    }
  }
  if (!what.readings.empty()) last_value_ = what.readings.back().value;
  forget_final(base_as_of);
  std::erase_if(changes_, [this](const rules_change& each) { return each.from <= base_.rules_from; });
  if (what.snapshot) what.snapshot->base_machines = saved(*base_.rules, base_.states);
  return std::move(at.out);
}

/// An alarm whose rule went away while nobody was running: no machine will ever clear it.
void alarm_book::end_orphans(context& at) {
  for (alarm_record& alarm : alarms_) {
    const auto known = [&](const shared_rules& rules) {
      return std::any_of(rules->rules.begin(), rules->rules.end(),
                         [&](const rule& r) { return r.kind == alarm.rule && r.id == alarm.by.id; });
    };
    if (!alarm.open() || alarm.rule == rule_kind::no_data || known(base_.rules) || known(now_.rules)) continue;
    alarm.cleared_at = std::max(alarm.raised_at, now_.as_of.value_or(alarm.raised_at));
    alarm.end = alarm_end::rule_changed;
    emit(alarm, transition_kind::cleared, *alarm.cleared_at, at);
    alarm.annulled = true; // here only: it is final, and no replay knows it
  }
  std::erase_if(alarms_, [](const alarm_record& alarm) { return alarm.annulled; });
}

void alarm_book::emit(const alarm_record& alarm, transition_kind kind, timestamp event_time, context& at) {
  at.out.push_back({alarm, kind, event_time, at.now, at.history});
}

void alarm_book::add(alarm_record alarm, context& at) {
  // The reading that raised it stood for the present no more when it came, by a logger's buffer or after an outage.
  const bool came_late =
      alarm.rule != rule_kind::no_data && at.now - alarm.raised_at > std::max(found_late_after, alarm.by.max_gap);
  alarm.retroactive = alarm.retroactive || came_late;
  alarm.id = next_id();
  alarm.public_id = at.fresh_uuid();
  alarms_.push_back(std::move(alarm));
  emit(alarms_.back(), transition_kind::raised, alarms_.back().raised_at, at);
}

// --- stepping

template <class Sink> void alarm_book::follow_rules(machines& over, timestamp to, Sink&& sink) {
  for (const rules_change& change : changes_) {
    if (change.from <= over.rules_from || change.from > to) continue;
    std::vector<machine_state> states(change.rules->rules.size());
    for (std::size_t i = 0; i < over.states.size(); ++i) {
      const rule& by = over.rules->rules[i];
      const auto same = std::find(change.rules->rules.begin(), change.rules->rules.end(), by);
      if (same != change.rules->rules.end()) {
        states[static_cast<std::size_t>(same - change.rules->rules.begin())] = std::move(over.states[i]);
      } else if (over.states[i].now && over.states[i].now->active) {
        course ended = *over.states[i].now;
        ended.unseen += silence_since(by, ended, change.from);
        sink(event{by, *over.rules, false, ended, change.from, alarm_end::rule_changed});
      }
    }
    over.states = std::move(states);
    over.rules = change.rules;
    over.rules_from = change.from;
  }
}

template <class Sink> void alarm_book::advance(machines& over, const judged_reading& reading, Sink&& sink) {
  if (!changes_.empty()) follow_rules(over, reading.at, sink);
  for (std::size_t i = 0; i < over.states.size(); ++i) {
    const rule& by = over.rules->rules[i];
    if (const auto found = step(by, over.states[i], reading))
      sink(event{by, *over.rules, found->raised, found->what, reading.at, alarm_end::condition});
  }
  over.as_of = reading.at;
}

void alarm_book::take(const event& what, context& at) {
  if (what.raised) return add(record(what.by, in_force(what.rules), what.what), at);
  alarm_record* open = open_alarm(what.by);
  if (!open) return;
  open->cleared_at = what.at;
  open->end = what.why;
  note_course(*open, what.what);
  emit(*open, transition_kind::cleared, what.at, at);
}

void alarm_book::append(std::span<const judged_reading> readings, context& at) {
  for (const judged_reading& reading : readings) {
    at.history = reading.history;
    advance(now_, reading, [&](const event& what) { take(what, at); });
    if (std::exchange(last_is_history_, reading.history) && !reading.history) come_live(at);
  }
}

/// The first live reading has come: what history raised and still holds is news from now on.
void alarm_book::come_live(context& at) {
  for (const alarm_record& alarm : alarms_)
    if (alarm.open() && alarm.retroactive) emit(alarm, transition_kind::revised, alarm.raised_at, at);
}

void alarm_book::replay(const judged& what, context& at) {
  std::vector<alarm_record> found;
  const auto known = now_.as_of;
  const bool was_history = last_is_history_;
  if (!what.readings.empty()) last_is_history_ = at.history = what.readings.back().history;
  now_ = base_;
  for (std::size_t i = 0; i < base_.states.size(); ++i)
    if (const auto& open = base_.states[i].now; open && open->active)
      found.push_back(record(base_.rules->rules[i], in_force(*base_.rules), *open));
  const auto note = [&](const event& happened) {
    if (happened.raised) return found.push_back(record(happened.by, in_force(happened.rules), happened.what));
    const auto ended = std::find_if(found.rbegin(), found.rend(), [&](const alarm_record& f) {
      return f.rule == happened.by.kind && f.by.id == happened.by.id && f.open();
    });
    ended->cleared_at = happened.at;
    ended->end = happened.why;
    note_course(*ended, happened.what);
  };
  bool base_moved = !what.new_base;
  for (const judged_reading& reading : what.readings) {
    if (!base_moved && reading.at > *what.new_base) {
      base_ = now_;
      base_moved = true;
    }
    advance(now_, reading, note);
  }
  middle_ = what.move == checkpoint_move::rotate_after ? now_ : base_;
  reconcile(std::move(found), known, at);
  if (was_history && !last_is_history_) come_live(at);
}

void alarm_book::forget_final(std::optional<timestamp> base) {
  if (!base) return;
  std::erase_if(alarms_, [&](const alarm_record& alarm) { return alarm.cleared_at && *alarm.cleared_at <= *base; });
}

// --- looking in

std::vector<alarm_record> alarm_book::open_now(timestamp now) const {
  std::vector<alarm_record> out;
  for (const alarm_record& alarm : alarms_) {
    if (!alarm.open()) continue;
    out.push_back(alarm);
    excursion& course = out.back().course;
    if (alarm.rule == rule_kind::no_data) course.unseen = std::max(now - course.onset, millis{0});
    const auto [by, so_far] = running_of(alarm);
    if (so_far == nullptr) continue;
    note_course(out.back(), *so_far);
    course.unseen += silence_since(*by, *so_far, now);
  }
  return out;
}

std::vector<std::pair<uuid, alarm_standing>> alarm_book::standings() const {
  std::vector<std::pair<uuid, alarm_standing>> out;
  for (const alarm_record& alarm : alarms_) {
    if (!alarm.open() || alarm.rule == rule_kind::no_data || !now_.as_of) continue;
    alarm_standing now{*now_.as_of, last_value_};
    const course* so_far = running_of(alarm).so_far;
    if (so_far && is_plain_limit(alarm.rule)) now.worst = so_far->extreme;
    now.kind = alarm.rule;
    now.side = alarm.by.side;
    out.emplace_back(alarm.public_id, now);
  }
  return out;
}

std::size_t alarm_book::heap_bytes() const {
  std::size_t bytes = alarms_.capacity() * sizeof(alarm_record) + changes_.capacity() * sizeof(rules_change);
  for (const machines* each : {&base_, &middle_, &now_}) {
    bytes += each->states.capacity() * sizeof(machine_state);
    for (const machine_state& state : each->states)
      bytes += heap_bytes_of(state);
  }
  return bytes;
}

} // namespace coldvigil
