#pragma once
// Rows of the registry's tables to records and back.

#include "core/registry.hpp"
#include "db/sql.hpp"

namespace coldvigil::db {

[[nodiscard]] std::string customer_columns();
[[nodiscard]] customer_record customer_from(const sql_row& row);

[[nodiscard]] std::string facility_columns();
[[nodiscard]] facility_record facility_from(const sql_row& row);
[[nodiscard]] sql_values to_values(const facility_record& facility, std::uint64_t recorded_in);
[[nodiscard]] const insert_shape& facility_shape();
[[nodiscard]] std::optional<facility_record> find_facility(sql_session& in, customer_id customer,
                                                           const std::string& code);
/// Throws when there is none.
[[nodiscard]] facility_record facility_of(sql_session& in, facility_id id);

/// Of `units u JOIN points p`.
[[nodiscard]] std::string unit_columns();
[[nodiscard]] unit_record unit_from(const sql_row& row);
[[nodiscard]] sql_values to_values(const unit_record& unit, std::uint64_t recorded_in);
[[nodiscard]] const insert_shape& unit_shape();
[[nodiscard]] const insert_shape& point_shape();
[[nodiscard]] std::optional<unit_record> find_unit(sql_session& in, customer_id customer, const std::string& code);

[[nodiscard]] uuid uuid_from(const sql_row& row, int column, const std::string& row_name);

} // namespace coldvigil::db
