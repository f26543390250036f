#include "net/alarm_evidence.hpp"

#include <algorithm>

namespace coldvigil {
namespace {

constexpr millis margin = std::chrono::hours{1};
constexpr millis longest = std::chrono::days{7};
constexpr millis part = longest / 3;

} // namespace

std::vector<time_stretch> evidence_of(const alarm_record& alarm, timestamp now) {
  const timestamp onset = std::min(alarm.course.onset, alarm.raised_at);
  const timestamp from = (onset.time_since_epoch().count() > 0 ? onset : alarm.raised_at) - margin;
  const timestamp end = alarm.cleared_at.value_or(now);
  // Readings may be a little ahead of the clock; of the time after both there is no evidence yet.
  const timestamp to = std::min(end + margin, std::max(end, now));
  if (to - from <= longest) return {{from, to}};
  const time_stretch raising{std::max(from, alarm.raised_at - part / 2), std::min(to, alarm.raised_at + part / 2)};
  std::vector<time_stretch> out{{from, from + part}};
  for (const time_stretch& next : {raising, {to - part, to}}) {
    if (next.from > out.back().to)
      out.push_back(next);
    else
      out.back() = {std::min(out.back().from, next.from), std::max(out.back().to, next.to)};
  }
  return out;
}

} // namespace coldvigil
