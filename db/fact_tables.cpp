#include "db/fact_tables.hpp"

#include "db/audit_search.hpp"
#include "db/conditions.hpp"
#include "db/shapes.hpp"
#include "db/words.hpp"

namespace coldvigil::db {
namespace {

constexpr std::size_t poll_status_count = 3;

const insert_shape& reject_shape() {
  static const insert_shape shape = insert_of(recorded::rejects, "ON CONFLICT DO NOTHING");
  return shape;
}

const insert_shape& poll_shape() {
  static const insert_shape shape = insert_of(recorded::polls);
  return shape;
}

const insert_shape& audit_shape() {
  static const insert_shape shape{"audit",
                                  {{"commit_seq", "bigint"},
                                   {"at", "bigint"},
                                   {"customer_id", "bigint"},
                                   {"actor", "text"},
                                   {"action", "text"},
                                   {"subject", "text"},
                                   {"old_value", "text"},
                                   {"new_value", "text"},
                                   {"reason", "text"}},
                                  ""};
  return shape;
}

const insert_shape& feed_shape() {
  static const insert_shape shape{"feed_heads",
                                  {{"customer_id", "bigint"}, {"last", "bigint"}},
                                  "ON CONFLICT (customer_id) DO UPDATE SET last = excluded.last"};
  return shape;
}

std::string column_list(const insert_shape& shape) {
  return "id, " + columns_of(shape);
}

/// Of a table that numbers its rows, what is asked for, the newest first.
std::string newest_of(const insert_shape& shape, conditions& where, std::size_t limit, std::size_t offset) {
  return "SELECT " + column_list(shape) + " FROM " + shape.table + where.text() + " ORDER BY id DESC" +
         where.page(limit, offset);
}

rejected_reading reject_from(const sql_row& row) {
  rejected_reading out;
  out.customer = row.as<customer_id>(1);
  if (!row.is_null(2)) out.point = row.as<point_id>(2);
  out.unit_code = row.text(3);
  out.at = row.time_or_null(4);
  if (!row.is_null(5)) out.value = row.as<milli_celsius>(5);
  out.raw = row.text(6);
  out.sensor = row.text(7);
  out.reason =
      from_word<reject_reason>(row.text(8), reject_reason_count, "rejects row id=" + std::to_string(row.integer(0)));
  out.received_at = row.time(9);
  return out;
}

poll_record poll_from(const sql_row& row) {
  poll_record out;
  out.customer = row.as<customer_id>(1);
  out.method = row.text(2);
  out.source_url = row.text(3);
  out.started_at = row.time(4);
  out.duration = millis{row.integer(5)};
  out.status = from_word<poll_status>(row.text(6), poll_status_count, "polls row id=" + std::to_string(row.integer(0)));
  out.received = row.as<std::uint32_t>(7);
  out.stored = row.as<std::uint32_t>(8);
  out.duplicate = row.as<std::uint32_t>(9);
  out.history = row.flag(10);
  out.error = row.text(11);
  for (std::size_t reason = 0; reason < reject_reason_count; ++reason)
    out.rejected[reason] = row.as<std::uint32_t>(12 + static_cast<int>(reason));
  return out;
}

audit_entry audit_from(const sql_row& row) {
  audit_entry out;
  out.at = row.time(2);
  if (!row.is_null(3)) out.customer = row.as<customer_id>(3);
  out.actor = row.text(4);
  out.action = row.text(5);
  out.subject = row.text(6);
  out.old_value = row.text(7);
  out.new_value = row.text(8);
  out.reason = row.text(9);
  return out;
}

} // namespace

void add_rejects(sql_session& in, const std::vector<rejected_reading>& rejects, std::uint64_t seq,
                 row_recorder& recorder) {
  std::vector<sql_values> rows;
  for (const rejected_reading& each : rejects)
    rows.push_back({as_integer(each.customer), integer_or_null(each.point), each.unit_code, or_null(each.at),
                    integer_or_null(each.value), each.raw, each.sensor, as_word(each.reason), to_ms(each.received_at),
                    as_integer(seq), as_integer(seq)});
  in.insert(reject_shape(), rows, recorder.sink(recorded::rejects));
}

void add_polls(sql_session& in, const std::vector<poll_record>& polls, std::uint64_t seq, row_recorder& recorder) {
  std::vector<sql_values> rows;
  for (const poll_record& each : polls) {
    sql_values row{as_integer(each.customer),
                   each.method,
                   each.source_url,
                   to_ms(each.started_at),
                   each.duration.count(),
                   as_word(each.status),
                   as_integer(each.received),
                   as_integer(each.stored),
                   as_integer(each.duplicate),
                   each.history,
                   each.error};
    for (const std::uint32_t count : each.rejected)
      row.push_back(as_integer(count));
    row.push_back(as_integer(seq));
    rows.push_back(std::move(row));
  }
  in.insert(poll_shape(), rows, recorder.sink(recorded::polls));
}

void add_audits(sql_session& in, const std::vector<audit_entry>& entries, std::uint64_t seq) {
  std::vector<sql_values> rows;
  for (const audit_entry& each : entries)
    rows.push_back({as_integer(seq), to_ms(each.at), integer_or_null(each.customer), each.actor, each.action,
                    each.subject, each.old_value, each.new_value, each.reason});
  in.insert(audit_shape(), rows);
}

void set_feed_heads(sql_session& in, const std::vector<feed_head>& heads) {
  std::vector<sql_values> rows;
  for (const feed_head& each : heads)
    rows.push_back({as_integer(each.customer), as_integer(each.last)});
  in.insert(feed_shape(), rows);
}

std::vector<rejected_reading> read_rejects(sql_session& in, const reject_query& query) {
  conditions where;
  if (query.customer) where.add("customer_id =", as_integer(*query.customer));
  if (query.unit) where.add("unit_code =", *query.unit);
  if (query.reason) where.add("reason =", as_word(*query.reason));
  if (query.from) where.add("received_at >=", to_ms(*query.from));
  if (query.to) where.add("received_at <=", to_ms(*query.to));
  std::vector<rejected_reading> out;
  const std::string newest = newest_of(reject_shape(), where, query.limit, query.offset);
  in.run(newest, where.parameters(), [&](const sql_row& row) { out.push_back(reject_from(row)); });
  return out;
}

std::vector<poll_record> read_polls(sql_session& in, const poll_query& query) {
  conditions where;
  if (query.customer) where.add("customer_id =", as_integer(*query.customer));
  std::vector<poll_record> out;
  const std::string newest = newest_of(poll_shape(), where, query.limit, query.offset);
  in.run(newest, where.parameters(), [&](const sql_row& row) { out.push_back(poll_from(row)); });
  return out;
}

std::vector<audit_entry> read_audits(sql_session& in, const audit_query& query) {
  const audit_search search = search_of(in, query);
  std::vector<audit_entry> out;
  in.run("SELECT " + column_list(audit_shape()) + " FROM audit" + search.text, search.parameters,
         [&](const sql_row& row) { out.push_back(audit_from(row)); });
  return out;
}

void read_audits_between(sql_session& in, std::uint64_t from, std::uint64_t to,
                         const std::function<void(std::uint64_t seq, audit_entry&&)>& sink) {
  in.run("SELECT " + column_list(audit_shape()) + " FROM audit WHERE " + in_commits() + " ORDER BY commit_seq, id",
         {as_integer(from), as_integer(to)},
         [&](const sql_row& row) { sink(row.as<std::uint64_t>(1), audit_from(row)); });
}

std::vector<feed_head> read_feed_heads(sql_session& in) {
  std::vector<feed_head> out;
  in.run("SELECT customer_id, last FROM feed_heads ORDER BY customer_id", {}, [&](const sql_row& row) {
    out.push_back({row.as<customer_id>(0), row.as<std::uint64_t>(1)});
  });
  return out;
}

} // namespace coldvigil::db
