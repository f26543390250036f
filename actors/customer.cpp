#include "actors/customer.hpp"

#include "actors/facility.hpp"
#include "actors/routing.hpp"
#include "actors/supervision.hpp"

#include <chrono>

namespace coldvigil::actors {
namespace {

using self_pointer = customer_actor::stateful_pointer<customer_state>;
using answer_promise = caf::typed_response_promise<registered_units>;

/// A registration is one small transaction; the writer may be busy with a large one before it.
constexpr std::chrono::seconds registration_deadline{30};

void hand_out(self_pointer self, writer_actor writer, customer_offer& offer) {
  std::unordered_map<std::int64_t, facility_offer> parts;
  for (auto& [unit, reading] : offer.readings) {
    const auto found = self->state.facility_of_unit.find(number(unit));
    if (found == self->state.facility_of_unit.end()) {
      settlement unknown;
      unknown.to = std::move(reading.to);
      unknown.result = {item_outcome::rejected, reject_reason::unknown_unit};
      offer.refused.push_back(std::move(unknown));
    } else {
      parts[found->second].readings.emplace_back(unit, std::move(reading));
    }
  }
  for (auto& [facility, part] : parts)
    self->send(self->state.facilities.at(facility), std::move(part));
  if (!offer.refused.empty()) self->send(writer, refusals{std::move(offer.refused)});
}

void forward(self_pointer self, unit_question& question) {
  const auto found = self->state.facility_of_unit.find(number(question.unit));
  if (found == self->state.facility_of_unit.end()) return refuse_unknown(question);
  self->send(self->state.facilities.at(found->second), std::move(question));
}

void welcome(self_pointer self, const engine_context* context, inference_actor scorer, writer_actor writer,
             const unit_arrival& arrival) {
  customer_state& state = self->state;
  if (state.unit_by_code.contains(arrival.unit.code)) return;
  const std::int64_t place = number(arrival.unit.facility);
  if (!state.facilities.contains(place))
    state.facilities[place] = self->spawn<caf::linked>(facility, context, scorer, writer);
  state.facility_of_unit[number(arrival.unit.id)] = place;
  state.unit_by_code[arrival.unit.code] = arrival.unit.id;
  self->send(state.facilities[place], arrival);
}

unit_registration registration_of(const unit_description& unit, const engine_context* context, customer_id id,
                                  const registration_request& asked) {
  unit_registration out;
  out.unit = unit;
  out.unit.customer = id;
  out.kind = unit.set_point ? kind_from_set_point(*unit.set_point) : unit_kind::freezer;
  out.range = registration_limits(out.kind, unit.set_point, unit.own_limits);
  out.fresh_facility = context->fresh_uuid();
  out.fresh_unit = context->fresh_uuid();
  out.audit.at = context->time.now();
  out.audit.customer = id;
  out.audit.actor = asked.who;
  out.audit.action = "unit.registered";
  out.audit.subject = unit.unit_code;
  out.audit.reason = asked.why;
  return out;
}

/// The units of the request that are not known yet, as far as the customer's bound allows.
store_registration unknown_of(self_pointer self, const engine_context* context, customer_id id,
                              const registration_request& request) {
  store_registration out;
  std::size_t units = self->state.unit_by_code.size();
  for (const unit_description& unit : request.units) {
    if (!request.allowed || self->state.unit_by_code.contains(unit.unit_code)) continue;
    if (units++ < request.max_units) out.units.push_back(registration_of(unit, context, id, request));
  }
  return out;
}

registered_units known_of(self_pointer self, const registration_request& request) {
  registered_units out;
  for (const unit_description& unit : request.units)
    if (const auto found = self->state.unit_by_code.find(unit.unit_code); found != self->state.unit_by_code.end())
      out.units.emplace_back(found->first, found->second);
  return out;
}

} // namespace

customer_actor::behavior_type customer(self_pointer self, const engine_context* context, customer_id id,
                                       inference_actor scorer, writer_actor writer) {
  stop_all_on_fault(self, *context, "customer " + std::to_string(number(id)));
  return {
      [self, writer](customer_offer& offer) { hand_out(self, writer, offer); },
      [self](unit_question& question) { forward(self, question); },
      [self, context, scorer, writer](const unit_arrival& arrival) { welcome(self, context, scorer, writer, arrival); },
      [self, context, id, scorer, writer](registration_request& request) -> answer_promise {
        auto answer = self->make_response_promise<registered_units>();
        auto unknown = unknown_of(self, context, id, request);
        if (unknown.units.empty()) {
          answer.deliver(known_of(self, request));
          return answer;
        }
        const auto asked = std::make_shared<const registration_request>(std::move(request));
        self->request(writer, registration_deadline, std::move(unknown))
            .then(
                [=](const registration_answer& done) mutable {
                  if (done.units->ok())
                    for (const registered_unit& each : done.units->value())
                      welcome(self, context, scorer, writer, {each.unit, {}, {}, {}});
                  auto known = known_of(self, *asked);
                  known.complete = done.units->ok();
                  answer.deliver(std::move(known));
                },
                [=](const caf::error&) mutable {
                  answer.deliver(registered_units{false, {}});
                });
        return answer;
      },
  };
}

} // namespace coldvigil::actors
