#include "ingest/csv_rows.hpp"

#include "ingest/body_text.hpp"

#include <csv.h>

#include <algorithm>
#include <optional>

namespace coldvigil {
namespace {

constexpr std::size_t max_columns = 1000;
constexpr std::size_t npos = static_cast<std::size_t>(-1);

failure wrong(std::string what, std::string where = {}, std::string hint = {}) {
  return {error_code::invalid_argument, std::move(what), std::move(where), std::move(hint)};
}

/// Takes what libcsv finds: the first line names the columns, the others are rows.
class table_reader {
 public:
  table_reader(const field_mapping& mapping, row_builder& rows) : mapping_(mapping), rows_(rows) {}

  void on_cell(std::string_view text) {
    if (problem_) return;
    if (line_.size() >= max_columns) problem_ = wrong("a line has more than 1000 cells", place());
    line_.emplace_back(text);
  }

  void on_line() {
    if (!problem_) header_seen_ ? take_row() : take_header();
    line_.clear();
    ++lines_;
  }

  [[nodiscard]] const std::optional<failure>& problem() const { return problem_; }
  [[nodiscard]] bool header_seen() const { return header_seen_; }
  [[nodiscard]] std::string place() const { return "CSV row " + std::to_string(lines_ + 1); }
  /// The last row had fewer cells than the header.
  [[nodiscard]] bool last_row_short() const { return last_row_short_; }

 private:
  void take_header();
  void take_row();

  const field_mapping& mapping_;
  row_builder& rows_;
  std::vector<std::string> line_;
  std::array<std::size_t, field_count> columns_{};
  std::size_t width_ = 0;
  std::size_t lines_ = 0;
  bool header_seen_ = false;
  bool last_row_short_ = false;
  std::optional<failure> problem_;
};

void table_reader::take_header() {
  header_seen_ = true;
  width_ = line_.size();
  for (std::size_t i = 0; i < field_count; ++i) {
    const std::string& name = name_of(static_cast<field>(i), mapping_);
    const auto found = name.empty() ? line_.end() : std::ranges::find(line_, name);
    columns_[i] = found == line_.end() ? npos : static_cast<std::size_t>(found - line_.begin());
  }
  for (const field which : {field::unit, field::time, field::temperature}) {
    if (columns_[static_cast<std::size_t>(which)] != npos) continue;
    std::string known;
    for (const auto& name : line_)
      known += (known.empty() ? "it has: " : ", ") + std::string(clip_utf8(name, 40));
    problem_ = wrong("the CSV has no column '" + name_of(which, mapping_) + "'", "its first line",
                     std::string(clip_utf8(known, 200)));
    return;
  }
}

void table_reader::take_row() {
  last_row_short_ = line_.size() < width_;
  bool added = false;
  if (line_.size() == width_) {
    row_cells cells;
    for (std::size_t i = 0; i < field_count; ++i)
      if (columns_[i] != npos) cells[i] = {cell::kind::text, 0, line_[columns_[i]]};
    added = rows_.add(cells);
  } else {
    added = rows_.add_broken(std::to_string(line_.size()) + " cells instead of " + std::to_string(width_));
  }
  if (!added)
    problem_ =
        failure{error_code::limit, "the payload has too many rows", "ingestion.max_rows", "ask for a shorter time"};
}

/// libcsv's parser, freed at the end.
struct csv_handle {
  csv_parser parser{};
  bool ready = csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) == 0;
  csv_handle() = default;
  csv_handle(const csv_handle&) = delete;
  csv_handle& operator=(const csv_handle&) = delete;
  ~csv_handle() {
    if (ready) csv_free(&parser);
  }
};

void cell_found(void* text, size_t size, void* reader) {
  static_cast<table_reader*>(reader)->on_cell({static_cast<const char*>(text), size});
}
void line_ended(int, void* reader) {
  static_cast<table_reader*>(reader)->on_line();
}

} // namespace

status add_csv_rows(std::string_view body, const field_mapping& mapping, row_builder& rows) {
  csv_handle csv;
  if (!csv.ready) return failure{error_code::internal, "the CSV parser cannot start"};
  csv_set_delim(&csv.parser, static_cast<unsigned char>(mapping.delimiter));
  table_reader reader(mapping, rows);
  // In pieces, so that a body with a wrong header or too many rows is not read to its end.
  constexpr std::size_t piece = 64 * 1024;
  for (std::size_t at = 0; at < body.size() && !reader.problem(); at += piece) {
    const auto part = body.substr(at, piece);
    if (csv_parse(&csv.parser, part.data(), part.size(), cell_found, line_ended, &reader) != part.size())
      return wrong(std::string("the CSV is malformed: ") + csv_strerror(csv_error(&csv.parser)), reader.place(),
                   "a quote stands inside a cell that is not quoted, or the delimiter is another one");
  }
  const bool ends_in_line = !body.empty() && body.back() != '\n' && body.back() != '\r';
  if (!reader.problem() && csv_fini(&csv.parser, cell_found, line_ended, &reader) != 0)
    return wrong("the CSV ends inside a quoted cell (half a body)", reader.place());
  if (reader.problem()) return *reader.problem();
  if (!reader.header_seen()) return wrong("the CSV has no header line");
  if (ends_in_line && reader.last_row_short())
    return wrong("the CSV ends in the middle of a row (half a body)", reader.place());
  return nothing{};
}

} // namespace coldvigil
