#pragma once
// A CSV file of any size, a row at a time. Cells may be quoted; the first line names the columns. Lines that are not
// UTF-8 are read as Windows-1252 (core/utf8).

#include "core/result.hpp"

#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace coldvigil {

/// Rows that could not be used: counted, the first ones named by their line.
struct row_problems {
  static constexpr std::size_t named_at_most = 10;
  std::uint64_t count = 0;
  std::vector<std::string> named{}; ///< "line 17: ..."
  void add(std::uint64_t line, const std::string& what);
};

class csv_table {
 public:
  /// What is no plain file (core/plain_file), cannot be read or has no header line is a failure. Columns are separated
  /// by commas, or by semicolons when the header has no comma.
  static result<csv_table> open(const std::string& path);

  /// Place of a column, by its name without regard to case; nothing when there is none.
  [[nodiscard]] std::optional<std::size_t> column(std::string_view name) const;
  /// The same, but missing is a failure that names the columns there are, and so is one that is there twice.
  [[nodiscard]] result<std::size_t> required(std::string_view name) const;
  /// A column that is there twice is a failure: nobody knows which of them is meant.
  [[nodiscard]] status once(std::initializer_list<std::string_view> names) const;

  /// The next line that is not empty; its cells are valid until the next call. False at the end of the file. A line
  /// over the longest is a problem and left out, as is one with fewer cells than the header or more: a decimal comma
  /// that is not quoted would cut a number short. Empty ones at the end (a trailing separator) are none.
  bool next(row_problems& problems);
  [[nodiscard]] std::string_view cell(std::size_t column) const { return cells_[column]; }
  /// The cell without the blanks around it; empty when there is no such column.
  [[nodiscard]] std::string_view cell(std::optional<std::size_t> column) const;
  [[nodiscard]] std::uint64_t line() const { return line_; }
  /// Share of the file that has been read, 0 to 1, for a progress bar.
  [[nodiscard]] double progress() const;
  /// False when reading broke off before the end of the file.
  [[nodiscard]] bool sound() const { return std::ferror(file_.get()) == 0; }
  [[nodiscard]] const std::string& path() const { return path_; }

  static constexpr std::size_t longest_line = 64 * 1024;

 private:
  csv_table() = default;
  bool take_line();
  bool refill();
  void split();

  struct closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::string path_;
  std::unique_ptr<std::FILE, closer> file_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0; ///< unread part of the buffer
  std::string_view text_;           ///< of the current line
  std::string decoded_;             ///< behind text_ when the line is no UTF-8
  bool too_long_ = false;
  std::uint64_t line_ = 0, read_bytes_ = 0, size_bytes_ = 0;
  char delimiter_ = ',';
  std::vector<std::string> header_;
  std::vector<std::string_view> cells_;
  std::string unquoted_; ///< behind the quoted cells of the current line
};

/// Without blanks around it.
[[nodiscard]] std::string_view without_blanks(std::string_view text);

/// The text as a cell, quoted when it must be.
[[nodiscard]] std::string csv_cell(std::string_view text);

} // namespace coldvigil
