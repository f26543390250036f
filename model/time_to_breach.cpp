#include "model/time_to_breach.hpp"

#include <algorithm>
#include <cmath>

namespace coldvigil {
namespace {

constexpr float fast_memory_h = 1.0F / 3, fast_spacings = 3; // memory: never fewer readings than this
constexpr float fast_apart_h = 1.0F / 12.0F;                 // closer readings tell the same through the sensor's lag
constexpr float slow_memory_h = 12, slow_apart_h = 1, calm_h = 3; // cycles and defrosts are no drifts
constexpr float least_fast_span_h = 0.45F;
constexpr float least_weight = 2.5F, least_scatter = 0.05F; // K
constexpr float least_t = 3, interval_t = 1.3F, bend = 1.5F;
constexpr float unusual = 2; // swings away from the last hours
constexpr float gap_spacings = 6, least_gap_h = 0.75F;
constexpr double course_hours = furthest_minutes / 60, course_step_h = 0.25; // of the usual course that is looked at

void restart(fading_line& line) {
  line = {};
}

double usual_in(const usual_course& usual, double hours) {
  return usual ? usual(hours) : 0;
}

/// Where the limit lies.
double towards(bool high) {
  return high ? 1 : -1;
}

/// A line on top of the usual course; beyond the course it goes on alone.
struct way_ahead {
  double limit, level, slope;
  bool high;

