#include "db/outbox_rows.hpp"

#include "db/registry_rows.hpp"
#include "db/row_record.hpp"
#include "db/shapes.hpp"
#include "db/words.hpp"

#include <algorithm>

namespace coldvigil::db {
namespace {

constexpr std::size_t scale_count = 3;

std::string joined(const std::vector<uuid>& alarms) {
  std::string out;
  for (const uuid& each : alarms)
    out += (out.empty() ? "" : ",") + to_string(each);
  return out;
}

std::vector<std::string> split(const std::string& text, char by) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(by, at), text.size());
    out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

std::vector<uuid> alarms_from(const std::string& text, const std::string& row) {
  std::vector<uuid> out;
  for (const std::string& each : split(text, ',')) {
    const auto alarm = parse_uuid(each);
    if (!alarm) throw_damaged("'" + each + "' is no UUID", row);
    out.push_back(*alarm);
  }
  return out;
}

/// No field has a control character: core/contacts sees to it.
std::string joined(const std::vector<callee>& told) {
  std::string out;
  for (const callee& each : told)
    out += each.person + '\t' + each.channel + '\t' + each.address + '\n';
  return out;
}

std::vector<callee> told_from(const std::string& text, const std::string& row) {
  std::vector<callee> out;
  for (const std::string& line : split(text, '\n')) {
    auto parts = split(line, '\t');
    if (parts.size() == 2) parts.emplace_back(); // no address
    if (parts.size() != 3) throw_damaged("a callee of " + std::to_string(parts.size()) + " parts", row);
    out.push_back({parts[0], parts[1], parts[2]});
  }
  return out;
}

template <class T> std::optional<T> integer_at(const sql_row& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional(row.as<T>(column));
}

} // namespace

// --- notices

const insert_shape& notice_shape() {
  static const insert_shape shape{
      "alarm_notices",
      {{"alarm", "uuid"},          {"transition", "bigint"},   {"state", "text"},         {"level", "text"},
       {"customer_id", "bigint"},  {"facility_id", "bigint"},  {"customer_name", "text"}, {"facility_name", "text"},
       {"unit_name", "text"},      {"rule", "text"},           {"raised_at", "bigint"},   {"ended_at", "bigint"},
       {"value", "integer"},       {"limit_value", "integer"}, {"scale", "text"},         {"explanation", "text"},
       {"retroactive", "boolean"}, {"ending", "text"},         {"hold_until", "bigint"},  {"finding", "text"},
       {"facility_place", "text"}, {"customer_code", "text"},  {"facility_code", "text"}, {"unit_code", "text"},
       {"unit_id", "uuid"}},
      "ON CONFLICT DO NOTHING"};
  return shape;
}

sql_values to_values(const alarm_notice& notice) {
  return {to_string(notice.alarm),
          as_integer(notice.transition),
          as_word(notice.state),
          as_word(notice.level),
          as_integer(notice.customer),
          as_integer(notice.facility),
          notice.customer_name,
          notice.facility_name,
          notice.unit_name,
          notice.rule,
          to_ms(notice.raised_at),
          or_null(notice.ended_at),
          integer_or_null(notice.value),
          integer_or_null(notice.limit),
          as_word(notice.scale),
          notice.explanation,
          notice.retroactive,
          notice.ending,
          or_null(notice.hold_until),
          notice.finding,
          notice.facility_place,
          notice.codes.customer,
          notice.codes.facility,
          notice.codes.unit,
          notice.codes.unit_id == uuid{} ? sql_value{} : sql_value{to_string(notice.codes.unit_id)}};
}

