#include "actors/writer.hpp"

#include <algorithm>
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
  const bool full = self->state.readings >= limits.commit_readings;
  if (full && self->state.tools.health->trouble().empty()) return commit_or_retry(self);
  schedule(self, limits.commit_linger);
}

} // namespace

void writer_state::gather(std::vector<settlement>&& more) {
  for (settlement& each : more) {
    if (each.reject && !each.maybe_sealed) batch.rejects.push_back(*each.reject);
    settlements.push_back(std::move(each));
  }
}

void writer_state::gather(unit_decision& decision) {
  if (decision.run) readings += decision.run->readings.size();
  move_to(decision.run, batch.runs);
  move_to(decision.sealed, batch.chunks);
  move_to(decision.snapshot, batch.snapshots);
  for (alarm_transition& t : decision.transitions)
    batch.transitions.push_back(std::move(t));
  gather(std::move(decision.settlements));
}

/// A chunk that waits for the same commit is in neither the unit's memory nor the store.
const judged_reading* writer_state::in_fresh_chunk(point_id point, timestamp at) const {
  for (const chunk& sealed : batch.chunks) {
    if (sealed.point != point) continue;
    const auto found = std::lower_bound(sealed.readings.begin(), sealed.readings.end(), at,
                                        [](const judged_reading& r, timestamp t) { return r.at < t; });
    if (found != sealed.readings.end() && found->at == at) return &*found;
  }
  return nullptr;
}

/// What is older than a unit's memory is late only when neither the store nor this commit knows it.
status writer_state::judge_late(settlement& late) {
  const rejected_reading& apart = *late.reject;
  std::optional<milli_celsius> known;
  if (const judged_reading* fresh = in_fresh_chunk(late.point, *apart.at)) {
    known = fresh->value;
  } else {
    const auto stored = tools.sealed->sealed(late.point, *apart.at, *apart.at);
    if (!stored.ok()) return stored.error();
    if (!stored->empty()) known = stored->front().value;
  }
  if (known && known == apart.value) {
    late.result = {item_outcome::duplicate};
    late.reject.reset();
  } else if (known) {
    late.result.reason = reject_reason::conflict;
    late.reject->reason = reject_reason::conflict;
  }
  return nothing{};
}

status writer_state::look_up_late() {
  for (settlement& each : settlements) {
    if (!each.maybe_sealed) continue;
    if (auto judged = judge_late(each); !judged.ok()) return judged;
    each.maybe_sealed = false;
    if (each.reject) batch.rejects.push_back(*each.reject);
  }
  return nothing{};
}

bool writer_state::store_failed(const failure& why) {
  context->metrics.commit_failures.fetch_add(1, std::memory_order_relaxed);
  tools.health->note_failure(why.text());
  tools.log_failure(why.text());
  return false;
}

void writer_state::count(const commit_batch& committed) {
  engine_metrics& metrics = context->metrics;
  metrics.commits.fetch_add(1, std::memory_order_relaxed);
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

bool writer_state::commit() {
  if (const auto looked_up = look_up_late(); !looked_up.ok()) return store_failed(looked_up.error());
  if (!batch.empty()) {
    batch.at = context->time.now();
    for (rejected_reading& apart : batch.rejects)
      apart.received_at = batch.at;
    auto told = tools.keeper->number_frames(batch);
    const auto began = std::chrono::steady_clock::now();
    const auto done = tools.durable->commit(batch);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
    if (!done.ok()) return store_failed(done.error());
    context->metrics.commit_time.note(took.count());
    tools.keeper->committed(batch);
    count(batch);
    if (!told.empty()) caf::anon_send(tools.feed, frames{std::move(told)});
    batch = {};
    readings = 0;
  }
  tools.health->note_ok();
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

writer_actor::behavior_type writer(self_pointer self, const engine_context* context, writer_tools tools) {
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
        self->state.batch.polls.push_back(std::move(poll));
        gathered(self);
      },
      [self](series_tail& tail) {
        self->state.after_commit.push_back(std::move(tail));
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
