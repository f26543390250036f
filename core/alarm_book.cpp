#include "core/alarm_book.hpp"

#include "core/alarm_machine.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace coldvigil {
namespace {

constexpr std::int64_t alarms_per_unit = 1 << 20;
constexpr std::array<rule_kind, rule_kind_count> all_rules{rule_kind::low_limit, rule_kind::high_limit,
                                                           rule_kind::model_persistence};

std::size_t index_of(rule_kind rule) {
  return static_cast<std::size_t>(rule);
}

/// What a replay may give another value; identity and wall-clock facts stay.
bool same_course(const alarm_record& a, const alarm_record& b) {
  // While an alarm is open its extremes live in the machine and are written down when it is cleared.
  const bool same_extremes = !a.cleared_at || (a.extreme == b.extreme && a.peak_score == b.peak_score);
  return same_extremes && a.raised_at == b.raised_at && a.cleared_at == b.cleared_at &&
         a.raised_value == b.raised_value && a.retroactive == b.retroactive && a.rules == b.rules;
}

void note_course(alarm_record& alarm, const machine_state& state) {
  alarm.extreme = state.extreme;
  alarm.peak_score = state.peak_score;
}

} // namespace

alarm_record alarm_book::record(rule_kind rule, const machine_state& state) const {
  alarm_record alarm;
  alarm.customer = owner_.customer;
  alarm.facility = owner_.facility;
  alarm.unit = owner_.unit;
  alarm.rule = rule;
  alarm.rules = rules_;
  alarm.raised_at = state.raised_at;
  alarm.raised_value = state.raised_value;
  alarm.retroactive = state.retroactive;
  note_course(alarm, state);
  return alarm;
}

alarm_id alarm_book::next_id() {
  return alarm_id{number(owner_.unit) * alarms_per_unit + ++last_number_};
}

void alarm_book::restore(const unit_snapshot& snapshot, std::vector<alarm_record> alarms,
                         std::optional<alarm_id> newest) {
  base_ = snapshot.base_machines;
  middle_ = base_;
  now_ = base_;
  middle_as_of_ = snapshot.base_as_of;
  now_as_of_ = snapshot.base_as_of;
  for (const judged_reading& reading : snapshot.tail) {
    if (snapshot.base_as_of && reading.at <= *snapshot.base_as_of) continue;
    for (const rule_kind rule : all_rules)
      step(rule, rules_, now_[index_of(rule)], reading);
    now_as_of_ = reading.at;
  }
  alarms_ = std::move(alarms);
  std::erase_if(alarms_, [](const alarm_record& alarm) { return alarm.annulled; });
  forget_final(snapshot.base_as_of);
  if (newest) last_number_ = number(*newest) % alarms_per_unit;
}

std::vector<alarm_transition> alarm_book::apply(judged& what, timestamp now, const uuid_source& fresh_uuid) {
  context at{now, fresh_uuid};
  std::optional<timestamp> base_as_of;
  if (what.replay) {
    replay(what, at);
    base_as_of = what.new_base;
  } else {
    if (what.move == checkpoint_move::collapse_before) {
      base_ = middle_ = now_;
      middle_as_of_ = base_as_of = now_as_of_;
    }
    append(what.readings, at);
    if (what.move == checkpoint_move::rotate_after) {
      base_ = std::exchange(middle_, now_);
      base_as_of = std::exchange(middle_as_of_, now_as_of_);
    }
  }
  forget_final(base_as_of);
  if (what.snapshot) what.snapshot->base_machines = base_;
  return std::move(at.out);
}

void alarm_book::emit(const alarm_record& alarm, transition_kind kind, timestamp event_time, context& at) {
  at.out.push_back({alarm, kind, event_time, at.now});
}

void alarm_book::add(alarm_record alarm, context& at) {
  alarm.id = next_id();
  alarm.public_id = at.fresh_uuid();
  alarms_.push_back(std::move(alarm));
  emit(alarms_.back(), transition_kind::raised, alarms_.back().raised_at, at);
}

