#include "core/schedule.hpp"

#include <algorithm>

namespace coldvigil {
namespace {

using std::chrono::days;
using std::chrono::minutes;
using std::chrono::sys_days;

constexpr minutes whole_day{24 * 60};
constexpr days looked_ahead{8};   // a week is gone through by then
constexpr minutes clock_grid{15}; // no place changes its clock between these
constexpr std::size_t most_spans_a_day = 24;
constexpr std::size_t most_dates = 1000;

/// The spans that begin on this local date.
const std::vector<duty_span>& beginning_on(const schedule& when, sys_days date) {
  if (const auto special = when.dates.find(date); special != when.dates.end()) return special->second;
  return when.week[std::chrono::weekday{date}.iso_encoding() - 1];
}

/// The next instant at which the answer may be another one.
timestamp next_edge(const schedule& when, timestamp at) {
  const auto local = at + when.zone->ahead(at);
  const auto today = std::chrono::floor<days>(local);
  timestamp out = std::chrono::floor<std::chrono::duration<std::int64_t, std::ratio<60 * clock_grid.count()>>>(at);
  out += clock_grid;
  const auto consider = [&](auto edge) {
    if (edge > local) out = std::min<timestamp>(out, at + (edge - local));
  };
  for (const sys_days date : {today - days{1}, today})
    for (const duty_span& span : beginning_on(when, date)) {
      consider(date + span.from);
      consider(date + span.to + (span.overnight() ? whole_day : minutes{0}));
    }
  return out;
}

bool are_sound(const std::vector<duty_span>& spans) {
  return spans.size() <= most_spans_a_day && std::all_of(spans.begin(), spans.end(), [](const duty_span& each) {
           return each.from >= minutes{0} && each.from < whole_day && each.to >= minutes{0} && each.to <= whole_day;
         });
}

} // namespace

status check(const schedule& what) {
  if (!what.zone) return failure{error_code::invalid_argument, "a schedule without a time zone"};
  if (what.dates.size() > most_dates)
    return failure{error_code::invalid_argument, "a schedule with more than 1000 dates", "",
                   "take out those that are over"};
  const auto sound = [](const auto& entry) { return are_sound(entry.second); };
  if (!std::all_of(what.week.begin(), what.week.end(), are_sound) ||
      !std::all_of(what.dates.begin(), what.dates.end(), sound))
    return failure{error_code::invalid_argument, "a span outside its day, or more than 24 spans in one day", "",
                   "spans run from 00:00 to 24:00; one that ends on the next day has an end before its beginning"};
  return nothing{};
}

bool on_duty(const schedule& when, timestamp at) {
  const auto local = at + when.zone->ahead(at);
  const auto today = std::chrono::floor<days>(local);
  const auto time = local - today;
  for (const duty_span& span : beginning_on(when, today))
    if (time >= span.from && (span.overnight() || time < span.to)) return true;
  for (const duty_span& span : beginning_on(when, today - days{1}))
    if (span.overnight() && time < span.to) return true;
  return false;
}

std::optional<timestamp> duty_changes(const schedule& when, timestamp at) {
  const bool now = on_duty(when, at);
  for (timestamp next = next_edge(when, at); next <= at + looked_ahead; next = next_edge(when, next))
    if (on_duty(when, next) != now) return next;
  return std::nullopt;
}

} // namespace coldvigil
