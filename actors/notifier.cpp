#include "actors/notifier.hpp"

#include "actors/supervision.hpp"

#include <utility>

namespace coldvigil::actors {
namespace {

using self_pointer = notifier_actor::stateful_pointer<notifier_state>;

/// One commit at a time; after a failed one the next waits a while.
void store_changes(self_pointer self) {
  notifier_state& state = self->state;
  if (state.committing || state.now() < state.no_commit_before) return;
  notification_changes changes = state.desk->take_changes();
  if (changes.empty()) return;
  state.committing = true;
  state.tools->commit(std::move(changes),
                      [to = notifier_actor(self)](bool ok) { caf::anon_send(to, changes_stored{ok}); });
}

void end(self_pointer self, bool clean) {
  self->state.stopping->deliver(clean);
  self->state.tools.reset();
  self->quit();
}

/// What was settled last is committed, so that it is not sent again after the restart.
void go_on_stopping(self_pointer self) {
  if (!self->state.all_settled || self->state.committing) return;
  self->state.no_commit_before = timestamp::min();
  store_changes(self);
  if (!self->state.committing) end(self, true);
}

void stored(self_pointer self, bool ok) {
  notifier_state& state = self->state;
  state.committing = false;
  if (ok) {
    state.desk->committed();
  } else {
    state.desk->not_committed();
    state.no_commit_before = state.now() + state.options->commit_retry;
  }
  if (state.all_settled && !ok) return end(self, false);
  if (state.stopping) return go_on_stopping(self);
  store_changes(self);
  state.send_due();
}

} // namespace

void notifier_state::send_due() {
  if (!pool) return;
  for (outgoing_message& each : desk->take_due(now(), pool->room())) {
    const std::string key = each.key;
    if (!pool->send(std::move(each))) desk->settled(key, {send_result::retry, "no free place", {}, {}}, now());
  }
}

/// Law 14: a full disk must not silence an alarm.
void notifier_state::look_at_recording() {
  const auto pulse = tools->pulse->look();
  if (pulse.commits != commits_seen) {
    commits_seen = pulse.commits;
    watch->committed(pulse.last_commit);
    gate->committed();
  }
  if (pulse.waiting_since) watch->waiting(*pulse.waiting_since);
  const std::optional<timestamp> was_stopped = watch->stopped_since();
  const recording_news news = watch->look(now());
  if (news == recording_news::none) return;
  const timestamp since = was_stopped.value_or(watch->stopped_since().value_or(now()));
  for (outgoing_message& each : desk->recording_messages(news, since, tools->units_in_danger(), now()))
    (void)pool->send(std::move(each)); // it is repeated while it lasts
  tools->on_recording(news, since);
}

void notifier_state::beat() {
  gate->ticked();
  if (options->heartbeat_channel.empty() || !gate->due(now())) return;
  outgoing_message call;
  call.key = "heartbeat-" + std::to_string(to_ms(now()));
  call.to.channel = options->heartbeat_channel;
  call.created_at = now();
  (void)pool->send(std::move(call));
}

void notifier_state::tick() {
  if (!pool) return;
  desk->tick(now());
  look_at_recording();
  beat();
  if (const desk_trouble trouble = desk->take_trouble(); !trouble.empty()) tools->on_trouble(trouble);
}

notifier_actor::behavior_type notifier(self_pointer self, const engine_context* context, notifier_options options,
                                       notifier_tools tools) {
  stop_all_on_fault(self, *context, "notifier");
  notifier_state& state = self->state;
  state.context = context;
  state.desk = std::make_unique<notification_desk>(options.desk, tools.random, tools.chance);
  state.watch = std::make_unique<recording_watch>(options.desk.recording);
  state.gate = std::make_unique<heartbeat_gate>(options.heartbeat);
  state.pool =
      std::make_unique<delivery_pool>(tools.channels, options.threads, options.max_in_flight,
                                      [to = notifier_actor(self)](const std::string& key, const send_outcome& outcome) {
                                        caf::anon_send(to, attempt_over{key, outcome});
                                      });
  state.desk->use(tools.contacts, state.now());
  state.desk->restore(std::exchange(tools.stored, {}), state.now());
  state.options = std::move(options);
  state.tools = std::move(tools);
  self->send(self, notifier_tick{});
  return {
      [self](notices_committed& what) { self->state.desk->tell(what.notices, self->state.now()); },
      [self](const operator_act& act) {
        notification_desk& desk = *self->state.desk;
        if (act.what == operator_act::kind::acknowledge) desk.acknowledge(act.alarm, act.who, self->state.now());
        if (act.what == operator_act::kind::shelve) desk.shelve(act.alarm, act.until);
        if (act.what == operator_act::kind::unshelve) desk.unshelve(act.alarm, self->state.now());
      },
      [self](const link_question& what) {
        notifier_state& at = self->state;
        auto answer =
            what.use ? at.desk->use_link(what.secret, at.now()) : at.desk->look_at_link(what.secret, at.now());
        if (answer && what.use && at.tools) at.tools->link_used(*answer);
        what.done(std::move(answer));
        store_changes(self);
      },
      [self](const new_contacts& what) { self->state.desk->use(what.contacts, self->state.now()); },
      [self](const attempt_over& what) {
        self->state.desk->settled(what.key, what.outcome, self->state.now());
        if (self->state.stopping) return;
        store_changes(self);
        self->state.send_due();
      },
      [self](changes_stored what) { stored(self, what.ok); },
      [self](notifier_tick what) {
        notifier_state& at = self->state;
        if (at.stopping) {
          at.all_settled = at.all_settled || what.last;
          return go_on_stopping(self);
        }
        at.tick();
        store_changes(self);
        at.send_due();
        self->delayed_send(self, at.options->tick, notifier_tick{});
      },
      [self](notifier_stop) {
        notifier_state& at = self->state;
        at.stopping = self->make_response_promise<bool>();
        auto promise = *at.stopping;
        at.pool.reset();                       // its last outcomes are in the mailbox now
        self->send(self, notifier_tick{true}); // and this comes behind them
        return promise;
      },
  };
}

} // namespace coldvigil::actors
