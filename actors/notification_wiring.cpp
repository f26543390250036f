#include "actors/notification_wiring.hpp"

#include "actors/desk.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace coldvigil::actors {
namespace {

/// What people did to alarms that was committed when the process ended before the notifier had heard of it.
status find_acts(store& durable, const stored_notifications& stored, const engine_context& context,
                 std::vector<operator_act>& into) {
  const timestamp now = context.time.now();
  auto reader = durable.make_reader();
  if (!reader) return reader.error();
  std::vector<alarm_notice> all = stored.unseen;
  for (const auto& [state, notice] : stored.cases)
    if (state.open() && !state.acknowledged_at) all.push_back(notice);
  for (const alarm_notice& notice : all) {
    const auto story = story_of(**reader, notice.alarm, std::nullopt);
    if (!story && story.error().code == error_code::not_found) continue;
    if (!story) return story.error();
    into.push_back(act_of(notice.alarm, as_of(story->life, now)));
  }
  const auto system = context.system->alarms();
  for (const system_alarm& each : *system)
    if (each.open()) std::ranges::move(acts_of(each, context.board, *system), std::back_inserter(into));
  return nothing{};
}

/// Commits outside the writer's own batch: what waits there may be refused for reasons of its own.
auto commit_by(const writer_actor& writer, const clock& time, std::shared_ptr<recording_pulse> pulse) {
  return [writer, &time, pulse = std::move(pulse)](notifier_commit what, std::function<void(bool)> done) {
    auto batch = std::make_shared<commit_batch>();
    batch->notifications = std::move(what.changes);
    batch->audits = std::move(what.audits);
    caf::anon_send(writer, store_work{[batch, &time, pulse, done = std::move(done)](store& durable) -> status {
                     batch->at = time.now();
                     const auto stored = durable.commit(*batch);
                     if (!stored) pulse->waiting(batch->at);
                     done(stored.ok());
                     if (!stored) return stored.error();
                     return nothing{};
                   }});
  };
}

using link_answer = std::function<void(result<std::vector<alarm_dealt_with>>)>;

/// What is left to be said of alarms of Coldvigil itself. Told on the writer's thread alone.
struct link_words {
  std::size_t left = 0;
  std::optional<failure> trouble{};
  std::vector<alarm_dealt_with> before{};
  link_answer done;

  void end_one() {
    if (--left > 0) return;
    if (trouble) return done(*trouble);
    done(std::move(before));
  }
};

bool is_acknowledged_by(const system_board& board, const uuid& alarm, const std::string& who) {
  const auto all = board.alarms();
  return std::ranges::any_of(*all, [&](const system_alarm& each) {
    return each.id == alarm && each.acknowledged && each.acknowledged->who == who;
  });
}

/// It has no comments: the audit trail has the words of whoever came second.
void acknowledge_system_alarm(const system_watcher_actor& watcher, std::shared_ptr<const system_board> board,
                              const uuid& alarm, const alarm_life::mark& by, std::shared_ptr<link_words> words) {
  system_alarm_seen what{alarm, std::nullopt, by.who, by.text, {}, true};
  what.done = [words, alarm, by, board = std::move(board)](const result<system_alarm>& seen) {
    const error_code code = seen ? error_code::not_found : seen.error().code;
    if (code == error_code::conflict && !is_acknowledged_by(*board, alarm, by.who))
      words->before.push_back({alarm, seen.error().what, !says_nothing(by.text)});
    else if (code != error_code::conflict && code != error_code::not_found) // one that is gone is no obstacle
      words->trouble = seen.error();
    words->end_one();
  };
  caf::anon_send(watcher, std::move(what));
}

/// Alarms of units are the writer's to speak of, those of Coldvigil itself the watcher's.
auto acknowledge_by(const writer_actor& writer, const system_watcher_actor& watcher,
                    std::shared_ptr<const system_board> board) {
  return [writer, watcher, board = std::move(board)](const message_link& link, const std::string& reason,
                                                     link_answer done) {
    const alarm_life::mark by{{}, "person:" + link.person, reason};
    link_pressed press;
    for (const uuid& alarm : link.alarms) {
      alarm_word word;
      word.alarm = alarm;
      word.event.kind = life_event_kind::acknowledge;
      word.event.who = by.who;
      word.event.text = by.text;
      press.words.push_back(std::move(word));
    }
    press.done = [watcher, board, by, done = std::move(done)](result<link_outcome> units) {
      if (!units) return done(units.error());
      if (units->unknown.empty()) return done(std::move(units->before));
      const auto words = std::make_shared<link_words>();
      words->left = units->unknown.size();
      words->before = std::move(units->before);
      words->done = done;
      for (const uuid& alarm : units->unknown)
        acknowledge_system_alarm(watcher, board, alarm, by, words);
    };
    caf::anon_send(writer, std::move(press));
  };
}

/// Routes know facilities by their codes: one may be registered after its route was made.
facility_codes codes_on(const now_board& board) {
  return [&board](customer_id customer, facility_id facility) -> std::string {
    const auto now = board.of(customer);
    const facility_record* found = now ? now->directory->facility(facility) : nullptr;
    return found ? found->code : "";
  };
}

} // namespace