  /// K an hour towards the limit.
  [[nodiscard]] double speed() const { return towards(high) * slope; }
  /// How far the limit still is in so many hours, K; at most 0 = reached.
  [[nodiscard]] double left(double hours, double usual) const {
    return towards(high) * (limit - (level + slope * hours + usual));
  }
};

/// Hours until it reaches the limit.
std::optional<double> hours_to(const way_ahead& way, const usual_course& usual) {
  double at = 0, left = way.left(0, usual_in(usual, 0));
  if (left <= 0) return 0;
  while (at < course_hours) {
    const double next = way.left(at + course_step_h, usual_in(usual, at + course_step_h));
    if (next <= 0) return at + course_step_h * left / (left - next);
    at += course_step_h;
    left = next;
  }
  if (!(way.speed() > 0)) return std::nullopt;
  return at + left / way.speed();
}

/// The last half hour leads out of what the last half day was: a compressor's cycle does not.
bool leaves_the_usual(const breach_watch& of, bool high) {
  const auto off = static_cast<double>(of.fast.level() - of.slow.mean_y);
  return towards(high) * off > static_cast<double>(unusual * std::sqrt(of.swing));
}

std::optional<breach_forecast> by_minutes(const breach_watch& of, double limit, bool high, const usual_course& usual) {
  const fading_line& line = of.fast;
  if (of.span_h < least_fast_span_h || !line.significant() || !leaves_the_usual(of, high)) return std::nullopt;
  const way_ahead way{limit, line.level(), line.slope(), high};
  if (way.speed() <= 0) return std::nullopt;
  // Heat flows bend the line, so the interval is wider than the scatter of readings alone would have it.
  const double slack = towards(high) * interval_t * line.scatter() / std::sqrt(line.weight);
  const double doubt = towards(high) * interval_t * line.scatter() / std::sqrt(line.tt);
  const auto reaches = [&](double sooner) {
    return hours_to({limit, way.level + sooner * slack, way.slope + sooner * doubt, high}, usual);
  };
  const auto hours = reaches(0), earliest = reaches(1), latest = reaches(-1);
  if (!hours || *hours * 60 > furthest_minutes || !earliest || !latest) return std::nullopt;
  breach_forecast out{breach_horizon::minutes, high, static_cast<float>(*hours * 60)};
  out.earliest = static_cast<float>(60 * *earliest / bend);
  out.latest = static_cast<float>(60 * *latest * bend);
  return out;
}

/// The usual swings of a day that it may last are not added: nobody knows when in the day it will be reached.
std::optional<breach_forecast> by_stretch(const breach_watch& of, double limit, bool high) {
  if (!of.slow.significant()) return std::nullopt;
  const way_ahead way{limit, of.slow.level(), of.slow.slope(), high};
  // The slow line may lie beyond the limit for hours after a breach that is over.
  const bool leads_there = way.speed() > 0 && way.left(0, 0) > 0;
  if (!leads_there) return std::nullopt;
  const double hours = way.left(0, 0) / way.speed();
  if (hours > furthest_breach_h) return std::nullopt;
  const auto within = hours <= 6    ? breach_horizon::six_hours
                      : hours <= 24 ? breach_horizon::day
                                    : breach_horizon::later;
  return breach_forecast{within, high};
}

} // namespace

void fading_line::add(float y, float hours, float memory_hours, float of_weight) {
  const float kept = std::exp(-hours / memory_hours);
  weight *= kept;
  tt *= kept;
  ty *= kept;
  yy *= kept;
  mean_t -= hours;
  const float all = weight + of_weight;
  const float shared = weight * of_weight / all;
  const float off_t = -mean_t, off_y = y - mean_y;
  tt += shared * off_t * off_t;
  ty += shared * off_t * off_y;
  yy += shared * off_y * off_y;
  mean_t += off_t * of_weight / all;
  mean_y += off_y * of_weight / all;
  weight = all;
}

float fading_line::scatter() const {
  const float rest = tt > 0 ? yy - ty * ty / tt : yy;
  return std::max(std::sqrt(std::max(rest, 0.0F) / std::max(weight - 1.5F, 0.5F)), least_scatter);
}

bool fading_line::significant() const {
  return weight >= least_weight && tt > 0 && std::abs(slope()) * std::sqrt(tt) > least_t * scatter();
}

void fold(breach_watch& of, timestamp at, milli_celsius value, double usual) {
  const std::int64_t ms = to_ms(at);
  if (of.last_ms != 0 && ms <= of.last_ms) return;
  const float hours = of.last_ms == 0 ? 0 : static_cast<float>(static_cast<double>(ms - of.last_ms) / 3.6e6);
  of.last_ms = ms;
  if (of.spacing_h == 0) of.spacing_h = hours;
  const bool gap = hours > std::max(least_gap_h, gap_spacings * of.spacing_h);
  if (gap || of.span_h == 0) restart(of.fast);
  if (hours > slow_memory_h) restart(of.slow);
  of.span_h = gap ? 0 : std::min(of.span_h + hours, slow_memory_h);
  of.spacing_h += 0.1F * (std::min(hours, 4 * of.spacing_h) - of.spacing_h);
  const auto celsius = static_cast<float>(in_celsius(value));
  const float memory = std::max(fast_memory_h, fast_spacings * of.spacing_h);
  const auto departure = celsius - static_cast<float>(std::isfinite(usual) ? usual : 0);
  of.fast.add(departure, hours, memory, of.fast.weight == 0 ? 1 : std::min(1.0F, hours / fast_apart_h));
  const float step = std::min(hours, calm_h);
  if (of.slow.weight == 0) of.calm = departure;
  of.calm += (1 - std::exp(-step / calm_h)) * (departure - of.calm);
  const float off = departure - of.slow.mean_y;
  of.swing += (1 - std::exp(-step / slow_memory_h)) * (off * off - of.swing);
  of.slow.add(of.calm, hours, slow_memory_h, std::max(std::min(1.0F, hours / slow_apart_h), 1e-4F));
}

breach_forecast time_to_breach(const breach_watch& of, std::optional<milli_celsius> low,
                               std::optional<milli_celsius> high, const usual_course& usual) {
  if (!of.fast.significant() && !of.slow.significant()) return {}; // nearly always
  const double now = usual_in(usual, 0) + (of.fast.tt > 0 ? of.fast.level() : of.fast.mean_y);
  if ((high && now > in_celsius(*high)) || (low && now < in_celsius(*low))) return {};
  std::optional<breach_forecast> out;
  const auto consider = [&](std::optional<milli_celsius> limit, bool is_high, const auto& by) {
    if (!out && limit) out = by(of, in_celsius(*limit), is_high);
  };
  const auto in_minutes = [&](const breach_watch& watch, double limit, bool is_high) {
    return by_minutes(watch, limit, is_high, usual);
  };
  consider(high, true, in_minutes);
  consider(low, false, in_minutes);
  consider(high, true, by_stretch);
  consider(low, false, by_stretch);
  return out.value_or(breach_forecast{});
}

} // namespace coldvigil