alarm_notice notice_from(const sql_row& row) {
  const std::string name = "alarm_notices row";
  alarm_notice out;
  out.alarm = uuid_from(row, 0, name);
  out.transition = row.as<std::uint64_t>(1);
  out.state = from_word<notice_state>(row.text(2), notice_state_count, name);
  out.level = from_word<severity>(row.text(3), severity_count, name);
  out.customer = row.as<customer_id>(4);
  out.facility = row.as<facility_id>(5);
  out.customer_name = row.text(6);
  out.facility_name = row.text(7);
  out.unit_name = row.text(8);
  out.rule = row.text(9);
  out.raised_at = row.time(10);
  out.ended_at = row.time_or_null(11);
  out.value = integer_at<milli_celsius>(row, 12);
  out.limit = integer_at<milli_celsius>(row, 13);
  out.scale = from_word<temperature_scale>(row.text(14), scale_count, name);
  out.explanation = row.text(15);
  out.retroactive = row.flag(16);
  out.ending = row.text(17);
  out.hold_until = row.time_or_null(18);
  out.finding = row.text(19);
  out.facility_place = row.text(20);
  out.codes = {row.text(21), row.text(22), row.text(23), {}};
  if (!row.is_null(24)) out.codes.unit_id = uuid_from(row, 24, name);
  return out;
}

// --- cases

const insert_shape& case_shape() {
  static const insert_shape shape{
      "alarm_cases",
      {{"alarm", "uuid"},
       {"seen", "bigint"},
       {"policy", "text"},
       {"opened_by", "bigint"},
       {"opened_at", "bigint"},
       {"finished_at", "bigint"},
       {"follow_up", "boolean"},
       {"round", "bigint"},
       {"rounds", "bigint"},
       {"step", "bigint"},
       {"next_at", "bigint"},
       {"acknowledged_at", "bigint"},
       {"acknowledged_by", "text"},
       {"shelved_until", "bigint"},
       {"told", "text"},
       {"calls", "bigint"}},
      update_of("alarm", {"seen", "policy", "opened_by", "opened_at", "finished_at", "follow_up", "round", "rounds",
                          "step", "next_at", "acknowledged_at", "acknowledged_by", "shelved_until", "told", "calls"})};
  return shape;
}

sql_values to_values(const alarm_case& state) {
  return {
      to_string(state.alarm),   as_integer(state.seen),       state.policy,           as_integer(state.opened_by),
      to_ms(state.opened_at),   or_null(state.finished_at),   state.follow_up,        as_integer(state.round),
      as_integer(state.rounds), as_integer(state.step),       or_null(state.next_at), or_null(state.acknowledged_at),
      state.acknowledged_by,    or_null(state.shelved_until), joined(state.told),     as_integer(state.calls)};
}

alarm_case case_from(const sql_row& row, int first) {
  alarm_case out;
  out.alarm = uuid_from(row, first, "alarm_cases row");
  out.seen = row.as<std::uint64_t>(first + 1);
  out.policy = row.text(first + 2);
  out.opened_by = row.as<std::uint64_t>(first + 3);
  out.opened_at = row.time(first + 4);
  out.finished_at = row.time_or_null(first + 5);
  out.follow_up = row.flag(first + 6);
  out.round = row.as<std::uint32_t>(first + 7);
  out.rounds = row.as<std::uint32_t>(first + 8);
  out.step = row.as<std::uint32_t>(first + 9);
  out.next_at = row.time_or_null(first + 10);
  out.acknowledged_at = row.time_or_null(first + 11);
  out.acknowledged_by = row.text(first + 12);
  out.shelved_until = row.time_or_null(first + 13);
  out.told = told_from(row.text(first + 14), "alarm_cases row alarm=" + to_string(out.alarm));
  out.calls = row.as<std::uint32_t>(first + 15);
  return out;
}

// --- messages

const insert_shape& outbox_shape() {
  static const insert_shape shape{
      "outbox",
      {{"message_key", "text"},
       {"kind", "text"},
       {"person", "text"},
       {"channel", "text"},
       {"address", "text"},
       {"alarms", "text"},
       {"subject", "text"},
       {"body", "text"},
       {"data", "text"},
       {"created_at", "bigint"},
       {"state", "text"},
       {"attempts", "bigint"},
       {"next_at", "bigint"},
       {"settled_at", "bigint"},
       {"last_error", "text"}},
      update_of("message_key", {"state", "attempts", "next_at", "settled_at", "last_error"})};
  return shape;
}

