#pragma once
// Tables beside the commits: who is watched, who may come in, what was refused, what people were told. Each row names
// the commit that wrote it last in `recorded_in`, and that commit has the row's digest among its row_digests, which are
// part of its hash. Digests are made of what the database gives back of a written row.

#include "db/shapes.hpp"
#include "db/sql.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace coldvigil::db {

/// Numbers are stored.
enum class recorded : std::uint8_t {
  customers = 1,
  facilities,
  units,
  points,
  models,
  model_activations,
  tokens,
  rejects,
  polls,
  system_alarms,
  deliveries,
  self_tests,
};

struct recorded_table {
  recorded which;
  const char* name;
  std::vector<insert_shape::column> columns; ///< all but recorded_in; the first is the key
  bool numbers_itself = false;               ///< the database gives the key
  bool rows_end = false;                     ///< a row may be taken out by a commit that says so
  bool forgets_oldest = false;               ///< a commit that ends a row forgets all rows up to its key
};
[[nodiscard]] std::span<const recorded_table> recorded_tables();
[[nodiscard]] const recorded_table& table_of(recorded which);
/// " RETURNING ..." all that a digest is of.
[[nodiscard]] std::string returning(recorded which);
/// Rows of the table, with recorded_in as the last column, and without the key where the table numbers itself. An
/// insert returns what row_recorder::sink takes.
[[nodiscard]] insert_shape insert_of(recorded which, const std::string& on_conflict = {});
/// As insert_of; a row that stands under the same `key` (a column) is replaced whole, so that nothing which somebody
/// else changed passes for ours.
[[nodiscard]] insert_shape replace_of(recorded which, const std::string& key);
/// "SELECT ..., recorded_in FROM ...", and the rest.
[[nodiscard]] std::string select_recorded(const recorded_table& table, const std::string& rest);

struct row_entry {
  recorded table{};
  std::string key;
  std::string digest; ///< 16 bytes; zeros when the row was taken out
  [[nodiscard]] bool gone() const;
};
/// As text, of a row that begins with it.
[[nodiscard]] std::string key_of(const recorded_table& table, const sql_row& row);
/// A key as a parameter of a statement; throws damaged_bytes when the table has no such keys.
[[nodiscard]] sql_value key_value(const recorded_table& table, const std::string& key);
/// Of a row that begins with the table's columns.
[[nodiscard]] row_entry entry_of(const recorded_table& table, const sql_row& row);

/// What a transaction writes into these tables.
class row_recorder {
 public:
  /// For the answer of a statement that ends in returning(which).
  [[nodiscard]] sql_session::row_sink sink(recorded which);
  void gone(recorded which, const std::string& key);
  /// The row_digests of the commit.
  [[nodiscard]] std::string take();

 private:
  void add(const row_entry& entry);
  std::string packed_;
};
/// Throws damaged_bytes.
[[nodiscard]] std::vector<row_entry> unpack_row_digests(std::string_view packed);

} // namespace coldvigil::db
