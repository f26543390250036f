#include "actors/engine_system.hpp"

#include "actors/customer.hpp"
#include "actors/inference.hpp"
#include "actors/reader.hpp"
#include "actors/system_watcher.hpp"
#include "actors/writer.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <thread>
#include <unordered_map>

namespace coldvigil::actors {
namespace {

constexpr std::chrono::seconds registration_deadline{120};

/// The blocking ones have a thread each in production; on virtual time everything runs on the test's thread.
template <class... Args> auto spawn_blocking(caf::actor_system& system, bool detached, Args&&... args) {
  return detached ? system.spawn<caf::detached>(std::forward<Args>(args)...)
                  : system.spawn(std::forward<Args>(args)...);
}

/// Contacts that somebody changed by API are not lost by taking the channels out of the file.
status nobody_waits_for_calls(store& durable) {
  const auto contacts = durable.newest_contacts();
  if (!contacts) return contacts.error();
  if (!*contacts || (*contacts)->from_file) return nothing{};
  return failure{error_code::invalid_argument, "there are contacts, changed by API, and no channel to reach them by",
                 "revision " + std::to_string((*contacts)->revision),
                 "configure their channels, or give the file's contacts back with DELETE /api/v1/contacts first"};
}

} // namespace

result<std::unique_ptr<engine_system>> engine_system::start(caf::actor_system& system, const engine_context& context,
                                                            engine_parts parts, bool detached) {
  std::unique_ptr<engine_system> engine(new engine_system(system, context));
  if (auto done = engine->bring_up(parts, detached); !done.ok()) return done.error();
  return engine;
}

engine_system::~engine_system() {
  stop(millis{0});
}

status engine_system::bring_up(engine_parts& parts, bool detached) {
  auto from = recover_engine(*parts.durable, context_, parts);
  if (!from.ok()) return from.error();
  if (auto done = prepare_notification(parts, from->known); !done.ok()) return done;
  context_.standings->await(static_cast<std::size_t>(
      std::ranges::count_if(from->arrivals, [](const auto& each) { return each.second.has_open_alarm(); })));
  spawn_scoring(parts, *from, detached);
  spawn_recording(parts, *from, detached);
  spawn_customers(*from);
  open_front(parts);
  return nothing{};
}

status engine_system::prepare_notification(engine_parts& parts, const registry& known) {
  if (!parts.notify) return nobody_waits_for_calls(*parts.durable);
  auto prepared = notification_wiring::prepare(*parts.durable, known, context_, std::move(*parts.notify));
  if (!prepared.ok()) return prepared.error();
  notification_ = std::move(*prepared);
  return nothing{};
}

void engine_system::spawn_scoring(const engine_parts& parts, const recovered_engine& from, bool detached) {
  feed_ = system_.spawn(feed, &context_, parts.durable->epoch(), parts.render);
  reader_ = spawn_blocking(system_, detached, reader, &context_, from.for_reader);
  scorer_ = spawn_blocking(system_, detached, inference, &context_, parts.scorer, from.model);
  if (from.takeover) caf::anon_send(scorer_, *from.takeover);
}

/// From here on the store and the keeper are the writer's.
void engine_system::spawn_recording(const engine_parts& parts, const recovered_engine& from, bool detached) {
  writer_tools tools;
  tools.durable = parts.durable;
  tools.sealed = from.for_writer;
  tools.keeper = from.keeper;
  tools.shelf = from.shelf;
  tools.health = health_;
  tools.feed = feed_;
  tools.reader = reader_;
  tools.log_failure = parts.log_failure;
  tools.log_alarm = parts.log_alarm;
  if (notification_) tools.tap = notification_->tap();
  writer_ = spawn_blocking(system_, detached, actors::writer, &context_, std::move(tools));
  watcher_ =
      system_.spawn(system_watcher, &context_, system_watcher_tools{parts.measure, parts.log_event, health_, writer_});
  if (notification_) notification_->start(system_, detached, writer_, reader_, watcher_);
  if (parts.models)
    models_ = spawn_blocking(system_, detached, model_keeper, &context_, parts.models, from.for_models,
                             from.newest_model(), writer_, scorer_);
}

void engine_system::spawn_customers(recovered_engine& from) {
  std::unordered_map<std::int64_t, customer_actor> home;
  for (const customer_record& each : from.known.customers) {
    customers_.push_back({each, system_.spawn(customer, &context_, each.id, scorer_, writer_)});
    home[number(each.id)] = customers_.back().handle;
  }
  for (const unit_record& each : from.known.units)
    caf::anon_send(home.at(number(each.customer)), std::move(from.arrivals[number(each.id)]));
}

void engine_system::open_front(const engine_parts& parts) {
  engine_front::handles to;
  for (const customer_entry& each : customers_)
    to.customers.emplace(number(each.record.id), each.handle);
  to.scorer = scorer_;
  to.reader = reader_;
  to.writer = writer_;
  to.watcher = watcher_;
  to.feed = feed_;
  const store& durable = *parts.durable;
  front_ = std::make_unique<engine_front>(context_, std::move(to), durable.epoch(), health_, durable.kind(),
                                          parts.scorer ? parts.scorer->info().name : "");
  if (notification_) front_->set_notifications(notification_->front());
}

status engine_system::declare_units(customer_id customer, std::vector<unit_description> units) {
  registration_request request;
  request.max_units = std::numeric_limits<std::size_t>::max(); // the configuration's word is not bounded by itself
  request.units = std::move(units);
  request.allowed = true;
  request.who = "configuration";
  request.why = "declared in the configuration file";
  const std::size_t wanted = request.units.size();
  for (const customer_entry& each : customers_) {
    if (each.record.id != customer) continue;
    caf::scoped_actor self{system_};
    std::size_t known = 0;
    self->request(each.handle, registration_deadline, std::move(request))
        .receive([&](const registered_units& there) { known = there.units.size(); }, [](const caf::error&) {});
    if (known == wanted) return nothing{};
    return failure{error_code::unavailable, "not every declared unit could be registered", each.record.code,
                   "see the log for what the store said"};
  }
  return failure{error_code::not_found, "there is no such customer"};
}

status engine_system::with_store(std::function<status(store&)> work) {
  caf::scoped_actor self{system_};
  std::shared_ptr<const status> answer;
  self->request(writer_, registration_deadline, store_work{std::move(work)})
      .receive([&](const store_answer& done) { answer = done.outcome; }, [](const caf::error&) {});
  if (answer) return *answer;
  return failure{error_code::unavailable, "the store did not answer in time"};
}

bool engine_system::stop(millis patience) {
  if (std::exchange(stopped_, true) || !writer_) return true;
  const auto end = std::chrono::steady_clock::now() + patience;
  while (context_.gate.in_flight() > 0 && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  bool clean = context_.gate.in_flight() == 0;
  if (notification_) clean = notification_->stop(system_, patience + std::chrono::seconds{2}) && clean;
  {
    caf::scoped_actor self{system_};
    self->request(writer_, patience + std::chrono::seconds{1}, actors::stop{})
        .receive([&](bool committed) { clean = clean && committed; }, [&](const caf::error&) { clean = false; });
  }
  end_actors();
  return clean;
}

void engine_system::abandon() {
  stopped_ = true;
  if (notification_) notification_->abandon();
  caf::anon_send_exit(writer_, caf::exit_reason::kill);
  end_actors();
}

void engine_system::end_actors() {
  if (front_) front_->release();
  for (customer_entry& each : customers_)
    caf::anon_send_exit(each.handle, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(watcher_, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(feed_, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(reader_, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(scorer_, caf::exit_reason::user_shutdown);
  if (models_) caf::anon_send_exit(models_, caf::exit_reason::user_shutdown);
  customers_.clear();
  watcher_ = system_watcher_actor{};
  feed_ = feed_actor{};
  reader_ = reader_actor{};
  scorer_ = inference_actor{};
  models_ = model_actor{};
  writer_ = writer_actor{};
}

} // namespace coldvigil::actors
