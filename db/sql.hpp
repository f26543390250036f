#pragma once
// What both databases look like from inside this folder. Statements are written once, in the SQL that both speak, with
// parameters $1, $2, ... Errors are exceptions here; they end at the border of the folder (guard.hpp).

#include "core/result.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace coldvigil::db {

class error : public std::runtime_error {
 public:
  explicit error(failure problem) : std::runtime_error(problem.text()), problem_(std::move(problem)) {}
  [[nodiscard]] const failure& problem() const { return problem_; }

 private:
  failure problem_;
};
/// The connection is gone and nothing of the transaction is committed.
class connection_lost : public error {
 public:
  using error::error;
};
/// The connection went while the transaction was being committed.
class commit_in_doubt : public error {
 public:
  using error::error;
};

/// Bytes, as opposed to text.
struct blob {
  std::string bytes;
};
using sql_value = std::variant<std::monostate, std::int64_t, double, bool, std::string, blob>;
using sql_values = std::vector<sql_value>;

template <class T> [[nodiscard]] sql_value or_null(const std::optional<T>& value) {
  return value ? sql_value{*value} : sql_value{};
}
[[nodiscard]] inline sql_value or_null(const std::optional<timestamp>& at) {
  return at ? sql_value{to_ms(*at)} : sql_value{};
}
/// Strong identifiers, small integers and enumerations.
template <class T> [[nodiscard]] sql_value as_integer(T value) {
  return sql_value{static_cast<std::int64_t>(value)};
}
template <class T> [[nodiscard]] sql_value integer_or_null(const std::optional<T>& value) {
  return value ? as_integer(*value) : sql_value{};
}

[[noreturn]] void throw_out_of_range(const std::string& column, std::int64_t value);

/// One row of an answer; valid during the call that brings it. Columns count from 0. NULL reads as 0, false and "". A
/// value of another type than the one asked for is damage: SQLite takes anything in any column.
class sql_row {
 public:
  virtual ~sql_row() = default;
  [[nodiscard]] virtual bool is_null(int column) const = 0;
  [[nodiscard]] virtual std::int64_t integer(int column) const = 0;
  [[nodiscard]] virtual double real(int column) const = 0;
  [[nodiscard]] virtual bool flag(int column) const = 0;
  [[nodiscard]] virtual std::string text(int column) const = 0;
  [[nodiscard]] virtual std::string bytes(int column) const = 0;
  [[nodiscard]] virtual std::string name(int column) const = 0;

  [[nodiscard]] timestamp time(int column) const { return from_ms(integer(column)); }
  [[nodiscard]] std::optional<timestamp> time_or_null(int column) const {
    return is_null(column) ? std::nullopt : std::optional(time(column));
  }
  [[nodiscard]] std::optional<std::string> text_or_null(int column) const {
    return is_null(column) ? std::nullopt : std::optional(text(column));
  }
  /// Strong identifiers and small integers; what does not fit is damage.
  template <class T> [[nodiscard]] T as(int column) const {
    const std::int64_t value = integer(column);
    const T out = static_cast<T>(value);
    const bool fits = static_cast<std::int64_t>(out) == value && (value >= 0 || is_signed<T>);
    if (!fits) throw_out_of_range(name(column), value);
    return out;
  }

 private:
  template <class T>
  static constexpr bool is_signed = [] {
    if constexpr (std::is_enum_v<T>)
      return std::is_signed_v<std::underlying_type_t<T>>;
    else
      return std::is_signed_v<T>;
  }();
};

/// Many rows for one table in one go. The types are PostgreSQL's.
struct insert_shape {
  struct column {
    std::string name;
    std::string type;
  };
  std::string table;
  std::vector<column> columns;
  std::string on_conflict; ///< "ON CONFLICT ... RETURNING ...", may be empty
};

/// A connection; belongs to one thread at a time. Every function throws db::error.
class sql_session {
 public:
  using row_sink = std::function<void(const sql_row&)>;
  virtual ~sql_session() = default;

  /// Several statements without parameters.
  virtual void script(const std::string& text) = 0;
  /// One statement; answers how many rows it changed. `each` must not use the session.
  virtual std::uint64_t run(const std::string& text, const sql_values& parameters, const row_sink& each) = 0;
  std::uint64_t run(const std::string& text, const sql_values& parameters = {}) {
    return run(text, parameters, row_sink{});
  }
  /// Rows are applied in their order; `each` gets what they return. A shape is known by its table: one shape a table.
  virtual void insert(const insert_shape& into, const std::vector<sql_values>& rows, const row_sink& each) = 0;
  void insert(const insert_shape& into, const std::vector<sql_values>& rows) { insert(into, rows, row_sink{}); }

  virtual void begin() = 0;
  virtual void commit() = 0;
  virtual void rollback() noexcept = 0;
};

/// `work` in one transaction, undone when it throws.
template <class Work> void in_transaction(sql_session& session, Work&& work) {
  session.begin();
  try {
    work();
    session.commit();
  } catch (...) {
    session.rollback();
    throw;
  }
}

/// Text that both databases take: what is no UTF-8, and NUL, becomes U+FFFD.
[[nodiscard]] std::string clean_text(std::string_view text);

} // namespace coldvigil::db
