#include "db/forgetting.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace coldvigil::db {
namespace {

constexpr std::uint64_t rows_at_once = 5000;             ///< of a table, or as many as came since
constexpr millis read_at_start = std::chrono::hours{24}; ///< what a start reads is younger
constexpr millis expired_links_stay = std::chrono::hours{24 * 7};

std::optional<std::int64_t> number_in(sql_session& in, const std::string& statement, const sql_values& parameters) {
  std::optional<std::int64_t> out;
  in.run(statement, parameters, [&](const sql_row& row) {
    if (!row.is_null(0)) out = row.integer(0);
  });
  return out;
}

/// The rows up to this one are the oldest `count`.
std::optional<std::int64_t> number_of_oldest(sql_session& in, recorded table, std::uint64_t count) {
  return number_in(in, std::string("SELECT id FROM ") + table_of(table).name + " ORDER BY id LIMIT 1 OFFSET $1",
                   {as_integer(count - 1)});
}

/// Those of the last day stay: what was settled meanwhile is read at a start.
std::optional<std::int64_t> last_of_old_attempts(sql_session& in, std::int64_t through, timestamp now) {
  return number_in(in, "SELECT max(id) FROM deliveries WHERE id <= $1 AND at <= $2",
                   {through, to_ms(now - read_at_start)});
}

/// A message goes with its last attempt: one that waits stays, however often it was tried.
void forget_messages(sql_session& in, std::int64_t through, forgotten_rows& out) {
  const std::string tried = "message_key IN (SELECT message_key FROM deliveries WHERE id <= $1)";
  out[forgettable::messages] =
      in.run("DELETE FROM outbox WHERE state <> 'waiting' AND " + tried +
                 " AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.message_key = outbox.message_key AND d.id > $1)",
             {through});
  in.run("DELETE FROM outbox_alarms WHERE " + tried +
             " AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message_key = outbox_alarms.message_key)",
         {through});
}

} // namespace

forgettable forgettable_of(recorded table) {
  if (table == recorded::polls) return forgettable::polls;
  return table == recorded::rejects ? forgettable::rejects : forgettable::deliveries;
}

row_counts count_rows(sql_session& in, const bounds_of_rows& bounds) {
  row_counts out;
  for (const auto& [table, keep] : bounds)
    in.run(std::string("SELECT count(*) FROM ") + table_of(table).name, {},
           [&](const sql_row& row) { out[table].rows = row.as<std::uint64_t>(0); });
  return out;
}

void add_written(std::string_view row_digests, row_counts& to) {
  for (const row_entry& each : unpack_row_digests(row_digests)) {
    const auto counted = to.find(each.table);
    if (counted == to.end() || each.gone()) continue;
    ++counted->second.rows;
    ++counted->second.fresh;
  }
}

old_rows oldest_beyond(sql_session& in, const bounds_of_rows& bounds, const row_counts& counts, timestamp now,
                       forgotten_rows& out) {
  old_rows found;
  for (const auto& [table, keep] : bounds) {
    const row_count& has = counts.at(table);
    if (has.rows <= keep) continue;
    const std::uint64_t beyond = has.rows - keep;
    const std::uint64_t at_once = std::max(rows_at_once, has.fresh); // or a flood would be faster
    const auto oldest = number_of_oldest(in, table, std::min(beyond, at_once));
    const auto through = oldest && table == recorded::deliveries ? last_of_old_attempts(in, *oldest, now) : oldest;
    if (!through) continue;
    found.emplace_back(table, *through);
    out.more |= beyond > at_once && through == oldest;
  }
  return found;
}

void forget_rows(sql_session& in, const old_rows& old, row_recorder& recorder, forgotten_rows& out) {
  for (const auto& [table, through] : old) {
    if (table == recorded::deliveries) forget_messages(in, through, out);
    out[forgettable_of(table)] =
        in.run(std::string("DELETE FROM ") + table_of(table).name + " WHERE id <= $1", {through});
    recorder.gone(table, std::to_string(through));
  }
}

void forget_cases(sql_session& in, std::uint64_t keep, timestamp now, forgotten_rows& out) {
  const auto newest =
      number_in(in, "SELECT seen FROM alarm_cases WHERE finished_at IS NOT NULL ORDER BY seen DESC LIMIT 1 OFFSET $1",
                {as_integer(keep)});
  if (!newest) return;
  const std::string old =
      "(SELECT c.alarm FROM alarm_cases c WHERE c.finished_at IS NOT NULL AND c.finished_at <= $1 AND c.seen <= $2 AND "
      "NOT EXISTS (SELECT 1 FROM alarm_notices n WHERE n.alarm = c.alarm AND n.transition > c.seen) "
      "ORDER BY c.seen, c.alarm LIMIT $3)";
  const sql_values which{to_ms(now - read_at_start), *newest, as_integer(rows_at_once)};
  out[forgettable::notices] = in.run("DELETE FROM alarm_notices WHERE alarm IN " + old, which);
  out[forgettable::cases] = in.run("DELETE FROM alarm_cases WHERE alarm IN " + old, which);
  out.more |= out[forgettable::cases] == rows_at_once;
}

void forget_links(sql_session& in, timestamp now, forgotten_rows& out) {
  out[forgettable::links] = in.run("DELETE FROM message_links WHERE sha256 IN (SELECT sha256 FROM message_links WHERE "
                                   "expires_at <= $1 ORDER BY expires_at LIMIT $2)",
                                   {to_ms(now - expired_links_stay), as_integer(rows_at_once)});
  out.more |= out[forgettable::links] == rows_at_once;
}

} // namespace coldvigil::db
