#include "actors/engine_recovery.hpp"

#include "actors/desk.hpp"

#include <utility>
#include <vector>

namespace coldvigil::actors {
namespace {

/// The scorer's number, and that it judges from now on when another one did before.
result<std::uint16_t> settle_model(store& durable, const engine_context& context, const engine_parts& parts) {
  if (!parts.scorer) return std::uint16_t{0};
  const timestamp now = context.time.now();
  const model_info& info = parts.scorer->info();
  const auto number = durable.model_number(info.name, info.sha256_hex, now);
  if (!number.ok()) return number;
  const auto before = durable.model_activations(1);
  if (!before.ok()) return before.error();
  if (parts.next || (!before->empty() && before->front().number == *number)) return number;
  const model_activation first{*number, parts.version, now, now, "configuration"};
  const auto done = durable.activate_model(first, audit_of(first, info.name, "it is the one at the start"));
  if (!done.ok()) return done.error();
  return number;
}

/// A restart while a version warmed up: it takes over at the time that was committed.
result<std::optional<model_takeover>> takeover_of(store& durable, const engine_context& context,
                                                  const engine_parts& parts) {
  if (!parts.next) return std::optional<model_takeover>{};
  const model_info& info = parts.next->info();
  const auto number = durable.model_number(info.name, info.sha256_hex, context.time.now());
  if (!number.ok()) return number.error();
  const auto committed = durable.model_activations(1);
  if (!committed.ok()) return committed.error();
  if (committed->empty() || committed->front().number != *number) return std::optional<model_takeover>{};
  return std::optional(model_takeover{parts.next, *number, committed->front().from});
}

void introduce(now_keeper& keeper, const registry& known) {
  for (const customer_record& each : known.customers)
    keeper.add_customer(each);
  for (const facility_record& each : known.facilities)
    keeper.add_facility(each);
  for (const unit_record& each : known.units)
    keeper.add_unit(each);
}

result<arrivals_by_unit> recover_units(store& durable, now_keeper& keeper, const registry& known) {
  const auto newest = durable.newest_alarm_ids();
  if (!newest.ok()) return newest.error();
  std::unordered_map<std::int64_t, alarm_id> newest_of;
  for (const auto& [unit, alarm] : *newest)
    newest_of[number(unit)] = alarm;
  arrivals_by_unit arrivals;
  for (const unit_record& each : known.units)
    arrivals[number(each.id)].unit = each;

  std::optional<failure> trouble;
  const auto recall_alarms = [&](unit_arrival& arrival, timestamp since) {
    const auto newest_one = newest_of.find(number(arrival.unit.id));
    if (newest_one == newest_of.end() || trouble) return;
    auto alarms = durable.alarms_of(arrival.unit.id, since);
    if (!alarms.ok()) {
      trouble = alarms.error();
      return;
    }
    arrival.alarms = std::move(alarms).value();
    arrival.newest_alarm = newest_one->second;
    for (const alarm_record& alarm : arrival.alarms)
      if (alarm.open()) keeper.restore_alarm(alarm);
  };
  const auto recovered = durable.recover([&](unit_recovery&& where) {
    const auto found = arrivals.find(number(where.snapshot.unit));
    if (found == arrivals.end() || trouble) return;
    unit_arrival& arrival = found->second;
    keeper.restore_unit(where.snapshot);
    recall_alarms(arrival, where.snapshot.base_as_of.value_or(timestamp::min()));
    arrival.snapshot = std::move(where.snapshot);
  });
  // A unit that was never heard has no snapshot, and may have an alarm for that.
  for (auto& [unit, arrival] : arrivals)
    if (!arrival.snapshot) recall_alarms(arrival, timestamp::min());
  if (trouble) return *trouble;
  if (!recovered.ok()) return recovered.error();
  return arrivals;
}

/// What people did to the open alarms and the units.
status restore_lives(store_reader& from, now_keeper& keeper) {
  constexpr std::size_t at_once = 1'000;
  const auto service = from.service_changes(std::nullopt);
  if (!service) return service.error();
  for (const service_change& each : *service)
    keeper.restore_service(each);
  alarm_query query;
  query.open = true;
  query.limit = at_once;
  for (;;) {
    const auto page = from.alarms(query);
    if (!page) return page.error();
    const auto lives = from.lives(page->items);
    if (!lives) return lives.error();
    for (std::size_t i = 0; i < page->items.size(); ++i)
      if ((*lives)[i] != untouched(page->items[i])) keeper.restore_life(page->items[i], (*lives)[i]);
    if (page->items.size() < at_once) return nothing{};
    query.after = list_place{page->items.back().raised_at, page->items.back().id};
  }
}

status restore_shelf(store_reader& from, alarm_shelf& shelf, timestamp now) {
  const auto words = from.shelvings(now);
  if (!words) return words.error();
  for (const auto& [alarm, said] : *words)
    shelf.note(alarm, said);
  return nothing{};
}

/// The alarms of Coldvigil itself as they stood; those about polls rest on polls of the time before.
status recall_system(store& durable, store_reader& from, const engine_context& context) {
  constexpr std::size_t looked_at = 1'000; ///< polls of one customer
  auto alarms = durable.load_system_alarms(context.limits.system_watch.kept);
  if (!alarms) return alarms.error();
  const timestamp believed_until = context.time.now() + context.limits.recalled_polls;
  for (const system_alarm& each : *alarms) {
    const system_fault fault = each.what.fault;
    if (!each.open() || (fault != system_fault::polls_failing && fault != system_fault::polls_refused)) continue;
    const auto polls = from.polls({each.what.customer, looked_at, 0});
    if (!polls) return polls.error();
    for (auto poll = polls->rbegin(); poll != polls->rend(); ++poll)
      context.system->recall(*poll, believed_until);
  }
  context.system->publish(std::move(*alarms));
  return nothing{};
}

status open_readers(store& durable, const engine_parts& parts, recovered_engine& out) {
  std::vector<std::shared_ptr<store_reader>*> wanted{&out.for_reader, &out.for_writer};
  if (parts.models) wanted.push_back(&out.for_models);
  for (std::shared_ptr<store_reader>* each : wanted) {
    auto made = durable.make_reader();
    if (!made.ok()) return made.error();
    *each = std::move(made).value();
  }
  return nothing{};
}

status read_models(store& durable, const engine_context& context, const engine_parts& parts, recovered_engine& out) {
  const auto model = settle_model(durable, context, parts);
  if (!model.ok()) return model.error();
  out.model = *model;
  auto takeover = takeover_of(durable, context, parts);
  if (!takeover.ok()) return takeover.error();
  out.takeover = std::move(*takeover);
  return nothing{};
}

} // namespace

result<recovered_engine> recover_engine(store& durable, const engine_context& context, const engine_parts& parts) {
  recovered_engine out;
  const auto heads = durable.feed_heads();
  if (!heads.ok()) return heads.error();
  out.keeper = std::make_shared<now_keeper>(context.board, durable.epoch(), *heads);
  if (auto done = read_models(durable, context, parts, out); !done.ok()) return done.error();
  for (const auto& [code, name] : parts.customers) {
    const auto made = durable.ensure_customer(code, name, context.fresh_uuid(), context.time.now());
    if (!made.ok()) return made.error();
  }
  auto known = durable.load_registry();
  if (!known.ok()) return known.error();
  out.known = std::move(*known);
  if (auto done = publish_rules(durable, *context.rules); !done.ok()) return done.error();
  introduce(*out.keeper, out.known);
  auto arrivals = recover_units(durable, *out.keeper, out.known);
  if (!arrivals.ok()) return arrivals.error();
  out.arrivals = std::move(*arrivals);
  if (auto done = open_readers(durable, parts, out); !done.ok()) return done.error();
  if (auto done = restore_lives(*out.for_reader, *out.keeper); !done.ok()) return done.error();
  if (auto done = restore_shelf(*out.for_reader, out.shelf, context.time.now()); !done.ok()) return done.error();
  if (auto done = recall_system(durable, *out.for_reader, context); !done.ok()) return done.error();
  out.keeper->publish();
  return out;
}

} // namespace coldvigil::actors