void alarm_book::append(std::span<const judged_reading> readings, context& at) {
  for (const judged_reading& reading : readings) {
    for (const rule_kind rule : all_rules) {
      machine_state& state = now_[index_of(rule)];
      const auto event = step(rule, rules_, state, reading);
      if (!event) continue;
      if (*event == machine_event::raised) {
        add(record(rule, state), at);
        continue;
      }
      const auto open = std::find_if(alarms_.begin(), alarms_.end(),
                                     [rule](const alarm_record& a) { return a.rule == rule && a.open(); });
      if (open == alarms_.end()) continue;
      open->cleared_at = reading.at;
      note_course(*open, state);
      emit(*open, transition_kind::cleared, reading.at, at);
    }
    now_as_of_ = reading.at;
  }
}

void alarm_book::replay(const judged& what, context& at) {
  std::array<std::vector<alarm_record>, rule_kind_count> found;
  now_ = base_;
  for (const rule_kind rule : all_rules)
    if (base_[index_of(rule)].active) found[index_of(rule)].push_back(record(rule, base_[index_of(rule)]));
  bool base_moved = !what.new_base;
  for (const judged_reading& reading : what.readings) {
    if (!base_moved && reading.at > *what.new_base) {
      base_ = now_;
      base_moved = true;
    }
    for (const rule_kind rule : all_rules) {
      machine_state& state = now_[index_of(rule)];
      const auto event = step(rule, rules_, state, reading);
      if (!event) continue;
      auto& list = found[index_of(rule)];
      if (*event == machine_event::raised) {
        list.push_back(record(rule, state));
      } else {
        list.back().cleared_at = reading.at;
        note_course(list.back(), state);
      }
    }
    now_as_of_ = reading.at;
  }
  const bool middle_at_newest = what.move == checkpoint_move::rotate_after;
  middle_ = middle_at_newest ? now_ : base_;
  middle_as_of_ = middle_at_newest ? now_as_of_ : what.new_base;
  for (const rule_kind rule : all_rules)
    reconcile(rule, std::move(found[index_of(rule)]), at);
}

void alarm_book::annul_missing(rule_kind rule, const std::vector<alarm_record>& found, context& at) {
  // An alarm lives on in the found one with the same beginning, else in the first that overlaps it in time.
  for (alarm_record& alarm : alarms_) {
    if (alarm.rule != rule) continue;
    const bool lives = std::any_of(found.begin(), found.end(), [&](const alarm_record& f) { return f.id == alarm.id; });
    if (lives) continue;
    alarm.annulled = true;
    emit(alarm, transition_kind::annulled, alarm.raised_at, at);
  }
  std::erase_if(alarms_, [](const alarm_record& alarm) { return alarm.annulled; });
}

void alarm_book::revise(alarm_record& alarm, const alarm_record& found, context& at) {
  alarm.raised_at = found.raised_at;
  alarm.raised_value = found.raised_value;
  alarm.cleared_at = found.cleared_at;
  alarm.extreme = found.extreme;
  alarm.peak_score = found.peak_score;
  alarm.retroactive = found.retroactive;
  emit(alarm, transition_kind::revised, found.cleared_at.value_or(found.raised_at), at);
}

void alarm_book::reconcile(rule_kind rule, std::vector<alarm_record> found, context& at) {
  const auto pair_up = [&](auto&& alike) {
    for (alarm_record& f : found) {
      if (f.id != alarm_id{}) continue;
      for (const alarm_record& alarm : alarms_) {
        if (alarm.rule != rule || !alike(alarm, f)) continue;
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
  annul_missing(rule, found, at);
  for (const bool open_ones : {false, true}) {
    for (const alarm_record& f : found) {
      if (f.id == alarm_id{} || f.open() != open_ones) continue;
      const auto alarm =
          std::find_if(alarms_.begin(), alarms_.end(), [&](const alarm_record& a) { return a.id == f.id; });
      if (!same_course(*alarm, f)) revise(*alarm, f, at);
    }
  }
  for (const alarm_record& f : found) {
    if (f.id != alarm_id{}) continue;
    add(f, at);
    if (f.cleared_at) emit(alarms_.back(), transition_kind::cleared, *f.cleared_at, at);
  }
}

void alarm_book::forget_final(std::optional<timestamp> base) {
  if (!base) return;
  std::erase_if(alarms_, [&](const alarm_record& alarm) { return alarm.cleared_at && *alarm.cleared_at <= *base; });
}

} // namespace coldvigil
