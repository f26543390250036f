#include "evaluation/csv_table.hpp"

#include "core/plain_file.hpp"
#include "core/plain_text.hpp"
#include "core/utf8.hpp"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <filesystem>

namespace coldvigil {
namespace {

constexpr std::size_t buffer_size = 1 << 20;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
  });
}

} // namespace

void row_problems::add(std::uint64_t line, const std::string& what) {
  if (++count <= named_at_most) named.push_back("line " + std::to_string(line) + ": " + what);
}

std::string_view without_blanks(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

std::string csv_cell(std::string_view text) {
  if (text.find_first_of(",;\"\n\r") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

result<csv_table> csv_table::open(const std::string& path) {
  csv_table out;
  out.path_ = path;
  const auto opened = open_plain_file(path);
  if (!opened.ok()) return opened.error();
  out.file_.reset(::fdopen(*opened, "rb"));
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  out.size_bytes_ = error ? 0 : size;
  out.buffer_.resize(buffer_size);
  if (!out.take_line() || out.too_long_)
    return failure{error_code::invalid_argument, "the file has no header line", path,
                   "the first line must name the columns"};
  if (out.decoded_.starts_with("ÿþ") || out.decoded_.starts_with("þÿ"))
    return failure{error_code::invalid_argument, "the file is in UTF-16", path, "save it as CSV in UTF-8"};
  if (out.text_.starts_with(byte_order_mark)) out.text_.remove_prefix(byte_order_mark.size());
  if (out.text_.find(',') == std::string_view::npos && out.text_.find(';') != std::string_view::npos)
    out.delimiter_ = ';';
  out.split();
  for (const std::string_view name : out.cells_)
    out.header_.emplace_back(without_blanks(name));
  return out;
}

std::optional<std::size_t> csv_table::column(std::string_view name) const {
  for (std::size_t i = 0; i < header_.size(); ++i)
    if (same_name(header_[i], name)) return i;
  return std::nullopt;
}

status csv_table::once(std::initializer_list<std::string_view> names) const {
  for (const std::string_view name : names) {
    const auto is_it = [name](const std::string& each) { return same_name(each, name); };
    const auto first = std::find_if(header_.begin(), header_.end(), is_it);
    if (first == header_.end()) continue;
    const auto second = std::find_if(first + 1, header_.end(), is_it);
    if (second == header_.end()) continue;
    const auto number = [this](auto of) { return std::to_string(of - header_.begin() + 1); };
    return failure{error_code::invalid_argument, "the file has the column '" + std::string(name) + "' twice", path_,
                   "columns " + number(first) + " and " + number(second) +
                       " of its first line: take one out, or give it another name"};
  }
  return nothing{};
}

result<std::size_t> csv_table::required(std::string_view name) const {
  if (auto sound = once({name}); !sound.ok()) return sound.error();
  if (const auto found = column(name)) return *found;
  std::string known;
  for (const std::string& each : header_)
    known += (known.empty() ? "" : ", ") + printable(clip_utf8(each, 40));
  return failure{error_code::invalid_argument, "the file has no column '" + std::string(name) + "'", path_,
                 (header_.size() == 1 ? "columns are separated by commas or semicolons; " : "") +
                     ("its first line has: " + std::string(clip_utf8(known, 300)))};
}

bool csv_table::refill() {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  const std::size_t got = std::fread(buffer_.data() + end_, 1, buffer_.size() - end_, file_.get());
  end_ += got;
  read_bytes_ += got;
  return got > 0;
}

/// Leaves the next line in text_; of a line over the longest only that it is too long.
bool csv_table::take_line() {
  too_long_ = false;
  std::size_t searched = 0;
  for (;;) {
    const char* from = buffer_.data() + begin_ + searched;
    const auto* found = static_cast<const char*>(std::memchr(from, '\n', end_ - begin_ - searched));
    if (found != nullptr) {
      const auto stop = static_cast<std::size_t>(found - buffer_.data());
      too_long_ = too_long_ || stop - begin_ > longest_line;
      text_ = {buffer_.data() + begin_, stop - begin_};
      begin_ = stop + 1;
      break;
    }
    searched = end_ - begin_;
    if (searched > longest_line) { // forget what there is of it
      too_long_ = true;
      begin_ = end_;
      searched = 0;
    }
    if (refill()) continue;
    if (begin_ == end_ && !too_long_) return false;
    text_ = {buffer_.data() + begin_, end_ - begin_};
    begin_ = end_;
    break;
  }
  ++line_;
  if (text_.ends_with('\r')) text_.remove_suffix(1);
  if (!too_long_ && first_invalid_utf8(text_)) {
    decoded_ = as_utf8(text_);
    text_ = decoded_;
  }
  return true;
}

void csv_table::split() {
  cells_.clear();
  if (text_.find('"') == std::string_view::npos) {
    std::size_t at = 0;
    for (;;) {
      const std::size_t stop = text_.find(delimiter_, at);
      cells_.push_back(text_.substr(at, stop == std::string_view::npos ? stop : stop - at));
      if (stop == std::string_view::npos) return;
      at = stop + 1;
    }
  }
  unquoted_.clear();
  unquoted_.reserve(text_.size() + 1); // never grows: the cells point into it
  std::size_t start = 0;
  bool quoted = false;
  for (std::size_t i = 0; i <= text_.size(); ++i) {
    const char c = i < text_.size() ? text_[i] : delimiter_;
    if (quoted && c == '"' && i + 1 < text_.size() && text_[i + 1] == '"') {
      unquoted_ += c;
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == delimiter_ && (!quoted || i == text_.size())) {
      cells_.emplace_back(unquoted_.data() + start, unquoted_.size() - start);
      start = unquoted_.size();
    } else {
      unquoted_ += c;
    }
  }
}

bool csv_table::next(row_problems& problems) {
  while (take_line()) {
    if (too_long_) {
      problems.add(line_, "longer than 64 KiB");
      continue;
    }
    if (without_blanks(text_).empty()) continue;
    split();
    while (cells_.size() > header_.size() && without_blanks(cells_.back()).empty())
      cells_.pop_back();
    if (cells_.size() == header_.size()) return true;
    problems.add(line_, std::to_string(cells_.size()) + " cells instead of " + std::to_string(header_.size()));
  }
  return false;
}

std::string_view csv_table::cell(std::optional<std::size_t> column) const {
  return column ? without_blanks(cells_[*column]) : std::string_view{};
}

double csv_table::progress() const {
  if (size_bytes_ == 0) return 1;
  return std::min(1.0, static_cast<double>(read_bytes_ - (end_ - begin_)) / static_cast<double>(size_bytes_));
}

} // namespace coldvigil
