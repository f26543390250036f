#include "tests/support/memory_store.hpp"

#include <algorithm>
#include <stdexcept>

namespace coldvigil::test {
namespace {

class memory_reader final : public store_reader {
 public:
  explicit memory_reader(std::shared_ptr<disk> on) : disk_(std::move(on)) {}

  result<std::vector<judged_reading>> sealed(point_id point, timestamp from, timestamp to) override {
    if (const auto told = disk_->before_reading) told(point);
    const std::lock_guard lock(disk_->mutex);
    std::vector<judged_reading> out;
    const auto& through = disk_->sealed_through[number(point)];
    for (const auto& [at, reading] : disk_->readings[number(point)])
      if (through && at <= *through && at >= from && at <= to) out.push_back(reading);
    return out;
  }
  result<std::vector<std::string>> sensors(point_id point) override {
    const std::lock_guard lock(disk_->mutex);
    return disk_->sensors[number(point)];
  }
  result<alarm_page> alarms(const alarm_query& query) override {
    const std::lock_guard lock(disk_->mutex);
    alarm_page out;
    for (const auto& [id, alarm] : disk_->alarms)
      if ((!query.open || *query.open == alarm.open()) && (!query.customer || *query.customer == alarm.customer) &&
          (!query.public_id || *query.public_id == alarm.public_id))
        out.items.push_back(alarm);
    out.total = out.items.size();
    return out;
  }
  result<std::vector<alarm_transition>> transitions(alarm_id alarm) override {
    const std::lock_guard lock(disk_->mutex);
    std::vector<alarm_transition> out;
    for (const alarm_transition& t : disk_->transitions)
      if (t.after.id == alarm) out.push_back(t);
    return out;
  }
  result<std::vector<life_event>> life_events(alarm_id alarm) override {
    const std::lock_guard lock(disk_->mutex);
    return disk_->life_events[number(alarm)];
  }
  result<std::vector<alarm_life>> lives(std::span<const alarm_record> alarms) override {
    std::vector<alarm_life> out;
    for (const alarm_record& each : alarms) {
      const auto steps = transitions(each.id).value();
      out.push_back(
          life_of(steps, with_service(steps, life_events(each.id).value(), service_changes(each.unit).value())));
    }
    return out;
  }
  result<std::vector<std::pair<alarm_record, life_event>>> shelvings(timestamp now) override {
    const std::lock_guard lock(disk_->mutex);
    std::vector<std::pair<alarm_record, life_event>> out;
    for (const auto& [alarm, events] : disk_->life_events)
      for (const life_event& each : events)
        if (each.kind == life_event_kind::unshelve || (each.kind == life_event_kind::shelve && each.until > now))
          out.emplace_back(disk_->alarms.at(alarm), each);
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.second.at < b.second.at; });
    return out;
  }
  result<std::vector<service_change>> service_changes(std::optional<unit_id> unit) override {
    const std::lock_guard lock(disk_->mutex);
    std::vector<service_change> out;
    for (const service_change& each : disk_->service)
      if (!unit || each.unit == *unit) out.push_back(each);
    return out;
  }
  result<std::vector<alarm_course>> courses(const course_query& query) override {
    const std::lock_guard lock(disk_->mutex);
    std::vector<alarm_course> out;
    for (const alarm_course& each : courses_of(disk_->transitions))
      if (each.raised_at < query.to && (!each.cleared_at || *each.cleared_at >= query.from)) out.push_back(each);
    return out;
  }
  result<std::vector<rejected_reading>> rejects(const reject_query&) override {
    const std::lock_guard lock(disk_->mutex);
    return disk_->rejects;
  }
  result<std::vector<poll_record>> polls(const poll_query& query) override {
    const std::lock_guard lock(disk_->mutex);
    std::vector<poll_record> out;
    for (auto each = disk_->polls.rbegin(); each != disk_->polls.rend() && out.size() < query.limit; ++each)
      if (!query.customer || *query.customer == each->customer) out.push_back(*each);
    return out;
  }
  result<std::optional<chain_head>> head() override { return std::optional<chain_head>{}; }
  result<std::optional<std::string>> commit_hash(std::uint64_t) override { return std::optional<std::string>{}; }
  result<chain_check> check_chain(chain_check so_far, std::size_t) override {
    if (disk_->check_steps < 0) return failure{error_code::unavailable, "the disk is away", "memory"};
    if (--disk_->check_steps <= 0) so_far.at = chain_check::part::done;
    return so_far;
  }
  result<std::vector<audit_entry>> audits(const audit_query&) override { return std::vector<audit_entry>{}; }
  result<std::vector<delivery_record>> deliveries(const delivery_query&) override {
    const std::lock_guard lock(disk_->mutex);
    return std::vector<delivery_record>(disk_->deliveries.rbegin(), disk_->deliveries.rend());
  }
  result<std::vector<self_test>> self_tests(std::size_t) override {
    const std::lock_guard lock(disk_->mutex);
    std::vector<self_test> out;
    for (const auto& [key, test] : disk_->self_tests)
      out.push_back(test);
    return out;
  }

