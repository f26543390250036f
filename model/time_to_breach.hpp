#pragma once
// When a unit will be out of its limits if it goes on as it does. A line through the last half hour or so says minutes;
// a line through the last half day says only in which stretch of time. Most of the time nothing can be said.

#include "core/detection.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <type_traits>

namespace coldvigil {

/// A line through readings that fade with their age: O(1) a reading, times in hours before the newest.
struct fading_line {
  float weight = 0; ///< independent readings it rests on
  float mean_t = 0, mean_y = 0;
  float tt = 0, ty = 0, yy = 0; ///< weighted squares and products around the means

  /// Moves `hours` on and takes in a value of this weight there.
  void add(float y, float hours, float memory_hours, float of_weight);
  [[nodiscard]] float slope() const { return ty / tt; }
  /// Where the line is now.
  [[nodiscard]] float level() const { return mean_y - slope() * mean_t; }
  /// Standard deviation of a reading around the line, but never below what a coarse sensor hides.
  [[nodiscard]] float scatter() const;
  /// The slope is known to be other than zero. False for too few readings.
  [[nodiscard]] bool significant() const;
};

/// What a unit remembers for it. Plain data; zeros for a unit never seen.
struct breach_watch {
  std::int64_t last_ms = 0;
  float spacing_h = 0; ///< usual time between readings
  float span_h = 0;    ///< for which the fast line has been fed without a gap
  fading_line fast{};  ///< °C less what is usual at that time of day
  float calm = 0;      ///< mean of the last hours, likewise
  float swing = 0;     ///< mean square of what that leaves, K²
  fading_line slow{};  ///< through `calm`
};
static_assert(sizeof(breach_watch) <= 80 && std::is_trivially_copyable_v<breach_watch>);

/// Folds in a reading newer than all before; one that is not changes nothing. `usual` is how much warmer than its mean
/// the unit usually is at that time of day, K: without it a daily swing is taken for a drift, and every morning for a
/// way to the limit.
void fold(breach_watch& of, timestamp at, milli_celsius value, double usual = 0);

/// A later breach than this many hours ahead is not spoken of.
inline constexpr double furthest_breach_h = 72;
/// Minutes are given up to two hours ahead.
inline constexpr double furthest_minutes = 120;

/// How much warmer than its mean the unit usually is so many hours after its newest reading, K.
using usual_course = std::function<double(double hours)>;

/// The departure from what is usual goes on as it does, on top of the usual course of the coming two hours; without
/// one that is flat. Nothing while the unit is out of its limits already, has none, or goes nowhere.
[[nodiscard]] breach_forecast time_to_breach(const breach_watch& of, std::optional<milli_celsius> low,
                                             std::optional<milli_celsius> high, const usual_course& usual = {});

} // namespace coldvigil
