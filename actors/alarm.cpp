#include "actors/alarm.hpp"

#include "actors/supervision.hpp"
#include "core/rule_check.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace coldvigil::actors {
namespace {

/// What is committed of a judged run: a replay carries old readings for the alarm book, which are committed already.
unit_run committed_part(const alarm_state::entry& entry, judged& what) {
  unit_run run;
  run.customer = entry.unit.customer;
  run.unit = what.unit;
  run.point = what.point;
  run.replaces_from = what.replaces_from;
  run.rules_version = entry.book.rules().version;
  run.new_sensors = std::move(what.new_sensors);
  run.readings = std::move(what.readings);
  if (run.replaces_from)
    std::erase_if(run.readings, [&](const judged_reading& r) { return r.at < *run.replaces_from; });
  return run;
}

std::optional<timestamp> last_contact(const customer_now& board, unit_id unit) {
  const unit_now* found = board.find(unit);
  return found ? found->last_contact : std::nullopt;
}

} // namespace

std::shared_ptr<const rule_history> alarm_state::history() {
  auto out = context->rules->current();
  if (std::exchange(rules_revision, out->revision()) != out->revision())
    std::erase_if(rule_sets, [](const auto& each) { return each.second.use_count() == 1; });
  return out;
}

alarm_book::shared_rules alarm_state::shared(rule_set rules) {
  const auto [first, last] = rule_sets.equal_range(rules.version);
  const auto known = std::find_if(first, last, [&](const auto& each) { return *each.second == rules; });
  if (known != last) return known->second;
  const std::uint32_t version = rules.version;
  return rule_sets.emplace(version, std::make_shared<const rule_set>(std::move(rules)))->second;
}

/// With the changes that its judged readings have seen; those that come later are heard of with the next reading.
void alarm_state::add(const unit_arrival& arrival) {
  const unit_record& unit = arrival.unit;
  const unit_snapshot none;
  const unit_snapshot& known = arrival.snapshot ? *arrival.snapshot : none;
  timestamp since = context->time.now();
  if (!known.tail.empty()) since = oldest_beside(known.tail.front().at);
  if (known.base_as_of) since = *known.base_as_of;
  auto periods = history()->periods_of(ruled(unit), since, static_cast<std::uint16_t>(context->limits.consecutive));
  alarm_book book({unit.customer, unit.facility, unit.id}, shared(std::move(periods.front().rules)));
  for (std::size_t i = 1; i < periods.size() && !known.tail.empty() && periods[i].from <= known.tail.back().at; ++i)
    (void)book.change_rules(shared(std::move(periods[i].rules)), periods[i].from);
  if (arrival.snapshot || arrival.newest_alarm) book.restore(known, arrival.alarms, arrival.newest_alarm);
  entry& made =
      books.insert_or_assign(number(unit.id), entry{std::move(book), ruled(unit), unit.point, context->time.now()})
          .first->second;
  if (arrival.alarms.empty()) return;
  note_danger(made, std::nullopt);
  note_standings(made, {});
  if (arrival.has_open_alarm()) context->standings->unit_restored();
}

/// Readings of before the first one are judged, too, as far as the horizon reaches.
timestamp alarm_state::oldest_beside(timestamp first_reading) const {
  return first_reading - context->limits.units.horizon_span;
}

/// A change is committed well before it is in force, so hearing of it with the next reading is early enough.
void alarm_state::follow_rules(entry& of, timestamp first_reading) {
  const auto judged_through = of.book.judged_through();
  if (judged_through && of.rules_revision == context->rules->revision()) return;
  const auto rules_of_all = history();
  of.rules_revision = rules_of_all->revision();
  auto periods = rules_of_all->periods_of(of.unit, judged_through.value_or(oldest_beside(first_reading)),
                                          static_cast<std::uint16_t>(context->limits.consecutive));
  of.book.forget_planned_rules();
  for (auto& [from, rules] : periods)
    if (from != timestamp::min() || rules.rules != of.book.rules().rules)
      (void)of.book.change_rules(shared(std::move(rules)), from);
}

const silence_rules& alarm_state::silence_rules_now(entry& of, timestamp now) {
  const bool stands = of.silence_revision == context->rules->revision() && now >= of.silence.from;
  if (stands && now < of.silence_until) return of.silence;
  const auto rules_of_all = history();
  auto found = rules_of_all->rules_of(of.unit, now, static_cast<std::uint16_t>(context->limits.consecutive));
  of.silence_revision = rules_of_all->revision();
  of.silence = silence_rules_of(found.rules, found.from);
  of.silence_until = found.until;
  return of.silence;
}

