#include "actors/writer.hpp"

#include "actors/desk.hpp"
#include "actors/link_desk.hpp"
#include "actors/supervision.hpp"

#include <algorithm>
#include <iterator>
#include <span>
#include <tuple>
#include <utility>

namespace coldvigil::actors {
namespace {

using self_pointer = writer_actor::stateful_pointer<writer_state>;

template <class T> void move_to(std::optional<T>& from, std::vector<T>& to) {
  if (from) to.push_back(std::move(*from));
}

/// One flush is under way at a time. Without a linger it goes to the end of the mailbox, so that everything already
/// waiting there commits together.
void schedule(self_pointer self, millis wait) {
  writer_state& state = self->state;
  if (state.flush_due) return;
  state.flush_due = true;
  if (wait.count() == 0)
    self->send(self, flush{});
  else
    self->delayed_send(self, wait, flush{});
}

void commit_or_retry(self_pointer self) {
  writer_state& state = self->state;
  state.flush_due = false;
  if (!state.commit()) return schedule(self, state.context->limits.commit_retry);
  for (series_tail& tail : state.after_commit)
    self->send(state.tools.reader, std::move(tail));
  state.after_commit.clear();
}

void gathered(self_pointer self) {
  const engine_limits& limits = self->state.context->limits;
  // Answers that need no commit, such as that of a duplicate, are not what the store owes.
  if (self->state.tools.tap && !self->state.batch.empty())
    self->state.tools.tap->gathered(self->state.context->time.now());
  const bool full = self->state.readings >= limits.commit_readings;
  if (full && self->state.tools.health->trouble().empty()) return commit_or_retry(self);
  schedule(self, limits.commit_linger);
}

/// Late readings of one point that lie this close together are looked up at once.
constexpr millis look_up_span = std::chrono::hours{24};

/// The readings are in event order.
const judged_reading* reading_at(std::span<const judged_reading> readings, timestamp at) {
  const auto found = std::lower_bound(readings.begin(), readings.end(), at,
                                      [](const judged_reading& r, timestamp t) { return r.at < t; });
  return found != readings.end() && found->at == at ? &*found : nullptr;
}

/// What is older than a unit's memory is late only when neither the store nor this commit knows it.
void judge_late(settlement& late, const std::optional<milli_celsius>& known) {
  late.maybe_sealed = false;
  if (known && known == late.reject->value) {
    late.result = {item_outcome::duplicate};
    late.reject.reset();
  } else if (known) {
    late.result.reason = reject_reason::conflict;
    late.reject->reason = reject_reason::conflict;
  }
}

} // namespace

void writer_state::gather(std::vector<settlement>&& more) {
  for (settlement& each : more) {
    if (each.reject && !each.maybe_sealed) batch.rejects.push_back(*each.reject);
    settlements.push_back(std::move(each));
  }
}

/// History is not news, and silence has no reading: neither tells how fast alarms are.
void writer_state::note_alarmed(const unit_decision& decision) {
  std::optional<std::chrono::steady_clock::time_point> oldest;
  for (const settlement& each : decision.settlements)
    if (each.to.of) oldest = oldest ? std::min(*oldest, each.to.of->received()) : each.to.of->received();
  if (!oldest) return;
  for (const alarm_transition& each : decision.transitions)
    if (each.kind == transition_kind::raised && !each.history) alarmed.push_back(*oldest);
}

void writer_state::gather(unit_decision& decision) {
  note_alarmed(decision);
  if (decision.run) readings += decision.run->readings.size();
  move_to(decision.run, batch.runs);
  move_to(decision.sealed, batch.chunks);
  move_to(decision.snapshot, batch.snapshots);
  for (alarm_transition& t : decision.transitions) {
    if (tools.tap)
      if (auto notice = tools.tap->notice_of(t, context->board)) batch.notifications.notices.push_back(*notice);
    batch.transitions.push_back(std::move(t));
  }
  gather(std::move(decision.settlements));
}

std::string writer_state::code_of(unit_id unit) const {
  const auto known = tools.keeper->unit(unit);
  return known ? known->code : std::to_string(number(unit));
}

/// As late as the commit: while an alarm waited for it somebody may have ended the shelving.
void writer_state::carry_shelvings() {
  for (const alarm_transition& each : batch.transitions) {
    const alarm_record& raised = each.after;
    const auto carried = [&](const auto& said) { return said.first == raised.id; }; // by a commit that failed
    if (each.kind != transition_kind::raised || each.history || std::ranges::any_of(batch.said, carried)) continue;
    auto event = tools.shelf.carried_to(raised, context->time.now());
    if (!event) continue;
    batch.audits.push_back(
        audit_of(raised, code_of(raised.unit), *event, untouched(raised).stage(), alarm_stage::shelved));
    batch.said.emplace_back(raised.id, std::move(*event));
  }
}

void writer_state::gather(system_news& news) {
  std::move(news.alarms.begin(), news.alarms.end(), std::back_inserter(batch.system_alarms));
  std::move(news.audits.begin(), news.audits.end(), std::back_inserter(batch.audits));
  if (news.done) news_done.push_back(std::move(news.done));
  if (!tools.tap) return;
  std::move(news.notices.begin(), news.notices.end(), std::back_inserter(batch.notifications.notices));
}

/// A chunk that waits for the same commit is in neither the unit's memory nor the store.
const judged_reading* writer_state::in_fresh_chunk(point_id point, timestamp at) const {
  for (const chunk& sealed : batch.chunks)
    if (sealed.point == point)
      if (const judged_reading* found = reading_at(sealed.readings, at)) return found;
  return nullptr;
}

/// Old readings come in runs, such as a file that is sent again: one query serves each.
status writer_state::look_up_late() {
  std::vector<settlement*> late;
  for (settlement& each : settlements)
    if (each.maybe_sealed) late.push_back(&each);
  std::sort(late.begin(), late.end(), [](const settlement* a, const settlement* b) {
    return std::tie(a->point, a->reject->at) < std::tie(b->point, b->reject->at);
  });
  std::vector<judged_reading> stored;
  point_id point{};
  timestamp loaded_to = timestamp::min();
  for (std::size_t i = 0; i < late.size(); ++i) {
    const timestamp at = *late[i]->reject->at;
    if (i == 0 || late[i]->point != point || at > loaded_to) {
      point = late[i]->point;
      loaded_to = at;
      for (std::size_t next = i + 1; next < late.size() && late[next]->point == point; ++next)
        if (*late[next]->reject->at <= at + look_up_span) loaded_to = *late[next]->reject->at;
      auto found = tools.sealed->sealed(point, at, loaded_to);
      if (!found.ok()) return found.error();
      stored = std::move(*found);
    }
    const judged_reading* known = in_fresh_chunk(point, at);
    if (!known) known = reading_at(stored, at);
    judge_late(*late[i], known ? std::optional(known->value) : std::nullopt);
    if (late[i]->reject) batch.rejects.push_back(*late[i]->reject);
  }
  return nothing{};
}

bool writer_state::store_failed(const failure& why) {
  context->metrics.commit_failures.fetch_add(1, std::memory_order_relaxed);
  tools.health->note_failure(why.text());
  tools.log_failure(why.text());
  answer_news(failure{error_code::unavailable, "it could not be stored yet", why.where, "it is tried again by itself"});
  // Refused, not away: the same batch would be refused for ever. A restart judges anew from what is committed.
  if (why.code == error_code::conflict || why.code == error_code::invalid_argument)
    context->on_fault("writer", why.text());
  return false;
}

void writer_state::count(const commit_batch& committed) {
  engine_metrics& metrics = context->metrics;
  metrics.commits.fetch_add(1, std::memory_order_relaxed);
  for (const auto& [alarm, event] : committed.said)
    metrics.life_events[static_cast<std::size_t>(event.kind)].fetch_add(1, std::memory_order_relaxed);
  for (const unit_run& run : committed.runs)
    for (const judged_reading& reading : run.readings)
      metrics.readings_by_score[static_cast<std::size_t>(reading.state)].fetch_add(1, std::memory_order_relaxed);
}

void writer_state::settle() {
  engine_metrics& metrics = context->metrics;
  for (const settlement& each : settlements) {
    if (each.result.outcome == item_outcome::stored) metrics.readings_stored.fetch_add(1, std::memory_order_relaxed);
    if (each.result.outcome == item_outcome::duplicate)
      metrics.readings_duplicate.fetch_add(1, std::memory_order_relaxed);
    if (each.result.outcome == item_outcome::rejected)
      metrics.readings_rejected[static_cast<std::size_t>(each.result.reason)].fetch_add(1, std::memory_order_relaxed);
    each.to.settle(each.result);
  }
  settlements.clear();
}

void writer_state::answer_news(const status& outcome) {
  for (const auto& each : std::exchange(news_done, {}))
    each(outcome);
}

/// Alarms of units that are out of service call nobody from their beginning, nor do those of a common cause; and what
/// was seen while it was history, or is shelved, does not begin to call by a revision.
std::vector<operator_act> writer_state::left_in_peace() const {
  std::vector<operator_act> out;
  for (const auto& [alarm, event] : batch.said) { // one that is over already has no life on the board
    const auto raised = std::ranges::find(batch.transitions, alarm, [](const auto& each) { return each.after.id; });
    out.push_back({operator_act::kind::shelve, raised->after.public_id, event.who, *event.until});
  }
  for (const alarm_transition& each : batch.transitions) {
    if (each.kind != transition_kind::raised && each.kind != transition_kind::revised) continue;
    const auto [held, unit] = unit_on_board(each.after.customer, each.after.unit);
    if (!unit || !each.after.open()) continue;
    const alarm_life life = as_of(unit->life_of(each.after), batch.at);
    if (!life.calls()) out.push_back(act_of(each.after.public_id, life));
  }
  const auto system = context->system->alarms();
  for (const system_alarm& each : batch.system_alarms)
    std::ranges::move(acts_of(each, context->board, *system), std::back_inserter(out));
  return out;
}

/// Of the batch that is committed: people may have shelved them, or taken their unit out of service, before they were
/// over. One that cannot be read calls, as if nobody had.
std::vector<alarm_story> writer_state::opened_again() const {
  std::vector<alarm_story> out;
  for (const alarm_transition& each : batch.transitions) {
    if (each.kind != transition_kind::revised || !each.after.open()) continue;
    const auto [held, unit] = unit_on_board(each.after.customer, each.after.unit);
    const auto same = [&](const auto& open) { return open->id == each.after.id; };
    if (!unit || std::ranges::any_of(unit->open, same)) continue;
    if (auto story = story_of(*tools.sealed, each.after.public_id, std::nullopt)) out.push_back(std::move(*story));
  }
  return out;
}

bool writer_state::commit() {
  if (const auto looked_up = look_up_late(); !looked_up.ok()) return store_failed(looked_up.error());
  if (!batch.empty()) {
    batch.at = context->time.now();
    carry_shelvings();
    for (rejected_reading& apart : batch.rejects)
      apart.received_at = batch.at;
    auto told = tools.keeper->number_frames(batch);
    const auto began = std::chrono::steady_clock::now();
    const auto done = tools.durable->commit(batch);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
    if (!done.ok()) return store_failed(done.error());
    context->metrics.commit_time.note(took.count());
    for (const auto received : std::exchange(alarmed, {}))
      context->metrics.receipt_to_alarm.note(
          std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - received).count());
    tools.keeper->committed(batch, opened_again());
    count(batch);
    for (const alarm_transition& each : batch.transitions)
      tools.log_alarm(each);
    if (!told.empty()) caf::anon_send(tools.feed, frames{std::move(told)});
    if (tools.tap) tools.tap->committed(std::move(batch.notifications.notices), left_in_peace());
    batch = {};
    readings = 0;
  }
  tools.health->note_ok();
  answer_news(nothing{});
  settle();
  trim();
  return true;
}

