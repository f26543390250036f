#include "actors/engine_system.hpp"

#include "actors/customer.hpp"
#include "actors/desk.hpp"
#include "actors/inference.hpp"
#include "actors/reader.hpp"
#include "actors/system_watcher.hpp"
#include "actors/writer.hpp"

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

result<std::uint16_t> engine_system::settle_model(store& durable, const engine_parts& parts) const {
  if (!parts.scorer) return std::uint16_t{0};
  const timestamp now = context_.time.now();
  const model_info& info = parts.scorer->info();
  const auto number = durable.model_number(info.name, info.sha256_hex, now);
  if (!number.ok()) return number;
  const auto before = durable.model_activations(1);
  if (!before.ok()) return before.error();
  if (parts.next || (!before->empty() && before->front().number == *number)) return number;
  audit_entry audit;
  audit.at = now;
  audit.actor = "configuration";
  audit.action = "model.activated";
  audit.subject = info.name;
  audit.new_value = parts.version + " from " + format_utc(now) + " as number " + std::to_string(*number);
  audit.reason = "it is the one at the start";
  const auto done = durable.activate_model({*number, parts.version, now, now, audit.actor}, audit);
  if (!done.ok()) return done.error();
  return number;
}

/// A restart while a version warmed up: it takes over at the time that was committed. Gives the number of the newest.
result<std::uint16_t> engine_system::resume_takeover(store& durable, const std::shared_ptr<detector>& next,
                                                     std::uint16_t present) const {
  if (!next) return present;
  const auto number = durable.model_number(next->info().name, next->info().sha256_hex, context_.time.now());
  if (!number.ok()) return number;
  const auto committed = durable.model_activations(1);
  if (!committed.ok()) return committed.error();
  if (committed->empty() || committed->front().number != *number) return present;
  caf::anon_send(scorer_, model_takeover{next, *number, committed->front().from});
  return number;
}

status engine_system::bring_up(engine_parts& parts, bool detached) {
  store& durable = *parts.durable;
  auto heads = durable.feed_heads();
  if (!heads.ok()) return heads.error();
  auto keeper = std::make_shared<now_keeper>(context_.board, durable.epoch(), *heads);
  const auto settled = settle_model(durable, parts);
  if (!settled.ok()) return settled.error();
  const std::uint16_t model = *settled;
  for (const auto& [code, name] : parts.customers) {
    const auto made = durable.ensure_customer(code, name, context_.fresh_uuid(), context_.time.now());
    if (!made.ok()) return made.error();
  }
  auto known = durable.load_registry();
  if (!known.ok()) return known.error();
  if (auto done = publish_rules(durable, *context_.rules); !done.ok()) return done;
  introduce(*keeper, *known);
  auto arrivals = recover_units(durable, *keeper, *known);
  if (!arrivals.ok()) return arrivals.error();
  if (auto done = restore_lives(durable, *keeper); !done.ok()) return done;
  keeper->publish();
  auto for_reader = durable.make_reader();
  if (!for_reader.ok()) return for_reader.error();
  auto for_writer = durable.make_reader();
  if (!for_writer.ok()) return for_writer.error();
  const std::string model_name = parts.scorer ? parts.scorer->info().name : "";

  feed_ = system_.spawn(feed, &context_, durable.epoch(), parts.render);
  reader_ = spawn_blocking(system_, detached, reader, &context_,
                           std::shared_ptr<store_reader>(std::move(for_reader).value()));
  scorer_ = spawn_blocking(system_, detached, inference, &context_, parts.scorer, model);
  const auto newest = resume_takeover(durable, parts.next, model);
  if (!newest.ok()) return newest.error();
  writer_tools tools;
  tools.durable = parts.durable;
  tools.sealed = std::shared_ptr<store_reader>(std::move(for_writer).value());
  tools.keeper = keeper;
  tools.health = health_;
  tools.feed = feed_;
  tools.reader = reader_;
  tools.log_failure = parts.log_failure;
  tools.log_alarm = parts.log_alarm;
  if (parts.notify) {
    auto prepared = notification_wiring::prepare(durable, *known, context_, std::move(*parts.notify));
    if (!prepared.ok()) return prepared.error();
    notification_ = std::move(*prepared);
    tools.tap = notification_->tap();
  }
  // From here on the store and the keeper are the writer's: its connection bears one thread at a time.
  writer_ = spawn_blocking(system_, detached, actors::writer, &context_, std::move(tools));
  if (notification_) notification_->start(system_, detached, writer_, reader_);
  if (parts.models) {
    auto for_models = durable.make_reader();
    if (!for_models.ok()) return for_models.error();
    models_ = spawn_blocking(system_, detached, model_keeper, &context_, parts.models,
                             std::shared_ptr<store_reader>(std::move(for_models).value()), *newest, writer_, scorer_);
  }
  watcher_ =
      system_.spawn(system_watcher, &context_, system_watcher_tools{parts.measure, parts.log_event, health_, writer_});
  spawn_customers(*known, std::move(*arrivals));

  engine_front::handles to;
  for (const customer_entry& each : customers_)
    to.customers.emplace(number(each.record.id), each.handle);
  to.scorer = scorer_;
  to.reader = reader_;
  to.writer = writer_;
  to.feed = feed_;
  front_ =
      std::make_unique<engine_front>(context_, std::move(to), durable.epoch(), health_, durable.kind(), model_name);
  if (notification_) front_->set_notifications(notification_->front());
  return nothing{};
}

