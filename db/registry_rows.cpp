#include "db/registry_rows.hpp"

#include "db/row_record.hpp"
#include "db/words.hpp"

namespace coldvigil::db {
namespace {

template <class T> std::optional<T> known_or_damaged(std::optional<T> value, const std::string& row) {
  if (!value) throw_damaged("unknown word", row);
  return value;
}

} // namespace

uuid uuid_from(const sql_row& row, int column, const std::string& row_name) {
  const auto id = parse_uuid(row.text(column));
  // Another spelling of it is looked for in vain.
  if (!id || to_string(*id) != row.text(column)) throw_damaged("an identifier that is no UUID", row_name);
  return *id;
}

std::string customer_columns() {
  return "id, public_id, code, name, created_at";
}

customer_record customer_from(const sql_row& row) {
  customer_record out;
  out.id = row.as<customer_id>(0);
  out.public_id = uuid_from(row, 1, "customers row id=" + std::to_string(number(out.id)));
  out.code = row.text(2);
  out.name = row.text(3);
  out.created_at = row.time(4);
  return out;
}

std::string facility_columns() {
  return "id, public_id, customer_id, code, name, city, country, created_at";
}

facility_record facility_from(const sql_row& row) {
  facility_record out;
  out.id = row.as<facility_id>(0);
  out.public_id = uuid_from(row, 1, "facilities row id=" + std::to_string(number(out.id)));
  out.customer = row.as<customer_id>(2);
  out.code = row.text(3);
  out.name = row.text_or_null(4);
  out.city = row.text_or_null(5);
  out.country = row.text_or_null(6);
  out.created_at = row.time(7);
  return out;
}

sql_values to_values(const facility_record& facility, std::uint64_t recorded_in) {
  return {
      as_integer(facility.id), to_string(facility.public_id), as_integer(facility.customer), facility.code,
      or_null(facility.name),  or_null(facility.city),        or_null(facility.country),     to_ms(facility.created_at),
      as_integer(recorded_in)};
}

const insert_shape& facility_shape() {
  static const insert_shape shape = insert_of(recorded::facilities);
  return shape;
}

std::optional<facility_record> find_facility(sql_session& in, customer_id customer, const std::string& code) {
  std::optional<facility_record> out;
  in.run("SELECT " + facility_columns() + " FROM facilities WHERE customer_id = $1 AND code = $2",
         {as_integer(customer), code}, [&](const sql_row& row) { out = facility_from(row); });
  return out;
}

facility_record facility_of(sql_session& in, facility_id id) {
  std::optional<facility_record> out;
  in.run("SELECT " + facility_columns() + " FROM facilities WHERE id = $1", {as_integer(id)},
         [&](const sql_row& row) { out = facility_from(row); });
  return *known_or_damaged(std::move(out), "facilities row id=" + std::to_string(number(id)));
}

std::string unit_columns() {
  return "u.id, u.public_id, u.customer_id, u.facility_id, u.code, u.name, u.size_value, u.size_unit, u.set_point, "
         "u.scale, u.kind, u.low, u.high, u.interval_s, u.created_at, p.id";
}

unit_record unit_from(const sql_row& row) {
  unit_record out;
  out.id = row.as<unit_id>(0);
  const std::string name = "units row id=" + std::to_string(number(out.id));
  out.public_id = uuid_from(row, 1, name);
  out.customer = row.as<customer_id>(2);
  out.facility = row.as<facility_id>(3);
  out.code = row.text(4);
  out.name = row.text_or_null(5);
  if (!row.is_null(6)) out.size_value = row.real(6);
  out.size_unit = row.text_or_null(7);
  if (!row.is_null(8)) out.set_point = row.as<milli_celsius>(8);
  out.scale = *known_or_damaged(parse_scale(row.text(9)), name);
  out.kind = *known_or_damaged(parse_kind(row.text(10)), name);
  out.range = {row.as<milli_celsius>(11), row.as<milli_celsius>(12)};
  out.interval = std::chrono::seconds{row.integer(13)};
  out.created_at = row.time(14);
  out.point = row.as<point_id>(15);
  return out;
}

sql_values to_values(const unit_record& unit, std::uint64_t recorded_in) {
  return {as_integer(unit.id),
          to_string(unit.public_id),
          as_integer(unit.customer),
          as_integer(unit.facility),
          unit.code,
          or_null(unit.name),
          or_null(unit.size_value),
          or_null(unit.size_unit),
          integer_or_null(unit.set_point),
          as_word(unit.scale),
          as_word(unit.kind),
          as_integer(unit.range.low),
          as_integer(unit.range.high),
          unit.interval.count(),
          to_ms(unit.created_at),
          as_integer(recorded_in)};
}

const insert_shape& unit_shape() {
  static const insert_shape shape = insert_of(recorded::units);
  return shape;
}

const insert_shape& point_shape() {
  static const insert_shape shape = insert_of(recorded::points);
  return shape;
}

std::optional<unit_record> find_unit(sql_session& in, customer_id customer, const std::string& code) {
  std::optional<unit_record> out;
  in.run("SELECT " + unit_columns() +
             " FROM units u JOIN points p ON p.unit_id = u.id AND p.judged WHERE u.customer_id = $1 AND u.code = $2",
         {as_integer(customer), code}, [&](const sql_row& row) { out = unit_from(row); });
  return out;
}

} // namespace coldvigil::db
