#include "evaluation/alarm_tracker.hpp"

#include "core/driver_text.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace coldvigil {
namespace {

/// A new spacing is believed by so much at a time.
constexpr std::int64_t spacing_memory = 16;
/// One gap in fifty is longer than the gap that is called rare; it is found by steps up and down of its logarithm.
constexpr double rare_share = 0.02, rare_step = 0.4;
constexpr double rare_gaps = 2; ///< so many rare gaps without a value are a silence
/// Longer than the longest silence of the last half year, which teaches no more than where it became an alarm: or one
/// sensor that was dead for days would hide the next one.
constexpr double longer_than_longest = 1.25, longest_fades_ms = 180 * 86'400'000.0;

std::string in_words(const char* format, double a, double b) {
  char text[160];
  std::snprintf(text, sizeof text, format, a, b);
  return text;
}

alarm_row row(std::string_view kind, std::string_view channel, std::string_view severity, timestamp opened,
              std::optional<timestamp> closed, std::string explanation) {
  alarm_row out;
  out.kind = kind;
  out.channel = channel;
  out.severity = severity;
  out.opened = opened;
  out.closed = closed;
  out.explanation = std::move(explanation);
  return out;
}

double kelvin(std::int32_t milli) {
  return static_cast<double>(milli) / 1000;
}

} // namespace

rule usual_model_rule() {
  return fitted(own_rules({}, 1).rules.back(), std::chrono::seconds{0});
}

millis alarm_tracker::patience(const tracker_rules& rules) const {
  const double missed = std::max(static_cast<double>(spacing_.count()) * rules.missed, rare_gaps * rare_gap_ms_);
  return std::max(rules.least_silence, millis{static_cast<std::int64_t>(missed)});
}

millis alarm_tracker::patience_now(const tracker_rules& rules) const {
  return std::max(patience(rules), habits_.allowed(*last_));
}

void alarm_tracker::learn_gap(millis gap, bool silent, const tracker_rules& rules) {
  const auto length = static_cast<double>(gap.count());
  longest_silence_ms_ *= std::exp(-length / longest_fades_ms);
  if (silent) {
    habits_.add(*last_, gap);
    learn_silence(gap, rules);
  } else
    spacing_ = spacing_.count() == 0 ? gap : spacing_ + (gap - spacing_) / spacing_memory;
  if (rare_gap_ms_ == 0) rare_gap_ms_ = length;
  rare_gap_ms_ *= std::exp(rare_step * (length > rare_gap_ms_ ? 1 - rare_share : -rare_share));
}

void alarm_tracker::add_silence(timestamp at, const tracker_rules& rules, const alarm_sink& sink) {
  if (!last_) return;
  const millis gap = at - *last_;
  const bool silent = spacing_.count() > 0 && gap > patience(rules);
  if (silent) // judged by the silences before it
    tell_silence(gap, at, in_words("no value for %.0f min", static_cast<double>(gap.count()) / 60'000, 0), rules, sink);
  learn_gap(gap, silent, rules);
}

void alarm_tracker::tell_silence(millis lasted, std::optional<timestamp> ended, const std::string& words,
                                 const tracker_rules& rules, const alarm_sink& sink) const {
  const auto tell = [&](std::string_view severity, millis after) {
    if (lasted > after) sink(row("no_data", "dropout", severity, *last_ + after, ended, words));
  };
  const millis noticed = patience_now(rules);
  tell("warning", noticed);
  tell("alarm", std::max(noticed, worrying_silence(rules)));
}

millis alarm_tracker::worrying_silence(const tracker_rules& rules) const {
  const millis longer{static_cast<std::int64_t>(longer_than_longest * longest_silence_ms_)};
  return spacing_ + std::max(rules.silence_delay, longer);
}

void alarm_tracker::learn_silence(millis lasted, const tracker_rules& rules) {
  const auto taught = static_cast<double>(std::min(lasted, worrying_silence(rules)).count());
  longest_silence_ms_ = std::max(longest_silence_ms_, taught);
}

alarm_row alarm_tracker::model_row(const course& of, std::optional<timestamp> closed) const {
  const auto peak = static_cast<double>(of.peak_score);
  const double value = kelvin(of.raised_value);
  // Rules about the sensor alarm at any threshold: their score is no measure of anything.
  alarm_row out =
      row("model", "score", "alarm", of.raised_at, closed,
          is_sensor_rule(of.driver) ? in_words("the value was %.1f °C when it opened", value, 0)
                                    : in_words("score up to %.2f; the value was %.1f °C when it opened", peak, value));
  out.peak_score = peak;
  if (const std::string why = driver_text(of.driver); !why.empty()) out.explanation = why + "; " + out.explanation;
  return out;
}

void alarm_tracker::add_score(timestamp at, milli_celsius value, const verdict& judged, const tracker_rules& rules,
                              const alarm_sink& sink) {
  judged_reading reading;
  reading.at = at;
  reading.value = value;
  reading.state = judged.state;
  reading.score = judged.score;
  reading.why = judged.why;
  const auto event = step(rules.model, model_, reading);
  if (event && !event->raised) sink(model_row(event->what, at));
}

void alarm_tracker::close_bounds(std::optional<timestamp> at, const alarm_sink& sink) {
  const std::string_view kind = above_ ? "high_limit" : "low_limit";
  if (outside_.open)
    sink(row(kind, "bounds", "warning", outside_.since, at,
             in_words("outside the limit, up to %.1f °C", outside_.peak, 0)));
  if (lasting_.open)
    sink(row(kind, "bounds", "alarm", lasting_.since, at,
             in_words("outside the limit for %.0f min and more, up to %.1f °C",
                      static_cast<double>((lasting_.since - outside_.since).count()) / 60'000, outside_.peak)));
  outside_.open = lasting_.open = false;
}

void alarm_tracker::add_bounds(timestamp at, milli_celsius value, bool above, bool below, const tracker_rules& rules,
                               const alarm_sink& sink) {
  if (outside_.open && last_ && at - *last_ > rules.longest_silence) close_bounds(last_, sink);
  if (outside_.open && (above_ ? !above : !below)) close_bounds(at, sink);
  if (!above && !below) return;
  if (!outside_.open) {
    above_ = above;
    outside_ = {true, at, value, kelvin(value)};
  }
  outside_.peak = above_ ? std::max(outside_.peak, kelvin(value)) : std::min(outside_.peak, kelvin(value));
  if (!lasting_.open && at - outside_.since >= rules.bounds_delay) lasting_ = {true, at, value, 0};
}

void alarm_tracker::add(timestamp at, milli_celsius value, const verdict& judged,
                        const std::optional<milli_celsius>& low, const std::optional<milli_celsius>& high,
                        const tracker_rules& rules, const alarm_sink& sink) {
  add_silence(at, rules, sink);
  add_bounds(at, value, high && value > *high, low && value < *low, rules, sink);
  add_score(at, value, judged, rules, sink);
  last_ = at;
}

void alarm_tracker::finish(timestamp newest, const tracker_rules& rules, const alarm_sink& sink) {
  if (last_ && spacing_.count() > 0) tell_silence(newest - *last_, {}, "no value to the end of the file", rules, sink);
  if (model_.now && model_.now->active) sink(model_row(*model_.now, {}));
  close_bounds({}, sink);
}

} // namespace coldvigil
