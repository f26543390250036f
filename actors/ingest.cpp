#include "actors/ingest.hpp"

#include "actors/intake.hpp"
#include "actors/poll_rows.hpp"
#include "actors/supervision.hpp"
#include "ingest/directory.hpp"
#include "ingest/url_template.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace coldvigil::actors {
namespace {

using self_pointer = ingest_actor::stateful_pointer<ingest_state>;

constexpr std::chrono::seconds registration_deadline{60};
/// How many rows of history a request may ask for; what the endpoint gives less is its own affair.
constexpr std::size_t history_rows = 100'000;
/// A unit whose newest reading is older than this (and than three intervals) is asked for its history again.
constexpr millis history_lag = std::chrono::hours{1};
/// A unit whose newest reading is older than so many polls (and three of its own intervals) is silent: live polls do
/// not look out for what may have come late at it.
constexpr int late_polls = 12;
/// Times of the repeated autumn hour are told apart by their order: a payload that begins before both passes shows it.
constexpr millis both_passes = std::chrono::hours{2};

void start_task(self_pointer self);
void send_rows(self_pointer self);

// --- when to go on

void wake_for_next(self_pointer self) {
  ingest_state& state = self->state;
  const millis wait = state.plan.next().at - state.context->time.now();
  self->delayed_send(self, std::max(wait, millis{0}), poll_now{++state.round});
}

bool asked_by_unit(const source_settings& source) {
  return source.history_url.find("{unit}") != std::string::npos;
}

/// What lies further back than this is asked of the history and not of the live endpoint.
millis far_back(const source_settings& source) {
  return std::max<millis>(3 * millis{source.interval}, history_lag);
}

/// A unit without a reading needs its history, and so does one that stands far back: its back-fill was interrupted, or
/// nobody polled for long. Live polls then go on from there.
bool needs_history(self_pointer self, const unit_now& unit) {
  return !unit.last || self->state.context->time.now() - unit.last->at > far_back(self->state.tools->source);
}

/// What is known from before and stands far back; units that show up later ask for themselves.
void plan_history(self_pointer self) {
  ingest_state& state = self->state;
  const source_settings& source = state.tools->source;
  state.history_planned = true;
  if (source.history_url.empty()) return;
  const auto board = state.context->board.of(state.tools->customer.id);
  bool somebody = !board || board->unit_count == 0;
  for (std::size_t i = 0; board && i < board->unit_count; ++i) {
    const unit_now& unit = board->unit(i);
    if (!needs_history(self, unit)) continue;
    somebody = true;
    if (asked_by_unit(source)) state.plan.want_past(unit.unit->code);
  }
  if (!asked_by_unit(source) && somebody) state.plan.want_past("");
}

poll_plan_settings plan_of(const ingest_tools& tools, bool units_known) {
  poll_plan_settings out;
  out.directory = !tools.source.directory_url.empty();
  out.history_by_unit = asked_by_unit(tools.source);
  out.units_known = units_known;
  out.interval = tools.source.interval;
  out.backoff = tools.limits.backoff;
  out.attempts = tools.limits.history_attempts;
  return out;
}

void begin(self_pointer self) {
  ingest_state& state = self->state;
  const auto board = state.context->board.of(state.tools->customer.id);
  const bool known = board && board->unit_count > 0;
  state.plan = poll_plan(plan_of(*state.tools, known), state.context->time.now());
  if (known || state.tools->source.directory_url.empty()) plan_history(self);
  wake_for_next(self);
}

/// Said once when it begins and once when it is over: what fails at every poll would fill the log.
void note_change(self_pointer self, const std::string& error) {
  const ingest_state& state = self->state;
  unsigned& failures = self->state.failures[static_cast<std::size_t>(state.task.kind)];
  poll_note note{state.tools->source.customer_code, state.task.kind, state.record.source_url, error, failures};
  const bool changed = error.empty() == (failures > 0);
  failures = error.empty() ? 0 : failures + 1;
  if (changed) state.tools->note(note);
}

void finish_task(self_pointer self, const std::string& error) {
  ingest_state& state = self->state;
  poll_record& record = state.record;
  record.duration = state.context->time.now() - record.started_at;
  record.error = error;
  const bool failed = !error.empty();
  const auto refused = std::accumulate(record.rejected.begin(), record.rejected.end(), 0U) -
                       record.rejected[static_cast<std::size_t>(reject_reason::null_value)];
  record.status = failed ? poll_status::failure : refused > 0 ? poll_status::partial : poll_status::success;
  const bool of_all =
      state.task.kind == poll_kind::live || (state.task.kind == poll_kind::history && state.task.unit.empty());
  if (!state.stopped) note_change(self, error);
  const timestamp now = state.context->time.now();
  const bool unsettled = record.rejected[static_cast<std::size_t>(reject_reason::ambiguous_time)] > 0;
  if (unsettled) state.settle_until = now + both_passes;
  if (!failed && of_all && !state.held_back && !unsettled) state.reached = record.started_at;
  self->send(state.tools->writer, std::move(record));
  state.under_way = false;
  state.payload = {};
  state.plan.ended(state.task, failed, state.context->time.now(), state.tools->chance());
  if (state.task.kind == poll_kind::directory && !state.history_planned) plan_history(self);
  wake_for_next(self);
}

// --- a request goes out

/// A unit that is silent for longer than this is not waited for by live polls.
millis followed_for(const ingest_state& state, const unit_now& unit) {
  const source_settings& source = state.tools->source;
  // At the start a stop may have cut a back-fill off anywhere; what is further back has its history asked for.
  if (!state.reached) return source.history_url.empty() ? millis{source.history_hours} : far_back(source);
  return std::min<millis>(history_lag, std::max<millis>(late_polls * source.interval, 3 * unit.unit->interval));
}

/// Where a live poll begins: at the oldest of the units' newest readings, so that what came late at one of them is
/// fetched too.
timestamp live_since(self_pointer self) {
  const ingest_state& state = self->state;
  const timestamp now = state.context->time.now();
  bool known = state.reached.has_value();
  timestamp since = state.reached.value_or(now);
  if (const auto board = state.context->board.of(state.tools->customer.id))
    for (std::size_t i = 0; i < board->unit_count; ++i) {
      const unit_now& unit = board->unit(i);
      if (!unit.last) continue;
      known = true;
      if (now - unit.last->at <= followed_for(state, unit)) since = std::min(since, unit.last->at);
    }
  if (state.settle_until && now < *state.settle_until) since = std::min(since, now - both_passes);
  return known ? since : timestamp::min();
}

/// Hours to ask a live endpoint for: back to what is known, and one interval more.
double hours_to_ask(self_pointer self) {
  const source_settings& source = self->state.tools->source;
  const timestamp now = self->state.context->time.now();
  const timestamp since = std::max<timestamp>(now - source.history_hours, live_since(self));
  const millis span = std::max<millis>(now - since, source.interval) + source.interval;
  return std::min(std::chrono::duration<double, std::ratio<3600>>(span).count(),
                  static_cast<double>(source.history_hours.count()));
}

/// A unit that has readings already is asked back to its newest one, unless they came while its past was owed.
double history_hours(self_pointer self, const poll_task& task) {
  const source_settings& source = self->state.tools->source;
  const auto whole = static_cast<double>(source.history_hours.count());
  const auto board = self->state.context->board.of(self->state.tools->customer.id);
  const unit_now* known = board && !task.unit.empty() && !task.owed ? board->find(task.unit) : nullptr;
  if (!known || !known->last) return whole;
  const millis span = self->state.context->time.now() - known->last->at + source.interval;
  return std::min(whole, std::chrono::duration<double, std::ratio<3600>>(span).count());
}

std::string url_of_task(self_pointer self) {
  ingest_state& state = self->state;
  const source_settings& source = state.tools->source;
  switch (state.task.kind) {
  case poll_kind::directory:
    return source.directory_url;
  case poll_kind::history:
    return fill_url(source.history_url, history_hours(self, state.task), state.task.unit, history_rows);
  case poll_kind::live:
    break;
  }
  return fill_url(source.url, hours_to_ask(self), "", history_rows);
}

void start_task(self_pointer self) {
  ingest_state& state = self->state;
  const source_settings& source = state.tools->source;
  state.task = state.plan.next().task;
  state.held_back = false;
  const std::string url = url_of_task(self);
  state.record = {};
  state.record.customer = state.tools->customer.id;
  state.record.method = source.format == payload_format::json ? "json" : "csv";
  state.record.source_url = url;
  state.record.started_at = state.context->time.now();
  state.record.history = state.task.kind == poll_kind::history;
  state.under_way = true;
  const std::uint64_t round = ++state.round;
  const auto me = caf::actor_cast<ingest_actor>(self);
  state.tools->fetch(source, url, [me, round](result<std::string> body) {
    caf::anon_send(me, fetched{round, std::make_shared<const result<std::string>>(std::move(body))});
  });
}

// --- its answer comes

/// A unit without a reading has its history asked for before its first live reading.
void want_history_of_newcomers(self_pointer self) {
  ingest_state& state = self->state;
  const source_settings& source = state.tools->source;
  if (source.history_url.empty() || !asked_by_unit(source)) return;
  const auto board = state.context->board.of(state.tools->customer.id);
  for (const unit_description& unit : state.payload.units) {
    const unit_now* known = board ? board->find(unit.unit_code) : nullptr;
    if (known && !known->last) state.plan.want_past(unit.unit_code);
  }
}

/// Live rows of units whose history is still to come are left out: it brings them too.
void hold_back(self_pointer self) {
  ingest_state& state = self->state;
  if (state.task.kind != poll_kind::live || !state.plan.holds_back_any()) return;
  const auto held = std::erase_if(state.pending, [&](std::size_t row) {
    return state.plan.holds_back(state.payload.units[state.payload.rows[row].unit].unit_code);
  });
  state.record.received -= static_cast<std::uint32_t>(held);
  state.held_back = held > 0;
}

void register_then_send(self_pointer self, std::vector<unit_description> units) {
  const ingest_tools& tools = *self->state.tools;
  registration_request request;
  for (unit_description& unit : units) {
    if (unit.interval.count() == 0) unit.interval = tools.source.interval;
    if (!unit.unit_code.empty()) request.units.push_back(std::move(unit));
  }
  request.allowed = tools.source.register_units;
  request.max_units = tools.source.max_units;
  request.who = "poll:" + tools.source.customer_code;
  request.why = "reported by the customer's source";
  self->request(tools.units, registration_deadline, std::move(request))
      .then(
          [self](const registered_units& known) {
            if (!known.complete) return finish_task(self, "the store could not register the units: see the log");
            want_history_of_newcomers(self);
            hold_back(self);
            send_rows(self);
          },
          [self](const caf::error&) { finish_task(self, "the units could not be registered in time"); });
}

void take_directory(self_pointer self, const std::string& body) {
  auto units = parse_directory(body, self->state.tools->source.fields.default_scale);
  if (!units.ok()) return finish_task(self, units.error().text());
  self->state.payload = {std::move(*units), {}};
  self->state.pending.clear();
  register_then_send(self, self->state.payload.units);
}

void take_payload(self_pointer self, const std::string& body) {
  ingest_state& state = self->state;
  const ingest_tools& tools = *state.tools;
  if (body.empty()) return finish_task(self, "");
  const payload_limits limits{tools.limits.max_rows, state.context->time.now() + tools.limits.future_tolerance};
  auto parsed = parse_payload(body, tools.source.format, tools.source.fields, limits);
  if (!parsed.ok()) return finish_task(self, parsed.error().text());
  state.payload = std::move(*parsed);
  state.record.received = static_cast<std::uint32_t>(state.payload.rows.size());
  state.pending = in_event_order(state.payload.rows);
  register_then_send(self, state.payload.units);
}

void send_rows(self_pointer self) {
  ingest_state& state = self->state;
  const auto board = state.context->board.of(state.tools->customer.id);
  if (state.pending.empty() || !board) return finish_task(self, "");
  const std::size_t count = std::min(state.pending.size(), state.tools->limits.rows_in_flight);
  const bool history = state.task.kind == poll_kind::history;
  state.in_flight.assign(state.pending.begin(), state.pending.begin() + static_cast<std::ptrdiff_t>(count));
  submission what;
  what.customer = state.tools->customer.id;
  for (const std::size_t row : state.in_flight)
    what.items.push_back(item_of(*board, state.payload, row, history));
  const auto me = caf::actor_cast<ingest_actor>(self);
  const std::uint64_t round = ++state.round;
  // Back-fills of all customers together are bounded, so that live readings find room.
  const auto gate = state.tools->history_gate;
  if (history && !gate->try_take(count)) {
    self->delayed_send(self, state.tools->limits.busy_retry, poll_settled{round, {}});
    return;
  }
  what.done = [me, round, history, gate, count](std::span<const item_result> results) {
    if (history) gate->give(count);
    caf::anon_send(me, poll_settled{round, {results.begin(), results.end()}});
  };
  if (submit(*state.context, state.tools->units, std::move(what))) {
    state.pending.erase(state.pending.begin(), state.pending.begin() + static_cast<std::ptrdiff_t>(count));
    return;
  }
  if (history) gate->give(count);
  self->delayed_send(self, state.tools->limits.busy_retry, poll_settled{round, {}});
}

/// Rows that found a unit's waiting room full go again; an empty list means that nothing was taken at all.
void take_results(self_pointer self, const poll_settled& settled) {
  ingest_state& state = self->state;
  std::vector<std::size_t> again;
  for (std::size_t i = 0; i < settled.results.size(); ++i) {
    const item_result& result = settled.results[i];
    if (result.outcome == item_outcome::stored) ++state.record.stored;
    if (result.outcome == item_outcome::duplicate) ++state.record.duplicate;
    if (result.outcome != item_outcome::rejected) continue;
    if (result.reason == reject_reason::queue_full)
      again.push_back(state.in_flight[i]);
    else
      ++state.record.rejected[static_cast<std::size_t>(result.reason)];
  }
  state.pending.insert(state.pending.begin(), again.begin(), again.end());
  send_rows(self);
}

/// A poll under way leaves its row too; what it sent goes on by itself and is fetched again if it gets lost.
void end(self_pointer self) {
  ingest_state& state = self->state;
  state.stopped = true;
  if (state.under_way) finish_task(self, "coldvigil was stopped while this poll was under way");
  self->quit();
}

} // namespace

ingest_actor::behavior_type ingest(self_pointer self, const engine_context* context,
                                   std::shared_ptr<const ingest_tools> tools) {
  stop_all_on_fault(self, *context, "ingest " + tools->source.customer_code);
  self->state.context = context;
  self->state.tools = std::move(tools);
  begin(self);
  return {
      [self](poll_now now) {
        if (now.round == self->state.round && !self->state.stopped) start_task(self);
      },
      [self](const fetched& answer) {
        if (answer.round != self->state.round || self->state.stopped) return;
        if (!answer.body->ok()) return finish_task(self, answer.body->error().text());
        if (self->state.task.kind == poll_kind::directory) return take_directory(self, answer.body->value());
        take_payload(self, answer.body->value());
      },
      [self](const poll_settled& settled) {
        if (settled.round == self->state.round && !self->state.stopped) take_results(self, settled);
      },
      [self](stop) {
        end(self);
        return true;
      },
  };
}

} // namespace coldvigil::actors
