#include "tests/net/fake_engine.hpp"

#include "net/random.hpp"

#include <algorithm>
#include <chrono>

namespace coldvigil::test {
namespace {

constexpr std::chrono::minutes patience{1}; ///< waits end by events; only what never comes lasts so long

unit_record unit_of(std::uint8_t n, std::uint8_t customer, std::uint8_t facility, std::string code,
                    temperature_scale scale) {
  unit_record unit;
  unit.id = unit_id{n};
  unit.point = point_id{100 + n};
  unit.public_id = fake_engine::public_id(3, n);
  unit.customer = customer_id{customer};
  unit.facility = facility_id{facility};
  unit.code = std::move(code);
  unit.scale = scale;
  unit.range = limits{-25'000, -18'000};
  unit.set_point = -20'000;
  unit.interval = std::chrono::seconds{60};
  return unit;
}

} // namespace

uuid fake_engine::public_id(std::uint8_t kind, std::uint8_t number) {
  uuid id;
  id.bytes[0] = kind;
  id.bytes[15] = number;
  return id;
}

alarm_record fake_engine::first_alarm(alarm_id id) {
  alarm_record out;
  out.id = id;
  out.public_id = public_id(4, 1);
  out.customer = customer_id{1};
  out.facility = facility_id{1};
  out.unit = unit_id{1};
  return out;
}

fake_engine::fake_engine() : keeper_(board_, 3, {}) {
  for (std::uint8_t n : {std::uint8_t{1}, std::uint8_t{2}}) {
    const std::string letter = n == 1 ? "A" : "B";
    keeper_.add_customer(customer_record{customer_id{n}, public_id(1, n), letter, "Customer " + letter, {}});
    facility_record facility;
    facility.id = facility_id{n};
    facility.public_id = public_id(2, n);
    facility.customer = customer_id{n};
    facility.code = n == 1 ? "fa_1" : "fb_1";
    facility.city = "Leeds";
    keeper_.add_facility(facility);
  }
  keeper_.add_unit(unit_of(1, 1, 1, "ua_1", temperature_scale::celsius));
  keeper_.add_unit(unit_of(2, 1, 1, "ua_2", temperature_scale::celsius));
  keeper_.add_unit(unit_of(3, 2, 2, "ub_1", temperature_scale::fahrenheit));
  keeper_.publish();
}

void fake_engine::measure(unit_id unit, judged_reading reading, std::vector<new_sensor> sensors) {
  const auto record = keeper_.unit(unit);
  commit_batch batch;
  batch.at = reading.at;
  unit_run run;
  run.customer = record->customer;
  run.unit = unit;
  run.point = record->point;
  run.readings.push_back(reading);
  run.new_sensors = std::move(sensors);
  batch.runs.push_back(std::move(run));
  (void)keeper_.number_frames(batch);
  keeper_.committed(batch);
}

std::shared_ptr<feed_frame> fake_engine::frame(customer_id scope, std::uint64_t first, std::size_t count,
                                               std::uint64_t epoch) {
  auto out = std::make_shared<feed_frame>();
  out->scope = scope;
  out->epoch = epoch;
  out->first = first;
  const auto unit = std::make_shared<const unit_record>(unit_of(1, 1, 1, "ua_1", temperature_scale::celsius));
  for (std::size_t i = 0; i < count; ++i) {
    feed_reading item;
    item.unit = unit;
    item.reading.at = from_ms(1'800'000'000'000 + static_cast<std::int64_t>(first + i));
    item.reading.value = -20'000;
    item.reading.score = 0.5F;
    item.reading.state = score_state::scored;
    out->items.emplace_back(item);
  }
  return out;
}

std::uint64_t fake_engine::advance_feed() {
  judged_reading reading;
  reading.at = from_ms(1'800'000'000'000 + static_cast<std::int64_t>(++feed_));
  reading.value = -20'000;
  measure(unit_id{1}, reading);
  return feed_;
}

void fake_engine::reply(std::function<void()> call) {
  const std::lock_guard lock(mutex_);
  if (silent)
    unanswered.push_back(std::move(call));
  else
    call();
}

bool fake_engine::submit(submission&& what) {
  if (full) return false;
  std::vector<item_result> results;
  if (fates) {
    results = fates(what);
  } else {
    for (const auto& item : what.items) {
      const auto* apart = std::get_if<rejected_reading>(&item.content);
      results.push_back(apart ? item_result{item_outcome::rejected, apart->reason}
                              : item_result{item_outcome::stored, {}});
    }
  }
  reply([done = what.done, results] { done(results); });
  submissions.push_back(std::move(what));
  return true;
}

void fake_engine::series_of(const series_query& query, std::function<void(result<series>)> done) {
  {
    const std::lock_guard lock(mutex_);
    asked_series.push_back(query);
  }
  series out;
  const auto found = stored.find(number(query.unit));
  if (found != stored.end()) {
    out.sensors = found->second.sensors;
    for (const auto& reading : found->second.readings)
      if (reading.at >= query.from && reading.at <= query.to) out.readings.push_back(reading);
  }
  give(done, out);
}

void fake_engine::alarms(const alarm_list_query& query, std::function<void(result<alarm_listing>)> done) {
  {
    const std::lock_guard lock(mutex_);
    asked_alarms = query;
  }
  alarm_listing page;
  for (const auto& alarm : alarm_list) {
    if (query.facts.customer && alarm.customer != *query.facts.customer) continue;
    page.items.push_back({alarm, untouched(alarm)});
  }
  if (query.stages.empty()) page.total = page.items.size();
  if (!page.items.empty() && page.items.size() >= query.facts.limit)
    page.next = list_place{page.items.back().alarm.raised_at, page.items.back().alarm.id};
  give(done, page);
}

void fake_engine::story(const uuid& alarm, std::optional<customer_id> customer,
                        std::function<void(result<alarm_story>)> done) {
  for (const auto& one : alarm_list) {
    if (one.public_id != alarm || (customer && one.customer != *customer)) continue;
    alarm_story out;
    out.alarm = one;
    out.transitions = {alarm_transition{one, transition_kind::raised, one.raised_at, one.raised_at}};
    out.said = said[number(one.id)];
    out.life = life_of(out.transitions, out.said);
    return give(done, out);
  }
  reply([done] { done(failure{error_code::not_found, "there is no such alarm"}); });
}

void fake_engine::open_alarms(customer_id, unit_id unit, std::function<void(result<std::vector<alarm_record>>)> done) {
  std::vector<alarm_record> out;
  for (const auto& one : open_by_now.empty() ? alarm_list : open_by_now)
    if (one.unit == unit && one.open()) out.push_back(one);
  give(done, out);
}

void fake_engine::say(alarm_word&& word, std::function<void(result<alarm_story>)> done) {
  word.event.at = from_ms(1'800'000'100'000);
  for (const auto& one : alarm_list) {
    if (one.public_id != word.alarm || (word.customer && one.customer != *word.customer)) continue;
    auto& events = said[number(one.id)];
    const auto after = live(life_of(events), word.event, limits_of(one, {}));
    if (!after) return reply([done, why = after.error()] { done(why); });
    events.push_back(word.event);
    break;
  }
  story(word.alarm, word.customer, std::move(done));
}

void fake_engine::acknowledge_system_alarm(const uuid& alarm, std::optional<customer_id> customer, std::string who,
                                           std::string reason, std::function<void(result<system_alarm>)> done) {
  std::vector<system_alarm> all = *system.alarms();
  for (system_alarm& each : all) {
    if (each.id != alarm || !each.open() || (customer && each.what.customer != customer)) continue;
    if (each.acknowledged) return reply([done] { done(failure{error_code::conflict, "it is acknowledged already"}); });
    each.acknowledged = alarm_life::mark{from_ms(1'800'000'100'000), std::move(who), std::move(reason)};
    const system_alarm known = each;
    system.publish(std::move(all));
    return give(done, known);
  }
  reply([done] { done(failure{error_code::not_found, "there is no such open alarm"}); });
}

void fake_engine::change_service(service_change&& change, std::function<void(status)> done) {
  if (change.reason.empty())
    return reply([done] { done(failure{error_code::invalid_argument, "this needs a reason"}); });
  keeper_.restore_service(change);
  keeper_.publish();
  served.push_back(std::move(change));
  give(done, nothing{});
}

void fake_engine::courses(const course_query& query, std::function<void(result<std::vector<alarm_course>>)> done) {
  asked_courses = query;
  give(done, course_list);
}

void fake_engine::change_rules(place_rules&& wanted, std::function<void(result<std::vector<rule_record>>)> done) {
  const auto history = std::make_shared<rule_history>(*rules_now.current());
  if (wanted.expected && *wanted.expected != history->revision_of(wanted.place))
    return reply([done] { done(failure{error_code::conflict, "changed meanwhile", "revision 2", "read them again"}); });
  std::vector<rule_record> changes;
  const auto change = [&](rule_record record) {
    record.revision = history->revision() + 1;
    record.from = record.changed_at = from_ms(1'800'000'000'000);
    history->add(record);
    changes.push_back(std::move(record));
  };
  for (rule_record each : history->committed(wanted.place.customer))
    if (same_place(each.rule, wanted.place)) {
      each.removed = true;
      change(std::move(each));
    }
  const std::size_t removed = changes.size();
  for (const place_rules::entry& each : wanted.rules) {
    rule_record made;
    made.rule = wanted.place;
    made.rule.what = each.what;
    made.rule.what.id = rule_id{static_cast<std::uint32_t>(100 + history->revision())};
    made.rule.off = each.off;
    change(std::move(made));
  }
  changes.erase(changes.begin(), changes.begin() + static_cast<std::ptrdiff_t>(removed));
  if (!fails) rules_now.publish(history);
  wanted_rules.push_back(std::move(wanted));
  give(done, changes);
}

void fake_engine::rejects(const reject_query& query, std::function<void(result<std::vector<rejected_reading>>)> done) {
  asked_rejects = query;
  give(done, kept_apart);
}

void fake_engine::polls(const poll_query& query, std::function<void(result<std::vector<poll_record>>)> done) {
  poll_record poll;
  poll.customer = query.customer.value_or(customer_id{2});
  poll.method = "json";
  poll.rejected[static_cast<std::size_t>(reject_reason::null_value)] = 2;
  give(done, std::vector<poll_record>{poll});
}

void fake_engine::audits(const audit_query& query, std::function<void(result<std::vector<audit_entry>>)> done) {
  asked_audits = query;
  audit_entry entry;
  entry.customer = query.customer;
  entry.actor = "token:x";
  entry.action = "rule.changed";
  give(done, std::vector<audit_entry>{entry});
}

void fake_engine::head(std::function<void(result<std::optional<chain_head>>)> done) {
  give(done, check_now.head);
}

void fake_engine::check_record(std::function<void(result<record_check>)> done) {
  give(done, check_now);
}

void fake_engine::predict(prediction_query&& query, std::function<void(result<prediction>)> done) {
  predicted = std::move(query);
  prediction opinion;
  opinion.temperature = predicted->values.back();
  opinion.bounds_breach = opinion.temperature < predicted->low || opinion.temperature > predicted->high;
  opinion.hybrid_alert = opinion.bounds_breach;
  give(done, opinion);
}

void fake_engine::reconstruct(customer_id, unit_id, std::function<void(result<reconstruction>)> done) {
  give(done, reconstruction{{-20'000, -20'500}, {-20'100, -20'400}, 0.1, 0.3});
}

void fake_engine::subscribe(customer_id scope, std::optional<feed_cursor> after,
                            std::weak_ptr<feed_listener> listener) {
  if (const auto held = listener.lock()) held->on_subscribed(after && resume_works);
  const std::lock_guard lock(mutex_);
  subscribed_scope = scope;
  subscribed_after = after;
  listener_ = std::move(listener);
  subscribed_.notify_all();
}

std::shared_ptr<feed_listener> fake_engine::listener(const std::shared_ptr<feed_listener>& before) {
  std::unique_lock lock(mutex_);
  const auto newer = [&] {
    const auto current = listener_.lock();
    return current && current != before;
  };
  return subscribed_.wait_for(lock, patience, newer) ? listener_.lock() : nullptr;
}

running_server::running_server(server_options options, asset_lookup assets) {
  const auto add = [&](const std::string& text, std::optional<customer_id> customer, permission level,
                       std::optional<timestamp> expires = {}) {
    tokens.add(token_record{0, sha256_hex(text), text, customer, level, expires, {}});
  };
  const customer_id a{1};
  const customer_id b{2};
  add("a-read", a, permission::read);
  add("a-write", a, permission::write);
  add("a-admin", a, permission::admin);
  add("b-read", b, permission::read);
  add("b-write", b, permission::write);
  add("admin", std::nullopt, permission::admin);
  add("expired", a, permission::read, time.now());
  server_parts parts{engine, tokens, time, "0.1.0", std::move(assets), {}, {}};
  parts.in_file = &in_file;
  parts.more_metrics = [] { return std::string("# more\n"); };
  parts.access_log = [this](const access_record& line) {
    const std::lock_guard lock(log_mutex);
    log.push_back(line);
    logged.notify_all();
  };
  web = std::make_unique<server>(std::move(options), std::move(parts));
  port = *web->start();
}

bool running_server::ended(const std::string& path, unsigned status, std::size_t count) {
  std::unique_lock lock(log_mutex);
  return logged.wait_for(lock, patience, [&] {
    return std::count_if(log.begin(), log.end(), [&](const access_record& line) {
             return line.path == path && line.status == status;
           }) >= static_cast<std::ptrdiff_t>(count);
  });
}

running_server::~running_server() {
  web->stop();
}

} // namespace coldvigil::test
