#include "actors/alarm.hpp"

#include "actors/supervision.hpp"

#include <algorithm>
#include <iterator>

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

alarm_book::shared_rules alarm_state::shared(rule_set rules) {
  const auto known = std::find_if(rule_sets.begin(), rule_sets.end(), [&](const auto& each) { return *each == rules; });
  if (known != rule_sets.end()) return *known;
  return rule_sets.emplace_back(std::make_shared<const rule_set>(std::move(rules)));
}

void alarm_state::add(const unit_arrival& arrival) {
  const unit_record& unit = arrival.unit;
  const timestamp base = arrival.snapshot ? arrival.snapshot->base_as_of.value_or(timestamp::min()) : timestamp::min();
  follow_rules();
  auto periods =
      context->rules->current()->periods_of(ruled(unit), base, static_cast<std::uint16_t>(context->limits.consecutive));
  alarm_book book({unit.customer, unit.facility, unit.id}, shared(std::move(periods.front().rules)));
  for (std::size_t i = 1; i < periods.size(); ++i)
    (void)book.change_rules(shared(std::move(periods[i].rules)), periods[i].from);
  if (arrival.snapshot || arrival.newest_alarm)
    book.restore(arrival.snapshot.value_or(unit_snapshot{}), arrival.alarms, arrival.newest_alarm);
  entry& made =
      books.insert_or_assign(number(unit.id), entry{std::move(book), ruled(unit), unit.point, context->time.now()})
          .first->second;
  if (arrival.alarms.empty()) return;
  note_danger(made, std::nullopt);
  note_standings(made, {});
}

/// A change is committed well before it is in force, so hearing of it with the next reading is early enough.
void alarm_state::follow_rules() {
  if (rules_revision == context->rules->revision()) return;
  const auto history = context->rules->current();
  rules_revision = history->revision();
  rule_sets.clear();
  for (auto& [id, each] : books) {
    alarm_book& book = each.book;
    auto periods = history->periods_of(each.unit, book.judged_through().value_or(timestamp::min()),
                                       static_cast<std::uint16_t>(context->limits.consecutive));
    book.forget_planned_rules();
    for (auto& [from, rules] : periods)
      if (from != timestamp::min() || rules.rules != book.rules().rules)
        (void)book.change_rules(shared(std::move(rules)), from);
  }
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
  const auto found = std::find_if(open.begin(), open.end(), [](const alarm_record& each) {
    return each.rule == rule_kind::low_limit || each.rule == rule_kind::high_limit;
  });
  of.in_danger = found != open.end();
  context->danger->set(of.unit.unit, of.in_danger ? std::optional(danger{*found, newest}) : std::nullopt);
}

unit_decision alarm_state::decide(judged& what) {
  unit_decision decision;
  decision.settlements = std::move(what.settlements);
  const auto found = books.find(number(what.unit));
  if (found == books.end()) return decision; // answers only
  follow_rules();
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
  follow_rules();
  std::vector<alarm_transition> out;
  std::shared_ptr<const customer_now> board; // all units here are one customer's
  const timestamp now = context->time.now();
  for (auto& [id, each] : books) {
    if (!each.book.watches_silence(now)) continue;
    if (!board) board = context->board.of(each.unit.customer);
    // What is judged and not committed yet is heard, too; readings without a value are on the board only.
    std::optional<timestamp> heard = each.book.judged_through();
    if (board) heard = std::max(heard, last_contact(*board, each.unit.unit));
    auto transitions = each.book.judge_silence(now, heard, each.listening_since, context->fresh_uuid);
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
