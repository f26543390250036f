#include "actors/alarm.hpp"

#include "actors/supervision.hpp"

#include <algorithm>

namespace coldvigil::actors {
namespace {

/// What is committed of a judged run: a replay carries old readings for the alarm book, which are committed already.
unit_run committed_part(const alarm_state::entry& entry, judged& what) {
  unit_run run;
  run.customer = entry.customer;
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

} // namespace

alarm_book::shared_rules alarm_state::rules_of(const unit_record& unit) {
  rule_set rules = own_rules(unit.range, static_cast<std::uint16_t>(context->limits.consecutive));
  for (rule& each : rules.rules)
    each = fitted(std::move(each), unit.interval);
  const auto known = std::find_if(rule_sets.begin(), rule_sets.end(), [&](const auto& each) { return *each == rules; });
  if (known != rule_sets.end()) return *known;
  return rule_sets.emplace_back(std::make_shared<const rule_set>(std::move(rules)));
}

void alarm_state::add(const unit_arrival& arrival) {
  const unit_record& unit = arrival.unit;
  alarm_book book({unit.customer, unit.facility, unit.id}, rules_of(unit));
  if (arrival.snapshot || arrival.newest_alarm)
    book.restore(arrival.snapshot.value_or(unit_snapshot{}), arrival.alarms, arrival.newest_alarm);
  books.insert_or_assign(number(unit.id), entry{std::move(book), unit.customer, unit.point});
}

unit_decision alarm_state::decide(judged& what) {
  unit_decision decision;
  decision.settlements = std::move(what.settlements);
  const auto found = books.find(number(what.unit));
  if (found == books.end()) return decision; // answers only
  decision.transitions = found->second.book.apply(what, context->time.now(), context->fresh_uuid);
  for (const alarm_transition& t : decision.transitions)
    context->metrics.transitions[static_cast<std::size_t>(t.after.rule)][static_cast<std::size_t>(t.kind)].fetch_add(
        1, std::memory_order_relaxed);
  decision.sealed = std::move(what.sealed);
  decision.snapshot = std::move(what.snapshot);
  if (!what.readings.empty()) decision.run = committed_part(found->second, what);
  return decision;
}

alarm_actor::behavior_type alarm(alarm_actor::stateful_pointer<alarm_state> self, const engine_context* context,
                                 writer_actor writer) {
  stop_all_on_fault(self, *context, "alarm");
  self->state.context = context;
  return {
      [self](const unit_arrival& arrival) { self->state.add(arrival); },
      [self, writer](judged& what) { self->send(writer, self->state.decide(what)); },
      [self, writer](series_tail& tail) { self->send(writer, std::move(tail)); },
  };
}

} // namespace coldvigil::actors
