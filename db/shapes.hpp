#pragma once
// Statements and rows made from a table's insert_shape.

#include "db/sql.hpp"

#include <functional>
#include <map>
#include <string>
#include <type_traits>
#include <vector>

namespace coldvigil::db {

/// The rows of `items`. One statement may not change a row twice: the last of each key stands, in
/// the order in which the keys came.
template <class T, class Key, class Row>
std::vector<sql_values> last_of_each(const std::vector<T>& items, Key&& key, Row&& row) {
  std::map<std::decay_t<decltype(std::invoke(key, items.front()))>, std::size_t> places;
  std::vector<sql_values> out;
  for (const T& each : items) {
    const auto [place, is_new] = places.try_emplace(std::invoke(key, each), out.size());
    if (is_new)
      out.push_back(row(each));
    else
      out[place->second] = row(each);
  }
  return out;
}

/// "ON CONFLICT (key) DO UPDATE SET ..." of these columns.
[[nodiscard]] inline std::string update_of(const std::string& key, const std::vector<std::string>& columns) {
  std::string out;
  for (const std::string& each : columns)
    out += (out.empty() ? "" : ", ") + each + " = excluded." + each;
  return "ON CONFLICT (" + key + ") DO UPDATE SET " + out;
}

/// "a, b", or "t.a, t.b" of table t.
[[nodiscard]] inline std::string columns_of(const std::vector<insert_shape::column>& columns,
                                            const std::string& table = {}) {
  std::string out;
  for (const auto& column : columns)
    out += (out.empty() ? "" : ", ") + (table.empty() ? "" : table + ".") + column.name;
  return out;
}
[[nodiscard]] inline std::string columns_of(const insert_shape& shape, const std::string& table = {}) {
  return columns_of(shape.columns, table);
}

/// "SELECT a, b FROM t", and the rest.
[[nodiscard]] inline std::string select(const insert_shape& shape, const std::string& rest) {
  return "SELECT " + columns_of(shape) + " FROM " + shape.table + " " + rest;
}

/// "a > from - 1 AND a < to + 1" for the commits from $1 to $2, both inclusive. Meets what lies between two numbers
/// too: SQLite takes a fraction in a column of integers, and no list of people leaves it out.
[[nodiscard]] inline std::string in_commits(const std::string& column = "commit_seq") {
  return column + " > CAST($1 AS BIGINT) - 1 AND " + column + " < CAST($2 AS BIGINT) + 1";
}

} // namespace coldvigil::db
