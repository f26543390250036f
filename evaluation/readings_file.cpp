#include "evaluation/readings_file.hpp"

#include "core/plain_text.hpp"
#include "core/utf8.hpp"

#include <charconv>
#include <cmath>
#include <cstring>

namespace coldvigil {
namespace {

/// A number beyond this counts milliseconds: as seconds it would lie after the year 5000.
constexpr double most_epoch_seconds = 1e11;
constexpr double most_epoch_ms = 7'258'118'400'000; // the year 2200
constexpr std::size_t longest_temperature = 40;
constexpr std::size_t longest_time = 40;
constexpr std::size_t shown_bytes = 40;

std::string quoted(std::string_view text) {
  return "'" + printable(clip_utf8(text, shown_bytes)) + "'";
}

} // namespace

std::optional<double> parse_file_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool plain = error == std::errc{} && end == text.data() + text.size() && std::isfinite(number);
  return plain ? std::optional(number) : std::nullopt;
}

std::optional<double> parse_file_temperature(std::string_view text) {
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos || text.size() > longest_temperature) return parse_file_number(text);
  char pointed[longest_temperature];
  std::memcpy(pointed, text.data(), text.size());
  pointed[comma] = '.';
  return parse_file_number({pointed, text.size()});
}

std::optional<timestamp> parse_file_time(std::string_view text) {
  if (text.size() < 5 || text.size() > longest_time) return std::nullopt;
  if (text[4] == '-') {
    auto at = parse_utc(text);
    if (!at) {
      char naive[longest_time + 1];
      std::memcpy(naive, text.data(), text.size());
      naive[text.size()] = 'Z';
      at = parse_utc({naive, text.size() + 1});
    }
    return at && to_ms(*at) >= 0 && static_cast<double>(to_ms(*at)) <= most_epoch_ms ? at : std::nullopt;
  }
  const auto number = parse_file_number(text);
  if (!number || *number < 0) return std::nullopt;
  const double ms = *number < most_epoch_seconds ? *number * 1000 : *number;
  if (ms > most_epoch_ms) return std::nullopt;
  return from_ms(std::llround(ms));
}

std::optional<timestamp> parse_file_day(std::string_view text) {
  constexpr std::size_t length = std::string_view("2026-01-20").size();
  return text.size() == length ? parse_file_time(std::string(text) + "T00:00:00Z") : std::nullopt;
}

result<readings_file> readings_file::open(const std::string& path) {
  auto table = csv_table::open(path);
  if (!table.ok()) return table.error();
  readings_file out(std::move(*table));
  const auto unit = out.table_.required("unit_id");
  if (!unit.ok()) return unit.error();
  const auto time = out.table_.required("timestamp");
  if (!time.ok()) return time.error();
  const auto temperature = out.table_.required("temperature");
  if (!temperature.ok()) return temperature.error();
  if (auto sound = out.table_.once({"temperature_unit"}); !sound.ok()) return sound.error();
  out.unit_ = *unit;
  out.time_ = *time;
  out.temperature_ = *temperature;
  out.scale_ = out.table_.column("temperature_unit");
  return out;
}

namespace {

/// Of a text that is no time.
std::string_view fault_of_time(std::string_view text) {
  if (parse_file_day(text)) return " is a day without its time, as in 2026-01-20T08:00:00Z";
  return " is neither ISO 8601 nor an epoch, of 1970 to 2200";
}

} // namespace

bool readings_file::next(file_reading& into) {
  while (table_.next(problems_)) {
    into.unit = without_blanks(table_.cell(unit_));
    if (into.unit.empty()) {
      problems_.add(table_.line(), "no unit_id");
      continue;
    }
    const auto time = without_blanks(table_.cell(time_));
    const auto at = parse_file_time(time);
    if (!at) {
      problems_.add(table_.line(), "timestamp " + quoted(time) + std::string(fault_of_time(time)));
      continue;
    }
    into.at = *at;
    into.value.reset();
    const auto text = without_blanks(table_.cell(temperature_));
    if (text.empty()) return true;
    const auto scale_text = table_.cell(scale_);
    const auto scale = scale_text.empty() ? temperature_scale::celsius : parse_scale(scale_text);
    if (!scale) {
      problems_.add(table_.line(), "temperature_unit " + quoted(scale_text) + " is none of C, F, K");
      continue;
    }
    const auto number = parse_file_temperature(text);
    if (number) into.value = to_milli_celsius(*number, *scale);
    if (into.value) return true;
    problems_.add(table_.line(), "temperature " + quoted(text) + (number ? " is not possible" : " is no number"));
  }
  return false;
}

} // namespace coldvigil
