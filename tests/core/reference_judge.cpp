#include "tests/core/reference_judge.hpp"

#include <algorithm>
#include <cmath>

namespace coldvigil::test {
namespace {

using series = std::vector<judged_reading>;
enum class answer { unsaid, holds, between, clears };

std::int64_t ms_between(const judged_reading& a, const judged_reading& b) {
  return to_ms(b.at) - to_ms(a.at);
}
bool is_silence(const rule& by, const judged_reading& a, const judged_reading& b) {
  return ms_between(a, b) > by.max_gap.count();
}
/// A silence that the rule's delays and sums do not count.
bool is_gap(const rule& by, const judged_reading& a, const judged_reading& b) {
  return by.gaps != gap_policy::bridge && is_silence(by, a, b);
}
bool looks_down(const rule& by) {
  return by.kind == rule_kind::low_limit || (by.kind != rule_kind::high_limit && by.side == rule_side::below);
}
bool is_beyond(const rule& by, std::int64_t value) {
  if (by.inclusive) return looks_down(by) ? value <= by.limit : value >= by.limit;
  return looks_down(by) ? value < by.limit : value > by.limit;
}
/// Time of [a, b] that lies after `begin`.
std::int64_t overlap(const judged_reading& a, const judged_reading& b, std::int64_t begin) {
  return std::max<std::int64_t>(0, to_ms(b.at) - std::max(begin, to_ms(a.at)));
}

answer limit_answer(const rule& by, milli_celsius value) {
  if (is_beyond(by, value)) return answer::holds;
  const std::int64_t nearer = looks_down(by) ? std::int64_t{value} - by.deadband : std::int64_t{value} + by.deadband;
  return is_beyond(by, nearer) ? answer::between : answer::clears;
}

std::int64_t sum_at(const rule& by, const series& all, std::size_t now) {
  const std::int64_t slot = by.window.count() / 64;
  const std::int64_t begin = (to_ms(all[now].at) / slot - 64) * slot;
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < now; ++i)
    if (is_beyond(by, all[i].value) && !is_gap(by, all[i], all[i + 1])) sum += overlap(all[i], all[i + 1], begin);
  return sum;
}

answer sum_answer(const rule& by, const series& all, std::size_t now) {
  return sum_at(by, all, now) >= by.cumulative.count() ? answer::holds : answer::clears;
}

/// The oldest reading in the window that is the first of its eighth, since the last silence that starts anew.
std::optional<std::size_t> slope_start(const rule& by, const series& all, std::size_t now) {
  const std::int64_t slot = by.window.count() / 8;
  std::size_t stretch = now;
  while (stretch > 0 &&
         !(by.gaps == gap_policy::restart && ms_between(all[stretch - 1], all[stretch]) > by.max_gap.count()))
    --stretch;
  for (std::size_t i = stretch; i < now; ++i) {
    const bool first = i == stretch || to_ms(all[i - 1].at) / slot != to_ms(all[i].at) / slot;
    if (!first || ms_between(all[i], all[now]) > by.window.count()) continue;
    if (ms_between(all[i], all[now]) < by.window.count() / 2) return std::nullopt;
    return i;
  }
  return std::nullopt;
}

struct rise_in {
  double rise = 0, hours = 0;
};

std::optional<rise_in> rise_at(const rule& by, const series& all, std::size_t now) {
  const auto start = slope_start(by, all, now);
  if (!start) return std::nullopt;
  double rise = static_cast<double>(all[now].value) - all[*start].value;
  if (by.side == rule_side::either) rise = std::abs(rise);
  if (by.side == rule_side::below) rise = -rise;
  return rise_in{rise, static_cast<double>(ms_between(all[*start], all[now])) / 3'600'000.0};
}

answer rate_answer(const rule& by, const series& all, std::size_t now) {
  const auto found = rise_at(by, all, now);
  if (!found) return answer::unsaid;
  const auto [rise, an_hour] = *found;
  if (rise > by.limit * an_hour + 1e-6) return answer::holds;
  return rise <= (by.limit - by.deadband) * an_hour + 1e-6 ? answer::clears : answer::between;
}

answer forecast_answer(const rule& by, const series& all, std::size_t now) {
  const auto start = slope_start(by, all, now);
  if (!start) return answer::unsaid;
  const std::int64_t time = ms_between(all[*start], all[now]);
  std::int64_t change = std::int64_t{all[now].value} - all[*start].value;
  change = looks_down(by) ? std::min<std::int64_t>(change, 0) : std::max<std::int64_t>(change, 0);
  // Both sides times the time, so that nothing is rounded.
  const std::int64_t then = all[now].value * time + change * by.lead.count();
  const auto crosses = [&](std::int64_t limit) { return looks_down(by) ? then < limit * time : then > limit * time; };
  if (crosses(by.limit)) return answer::holds;
  return crosses(std::int64_t{by.limit} + (looks_down(by) ? by.deadband : -by.deadband)) ? answer::between
                                                                                         : answer::clears;
}

/// To the thousandth of a degree; nothing when too little is known.
std::optional<double> mkt_at(const rule& by, const series& all, std::size_t now) {
  const std::int64_t slot = by.window.count() / 24;
  const std::int64_t begin = (to_ms(all[now].at) / slot - 24) * slot;
  std::vector<weighted_temperature> in_window;
  std::uint32_t readings = 0;
  for (std::size_t i = 0; i <= now; ++i) {
    if (to_ms(all[i].at) >= begin) ++readings;
    if (i < now && !is_gap(by, all[i], all[i + 1]))
      in_window.push_back({in_celsius(all[i].value), static_cast<double>(overlap(all[i], all[i + 1], begin))});
  }
  const auto mkt = mean_kinetic_temperature(in_window);
  if (!mkt || readings < by.min_samples) return std::nullopt;
  return std::round(*mkt * 1000.0);
}

answer mkt_answer(const rule& by, const series& all, std::size_t now) {
  const auto shown = mkt_at(by, all, now);
  if (!shown) return answer::unsaid;
  if (*shown > by.limit) return answer::holds;
  return *shown <= by.limit - by.deadband ? answer::clears : answer::between;
}

answer repeat_answer(const rule& by, const series& all, std::size_t now) {
  double pairs = 0;
  double same = 0;
  double longest = 0;
  const auto faulty = [&](double run) {
    const double chance = std::pow((same + 1) / (pairs + 2), run - 1);
    return pairs >= 256 && run >= 2 && run >= by.min_samples && run > 2 * longest && chance < 1e-6;
  };
  std::size_t start = 0;
  for (std::size_t i = 1; i <= now; ++i) {
    if (all[i].value == all[start].value) continue;
    const auto run = static_cast<double>(i - start);
    if (!faulty(run)) {
      pairs += run;
      same += run - 1;
      longest = std::max(longest, run);
    }
    start = i;
  }
  return faulty(static_cast<double>(now - start + 1)) ? answer::holds : answer::clears;
}

answer answer_at(const rule& by, const series& all, std::size_t now) {
  switch (by.kind) {
  case rule_kind::low_limit:
  case rule_kind::high_limit:
    return limit_answer(by, all[now].value);
  case rule_kind::model_persistence:
    if (all[now].state != score_state::scored) return answer::unsaid;
    if (all[now].score > by.score_limit) return answer::holds;
    return all[now].score < 0.7F * by.score_limit ? answer::clears : answer::between;
  case rule_kind::cumulative:
    return sum_answer(by, all, now);
  case rule_kind::rate_of_change:
    return rate_answer(by, all, now);
  case rule_kind::predicted_breach:
    return forecast_answer(by, all, now);
  case rule_kind::mkt_limit:
    return mkt_answer(by, all, now);
  case rule_kind::sensor_fault:
    return repeat_answer(by, all, now);
  case rule_kind::no_data:
    break;
  }
  return answer::unsaid;
}

/// What the rule holds against its limit, where that is not a reading.
std::optional<std::int64_t> measured_at(const rule& by, const series& all, std::size_t now) {
  if (by.kind == rule_kind::cumulative) return sum_at(by, all, now);
  if (by.kind == rule_kind::mkt_limit) return std::llround(mkt_at(by, all, now).value());
  if (by.kind != rule_kind::rate_of_change) return std::nullopt;
  const rise_in found = rise_at(by, all, now).value();
  return std::llround(found.rise / found.hours);
}

/// The readings that say something about the rule, and what they say.
struct testimony {
  series readings;
  std::vector<answer> says;
  std::vector<std::optional<std::int64_t>> measured;
};

/// The longest stretch that ends at `end`, says `what` all along, begins at `from` or later and is cut by no silence.
std::size_t stretch_start(const rule& by, const testimony& of, std::size_t end, std::size_t from, answer what) {
  std::size_t start = end;
  while (start > from && of.says[start - 1] == what &&
         !(by.gaps == gap_policy::restart && is_gap(by, of.readings[start - 1], of.readings[start])))
    --start;
  return start;
}

std::int64_t counted(const rule& by, const testimony& of, std::size_t from, std::size_t to) {
  std::int64_t out = 0;
  for (std::size_t i = from; i < to; ++i)
    if (!is_gap(by, of.readings[i], of.readings[i + 1])) out += ms_between(of.readings[i], of.readings[i + 1]);
  return out;
}

bool raises(const rule& by, const testimony& of, std::size_t start, std::size_t end) {
  bool far = !by.tolerated_to;
  for (std::size_t i = start; i <= end && by.tolerated_to; ++i)
    far = far || (looks_down(by) ? of.readings[i].value < *by.tolerated_to : of.readings[i].value > *by.tolerated_to);
  const millis needed = far ? by.on_delay : std::max(by.on_delay, by.tolerated_for);
  return end - start + 1 >= by.consecutive && counted(by, of, start, end) >= needed.count();
}

/// Of a sum: what is beyond its limit is told of, from the beginning of the window in which it was reached first.
bool is_told(const rule& by, const testimony& of, std::size_t i) {
  return of.says[i] != answer::clears && (by.kind != rule_kind::cumulative || is_beyond(by, of.readings[i].value));
}

struct told_before {
  timestamp onset{};
  std::vector<milli_celsius> values{};
  std::vector<std::pair<milli_celsius, std::int64_t>> stood{};
  std::int64_t unseen = 0;
};
told_before summed_before(const rule& by, const series& all, std::size_t start) {
  told_before out{all[start].at};
  if (by.kind != rule_kind::cumulative) return out;
  const std::int64_t slot = by.window.count() / 64;
  const std::int64_t begin = (to_ms(all[start].at) / slot - 64) * slot;
  for (std::size_t i = 0; i <= start; ++i) {
    if (!is_beyond(by, all[i].value)) continue;
    const bool inside = to_ms(all[i].at) >= begin;
    const std::int64_t reaches = i < start ? overlap(all[i], all[i + 1], begin) : 0;
    const bool silence = i < start && is_silence(by, all[i], all[i + 1]);
    if (inside || (reaches > 0 && !is_gap(by, all[i], all[i + 1])))
      out.onset = std::min(out.onset, from_ms(std::max(begin, to_ms(all[i].at))));
    if (inside || (reaches > 0 && !silence)) out.values.push_back(all[i].value);
    if (inside && silence) out.unseen += ms_between(all[i], all[i + 1]);
    if (reaches > 0 && !silence) out.stood.emplace_back(all[i].value, reaches);
  }
  return out;
}

void describe(const rule& by, const testimony& of, std::size_t start, std::size_t raised, std::size_t end,
              reference_alarm& out) {
  std::vector<weighted_temperature> stood;
  std::int64_t sum = 0;
  milli_celsius newest = of.readings[start].value;
  const told_before before = summed_before(by, of.readings, start);
  out.course = {before.onset, newest, newest, 0, 0, millis{0}, millis{before.unseen}, false};
  if (!before.values.empty()) {
    out.course.lowest = *std::min_element(before.values.begin(), before.values.end());
    out.course.highest = *std::max_element(before.values.begin(), before.values.end());
  }
  for (const auto& [value, time] : before.stood) {
    stood.push_back({in_celsius(value), static_cast<double>(time)});
    sum += value * time;
    out.course.lasted += millis{time};
  }
  const std::size_t last = std::min(end, of.readings.size() - 1);
  out.heard_through = of.readings[last].at;
  out.silence_counts = by.kind != rule_kind::cumulative || is_told(by, of, last);
  for (std::size_t i = start; i < last; ++i) // nobody knows what was in a silence
    if (is_silence(by, of.readings[i], of.readings[i + 1]) && (by.kind != rule_kind::cumulative || is_told(by, of, i)))
      out.course.unseen += millis{ms_between(of.readings[i], of.readings[i + 1])};
  for (std::size_t i = start; i < end; ++i) {
    if (of.says[i] == answer::clears) continue;
    const judged_reading& r = of.readings[i];
    out.course.end_unseen = false;
    out.measured = std::max(out.measured, of.measured[i]); // nothing is less than anything
    if (!is_told(by, of, i)) continue;
    newest = r.value;
    out.course.lowest = std::min(out.course.lowest, r.value);
    out.course.highest = std::max(out.course.highest, r.value);
    if (r.state == score_state::scored) out.peak_score = std::max(out.peak_score, r.score);
    const std::size_t next = i + 1;
    if (next > last) continue;
    const std::int64_t time = ms_between(r, of.readings[next]);
    const bool silence = is_silence(by, r, of.readings[next]);
    out.course.end_unseen = silence && of.says[next] == answer::clears;
    if (silence) continue;
    stood.push_back({in_celsius(r.value), static_cast<double>(time)});
    sum += r.value * time;
    out.course.lasted += millis{time};
  }
  const auto mkt = mean_kinetic_temperature(stood);
  out.course.mean = mkt ? static_cast<milli_celsius>(
                              std::lround(static_cast<double>(sum) / static_cast<double>(out.course.lasted.count())))
                        : newest;
  out.course.mkt = mkt ? static_cast<milli_celsius>(std::lround(*mkt * 1000.0)) : newest;
  out.raised_at = of.readings[raised].at;
  out.raised_value = of.readings[raised].value;
  const bool either_way = by.kind == rule_kind::model_persistence || by.kind == rule_kind::rate_of_change ||
                          by.kind == rule_kind::sensor_fault;
  out.extreme = either_way ? newest : looks_down(by) ? out.course.lowest : out.course.highest;
}

} // namespace