sql_values to_values(const outbox_entry& entry) {
  return {entry.key,
          as_word(entry.kind),
          entry.to.person,
          entry.to.channel,
          entry.to.address,
          joined(entry.alarms),
          entry.subject,
          entry.text,
          entry.data,
          to_ms(entry.created_at),
          as_word(entry.state),
          as_integer(entry.attempts),
          to_ms(entry.next_at),
          or_null(entry.settled_at),
          entry.last_error};
}

outbox_entry entry_from(const sql_row& row) {
  outbox_entry out;
  out.key = row.text(0);
  const std::string name = "outbox row message_key=" + out.key;
  out.kind = from_word<message_kind>(row.text(1), message_kind_count, name);
  out.to = {row.text(2), row.text(3), row.text(4)};
  out.alarms = alarms_from(row.text(5), name);
  out.subject = row.text(6);
  out.text = row.text(7);
  out.data = row.text(8);
  out.created_at = row.time(9);
  out.state = from_word<outbox_state>(row.text(10), outbox_state_count, name);
  out.attempts = row.as<std::uint32_t>(11);
  out.next_at = row.time(12);
  out.settled_at = row.time_or_null(13);
  out.last_error = row.text(14);
  return out;
}

// --- attempts

const insert_shape& delivery_shape() {
  static const insert_shape shape = insert_of(recorded::deliveries);
  return shape;
}

sql_values to_values(const delivery_record& record, std::uint64_t recorded_in) {
  return {record.key,        as_integer(record.attempt), record.to.person,
          record.to.channel, record.to.address,          as_word(record.kind),
          to_ms(record.at),  record.took.count(),        as_word(record.result),
          record.detail,     as_integer(recorded_in)};
}

delivery_record delivery_from(const sql_row& row) {
  delivery_record out;
  out.key = row.text(0);
  const std::string name = "deliveries row message_key=" + out.key;
  out.attempt = row.as<std::uint32_t>(1);
  out.to = {row.text(2), row.text(3), row.text(4)};
  out.kind = from_word<message_kind>(row.text(5), message_kind_count, name);
  out.at = row.time(6);
  out.took = millis{row.integer(7)};
  out.result = from_word<send_result>(row.text(8), send_result_count, name);
  out.detail = row.text(9);
  return out;
}

// --- links

const insert_shape& link_shape() {
  static const insert_shape shape{"message_links",
                                  {{"sha256", "text"},
                                   {"purpose", "text"},
                                   {"message_key", "text"},
                                   {"person", "text"},
                                   {"alarms", "text"},
                                   {"expires_at", "bigint"},
                                   {"used_at", "bigint"}},
                                  update_of("sha256", {"used_at"})};
  return shape;
}

sql_values to_values(const message_link& link) {
  return {link.sha256_hex,     as_word(link.purpose),  link.message,         link.person,
          joined(link.alarms), to_ms(link.expires_at), or_null(link.used_at)};
}

message_link link_from(const sql_row& row) {
  message_link out;
  out.sha256_hex = row.text(0);
  const std::string name = "message_links row sha256=" + out.sha256_hex;
  out.purpose = from_word<link_purpose>(row.text(1), link_purpose_count, name);
  out.message = row.text(2);
  out.person = row.text(3);
  out.alarms = alarms_from(row.text(4), name);
  out.expires_at = row.time(5);
  out.used_at = row.time_or_null(6);
  return out;
}

// --- self-tests

const insert_shape& self_test_shape() {
  static const insert_shape shape = replace_of(recorded::self_tests, "message_key");
  return shape;
}

sql_values to_values(const self_test& test, std::uint64_t recorded_in) {
  return {test.key,        test.to.person,         test.to.channel,
          test.to.address, to_ms(test.sent_at),    or_null(test.received_at),
          test.overdue,    as_integer(recorded_in)};
}

self_test self_test_from(const sql_row& row) {
  self_test out;
  out.key = row.text(0);
  out.to = {row.text(1), row.text(2), row.text(3)};
  out.sent_at = row.time(4);
  out.received_at = row.time_or_null(5);
  out.overdue = row.flag(6);
  return out;
}

} // namespace coldvigil::db
