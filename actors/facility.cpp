#include "actors/facility.hpp"

#include "actors/alarm.hpp"
#include "actors/routing.hpp"
#include "actors/supervision.hpp"
#include "actors/unit.hpp"

namespace coldvigil::actors {
namespace {

using self_pointer = facility_actor::stateful_pointer<facility_state>;

void hand_out(self_pointer self, facility_offer& offer) {
  std::unordered_map<std::int64_t, unit_offer> parts;
  for (auto& [unit, reading] : offer.readings)
    parts[number(unit)].readings.push_back(std::move(reading));
  for (auto& [unit, part] : parts)
    if (const auto found = self->state.units.find(unit); found != self->state.units.end())
      self->send(found->second, std::move(part));
}

void forward(self_pointer self, unit_question& question) {
  const auto found = self->state.units.find(number(question.unit));
  if (found == self->state.units.end()) return refuse_unknown(question);
  self->send(found->second, std::move(question));
}

void ask_units_to_save(self_pointer self, const engine_context* context) {
  for (const auto& [id, handle] : self->state.units)
    self->send(handle, save_quiet{context->time.now()});
  self->delayed_send(self, context->limits.tick, tick{});
}

} // namespace

facility_actor::behavior_type facility(self_pointer self, const engine_context* context, inference_actor scorer,
                                       writer_actor writer) {
  stop_all_on_fault(self, *context, "facility");
  const auto alarms = self->spawn<caf::linked>(alarm, context, writer);
  self->delayed_send(self, context->limits.tick, tick{});
  return {
      [self](facility_offer& offer) { hand_out(self, offer); },
      [self](unit_question& question) { forward(self, question); },
      [self, context, scorer, alarms](const unit_arrival& arrival) {
        self->send(alarms, arrival);
        self->state.units[number(arrival.unit.id)] = self->spawn<caf::linked>(unit, context, arrival, scorer, alarms);
      },
      [self, context](tick) { ask_units_to_save(self, context); },
  };
}

} // namespace coldvigil::actors