result<std::unique_ptr<notification_wiring>> notification_wiring::prepare(store& durable, const registry& known,
                                                                          const engine_context& context,
                                                                          notification_parts parts) {
  std::unique_ptr<notification_wiring> out(new notification_wiring(context));
  out->parts_ = std::move(parts);
  out->parts_.options.desk.facility_code = codes_on(context.board);
  out->parts_.options.desk.standing_of = [list = context.standings](const uuid& alarm) { return list->find(alarm); };
  if (auto done = out->read(durable, known); !done) return done.error();
  return out;
}

status notification_wiring::read_contacts(store& durable, const registry& known) {
  contact_desk desk{parts_.codec, {}, {}, parts_.reached_by};
  for (const customer_record& each : known.customers)
    desk.customers[each.code] = each.id;
  auto file = parts_.contacts(desk.customers, known);
  if (!file) return file.error();
  desk.file = std::move(*file);
  const auto stood = durable.newest_contacts();
  if (!stood) return stood.error();
  auto counts = open_contacts(durable, desk, context_.time.now());
  if (!counts) return counts.error();
  if (counts->revision != (*stood ? (*stood)->revision : 0)) {
    contact_change by_file;
    by_file.who = "configuration";
    parts_.tell_of_change(by_file, {{"contacts"}, counts->revision}); // which parts stands in the audit trail
  }
  for (const failure& each : said_twice(*counts->book))
    parts_.log("contacts_said_twice", each.text());
  if (!counts->from_file)
    parts_.log("contacts_from_store", "revision " + std::to_string(counts->revision) +
                                          ", changed by API: the contacts of the configuration file do not count");
  contacts_->publish(std::move(*counts));
  contact_desk_ = std::make_shared<const contact_desk>(std::move(desk));
  return nothing{};
}

status notification_wiring::read(store& durable, const registry& known) {
  if (auto done = read_contacts(durable, known); !done) return done;
  const timestamp now = context_.time.now();
  auto stored = durable.load_notifications(now - parts_.options.desk.escalation.remember, now);
  if (!stored) return stored.error();
  stored_ = std::move(*stored);
  for (const outbox_entry& each : stored_.outbox) {
    if (each.state == outbox_state::dead && each.settled_at) parts_.metrics->lost.note(each.to, *each.settled_at);
  }
  if (auto done = find_acts(durable, stored_, context_, acts_); !done) return done;
  notice_maker maker(stored_.newest_transition, parts_.silence_hold);
  for (const auto& [state, notice] : stored_.cases)
    if (!notice.over()) maker.remember(notice);
  for (const alarm_notice& notice : stored_.unseen)
    maker.remember(notice);
  const auto count = parts_.metrics;
  const auto tell = [to = address_, count](std::vector<alarm_notice> notices, std::vector<operator_act> acts) {
    count->notices += notices.size();
    if (const notifier_actor notifier = to->get())
      caf::anon_send(notifier, notices_committed{std::move(notices), std::move(acts)});
  };
  tap_ = std::make_shared<notification_tap>(std::move(maker), pulse_, tell);
  return nothing{};
}

void notification_wiring::start(caf::actor_system& system, bool detached, const writer_actor& writer,
                                const reader_actor& reader, const system_watcher_actor& watcher) {
  notifier_tools tools;
  tools.channels = std::move(parts_.channels);
  tools.contacts = contacts_->current().book;
  tools.stored = std::move(stored_);
  tools.acts = std::move(acts_);
  tools.random = parts_.random;
  tools.chance = parts_.chance;
  tools.pulse = pulse_;
  tools.metrics = parts_.metrics;
  tools.log = parts_.log;
  tools.keep_stop = parts_.keep_stop;
  tools.stopped_before = parts_.stopped_before;
  tools.commit = commit_by(writer, context_.time, pulse_);
  tools.acknowledge = acknowledge_by(writer, watcher, context_.system);
  tools.units_in_danger = [&board = context_.board, list = context_.danger] {
    return units_out_of_limits(*list, board);
  };
  const notifier_actor made = detached
                                  ? system.spawn<caf::detached>(notifier, &context_, parts_.options, std::move(tools))
                                  : system.spawn(notifier, &context_, parts_.options, std::move(tools));
  address_->set(made);
  front_ = std::make_unique<notification_front>(
      notification_front::handles{made, reader, writer, contacts_, contact_desk_, parts_.tell_of_change},
      context_.time);
}

bool notification_wiring::stop(caf::actor_system& system, millis patience) {
  const notifier_actor to = address_->get();
  if (!to) return true;
  bool clean = false;
  caf::scoped_actor self{system};
  self->request(to, patience, notifier_stop{}).receive([&](bool stored) { clean = stored; }, [](const caf::error&) {});
  abandon();
  return clean;
}

void notification_wiring::abandon() {
  if (const notifier_actor to = address_->get()) caf::anon_send_exit(to, caf::exit_reason::kill);
  address_->set({});
  front_.reset();
}

} // namespace coldvigil::actors