void engine_system::introduce(now_keeper& keeper, const registry& known) {
  for (const customer_record& each : known.customers)
    keeper.add_customer(each);
  for (const facility_record& each : known.facilities)
    keeper.add_facility(each);
  for (const unit_record& each : known.units)
    keeper.add_unit(each);
}

void engine_system::spawn_customers(const registry& known, arrivals_by_unit arrivals) {
  std::unordered_map<std::int64_t, customer_actor> home;
  for (const customer_record& each : known.customers) {
    customers_.push_back({each, system_.spawn(customer, &context_, each.id, scorer_, writer_)});
    home[number(each.id)] = customers_.back().handle;
  }
  for (const unit_record& each : known.units)
    caf::anon_send(home.at(number(each.customer)), std::move(arrivals[number(each.id)]));
}

result<engine_system::arrivals_by_unit> engine_system::recover_units(store& durable, now_keeper& keeper,
                                                                     const registry& known) {
  const auto newest = durable.newest_alarm_ids();
  if (!newest.ok()) return newest.error();
  std::unordered_map<std::int64_t, alarm_id> newest_of;
  for (const auto& [unit, alarm] : *newest)
    newest_of[number(unit)] = alarm;
  arrivals_by_unit arrivals;
  for (const unit_record& each : known.units)
    arrivals[number(each.id)].unit = each;

  std::optional<failure> trouble;
  const auto recovered = durable.recover([&](unit_recovery&& where) {
    const auto found = arrivals.find(number(where.snapshot.unit));
    if (found == arrivals.end() || trouble) return;
    unit_arrival& arrival = found->second;
    const timestamp since = where.snapshot.base_as_of.value_or(timestamp::min());
    if (newest_of.contains(found->first)) {
      auto alarms = durable.alarms_of(arrival.unit.id, since);
      if (!alarms.ok()) {
        trouble = alarms.error();
        return;
      }
      arrival.alarms = std::move(alarms).value();
      arrival.newest_alarm = newest_of[found->first];
    }
    keeper.restore_unit(where.snapshot);
    for (const alarm_record& alarm : arrival.alarms)
      if (alarm.open()) keeper.restore_alarm(alarm);
    arrival.snapshot = std::move(where.snapshot);
  });
  if (trouble) return *trouble;
  if (!recovered.ok()) return recovered.error();
  return arrivals;
}

status engine_system::restore_lives(store& durable, now_keeper& keeper) {
  constexpr std::size_t at_once = 1'000;
  auto reader = durable.make_reader();
  if (!reader) return reader.error();
  const auto service = (*reader)->service_changes(std::nullopt);
  if (!service) return service.error();
  for (const service_change& each : *service)
    keeper.restore_service(each);
  alarm_query query;
  query.open = true;
  query.limit = at_once;
  for (;;) {
    const auto page = (*reader)->alarms(query);
    if (!page) return page.error();
    const auto lives = (*reader)->lives(page->items);
    if (!lives) return lives.error();
    for (std::size_t i = 0; i < page->items.size(); ++i)
      if ((*lives)[i] != untouched(page->items[i])) keeper.restore_life(page->items[i], (*lives)[i]);
    if (page->items.size() < at_once) return nothing{};
    query.after = list_place{page->items.back().raised_at, page->items.back().id};
  }
}

status engine_system::declare_units(customer_id customer, std::vector<unit_description> units) {
  registration_request request;
  request.max_units = std::numeric_limits<std::size_t>::max(); // the configuration's word is not bounded by itself
  request.units = std::move(units);
  request.allowed = true;
  request.who = "configuration";
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