void writer_state::trim() {
  const timestamp now = context->time.now();
  if (now < next_trim) return;
  next_trim = now + context->limits.trim;
  const auto trimmed = tools.durable->trim_log();
  if (trimmed.ok())
    context->metrics.log_rows_trimmed.fetch_add(*trimmed, std::memory_order_relaxed);
  else
    tools.log_failure(trimmed.error().text());
  const auto forgotten = tools.durable->forget_oldest();
  if (!forgotten.ok()) return tools.log_failure(forgotten.error().text());
  for (std::size_t i = 0; i < forgettable_count; ++i)
    context->metrics.rows_forgotten[i].fetch_add(forgotten->counts[i], std::memory_order_relaxed);
  if (forgotten->more) next_trim = now;
}

registration_answer writer_state::register_units(const store_registration& what) {
  auto done = tools.durable->register_units(what.units);
  if (!done.ok()) {
    tools.log_failure(done.error().text());
  } else {
    for (const registered_unit& each : *done) {
      if (tools.keeper->unit(each.unit.id)) continue;
      tools.keeper->add_facility(each.facility);
      tools.keeper->add_unit(each.unit);
    }
    tools.keeper->publish();
  }
  return {std::make_shared<const result<std::vector<registered_unit>>>(std::move(done))};
}