millis silence_between(const rule& by, timestamp from, timestamp to) {
  return to - from > by.max_gap ? to - from : millis{0};
}

std::vector<reference_alarm> reference_alarms(const rule& by, const series& all) {
  testimony of;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const answer said = answer_at(by, all, i);
    if (said == answer::unsaid) continue;
    of.readings.push_back(all[i]);
    of.says.push_back(said);
    of.measured.push_back(measured_at(by, all, i));
  }
  std::vector<reference_alarm> out;
  std::size_t from = 0;
  for (std::size_t i = 0; i < of.says.size(); ++i) {
    if (i < from || of.says[i] != answer::holds) continue;
    const std::size_t start = stretch_start(by, of, i, from, answer::holds);
    if (!raises(by, of, start, i)) continue;
    reference_alarm alarm;
    alarm.rule = by.id;
    std::size_t end = i + 1;
    for (; end < of.says.size(); ++end) {
      if (of.says[end] != answer::clears) continue;
      const std::size_t over = stretch_start(by, of, end, i + 1, answer::clears);
      if (counted(by, of, over, end) >= by.off_delay.count()) break;
    }
    if (end < of.says.size()) alarm.cleared_at = of.readings[end].at;
    describe(by, of, start, i, end, alarm);
    out.push_back(alarm);
    from = end + 1;
  }
  return out;
}

