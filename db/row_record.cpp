#include "db/row_record.hpp"

#include "core/reading.hpp"
#include "db/byte_stream.hpp"
#include "db/hash_chain.hpp"
#include "db/shapes.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <utility>

namespace coldvigil::db {
namespace {

constexpr std::size_t digest_size = 16;

std::vector<insert_shape::column> columns(std::initializer_list<insert_shape::column> list) {
  return list;
}

std::vector<insert_shape::column> poll_columns() {
  auto out = columns({{"id", "bigint"},
                      {"customer_id", "bigint"},
                      {"method", "text"},
                      {"source_url", "text"},
                      {"started_at", "bigint"},
                      {"duration_ms", "bigint"},
                      {"status", "text"},
                      {"received", "bigint"},
                      {"stored", "bigint"},
                      {"duplicate", "bigint"},
                      {"history", "boolean"},
                      {"error", "text"}});
  for (std::size_t reason = 0; reason < reject_reason_count; ++reason)
    out.push_back({"rejected_" + std::string(to_string(static_cast<reject_reason>(reason))), "bigint"});
  return out;
}

std::vector<recorded_table> all_tables() {
  return {
      {recorded::customers, "customers",
       columns(
           {{"id", "bigint"}, {"public_id", "uuid"}, {"code", "text"}, {"name", "text"}, {"created_at", "bigint"}})},
      {recorded::facilities, "facilities",
       columns({{"id", "bigint"},
                {"public_id", "uuid"},
                {"customer_id", "bigint"},
                {"code", "text"},
                {"name", "text"},
                {"city", "text"},
                {"country", "text"},
                {"created_at", "bigint"}})},
      {recorded::units, "units",
       columns({{"id", "bigint"},
                {"public_id", "uuid"},
                {"customer_id", "bigint"},
                {"facility_id", "bigint"},
                {"code", "text"},
                {"name", "text"},
                {"size_value", "double precision"},
                {"size_unit", "text"},
                {"set_point", "integer"},
                {"scale", "text"},
                {"kind", "text"},
                {"low", "integer"},
                {"high", "integer"},
                {"interval_s", "bigint"},
                {"created_at", "bigint"}})},
      {recorded::points, "points", columns({{"id", "bigint"}, {"unit_id", "bigint"}, {"judged", "boolean"}})},
      {recorded::models, "models",
       columns({{"number", "bigint"}, {"name", "text"}, {"sha256", "text"}, {"created_at", "bigint"}})},
      {recorded::model_activations, "model_activations",
       columns({{"id", "bigint"},
                {"number", "bigint"},
                {"version", "text"},
                {"from_at", "bigint"},
                {"at", "bigint"},
                {"who", "text"}})},
      {.which = recorded::tokens,
       .name = "tokens",
       .columns = columns({{"id", "bigint"},
                           {"sha256", "text"},
                           {"name", "text"},
                           {"customer_id", "bigint"},
                           {"level", "text"},
                           {"expires_at", "bigint"},
                           {"created_at", "bigint"}}),
       .rows_end = true},
      {.which = recorded::rejects,
       .name = "rejects",
       .columns = columns({{"id", "bigint"},
                           {"customer_id", "bigint"},
                           {"point_id", "bigint"},
                           {"unit_code", "text"},
                           {"at", "bigint"},
                           {"value", "integer"},
                           {"raw", "text"},
                           {"sensor", "text"},
                           {"reason", "text"},
                           {"received_at", "bigint"},
                           {"commit_seq", "bigint"}}),
       .numbers_itself = true,
       .forgets_oldest = true},
      {.which = recorded::polls,
       .name = "polls",
       .columns = poll_columns(),
       .numbers_itself = true,
       .forgets_oldest = true},
      {recorded::system_alarms, "system_alarms",
       columns({{"id", "uuid"},
                {"fault", "text"},
                {"level", "text"},
                {"customer_id", "bigint"},
                {"subject", "text"},
                {"detail", "text"},
                {"units", "text"},
                {"raised_at", "bigint"},
                {"cleared_at", "bigint"},
                {"acknowledged_at", "bigint"},
                {"acknowledged_by", "text"},
                {"reason", "text"}})},
      {.which = recorded::deliveries,
       .name = "deliveries",
       .columns = columns({{"id", "bigint"},
                           {"message_key", "text"},
                           {"attempt", "bigint"},
                           {"person", "text"},
                           {"channel", "text"},
                           {"address", "text"},
                           {"kind", "text"},
                           {"at", "bigint"},
                           {"took_ms", "bigint"},
                           {"result", "text"},
                           {"detail", "text"}}),
       .numbers_itself = true,
       .forgets_oldest = true},
      {.which = recorded::self_tests,
       .name = "self_tests",
       .columns = columns({{"id", "bigint"},
                           {"message_key", "text"},
                           {"person", "text"},
                           {"channel", "text"},
                           {"address", "text"},
                           {"sent_at", "bigint"},
                           {"received_at", "bigint"},
                           {"overdue", "boolean"}}),
       .numbers_itself = true},
  };
}

void put(byte_writer& to, const insert_shape::column& column, const sql_row& row, int at) {
  to.byte(row.is_null(at) ? 0 : 1);
  if (row.is_null(at)) return;
  if (column.type == "text" || column.type == "uuid")
    to.text(row.text(at));
  else if (column.type == "boolean")
    to.byte(row.flag(at) ? 1 : 0);
  else if (column.type == "double precision")
    to.fixed(std::bit_cast<std::uint64_t>(row.real(at)));
  else
    to.signed_number(row.integer(at));
}

} // namespace

std::span<const recorded_table> recorded_tables() {
  static const std::vector<recorded_table> all = all_tables();
  return all;
}

const recorded_table& table_of(recorded which) {
  return recorded_tables()[static_cast<std::size_t>(which) - 1];
}

std::string returning(recorded which) {
  return " RETURNING " + columns_of(table_of(which).columns);
}

insert_shape insert_of(recorded which, const std::string& on_conflict) {
  const recorded_table& table = table_of(which);
  insert_shape out{table.name, table.columns, on_conflict + returning(which)};
  if (table.numbers_itself) out.columns.erase(out.columns.begin());
  out.columns.push_back({"recorded_in", "bigint"});
  return out;
}

insert_shape replace_of(recorded which, const std::string& key) {
  insert_shape out = insert_of(which);
  std::vector<std::string> others;
  for (const auto& column : out.columns)
    if (column.name != key) others.push_back(column.name);
  out.on_conflict = update_of(key, others) + out.on_conflict;
  return out;
}

std::string select_recorded(const recorded_table& table, const std::string& rest) {
  return "SELECT " + columns_of(table.columns) + ", recorded_in FROM " + table.name + " " + rest;
}

bool row_entry::gone() const {
  return std::all_of(digest.begin(), digest.end(), [](char c) { return c == '\0'; });
}

row_entry entry_of(const recorded_table& table, const sql_row& row) {
  byte_writer to;
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    put(to, table.columns[i], row, static_cast<int>(i));
  return {table.which, key_of(table, row), sha256(to.take()).substr(0, digest_size)};
}

std::string key_of(const recorded_table& table, const sql_row& row) {
  return table.columns.front().type == "uuid" ? row.text(0) : std::to_string(row.integer(0));
}

sql_value key_value(const recorded_table& table, const std::string& key) {
  if (table.columns.front().type == "uuid") return key;
  std::int64_t number = 0;
  const auto read = std::from_chars(key.data(), key.data() + key.size(), number);
  if (read.ec != std::errc{} || read.ptr != key.data() + key.size()) throw damaged_bytes("a key that is no number");
  return number;
}

sql_session::row_sink row_recorder::sink(recorded which) {
  return [this, &table = table_of(which)](const sql_row& row) { add(entry_of(table, row)); };
}

void row_recorder::gone(recorded which, const std::string& key) {
  add({which, key, std::string(digest_size, '\0')});
}

void row_recorder::add(const row_entry& entry) {
  byte_writer to;
  to.byte(static_cast<std::uint8_t>(entry.table));
  to.text(entry.key);
  to.raw(entry.digest);
  packed_ += to.take();
}

std::string row_recorder::take() {
  return std::exchange(packed_, {});
}

std::vector<row_entry> unpack_row_digests(std::string_view packed) {
  std::vector<row_entry> out;
  for (byte_reader from(packed); !from.at_end();) {
    const std::uint8_t table = from.byte();
    if (table == 0 || table > recorded_tables().size()) throw damaged_bytes("a digest of an unknown table");
    std::string key = from.text();
    out.push_back({static_cast<recorded>(table), std::move(key), std::string(from.take(digest_size))});
  }
  return out;
}

} // namespace coldvigil::db
