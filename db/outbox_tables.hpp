#pragma once
// What people are told: notices, cases, messages, attempts, links, self-tests. Every function throws db::error.

#include "core/notification_changes.hpp"
#include "db/row_record.hpp"
#include "db/sql.hpp"
#include "db/store.hpp"

namespace coldvigil::db {

/// Notices, attempts and messages are added; what has changed since is brought up to date.
/// Attempts and self-tests go into the record.
void add_notifications(sql_session& in, const notification_changes& changes, std::uint64_t seq, row_recorder& recorder);

/// Cases that are open or were finished after `since`, messages that wait or were settled after it.
[[nodiscard]] stored_notifications read_notifications(sql_session& in, timestamp since, timestamp now);
[[nodiscard]] std::vector<delivery_record> read_deliveries(sql_session& in, const delivery_query& query);
[[nodiscard]] std::vector<self_test> read_self_tests(sql_session& in, std::size_t limit);

} // namespace coldvigil::db