std::pair<std::shared_ptr<const customer_now>, const unit_now*> writer_state::unit_on_board(customer_id customer,
                                                                                            unit_id unit) const {
  auto now = context->board.of(customer);
  if (!now) return {};
  const unit_now* found = now->find(unit);
  if (!found) return {};
  return {std::move(now), found};
}

result<alarm_story> writer_state::say(alarm_word& word) {
  word.event.at = context->time.now();
  auto done = actors::say(
      *tools.durable, *tools.sealed, word, [this](unit_id unit) { return code_of(unit); }, context->limits.desk);
  if (!done) return done.error();
  if (done->fresh) {
    tools.shelf.note(done->story.alarm, word.event);
    context->metrics.life_events[static_cast<std::size_t>(word.event.kind)].fetch_add(1, std::memory_order_relaxed);
    if (word.event.kind == life_event_kind::acknowledge && !done->story.transitions.empty())
      context->metrics.acknowledge_seconds.note(
          static_cast<double>((word.event.at - done->story.transitions.front().decided_at).count()) / 1000.0);
    caf::anon_send(tools.feed, frames{tools.keeper->said(done->story, word.event)});
    if (tools.tap && concerns_calling(word.event.kind)) tools.tap->said({act_of(word.alarm, done->story.life)});
  }
  return std::move(done->story);
}

