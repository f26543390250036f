#include "db/system_alarm_tables.hpp"

#include "db/registry_rows.hpp"
#include "db/shapes.hpp"
#include "db/words.hpp"

#include <charconv>

namespace coldvigil::db {
namespace {

const insert_shape& shape() {
  static const insert_shape out = replace_of(recorded::system_alarms, "id");
  return out;
}

std::string joined(const std::vector<unit_id>& units) {
  std::string out;
  for (const unit_id each : units)
    out += (out.empty() ? "" : ",") + std::to_string(number(each));
  return out;
}

std::vector<unit_id> units_from(const std::string& text, const std::string& row) {
  std::vector<unit_id> out;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    std::int64_t value = 0;
    const auto read = std::from_chars(at, end, value);
    if (read.ec != std::errc{} || (read.ptr != end && *read.ptr != ','))
      throw_damaged("'" + text + "' are no units", row);
    out.push_back(unit_id{value});
    at = read.ptr == end ? end : read.ptr + 1;
  }
  return out;
}

sql_values row_of(const system_alarm& alarm, std::uint64_t seq) {
  const auto& seen = alarm.acknowledged;
  return {to_string(alarm.id),
          as_word(alarm.what.fault),
          as_word(alarm.level),
          integer_or_null(alarm.what.customer),
          clean_text(alarm.what.subject),
          clean_text(alarm.what.detail),
          joined(alarm.what.units),
          to_ms(alarm.raised_at),
          or_null(alarm.cleared_at),
          seen ? sql_value{to_ms(seen->at)} : sql_value{},
          clean_text(seen ? seen->who : ""),
          clean_text(seen ? seen->text : ""),
          as_integer(seq)};
}

system_alarm alarm_from(const sql_row& row) {
  const std::string name = "system_alarms row id=" + row.text(0);
  system_alarm out;
  out.id = uuid_from(row, 0, name);
  out.what.fault = from_word<system_fault>(row.text(1), system_fault_count, name);
  out.level = from_word<alarm_level>(row.text(2), alarm_level_count, name);
  if (!row.is_null(3)) out.what.customer = row.as<customer_id>(3);
  out.what.subject = row.text(4);
  out.what.detail = row.text(5);
  out.what.units = units_from(row.text(6), name);
  out.raised_at = row.time(7);
  out.cleared_at = row.time_or_null(8);
  if (!row.is_null(9)) out.acknowledged = alarm_life::mark{row.time(9), row.text(10), row.text(11)};
  return out;
}

} // namespace

void add_system_alarms(sql_session& in, const std::vector<system_alarm>& alarms, std::uint64_t seq,
                       row_recorder& recorder) {
  if (alarms.empty()) return;
  const auto row = [seq](const system_alarm& each) { return row_of(each, seq); };
  in.insert(shape(), last_of_each(alarms, &system_alarm::id, row), recorder.sink(recorded::system_alarms));
}

std::vector<system_alarm> read_system_alarms(sql_session& in, std::size_t cleared) {
  std::vector<system_alarm> out;
  const auto take = [&](const sql_row& row) { out.push_back(alarm_from(row)); };
  in.run(select(shape(), "WHERE cleared_at IS NULL ORDER BY raised_at DESC, id"), {}, take);
  in.run(select(shape(), "WHERE cleared_at IS NOT NULL ORDER BY cleared_at DESC, id LIMIT $1"), {as_integer(cleared)},
         take);
  return out;
}

} // namespace coldvigil::db
