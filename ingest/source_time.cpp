#include "ingest/source_time.hpp"

#include <date/tz.h>

#include <charconv>
#include <cmath>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace coldvigil {
namespace {

using local_millis = date::local_time<millis>;

/// The year 2200: a later epoch is a number in another unit.
constexpr double newest_epoch_seconds = 7'258'118'400;

source_time at_instant(timestamp at) {
  return {source_time::kind::instant, at, at};
}

/// A wall-clock time of the zone to its instant or instants.
source_time in_zone(local_millis local, const date::time_zone& zone) {
  const date::local_info info = zone.get_info(local);
  const auto minus = [local](std::chrono::seconds offset) { return timestamp{local.time_since_epoch() - offset}; };
  switch (info.result) {
  case date::local_info::unique:
    return at_instant(minus(info.first.offset));
  case date::local_info::ambiguous:
    return {source_time::kind::repeated, minus(info.first.offset), minus(info.second.offset)};
  default:
    return {source_time::kind::skipped, {}, {}};
  }
}

std::optional<double> number_of(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

} // namespace

struct time_reader::state {
  time_format format;
  std::string pattern;
  bool pattern_has_offset;
  const date::time_zone* zone; ///< owned by the library's time zone table for good

  source_time by_pattern(std::string_view text) const {
    std::istringstream stream{std::string(text)};
    local_millis local{};
    std::chrono::minutes offset{0};
    std::string abbreviation;
    date::from_stream(stream, pattern.c_str(), local, &abbreviation, &offset);
    if (stream.fail() || stream.peek() != std::istringstream::traits_type::eof()) return {};
    if (pattern_has_offset) return at_instant(timestamp{local.time_since_epoch() - offset});
    return in_zone(local, *zone);
  }

  source_time by_iso8601(std::string_view text) const {
    if (const auto absolute = parse_utc(text)) return at_instant(*absolute);
    const auto naive = parse_utc(std::string(text) + 'Z');
    return naive ? in_zone(local_millis{naive->time_since_epoch()}, *zone) : source_time{};
  }
};

time_reader::time_reader(std::unique_ptr<state> inner) : state_(std::move(inner)) {}
time_reader::~time_reader() = default;
time_reader::time_reader(time_reader&&) noexcept = default;
time_reader& time_reader::operator=(time_reader&&) noexcept = default;

result<time_reader> time_reader::make(const field_mapping& mapping) {
  try {
    const bool has_offset = mapping.pattern.find("%z") != std::string::npos ||
                            mapping.pattern.find("%Ez") != std::string::npos ||
                            mapping.pattern.find("%Oz") != std::string::npos;
    return time_reader(
        std::make_unique<state>(state{mapping.format, mapping.pattern, has_offset, date::locate_zone(mapping.zone)}));
  } catch (const std::runtime_error&) {
    return failure{error_code::invalid_argument, "there is no time zone '" + mapping.zone + "'", "fields.zone",
                   "use an IANA name, e.g. \"Europe/London\", and install tzdata"};
  }
}

source_time time_reader::read(std::string_view text) const {
  switch (state_->format) {
  case time_format::iso8601:
    return state_->by_iso8601(text);
  case time_format::pattern:
    return state_->by_pattern(text);
  case time_format::epoch_seconds:
  case time_format::epoch_milliseconds:
    break;
  }
  const auto number = number_of(text);
  return number ? read(*number) : source_time{};
}

source_time time_reader::read(double epoch) const {
  if (state_->format != time_format::epoch_seconds && state_->format != time_format::epoch_milliseconds) return {};
  const double seconds = state_->format == time_format::epoch_milliseconds ? epoch / 1000.0 : epoch;
  if (!std::isfinite(seconds) || seconds < 0 || seconds > newest_epoch_seconds) return {};
  return at_instant(from_ms(std::llround(seconds * 1000.0)));
}

} // namespace coldvigil