result<link_outcome> writer_state::press(std::vector<alarm_word>&& words) {
  return press_link(std::move(words), {[this](alarm_word& word) {
                                         word.event.at = context->time.now();
                                         return try_word(*tools.sealed, word, context->limits.desk);
                                       },
                                       [this](alarm_word& word) { return say(word); }});
}

status writer_state::change_service(service_change& change) {
  const auto unit = tools.keeper->unit(change.unit);
  if (!unit) return failure{error_code::not_found, "there is no such unit"};
  change.at = context->time.now();
  const auto done = actors::change_service(*tools.durable, *tools.sealed, change, unit->code, context->limits.desk);
  if (!done) return done.error();
  if (!*done) return nothing{};
  caf::anon_send(tools.feed, frames{tools.keeper->served(change)});
  if (!tools.tap) return nothing{};
  std::vector<operator_act> acts;
  const auto [held, now] = unit_on_board(change.customer, change.unit);
  if (now)
    for (const auto& alarm : now->open)
      acts.push_back(act_of(alarm->public_id, as_of(now->life_of(*alarm), change.at)));
  tools.tap->said(std::move(acts));
  return nothing{};
}

result<std::vector<rule_record>> writer_state::change_rules(const place_rules& wanted) {
  const timestamp now = context->time.now();
  return actors::change_rules(*tools.durable, *context->rules, wanted, now, now + context->limits.rules_lead,
                              context->limits.desk);
}

writer_actor::behavior_type writer(self_pointer self, const engine_context* context, writer_tools tools) {
  stop_all_on_fault(self, *context, "writer");
  self->state.context = context;
  self->state.tools = std::move(tools);
  return {
      [self](unit_decision& decision) {
        self->state.gather(decision);
        gathered(self);
      },
      [self](refusals& more) {
        self->state.gather(std::move(more.settlements));
        gathered(self);
      },
      [self](poll_record& poll) {
        self->state.context->metrics.polls[static_cast<std::size_t>(poll.status)].fetch_add(1);
        self->state.context->system->note(poll);
        self->state.batch.polls.push_back(std::move(poll));
        gathered(self);
      },
      [self](series_tail& tail) {
        self->state.after_commit.push_back(std::move(tail));
        gathered(self);
      },
      [self](alarm_said& what) { what.done(self->state.say(what.word)); },
      [self](link_pressed& what) { what.done(self->state.press(std::move(what.words))); },
      [self](service_changed& what) { what.done(self->state.change_service(what.change)); },
      [self](rules_changed& what) { what.done(self->state.change_rules(what.wanted)); },
      [self](system_news& news) {
        self->state.gather(news);
        gathered(self);
      },
      [self](const store_registration& what) { return self->state.register_units(what); },
      [self](const store_work& what) {
        return store_answer{std::make_shared<const status>(what.work(*self->state.tools.durable))};
      },
      [self](flush) { commit_or_retry(self); },
      [self](stop) {
        const bool clean = self->state.commit();
        self->state.tools.durable->close();
        self->quit();
        return clean;
      },
  };
}

} // namespace coldvigil::actors
