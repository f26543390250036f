#pragma once
// PostgreSQL's text forms of arrays and bytes.

#include "db/sql.hpp"

#include <charconv>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace coldvigil::db {

/// "{1,2,3}" piece by piece.
class array_text {
 public:
  /// Integers and floats, the latter in the shortest form that comes back exactly.
  template <class Number> void add(Number value) {
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    piece({digits, end});
  }
  /// Text, quoted; nothing = NULL.
  void add_text(const std::optional<std::string>& value);
  [[nodiscard]] std::string take();

 private:
  void piece(std::string_view text) {
    out_ += out_.empty() ? '{' : ',';
    out_ += text;
  }
  std::string out_;
};

/// Elements of an array of numbers without NULL; throws damaged_bytes for anything else.
[[nodiscard]] std::vector<std::int64_t> integers_of(std::string_view array);
[[nodiscard]] std::vector<float> reals_of(std::string_view array);

/// "\x0aff" and back; damaged_bytes when it is no such thing.
[[nodiscard]] std::string bytea_text(std::string_view bytes);
[[nodiscard]] std::string bytes_of(std::string_view bytea);

/// As a parameter; nothing = NULL.
[[nodiscard]] std::optional<std::string> text_of(const sql_value& value);

} // namespace coldvigil::db