void alarm_state::note(const std::vector<alarm_transition>& transitions) const {
  for (const alarm_transition& t : transitions)
    context->metrics.transitions[static_cast<std::size_t>(t.after.rule)][static_cast<std::size_t>(t.kind)].fetch_add(
        1, std::memory_order_relaxed);
}

void alarm_state::note_standings(const entry& of, const std::vector<alarm_transition>& transitions) const {
  for (const alarm_transition& each : transitions)
    if (!each.after.open()) context->standings->erase(each.after.public_id);
  if (const auto open = of.book.standings(); !open.empty()) context->standings->set(open);
}

void alarm_state::note_danger(entry& of, std::optional<milli_celsius> newest) const {
  const auto open = of.book.open_now(context->time.now());
  const auto found =
      std::find_if(open.begin(), open.end(), [](const alarm_record& each) { return is_plain_limit(each.rule); });
  of.in_danger = found != open.end();
  context->danger->set(of.unit.unit, of.in_danger ? std::optional(danger{*found, newest}) : std::nullopt);
}

unit_decision alarm_state::decide(judged& what) {
  unit_decision decision;
  decision.settlements = std::move(what.settlements);
  const auto found = books.find(number(what.unit));
  if (found == books.end()) return decision; // answers only
  if (!what.readings.empty()) follow_rules(found->second, what.readings.front().at);
  decision.transitions = found->second.book.apply(what, context->time.now(), context->fresh_uuid);
  note(decision.transitions);
  note_standings(found->second, decision.transitions);
  if (!what.readings.empty()) {
    const milli_celsius newest = what.readings.back().value;
    if (!decision.transitions.empty())
      note_danger(found->second, newest);
    else if (found->second.in_danger)
      context->danger->set_value(what.unit, newest);
  }
  decision.sealed = std::move(what.sealed);
  decision.snapshot = std::move(what.snapshot);
  if (!what.readings.empty()) decision.run = committed_part(found->second, what);
  return decision;
}

std::vector<alarm_transition> alarm_state::judge_silence() {
  std::vector<alarm_transition> out;
  std::shared_ptr<const customer_now> board; // all units here are one customer's
  const timestamp now = context->time.now();
  for (auto& [id, each] : books) {
    const silence_rules& rules = silence_rules_now(each, now);
    if (!each.book.watches_silence(rules)) continue;
    if (!board) board = context->board.of(each.unit.customer);
    // What is judged and not committed yet is heard, too; readings without a value are on the board only.
    std::optional<timestamp> heard = each.book.judged_through();
    if (board) heard = std::max(heard, last_contact(*board, each.unit.unit));
    auto transitions = each.book.judge_silence({now, heard, each.listening_since}, rules, context->fresh_uuid);
    std::move(transitions.begin(), transitions.end(), std::back_inserter(out));
  }
  note(out);
  return out;
}

std::vector<alarm_record> alarm_state::open_of(unit_id unit) const {
  const auto found = books.find(number(unit));
  return found == books.end() ? std::vector<alarm_record>{} : found->second.book.open_now(context->time.now());
}

namespace {

void look_for_silence(alarm_actor::stateful_pointer<alarm_state> self, const writer_actor& writer) {
  self->delayed_send(self, self->state.context->limits.silence_tick, tick{});
  unit_decision decision;
  decision.transitions = self->state.judge_silence();
  if (!decision.transitions.empty()) self->send(writer, std::move(decision));
}

} // namespace

alarm_actor::behavior_type alarm(alarm_actor::stateful_pointer<alarm_state> self, const engine_context* context,
                                 const writer_actor& writer) {
  stop_all_on_fault(self, *context, "alarm");
  self->state.context = context;
  self->delayed_send(self, context->limits.silence_tick, tick{});
  return {
      [self](const unit_arrival& arrival) { self->state.add(arrival); },
      [self, writer](judged& what) { self->send(writer, self->state.decide(what)); },
      [self, writer](series_tail& tail) { self->send(writer, std::move(tail)); },
      [self](open_alarms_question& what) { what.done(self->state.open_of(what.unit)); },
      [self, writer](tick) { look_for_silence(self, writer); },
  };
}

} // namespace coldvigil::actors
