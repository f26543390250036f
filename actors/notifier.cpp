#include "actors/notifier.hpp"

#include "actors/supervision.hpp"
#include "core/engine_name.hpp"

#include <algorithm>
#include <utility>

namespace coldvigil::actors {
namespace {

using self_pointer = notifier_actor::stateful_pointer<notifier_state>;

/// Every channel has threads of its own number, so that however many channels hang, those of another are free.
std::size_t threads_for(const channel_set& channels, const outbox_limits& limits) {
  return std::max<std::size_t>(channels.size(), 1) * limits.max_in_flight_a_channel;
}

/// One commit at a time; after a failed one the next waits a while.
void store_changes(self_pointer self) {
  notifier_state& state = self->state;
  state.note_levels();
  if (state.committing || state.now() < state.no_commit_before) return;
  notification_changes changes = state.desk->take_changes();
  if (changes.empty() && state.audits.empty()) return;
  state.committing = true;
  state.audits_under_way = std::exchange(state.audits, {});
  state.waiting_under_way = std::exchange(state.waiting, {});
  state.told_again_under_way = std::exchange(state.told_again, false);
  state.tools->commit({std::move(changes), state.audits_under_way},
                      [to = notifier_actor(self)](bool ok) { caf::anon_send(to, changes_stored{ok}); });
}

/// Those who wait are told that it failed; what they asked for is done all the same, later.
void answer(std::vector<std::function<void(bool)>> waiting, bool ok) {
  for (const auto& each : waiting)
    each(ok);
}

failure not_stored() {
  return {error_code::unavailable, "it could not be stored yet", {}, "it is tried again by itself"};
}

void end(self_pointer self, bool clean) {
  answer(std::exchange(self->state.waiting, {}), false);
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
  answer(std::exchange(state.waiting_under_way, {}), ok);
  if (ok) {
    state.desk->committed();
    state.note_first_calls();
    state.audits_under_way.clear();
    if (state.told_again_under_way && !state.told_stopped) state.tools->keep_stop(std::nullopt);
  } else {
    state.desk->not_committed();
    state.audits.insert(state.audits.begin(), state.audits_under_way.begin(), state.audits_under_way.end());
    state.told_again = state.told_again || state.told_again_under_way;
    state.no_commit_before = state.now() + state.options->commit_retry;
  }
  if (state.all_settled && !ok) return end(self, false);
  if (state.stopping) return go_on_stopping(self);
  store_changes(self);
  state.send_due();
}

/// First the alarms' own lifecycle, then the link: a crash between them leaves a link that does nothing new.
void use_link(self_pointer self, const link_question& by) {
  notifier_state& state = self->state;
  auto link = state.desk->look_at_link(by.secret, state.now());
  if (!link) return by.done(link.error());
  if (!state.tools) return by.done(not_stored());
  if (link->purpose == link_purpose::confirm_receipt) {
    caf::anon_send(notifier_actor(self), link_acted{by, *link});
    return;
  }
  state.tools->acknowledge(*link, by.reason,
                           [to = notifier_actor(self), by, link = *link](result<std::vector<alarm_dealt_with>> done) {
                             caf::anon_send(to, link_acted{by, link, std::move(done)});
                           });
}

void link_done(self_pointer self, const link_acted& what) {
  notifier_state& state = self->state;
  if (!what.outcome) return what.by.done(what.outcome.error());
  auto used = state.desk->use_link(what.by.secret, state.now());
  // Pressed twice at once: what it was to do is done, and stored.
  if (!used && used.error().code == error_code::conflict) return what.by.done(used_link{what.link, *what.outcome});
  if (!used) return what.by.done(used.error());
  if (used->purpose == link_purpose::acknowledge) ++state.tools->metrics->acknowledgements;
  state.waiting.push_back([done = what.by.done, answer = used_link{*used, *what.outcome}](bool ok) {
    if (ok)
      done(answer);
    else
      done(not_stored());
  });
  store_changes(self);
}

} // namespace

void notifier_state::audit(std::string who, std::string action, std::string subject, std::string reason) {
  audit_entry entry;
  entry.at = now();
  entry.actor = std::move(who);
  entry.action = std::move(action);
  entry.subject = std::move(subject);
  entry.reason = std::move(reason);
  audits.push_back(std::move(entry));
}

void notifier_state::take(const operator_act& act) {
  if (act.what == operator_act::kind::acknowledge) desk->acknowledge(act.alarm, act.who, now());
  if (act.what == operator_act::kind::shelve) desk->shelve(act.alarm, act.until);
  if (act.what == operator_act::kind::unshelve) desk->unshelve(act.alarm, now());
}

void notifier_state::test(const test_question& what) {
  auto keys = desk->send_test(what.person, what.channel, now());
  if (!keys) return what.done(std::move(keys));
  for (const std::string& key : *keys)
    audit(what.who, "notification.tested", key, "");
  waiting.push_back([done = what.done, keys = *keys](bool ok) {
    if (ok)
      done(keys);
    else
      done(not_stored());
  });
}

void notifier_state::note_outcome(const send_outcome& outcome) {
  if (tools) ++tools->metrics->attempts[static_cast<std::size_t>(outcome.result)];
}

void notifier_state::note_first_calls() {
  for (const timestamp taken_up : desk->take_first_called())
    tools->metrics->first_call_seconds.note(std::chrono::duration<double>(now() - taken_up).count());
}

void notifier_state::note_levels() {
  if (!tools) return;
  tools->metrics->waiting = desk->waiting_messages();
  tools->metrics->attempts[static_cast<std::size_t>(send_result::withdrawn)] = desk->withdrawn_messages();
  tools->metrics->cases = desk->open_cases();
  tools->metrics->overdue.set(desk->overdue_ways());
  tools->metrics->unheard.set(desk->unheard(now()));
  tools->metrics->shortage.set(desk->shortage());
  tools->metrics->dropped = desk->dropped();
}

void notifier_state::note_trouble() {
  const desk_trouble trouble = desk->take_trouble();
  notification_metrics& count = *tools->metrics;
  for (const desk_trouble::dead_letter& each : trouble.dead_letters) {
    ++count.dead_letters;
    count.lost.note(each.to, now());
    tools->log("message_given_up", each.key);
  }
  for (const uuid& alarm : trouble.nobody_acknowledged) {
    ++count.unacknowledged;
    tools->log("nobody_acknowledged", to_string(alarm));
  }
  for (const self_test& test : trouble.overdue_tests) {
    ++count.overdue_tests;
    tools->log("self_test_overdue", name_of_way(test.to));
  }
  if (trouble.not_told_of_recording > 0) {
    count.not_told_of_recording += trouble.not_told_of_recording;
    tools->log("recording_messages_dropped", std::to_string(trouble.not_told_of_recording));
  }
  if (trouble.not_called > 0) {
    count.not_called += trouble.not_called;
    tools->log("calls_without_room", std::to_string(trouble.not_called));
  }
  if (trouble.links_full || desk->shortage() != notification_shortage{}) {
    if (count.full++ == 0) tools->log("notification_full", trouble.links_full ? "links" : "alarms or channels");
  }
}

void notifier_state::send_due() {
  if (!pool) return;
  for (outgoing_message& each : desk->take_due(now(), pool->room())) {
    const std::string key = each.key;
    if (!pool->send(std::move(each))) desk->settled(key, {send_result::retry, "no free place", {}, {}}, now());
  }
}

/// Somebody has acknowledged that the store is away: nobody is told again as long as that alarm lasts.
bool notifier_state::somebody_knows() const {
  const auto alarms = context->system->alarms();
  return std::ranges::any_of(*alarms, [](const system_alarm& each) {
    return each.open() && each.what.fault == system_fault::store_away && each.acknowledged;
  });
}

void notifier_state::tell_of_recording(recording_news news, timestamp since) {
  const bool again = news == recording_news::again;
  if (again ? !told_stopped : somebody_knows()) return;
  desk->tell_of_recording({news, since, tools->units_in_danger(), restarted}, now());
  if (!again && !told_stopped) tools->keep_stop(since);
  told_stopped = !again;
  told_again = again;
  restarted = restarted && !again;
}

/// Law 14: a full disk must not silence an alarm.
void notifier_state::look_at_recording() {
  const auto pulse = tools->pulse->look();
  if (pulse.commits != commits_seen) {
    commits_seen = pulse.commits;
    watch->committed();
    gate->committed();
  }
  if (pulse.waiting_since) watch->waiting(*pulse.waiting_since);
  const std::optional<timestamp> was_stopped = watch->stopped_since();
  const recording_news news = watch->look(now());
  if (news == recording_news::none) return;
  const timestamp since = was_stopped.value_or(watch->stopped_since().value_or(now()));
  tell_of_recording(news, since);
  tools->metrics->recording_stopped = news == recording_news::again ? 0 : 1;
  if (news != recording_news::still_stopped) {
    const bool again = news == recording_news::again;
    audit(std::string(engine_name), again ? "recording.again" : "recording.stopped", "store",
          "nothing stored since " + format_utc(since));
    tools->log(again ? "recording_again" : "recording_stopped", "since " + format_utc(since));
  }
}

void notifier_state::beat() {
  gate->ticked();
  if (options->heartbeat_channel.empty() || !heartbeat_under_way.empty() || !gate->due(now())) return;
  outgoing_message call;
  call.key = "heartbeat-" + std::to_string(to_ms(now()));
  call.to.channel = options->heartbeat_channel;
  call.created_at = now();
  heartbeat_under_way = call.key;
  if (pool->send(std::move(call)))
    ++tools->metrics->heartbeats;
  else
    heartbeat_under_way.clear();
}

void notifier_state::plan_calls() {
  if (now() >= call_from) desk->tick(now());
}

void notifier_state::tick() {
  if (!pool) return;
  plan_calls();
  look_at_recording();
  beat();
  note_trouble();
}

namespace {

void begin(self_pointer self, notifier_options options, notifier_tools tools) {
  notifier_state& state = self->state;
  state.desk = std::make_unique<notification_desk>(options.desk, tools.random, tools.chance);
  state.watch = std::make_unique<recording_watch>(options.desk.recording);
  if (tools.stopped_before) state.watch->told_before(*tools.stopped_before);
  state.told_stopped = state.restarted = tools.stopped_before.has_value();
  state.gate = std::make_unique<heartbeat_gate>(options.heartbeat);
  const std::size_t threads = threads_for(tools.channels, options.desk.outbox);
  state.pool =
      std::make_unique<delivery_pool>(tools.channels, threads, threads,
                                      [to = notifier_actor(self)](const std::string& key, const send_outcome& outcome) {
                                        caf::anon_send(to, attempt_over{key, outcome});
                                      });
  state.desk->use(tools.contacts, state.now());
  state.desk->restore(std::exchange(tools.stored, {}), state.now());
  for (const operator_act& act : std::exchange(tools.acts, {}))
    state.take(act);
  state.options = std::move(options);
  state.tools = std::move(tools);
  state.call_from = state.now() + state.options->restore_patience;
  state.context->standings->when_whole([to = notifier_actor(self)] { caf::anon_send(to, alarms_restored{}); });
  self->send(self, notifier_tick{});
}

void take_notices(self_pointer self, const notices_committed& what) {
  self->state.desk->tell(what.notices, self->state.now());
  for (const operator_act& act : what.acts)
    self->state.take(act);
  if (!what.acts.empty()) store_changes(self);
}

void begin_calling(self_pointer self) {
  notifier_state& state = self->state;
  state.call_from = timestamp::min();
  if (state.stopping) return;
  state.plan_calls();
  store_changes(self);
  state.send_due();
}

void answer_link(self_pointer self, const link_question& what) {
  if (what.use) return use_link(self, what);
  const auto link = self->state.desk->look_at_link(what.secret, self->state.now());
  if (!link) return what.done(link.error());
  what.done(used_link{*link});
}

void attempt_ended(self_pointer self, const attempt_over& what) {
  notifier_state& state = self->state;
  state.note_outcome(what.outcome);
  if (what.key == state.heartbeat_under_way) state.heartbeat_under_way.clear();
  state.desk->settled(what.key, what.outcome, state.now());
  if (state.stopping) return;
  store_changes(self);
  state.send_due();
}

void go_on(self_pointer self, const notifier_tick& what) {
  notifier_state& state = self->state;
  if (state.stopping) {
    state.all_settled = state.all_settled || what.last;
    return go_on_stopping(self);
  }
  state.tick();
  store_changes(self);
  state.send_due();
  self->delayed_send(self, state.options->tick, notifier_tick{});
}

caf::typed_response_promise<bool> begin_stopping(self_pointer self) {
  notifier_state& state = self->state;
  state.stopping = self->make_response_promise<bool>();
  auto promise = *state.stopping;
  state.pool.reset();                    // its last outcomes are in the mailbox now
  self->send(self, notifier_tick{true}); // and this comes behind them
  return promise;
}

} // namespace

notifier_actor::behavior_type notifier(self_pointer self, const engine_context* context, notifier_options options,
                                       notifier_tools tools) {
  stop_all_on_fault(self, *context, "notifier");
  self->state.context = context;
  begin(self, std::move(options), std::move(tools));
  return {
      [self](const notices_committed& what) { take_notices(self, what); },
      [self](const link_question& what) { answer_link(self, what); },
      [self](const link_acted& what) { link_done(self, what); },
      [self](const test_question& what) {
        self->state.test(what);
        store_changes(self);
      },
      [self](const new_contacts& what) { self->state.desk->use(what.contacts, self->state.now()); },
      [self](const attempt_over& what) { attempt_ended(self, what); },
      [self](changes_stored what) { stored(self, what.ok); },
      [self](notifier_tick what) { go_on(self, what); },
      [self](alarms_restored) { begin_calling(self); },
      [self](notifier_stop) { return begin_stopping(self); },
  };
}

} // namespace coldvigil::actors