 private:
  std::shared_ptr<disk> disk_;
};

void keep(disk& on, const notification_changes& changes) {
  for (const alarm_notice& each : changes.notices)
    on.notices.emplace(std::pair(each.alarm, each.transition), each);
  for (const alarm_case& each : changes.cases)
    on.cases[each.alarm] = each;
  for (const outbox_entry& each : changes.outbox) {
    const auto known =
        std::find_if(on.outbox.begin(), on.outbox.end(), [&](const outbox_entry& one) { return one.key == each.key; });
    if (known == on.outbox.end())
      on.outbox.push_back(each);
    else
      *known = each;
  }
  on.deliveries.insert(on.deliveries.end(), changes.deliveries.begin(), changes.deliveries.end());
  for (const message_link& each : changes.links)
    on.links[each.sha256_hex] = each;
  for (const self_test& each : changes.self_tests)
    on.self_tests[each.key] = each;
}

} // namespace

memory_store::memory_store(std::shared_ptr<disk> on) : disk_(std::move(on)) {
  const std::lock_guard lock(disk_->mutex);
  epoch_ = ++disk_->epoch;
}

result<std::unique_ptr<store_reader>> memory_store::make_reader() {
  return std::unique_ptr<store_reader>(std::make_unique<memory_reader>(disk_));
}

result<std::vector<rule_record>> memory_store::load_rules() {
  const std::lock_guard lock(disk_->mutex);
  return disk_->rules;
}

result<std::vector<rule_record>> memory_store::change_rules(std::span<const rule_change> changes) {
  const std::lock_guard lock(disk_->mutex);
  std::vector<rule_record> out;
  for (const rule_change& each : changes) {
    rule_record change = each.rule;
    change.revision = disk_->rules.size() + 1;
    disk_->rules.push_back(change);
    disk_->audits.push_back(each.audit);
    out.push_back(std::move(change));
  }
  return out;
}

result<std::optional<contact_revision>> memory_store::newest_contacts() {
  const std::lock_guard lock(disk_->mutex);
  return disk_->contacts.empty() ? std::nullopt : std::optional(disk_->contacts.back());
}

result<std::uint64_t> memory_store::add_contacts(const contact_revision& book, std::span<const audit_entry> audits) {
  const std::lock_guard lock(disk_->mutex);
  if (disk_->failing_commits > 0) return failure{disk_->failing_with, "the store is away"};
  disk_->contacts.push_back(book);
  disk_->contacts.back().revision = disk_->contacts.size();
  disk_->audits.insert(disk_->audits.end(), audits.begin(), audits.end());
  return disk_->contacts.back().revision;
}

status memory_store::add_life_event(alarm_id alarm, const life_event& event, const audit_entry& audit) {
  const std::lock_guard lock(disk_->mutex);
  disk_->audits.push_back(audit);
  disk_->life_events[number(alarm)].push_back(event);
  return nothing{};
}

status memory_store::add_service_change(const service_change& change, const audit_entry& audit) {
  const std::lock_guard lock(disk_->mutex);
  disk_->audits.push_back(audit);
  disk_->service.push_back(change);
  return nothing{};
}

result<registry> memory_store::load_registry() {
  const std::lock_guard lock(disk_->mutex);
  return disk_->known;
}

