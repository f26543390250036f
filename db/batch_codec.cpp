#include "db/batch_codec.hpp"

#include "core/rule_text.hpp"
#include "db/hash_chain.hpp"
#include "db/machine_codec.hpp"
#include "db/reading_codec.hpp"
#include "db/sql.hpp"

#include <map>

namespace coldvigil::db {
namespace {

constexpr std::uint8_t version = 1;
constexpr std::uint8_t memory_version = 2; // 1 had three fixed alarm machines

template <class Id> void put_id(byte_writer& to, Id id) {
  to.signed_number(number(id));
}
template <class Id> Id get_id(byte_reader& from) {
  return Id{from.signed_number()};
}
void put_time(byte_writer& to, timestamp at) {
  to.signed_number(to_ms(at));
}
timestamp get_time(byte_reader& from) {
  return from_ms(from.signed_number());
}
template <class T, class Put> void put_optional(byte_writer& to, const std::optional<T>& value, Put&& put) {
  to.byte(value ? 1 : 0);
  if (value) put(to, *value);
}
void put_optional(byte_writer& to, const std::optional<timestamp>& at) {
  put_optional(to, at, put_time);
}
std::optional<timestamp> get_optional_time(byte_reader& from) {
  if (from.byte() == 0) return std::nullopt;
  return get_time(from);
}

void put(byte_writer& to, const unit_run& run) {
  put_id(to, run.customer);
  put_id(to, run.unit);
  put_id(to, run.point);
  put_optional(to, run.replaces_from);
  to.number(run.rules_version);
  to.number(run.readings.size());
  to.number(run.new_sensors.size());
  for (const auto& [index, name] : run.new_sensors) {
    to.byte(index);
    to.text(name);
  }
}

run_head get_run(byte_reader& from) {
  run_head out;
  out.run.customer = get_id<customer_id>(from);
  out.run.unit = get_id<unit_id>(from);
  out.run.point = get_id<point_id>(from);
  out.run.replaces_from = get_optional_time(from);
  out.run.rules_version = static_cast<std::uint32_t>(from.number());
  out.readings = from.number();
  const std::size_t sensors = from.count(2);
  for (std::size_t i = 0; i < sensors; ++i) {
    const std::uint8_t index = from.byte();
    out.run.new_sensors.emplace_back(index, from.text());
  }
  return out;
}

void put(byte_writer& to, const rejected_reading& reject) {
  put_id(to, reject.customer);
  put_optional(to, reject.point, put_id<point_id>);
  to.text(reject.unit_code);
  put_optional(to, reject.at);
  put_optional(to, reject.value, [](byte_writer& w, milli_celsius value) { w.signed_number(value); });
  to.text(reject.raw);
  to.text(reject.sensor);
  to.text(to_string(reject.reason));
  put_time(to, reject.received_at);
}

void put(byte_writer& to, const alarm_record& alarm) {
  put_id(to, alarm.id);
  to.raw({reinterpret_cast<const char*>(alarm.public_id.bytes.data()), alarm.public_id.bytes.size()});
  put_id(to, alarm.customer);
  put_id(to, alarm.facility);
  put_id(to, alarm.unit);
  to.text(to_string(alarm.rule));
  to.number(alarm.rules.version);
  to.signed_number(alarm.rules.range.low);
  to.signed_number(alarm.rules.range.high);
  to.number(alarm.rules.consecutive);
  put_time(to, alarm.raised_at);
  put_optional(to, alarm.cleared_at);
  to.signed_number(alarm.raised_value);
  to.signed_number(alarm.extreme);
  to.real(alarm.peak_score);
  to.byte(alarm.retroactive);
  to.byte(alarm.annulled);
  to.text(clean_text(to_text(alarm.by)));
  to.text(to_string(alarm.end));
  put_time(to, alarm.course.onset);
  for (const milli_celsius value : {alarm.course.lowest, alarm.course.highest, alarm.course.mean, alarm.course.mkt})
    to.signed_number(value);
  to.signed_number(alarm.course.lasted.count());
  // Those from before there were any keep their hash.
  const bool unseen = alarm.course.unseen != millis{0} || alarm.course.end_unseen;
  if (!alarm.explanation.empty() || unseen || alarm.measured) to.text(clean_text(alarm.explanation));
  if (!unseen && !alarm.measured) return;
  to.signed_number(alarm.course.unseen.count());
  to.byte(alarm.course.end_unseen);
  if (alarm.measured) to.signed_number(*alarm.measured);
}

void put(byte_writer& to, const alarm_transition& transition) {
  put(to, transition.after);
  to.text(to_string(transition.kind));
  put_time(to, transition.at);
  put_time(to, transition.decided_at);
}

void put(byte_writer& to, const poll_record& poll) {
  put_id(to, poll.customer);
  to.text(poll.method);
  to.text(poll.source_url);
  put_time(to, poll.started_at);
  to.signed_number(poll.duration.count());
  to.text(to_string(poll.status));
  to.number(poll.received);
  to.number(poll.stored);
  to.number(poll.duplicate);
  to.number(poll.rejected.size());
  for (const std::uint32_t count : poll.rejected)
    to.number(count);
  to.byte(poll.history);
  to.text(poll.error);
}

void put(byte_writer& to, const audit_entry& entry) {
  put_time(to, entry.at);
  put_optional(to, entry.customer, put_id<customer_id>);
  for (const std::string* each :
       {&entry.actor, &entry.action, &entry.subject, &entry.old_value, &entry.new_value, &entry.reason})
    to.text(clean_text(*each)); // as it is stored
}

void put(byte_writer& to, const std::pair<alarm_id, life_event>& said) {
  const life_event& event = said.second;
  put_id(to, said.first);
  to.text(to_string(event.kind));
  put_time(to, event.at);
  to.text(clean_text(event.who));
  to.text(clean_text(event.text));
  put_optional(to, event.until);
}

void put(byte_writer& to, const service_change& change) {
  put_id(to, change.customer);
  put_id(to, change.unit);
  to.byte(change.out);
  put_time(to, change.at);
  to.text(clean_text(change.who));
  to.text(clean_text(change.reason));
}

void put(byte_writer& to, const rule_record& record) {
  const scoped_rule& rule = record.rule;
  to.number(record.revision);
  put_id(to, rule.customer);
  to.text(to_string(rule.scope));
  to.text(to_string(rule.kind));
  put_id(to, rule.facility);
  put_id(to, rule.unit);
  to.text(clean_text(to_text(rule.what)));
  to.byte(rule.off);
  to.byte(record.removed);
  put_time(to, record.from);
  put_time(to, record.changed_at);
}

void put(byte_writer& to, const contact_revision& book) {
  to.number(book.revision);
  to.byte(book.from_file);
  to.text(clean_text(book.document));
  put_time(to, book.at);
}

void put(byte_writer& to, const feed_head& head) {
  put_id(to, head.customer);
  to.number(head.last);
}

template <class T> void put_all(byte_writer& to, const std::vector<T>& items) {
  to.number(items.size());
  for (const T& each : items)
    put(to, each);
}

std::vector<run_head> get_runs(byte_reader& from) {
  if (from.byte() != version) throw damaged_bytes("a commit packed in an unknown way");
  std::vector<run_head> out(from.count(7));
  for (run_head& each : out)
    each = get_run(from);
  return out;
}

void put(byte_writer& to, const detector_state& state) {
  to.number(state.model);
  put_time(to, state.as_of);
  to.text({reinterpret_cast<const char*>(state.bytes.data()), state.bytes.size()});
}

detector_state get_state(byte_reader& from) {
  detector_state out;
  out.model = static_cast<std::uint16_t>(from.number());
  out.as_of = get_time(from);
  for (const char c : from.text())
    out.bytes.push_back(static_cast<std::byte>(c));
  return out;
}

} // namespace

packed_batch pack(const commit_batch& batch) {
  byte_writer facts;
  put_all(facts, batch.rejects);
  put_all(facts, batch.transitions);
  put_all(facts, batch.polls);
  put_all(facts, batch.audits);
  put_all(facts, batch.feed);
  byte_writer head;
  head.byte(version);
  put_all(head, batch.runs);
  head.text(facts.take());
  byte_writer readings;
  reading_packer packer(readings);
  for (const unit_run& run : batch.runs)
    for (const judged_reading& each : run.readings)
      packer.add(each);
  return {head.take(), readings.take()};
}

std::vector<run_head> unpack_head(std::string_view head) {
  byte_reader from(head);
  return get_runs(from);
}

std::vector<unit_run> unpack_runs(std::string_view content) {
  byte_reader from(content);
  std::vector<run_head> heads = get_runs(from);
  (void)from.text(); // the other facts have tables of their own
  reading_unpacker unpacker(from);
  std::vector<unit_run> out;
  out.reserve(heads.size());
  for (run_head& each : heads) {
    for (std::size_t i = 0; i < each.readings; ++i)
      each.run.readings.push_back(unpacker.next());
    out.push_back(std::move(each.run));
  }
  if (!from.at_end()) throw damaged_bytes("bytes after the last reading");
  return out;
}

std::string pack_memory(const unit_snapshot& snapshot) {
  byte_writer to;
  to.byte(memory_version);
  put_optional(to, snapshot.base_as_of);
  put(to, snapshot.base_state);
  put_machines(to, snapshot.base_machines);
  to.number(snapshot.sensors.size());
  for (const std::string& name : snapshot.sensors)
    to.text(name);
  return to.take();
}

void unpack_memory(std::string_view bytes, unit_snapshot& into) {
  byte_reader from(bytes);
  const std::uint8_t packed_as = from.byte();
  if (packed_as != 1 && packed_as != memory_version) throw damaged_bytes("a snapshot packed in an unknown way");
  into.base_as_of = get_optional_time(from);
  into.base_state = get_state(from);
  into.base_machines = packed_as == 1 ? get_first_machines(from) : get_machines(from);
  into.sensors.resize(from.count(1));
  for (std::string& name : into.sensors)
    name = from.text();
  if (!from.at_end()) throw damaged_bytes("bytes after the snapshot");
}

std::string pack_sealed(const std::vector<chunk>& chunks) {
  std::map<point_id, std::multimap<timestamp, judged_reading>> by_point; // one that is there twice shows
  for (const chunk& each : chunks)
    for (const judged_reading& reading : each.readings)
      by_point[each.point].emplace(reading.at, reading);
  byte_writer to;
  for (const auto& [point, readings] : by_point) {
    put_id(to, point);
    to.number(readings.size());
    reading_packer packer(to);
    for (const auto& [at, reading] : readings)
      packer.add(reading);
  }
  return to.take();
}

bool nothing_to_log(const commit_batch& batch) {
  return batch.runs.empty() && batch.rejects.empty() && batch.transitions.empty() && batch.polls.empty() &&
         batch.audits.empty() && batch.feed.empty();
}

std::string pack_record(const std::vector<alarm_transition>& transitions, const std::vector<audit_entry>& audits,
                        const lasting_changes& changes) {
  byte_writer to;
  put_all(to, transitions);
  put_all(to, audits);
  if (changes.empty()) return to.take(); // as commits were hashed before there were any
  put_all(to, changes.said);
  put_all(to, changes.service);
  put_all(to, changes.rules);
  if (!changes.contacts.empty()) put_all(to, changes.contacts);
  return to.take();
}

std::string snapshot_digest(const unit_snapshot& snapshot) {
  byte_writer to;
  to.fixed(static_cast<std::uint64_t>(number(snapshot.point)));
  to.raw(sha256(pack_memory(snapshot), pack_readings(snapshot.tail)).substr(0, snapshot_digest_size - 8));
  return to.take();
}

} // namespace coldvigil::db
