#include "db/outbox_tables.hpp"

#include "db/conditions.hpp"
#include "db/outbox_rows.hpp"
#include "db/shapes.hpp"

namespace coldvigil::db {
namespace {

constexpr auto row_of = [](const auto& item) { return to_values(item); };

template <class T> std::vector<sql_values> all_of(const std::vector<T>& items) {
  std::vector<sql_values> out;
  for (const T& each : items)
    out.push_back(to_values(each));
  return out;
}

void add_alarms_of(sql_session& in, const std::vector<outbox_entry>& outbox) {
  static const insert_shape shape{
      "outbox_alarms", {{"alarm", "uuid"}, {"message_key", "text"}}, "ON CONFLICT DO NOTHING"};
  std::vector<sql_values> rows;
  for (const outbox_entry& each : outbox)
    if (each.attempts == 0)
      for (const uuid& alarm : each.alarms)
        rows.push_back({to_string(alarm), each.key});
  in.insert(shape, rows);
}

/// What goes into the record as well.
void add_evidence(sql_session& in, const notification_changes& changes, std::uint64_t seq, row_recorder& recorder) {
  std::vector<sql_values> deliveries;
  for (const delivery_record& each : changes.deliveries)
    deliveries.push_back(to_values(each, seq));
  in.insert(delivery_shape(), deliveries, recorder.sink(recorded::deliveries));
  const auto test_row = [seq](const self_test& each) { return to_values(each, seq); };
  in.insert(self_test_shape(), last_of_each(changes.self_tests, &self_test::key, test_row),
            recorder.sink(recorded::self_tests));
}

} // namespace

void add_notifications(sql_session& in, const notification_changes& changes, std::uint64_t seq,
                       row_recorder& recorder) {
  if (changes.empty()) return;
  in.insert(notice_shape(), all_of(changes.notices));
  in.insert(case_shape(), last_of_each(changes.cases, &alarm_case::alarm, row_of));
  in.insert(outbox_shape(), last_of_each(changes.outbox, &outbox_entry::key, row_of));
  add_alarms_of(in, changes.outbox);
  in.insert(link_shape(), last_of_each(changes.links, &message_link::sha256_hex, row_of));
  add_evidence(in, changes, seq, recorder);
}

stored_notifications read_notifications(sql_session& in, timestamp since, timestamp now) {
  stored_notifications out;
  in.run("SELECT coalesce(max(transition), 0) FROM alarm_notices", {},
         [&](const sql_row& row) { out.newest_transition = row.as<std::uint64_t>(0); });
  const int notice_columns = static_cast<int>(notice_shape().columns.size());
  in.run("SELECT " + columns_of(notice_shape(), "n") + ", " + columns_of(case_shape(), "c") +
             " FROM alarm_cases c JOIN alarm_notices n ON n.alarm = c.alarm AND n.transition = c.seen "
             "WHERE c.finished_at IS NULL OR c.finished_at > $1 ORDER BY c.opened_at, c.alarm",
         {to_ms(since)},
         [&](const sql_row& row) { out.cases.emplace_back(case_from(row, notice_columns), notice_from(row)); });
  in.run("SELECT " + columns_of(notice_shape(), "n") +
             " FROM alarm_notices n LEFT JOIN alarm_cases c ON c.alarm = n.alarm "
             "WHERE c.alarm IS NULL OR n.transition > c.seen ORDER BY n.alarm, n.transition",
         {}, [&](const sql_row& row) { out.unseen.push_back(notice_from(row)); });
  in.run(select(outbox_shape(), "WHERE state = 'waiting' OR settled_at > $1 ORDER BY id"), {to_ms(since)},
         [&](const sql_row& row) { out.outbox.push_back(entry_from(row)); });
  in.run(select(link_shape(), "WHERE expires_at > $1 ORDER BY expires_at"), {to_ms(now)},
         [&](const sql_row& row) { out.links.push_back(link_from(row)); });
  in.run(select(self_test_shape(),
                "t WHERE sent_at = (SELECT max(o.sent_at) FROM self_tests o WHERE o.person = t.person "
                "AND o.channel = t.channel AND o.address = t.address) ORDER BY id"),
         {}, [&](const sql_row& row) { out.self_tests.push_back(self_test_from(row)); });
  return out;
}

std::vector<delivery_record> read_deliveries(sql_session& in, const delivery_query& query) {
  conditions where;
  if (query.message) where.add("message_key =", *query.message);
  if (query.alarm)
    where.add("message_key IN (SELECT message_key FROM outbox_alarms WHERE alarm = " +
              where.parameter(to_string(*query.alarm)) + ")");
  if (query.person) where.add("person =", *query.person);
  if (query.channel) where.add("channel =", *query.channel);
  if (query.result) where.add("result =", std::string(to_string(*query.result)));
  if (query.from) where.add("at >=", to_ms(*query.from));
  if (query.to) where.add("at <=", to_ms(*query.to));
  const std::string page = where.page(query.limit, query.offset);
  std::vector<delivery_record> out;
  in.run(select(delivery_shape(), where.text() + " ORDER BY id DESC" + page), where.parameters(),
         [&](const sql_row& row) { out.push_back(delivery_from(row)); });
  return out;
}

std::vector<self_test> read_self_tests(sql_session& in, std::size_t limit) {
  std::vector<self_test> out;
  in.run(select(self_test_shape(), "ORDER BY id DESC LIMIT $1"), {as_integer(limit)},
         [&](const sql_row& row) { out.push_back(self_test_from(row)); });
  return out;
}

} // namespace coldvigil::db
