#pragma once
// The WHERE of a list that is narrowed by what was asked for.

#include "db/sql.hpp"

#include <string>
#include <utility>

namespace coldvigil::db {

/// Conditions that hold all together, with their parameters.
class conditions {
 public:
  void add(const std::string& text) { text_ += (text_.empty() ? " WHERE " : " AND ") + text; }
  void add(const std::string& before, sql_value value) { add(before + " " + parameter(std::move(value))); }
  /// Its name in the statement: "$1". May stand in several places.
  [[nodiscard]] std::string parameter(sql_value value) {
    parameters_.push_back(std::move(value));
    return "$" + std::to_string(parameters_.size());
  }
  /// " LIMIT ... OFFSET ...": by parameters, for PostgreSQL keeps every statement that it has seen.
  [[nodiscard]] std::string page(std::size_t limit, std::size_t offset) {
    const std::string count = parameter(as_integer(limit));
    return " LIMIT " + count + " OFFSET " + parameter(as_integer(offset));
  }
  /// Empty, or " WHERE ..."
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] const sql_values& parameters() const { return parameters_; }

 private:
  std::string text_;
  sql_values parameters_;
};

} // namespace coldvigil::db