result<customer_record> memory_store::ensure_customer(const std::string& code, const std::string& name, uuid fresh,
                                                      timestamp now) {
  const std::lock_guard lock(disk_->mutex);
  auto& customers = disk_->known.customers;
  for (const customer_record& each : customers)
    if (each.code == code) return each;
  customers.push_back({customer_id{static_cast<std::int64_t>(customers.size() + 1)}, fresh, code, name, now});
  return customers.back();
}

result<std::vector<registered_unit>> memory_store::register_units(std::span<const unit_registration> units) {
  const std::lock_guard lock(disk_->mutex);
  if (disk_->failing_registrations > 0) {
    --disk_->failing_registrations;
    return failure{error_code::unavailable, "the disk is away", "memory"};
  }
  std::vector<registered_unit> out;
  registry& known = disk_->known;
  for (const unit_registration& each : units) {
    const unit_description& told = each.unit;
    auto facility = std::find_if(known.facilities.begin(), known.facilities.end(), [&](const facility_record& f) {
      return f.customer == told.customer && f.code == told.facility_code;
    });
    if (facility == known.facilities.end()) {
      facility_record fresh;
      fresh.id = facility_id{static_cast<std::int64_t>(known.facilities.size() + 1)};
      fresh.public_id = each.fresh_facility;
      fresh.customer = told.customer;
      fresh.code = told.facility_code;
      known.facilities.push_back(fresh);
      facility = known.facilities.end() - 1;
    }
    unit_record unit;
    unit.id = unit_id{static_cast<std::int64_t>(known.units.size() + 1)};
    unit.point = point_id{number(unit.id)};
    unit.public_id = each.fresh_unit;
    unit.customer = told.customer;
    unit.facility = facility->id;
    unit.code = told.unit_code;
    unit.kind = each.kind;
    unit.range = each.range;
    unit.interval = told.interval;
    known.units.push_back(unit);
    out.push_back({*facility, unit});
  }
  return out;
}

result<std::uint64_t> memory_store::commit(const commit_batch& batch) {
  const std::lock_guard lock(disk_->mutex);
  if (disk_->throwing) throw std::runtime_error("the disk is on fire");
  if (disk_->failing_commits > 0) {
    --disk_->failing_commits;
    return failure{disk_->failing_with, "the disk is away", "memory"};
  }
  for (const unit_run& run : batch.runs) {
    auto& readings = disk_->readings[number(run.point)];
    if (run.replaces_from) readings.erase(readings.lower_bound(*run.replaces_from), readings.end());
    for (const judged_reading& reading : run.readings)
      readings[reading.at] = reading;
    learn(disk_->sensors[number(run.point)], run.new_sensors);
  }
  for (const alarm_transition& t : batch.transitions) {
    disk_->alarms[number(t.after.id)] = t.after;
    disk_->transitions.push_back(t);
  }
  for (const auto& [alarm, event] : batch.said)
    disk_->life_events[number(alarm)].push_back(event);

  for (const chunk& sealed : batch.chunks)
    disk_->sealed_through[number(sealed.point)] = sealed.readings.back().at;
  for (const unit_snapshot& snapshot : batch.snapshots)
    disk_->snapshots[number(snapshot.point)] = snapshot;
  disk_->rejects.insert(disk_->rejects.end(), batch.rejects.begin(), batch.rejects.end());
  disk_->polls.insert(disk_->polls.end(), batch.polls.begin(), batch.polls.end());
  for (const feed_head& head : batch.feed)
    disk_->feed[number(head.customer)] = head.last;
  for (const system_alarm& each : batch.system_alarms)
    disk_->system_alarms[each.id] = each;
  keep(*disk_, batch.notifications);
  disk_->commits.push_back(batch);
  return disk_->commits.size();
}

status memory_store::recover(const std::function<void(unit_recovery&&)>& sink) {
  const std::lock_guard lock(disk_->mutex);
  for (const auto& [point, readings] : disk_->readings) {
    unit_recovery out;
    if (const auto found = disk_->snapshots.find(point); found != disk_->snapshots.end()) out.snapshot = found->second;
    out.snapshot.unit = unit_id{point};
    out.snapshot.point = point_id{point};
    out.snapshot.sensors = disk_->sensors[point];
    out.snapshot.tail.clear();
    const auto through = disk_->sealed_through[point];
    for (const auto& [at, reading] : readings)
      if (!through || at > *through) out.snapshot.tail.push_back(reading);
    sink(std::move(out));
  }
  return nothing{};
}

