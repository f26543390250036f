#include "actors/model_keeper.hpp"

#include "actors/supervision.hpp"

namespace coldvigil::actors {
namespace {

using self_pointer = model_actor::stateful_pointer<model_keeper_state>;

constexpr std::chrono::seconds commit_deadline{120};

void look_again(self_pointer self) {
  self->delayed_send(self, self->state.desk->every, tick{});
}

/// The number is the store's, so it is known when this was done.
status activate(store& in, const model_info& info, const model_candidate& what, model_activation& as) {
  const auto number = in.model_number(info.name, info.sha256_hex, as.at);
  if (!number.ok()) return number.error();
  as.number = *number;
  return in.activate_model(as, audit_of(as, info.name, what.reason));
}

void commit(self_pointer self, const model_candidate& what) {
  const timestamp now = self->state.context->time.now();
  const auto as =
      std::make_shared<model_activation>(model_activation{0, what.version, now + what.warm_up, now, what.who});
  store_work work{[what, as](store& in) { return activate(in, what.scorer->info(), what, *as); }};
  self->request(self->state.writer, commit_deadline, std::move(work))
      .then(
          [self, as, scorer = what.scorer](const store_answer& done) {
            model_keeper_state& state = self->state;
            if (done.outcome->ok()) {
              state.present = as->number;
              self->send(state.scorer, model_takeover{scorer, as->number, as->from});
              state.desk->taken(*as);
            } else {
              state.desk->refused(done.outcome->error());
            }
            look_again(self);
          },
          [self](const caf::error&) {
            self->state.desk->refused({error_code::unavailable, "the store did not answer in time"});
            look_again(self);
          });
}

void look(self_pointer self) {
  model_keeper_state& state = self->state;
  auto found = state.desk->next(*state.reader, state.present, state.context->time.now());
  if (!found.ok()) state.desk->refused(found.error());
  if (found.ok() && *found)
    commit(self, **found);
  else
    look_again(self);
}

} // namespace

model_actor::behavior_type model_keeper(self_pointer self, const engine_context* context,
                                        std::shared_ptr<const model_desk> desk, std::shared_ptr<store_reader> reader,
                                        std::uint16_t present, writer_actor writer, inference_actor scorer) {
  stop_all_on_fault(self, *context, "models");
  self->state.context = context;
  self->state.desk = std::move(desk);
  self->state.reader = std::move(reader);
  self->state.present = present;
  self->state.writer = std::move(writer);
  self->state.scorer = std::move(scorer);
  look_again(self);
  return {[self](tick) { look(self); }};
}

} // namespace coldvigil::actors