std::vector<reference_alarm> reference_silences(const rule& by, const std::vector<silence_tick>& ticks) {
  const auto within = [&](const std::vector<timestamp>& times, timestamp now) {
    return std::any_of(times.begin(), times.end(), [&](timestamp each) { return now - each < by.silent_after; });
  };
  const auto newest = [](const std::vector<timestamp>& times) { return *std::max_element(times.begin(), times.end()); };
  std::vector<reference_alarm> out;
  for (const silence_tick& tick : ticks) {
    const bool open = !out.empty() && !out.back().cleared_at;
    if (!open && !within(tick.heard, tick.at) && !within(tick.started, tick.at)) {
      reference_alarm silent;
      silent.rule = by.id;
      silent.raised_at = newest(tick.started) + by.silent_after;
      if (!tick.heard.empty()) silent.raised_at = std::max(silent.raised_at, newest(tick.heard) + by.silent_after);
      silent.course.onset = silent.raised_at - by.silent_after;
      out.push_back(silent);
    } else if (open && within(tick.heard, tick.at)) {
      out.back().cleared_at = std::max(newest(tick.heard), out.back().raised_at);
      out.back().course.unseen = *out.back().cleared_at - out.back().course.onset;
    }
  }
  return out;
}

} // namespace coldvigil::test
