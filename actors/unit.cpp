#include "actors/unit.hpp"

#include "actors/supervision.hpp"
#include "core/rule_condition.hpp"

namespace coldvigil::actors {
namespace {

using self_pointer = unit_actor::stateful_pointer<unit_state>;

void score_next_run(self_pointer self);

void pass_on(self_pointer self, std::optional<judged> done) {
  if (done) self->send(self->state.alarms, std::move(*done));
  // Nothing when the base had to move first: the same run goes out again.
  if (!done || self->state.judge->run_due()) score_next_run(self);
}

void score_next_run(self_pointer self) {
  unit_state& state = self->state;
  state.follow_rules();
  self->request(state.scorer, state.context->limits.detector_deadline, state.judge->begin_run())
      .then([self](detect_answer& answer) { pass_on(self, self->state.judge->finish_run(std::move(answer))); },
            [self](const caf::error&) { pass_on(self, self->state.judge->finish_unscored(score_state::timeout)); });
}

void take(self_pointer self, unit_offer& offer) {
  unit_judge& judge = *self->state.judge;
  judge.offer(std::move(offer.readings));
  if (judge.run_due()) score_next_run(self);
  auto settled = judge.take_settled();
  if (settled.empty()) return;
  judged answers;
  answers.settlements = std::move(settled);
  self->send(self->state.alarms, std::move(answers));
}

void answer(self_pointer self, unit_question& question) {
  unit_state& state = self->state;
  if (auto* ask = std::get_if<series_question>(&question.what)) {
    series_tail tail{state.judge->point(), std::move(*ask), {}};
    const unit_window& window = state.judge->window();
    for (std::size_t i = window.first_at_or_after(tail.question.from); i < window.size(); ++i)
      if (window.time_at(i) <= tail.question.to) tail.tail.readings.push_back(window.at(i));
    tail.tail.sensors = state.judge->sensors();
    self->send(state.alarms, std::move(tail));
  } else if (auto* predict = std::get_if<predict_question>(&question.what)) {
    self->send(state.scorer, predict_job{std::move(*predict), state.judge->state()});
  } else if (auto* reconstruct = std::get_if<reconstruct_question>(&question.what)) {
    self->send(state.scorer, reconstruct_job{std::move(*reconstruct), state.judge->state()});
  } else if (auto* open = std::get_if<open_alarms_question>(&question.what)) {
    self->send(state.alarms, std::move(*open));
  }
}

void save(self_pointer self, timestamp now) {
  if (auto saved = self->state.judge->save_quiet(now)) self->send(self->state.alarms, std::move(*saved));
}

} // namespace

/// An outlook goes by the newest rules that are known, also when they are still to come.
void unit_state::follow_rules() {
  if (rules_revision == context->rules->revision()) return;
  const auto history = context->rules->current();
  rules_revision = history->revision();
  const auto periods =
      history->periods_of(unit, context->time.now(), static_cast<std::uint16_t>(context->limits.consecutive));
  judge->watch(watched_by(periods.back().rules));
}

unit_actor::behavior_type unit(self_pointer self, const engine_context* context, const unit_arrival& arrival,
                               inference_actor scorer, alarm_actor alarms) {
  stop_all_on_fault(self, *context, "unit " + arrival.unit.code);
  unit_state& state = self->state;
  state.context = context;
  state.scorer = std::move(scorer);
  state.alarms = std::move(alarms);
  const unit_record& of = arrival.unit;
  state.judge = std::make_unique<unit_judge>(of.id, of.point, of.customer, of.code, context->limits.units);
  state.unit = ruled(of);
  if (arrival.snapshot) state.judge->restore(*arrival.snapshot);
  return {
      [self](unit_offer& offer) { take(self, offer); },
      [self](unit_question& question) { answer(self, question); },
      [self](save_quiet now) { save(self, now.now); },
  };
}

} // namespace coldvigil::actors
