#include "db/sql_reader.hpp"

#include "db/alarm_tables.hpp"
#include "db/chain_record.hpp"
#include "db/fact_tables.hpp"
#include "db/guard.hpp"
#include "db/life_tables.hpp"
#include "db/outbox_tables.hpp"
#include "db/rule_tables.hpp"

namespace coldvigil::db {
namespace {

/// A long read would keep SQLite's log from being written back, so it goes in pages.
constexpr std::size_t chunks_a_page = 256;

/// Where the chunk that may hold `from` begins: chunks of a point do not overlap.
timestamp first_chunk(sql_session& in, point_id point, timestamp from) {
  timestamp out = from;
  in.run("SELECT max(from_at) FROM chunks WHERE point_id = $1 AND from_at <= $2", {as_integer(point), to_ms(from)},
         [&](const sql_row& row) { out = row.time_or_null(0).value_or(from); });
  return out;
}

std::vector<judged_reading> sealed_readings(sql_session& in, const series_layout& layout, point_id point,
                                            timestamp from, timestamp to) {
  std::vector<judged_reading> out;
  timestamp next = first_chunk(in, point, from);
  for (;;) {
    const std::vector<chunk> page = layout.read_chunks(in, point, next, to, chunks_a_page);
    for (const chunk& each : page)
      for (const judged_reading& reading : each.readings)
        if (reading.at >= from && reading.at <= to) out.push_back(reading);
    if (page.size() < chunks_a_page) return out;
    next = page.back().readings.back().at + millis{1};
  }
}

std::vector<std::string> sensor_names(sql_session& in, point_id point) {
  unit_snapshot newest;
  in.run("SELECT memory FROM snapshots WHERE point_id = $1", {as_integer(point)}, [&](const sql_row& row) {
    unpacked("snapshots row point_id=" + std::to_string(number(point)), [&] { unpack_memory(row.bytes(0), newest); });
  });
  return std::move(newest.sensors);
}

} // namespace

template <class Work> auto sql_reader::reading(Work&& work) {
  using answer = decltype(work(std::declval<sql_session&>()));
  return guarded(where_, [&]() -> result<answer> { return with_session(*link_, work); });
}

result<std::vector<judged_reading>> sql_reader::sealed(point_id point, timestamp from, timestamp to) {
  return reading([&](sql_session& in) { return sealed_readings(in, *layout_, point, from, to); });
}

result<std::vector<std::string>> sql_reader::sensors(point_id point) {
  return reading([&](sql_session& in) { return sensor_names(in, point); });
}

result<alarm_page> sql_reader::alarms(const alarm_query& query) {
  return reading([&](sql_session& in) { return read_alarms(in, query); });
}

result<std::vector<alarm_transition>> sql_reader::transitions(alarm_id alarm) {
  return reading([&](sql_session& in) { return read_transitions(in, alarm); });
}

result<std::vector<std::pair<alarm_record, life_event>>> sql_reader::shelvings(timestamp now) {
  return reading([&](sql_session& in) { return read_shelvings(in, now); });
}

result<std::vector<life_event>> sql_reader::life_events(alarm_id alarm) {
  return reading([&](sql_session& in) { return read_life_events(in, alarm); });
}

result<std::vector<alarm_life>> sql_reader::lives(std::span<const alarm_record> alarms) {
  return reading([&](sql_session& in) { return read_lives(in, alarms); });
}

result<std::vector<service_change>> sql_reader::service_changes(std::optional<unit_id> unit) {
  return reading([&](sql_session& in) { return read_service_changes(in, unit); });
}

result<std::vector<alarm_course>> sql_reader::courses(const course_query& query) {
  return reading([&](sql_session& in) { return read_courses(in, query); });
}

result<std::vector<rejected_reading>> sql_reader::rejects(const reject_query& query) {
  return reading([&](sql_session& in) { return read_rejects(in, query); });
}

result<std::vector<poll_record>> sql_reader::polls(const poll_query& query) {
  return reading([&](sql_session& in) { return read_polls(in, query); });
}

result<std::vector<audit_entry>> sql_reader::audits(const audit_query& query) {
  return reading([&](sql_session& in) { return read_audits(in, query); });
}

result<std::optional<chain_head>> sql_reader::head() {
  return reading([](sql_session& in) { return read_head(in); });
}

result<std::optional<std::string>> sql_reader::commit_hash(std::uint64_t seq) {
  return reading([&](sql_session& in) { return read_commit_hash(in, seq); });
}

result<chain_check> sql_reader::check_chain(chain_check so_far, std::size_t steps) {
  return reading([&](sql_session& in) { return go_on(in, *layout_, so_far, steps); });
}

result<std::vector<delivery_record>> sql_reader::deliveries(const delivery_query& query) {
  return reading([&](sql_session& in) { return read_deliveries(in, query); });
}

result<std::vector<self_test>> sql_reader::self_tests(std::size_t limit) {
  return reading([&](sql_session& in) { return read_self_tests(in, limit); });
}

} // namespace coldvigil::db
