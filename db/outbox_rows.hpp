#pragma once
// Rows of the notification tables to records and back. The order of a shape's columns is that of its values.

#include "core/notification_changes.hpp"
#include "db/sql.hpp"

namespace coldvigil::db {

[[nodiscard]] const insert_shape& notice_shape();
[[nodiscard]] sql_values to_values(const alarm_notice& notice);
[[nodiscard]] alarm_notice notice_from(const sql_row& row);

[[nodiscard]] const insert_shape& case_shape();
[[nodiscard]] sql_values to_values(const alarm_case& state);
/// Its columns begin at `first`.
[[nodiscard]] alarm_case case_from(const sql_row& row, int first);

[[nodiscard]] const insert_shape& outbox_shape();
[[nodiscard]] sql_values to_values(const outbox_entry& entry);
[[nodiscard]] outbox_entry entry_from(const sql_row& row);

[[nodiscard]] const insert_shape& delivery_shape();
[[nodiscard]] sql_values to_values(const delivery_record& record, std::uint64_t recorded_in);
[[nodiscard]] delivery_record delivery_from(const sql_row& row);

[[nodiscard]] const insert_shape& link_shape();
[[nodiscard]] sql_values to_values(const message_link& link);
[[nodiscard]] message_link link_from(const sql_row& row);

[[nodiscard]] const insert_shape& self_test_shape();
[[nodiscard]] sql_values to_values(const self_test& test, std::uint64_t recorded_in);
[[nodiscard]] self_test self_test_from(const sql_row& row);

} // namespace coldvigil::db