result<std::vector<alarm_record>> memory_store::alarms_of(unit_id unit, timestamp since) {
  // Called from the sink of recover(), which holds the lock.
  std::vector<alarm_record> out;
  for (const auto& [id, alarm] : disk_->alarms)
    if (alarm.unit == unit &&
        (alarm.open() || alarm.raised_at >= since || (alarm.cleared_at && *alarm.cleared_at >= since)))
      out.push_back(alarm);
  return out;
}

result<std::vector<std::pair<unit_id, alarm_id>>> memory_store::newest_alarm_ids() {
  const std::lock_guard lock(disk_->mutex);
  std::map<std::int64_t, alarm_id> newest;
  for (const auto& [id, alarm] : disk_->alarms)
    newest[number(alarm.unit)] = alarm.id;
  std::vector<std::pair<unit_id, alarm_id>> out;
  for (const auto& [unit, id] : newest)
    out.emplace_back(unit_id{unit}, id);
  return out;
}

result<std::vector<feed_head>> memory_store::feed_heads() {
  const std::lock_guard lock(disk_->mutex);
  std::vector<feed_head> out;
  for (const auto& [customer, last] : disk_->feed)
    out.push_back({customer_id{customer}, last});
  return out;
}

result<forgotten_rows> memory_store::forget_oldest() {
  const std::lock_guard lock(disk_->mutex);
  forgotten_rows out;
  if (disk_->beyond_bounds == 0) return out;
  out[forgettable::polls] = 1;
  out.more = --disk_->beyond_bounds > 0;
  return out;
}

result<stored_notifications> memory_store::load_notifications(timestamp since, timestamp now) {
  const std::lock_guard lock(disk_->mutex);
  stored_notifications out;
  for (const auto& [alarm, one] : disk_->cases)
    if (!one.finished_at || *one.finished_at > since) out.cases.emplace_back(one, disk_->notices.at({alarm, one.seen}));
  for (const auto& [name, notice] : disk_->notices) {
    const auto known = disk_->cases.find(notice.alarm);
    if (known == disk_->cases.end() || notice.transition > known->second.seen) out.unseen.push_back(notice);
    out.newest_transition = std::max(out.newest_transition, notice.transition);
  }
  for (const outbox_entry& each : disk_->outbox)
    if (each.state == outbox_state::waiting || *each.settled_at > since) out.outbox.push_back(each);
  for (const auto& [hash, link] : disk_->links)
    if (link.expires_at > now) out.links.push_back(link);
  std::map<callee, self_test> newest;
  for (const auto& [key, test] : disk_->self_tests)
    if (self_test& of_way = newest[test.to]; of_way.sent_at <= test.sent_at) of_way = test;
  for (const auto& [way, test] : newest)
    out.self_tests.push_back(test);
  return out;
}

result<std::vector<system_alarm>> memory_store::load_system_alarms(std::size_t cleared) {
  const std::lock_guard lock(disk_->mutex);
  std::vector<system_alarm> out, over;
  for (const auto& [id, each] : disk_->system_alarms)
    (each.open() ? out : over).push_back(each);
  std::ranges::sort(out, std::ranges::greater{}, &system_alarm::raised_at);
  std::ranges::sort(over, std::ranges::greater{}, &system_alarm::cleared_at);
  over.resize(std::min(over.size(), cleared));
  out.insert(out.end(), over.begin(), over.end());
  return out;
}

result<std::uint16_t> memory_store::model_number(const std::string& name, const std::string& sha256_hex, timestamp) {
  auto& all = disk_->models;
  const auto found = std::find(all.begin(), all.end(), name + sha256_hex);
  if (found == all.end()) all.push_back(name + sha256_hex);
  return static_cast<std::uint16_t>(std::find(all.begin(), all.end(), name + sha256_hex) - all.begin() + 1);
}

result<std::vector<model_activation>> memory_store::model_activations(std::size_t newest) {
  std::vector<model_activation> out(disk_->activations.rbegin(), disk_->activations.rend());
  out.resize(std::min(out.size(), newest));
  return out;
}

status memory_store::activate_model(const model_activation& change, const audit_entry&) {
  disk_->activations.push_back(change);
  return nothing{};
}

} // namespace coldvigil::test
