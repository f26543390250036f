#pragma once
// Small estimators that forget: O(1) a value, a few bytes each, robust against what is not clean. Plain data.

#include <algorithm>
#include <cmath>

namespace coldvigil {

/// Weight of a new value of duration `step` for an average with this time constant: exact for exponential forgetting.
[[nodiscard]] inline float forgetting(double step, double time_constant) {
  return static_cast<float>(1 - std::exp(-step / time_constant));
}

/// Location and spread of a quantity, in which an outlier counts as if it were at most `reach` spreads away. Young, it
/// weighs all values alike; old, it forgets.
struct robust_scale {
  float location = 0;
  float deviation = 0; ///< mean absolute
  float weight = 0;    ///< values seen, as long as that is below the memory

  void add(float value, float memory, float reach = 3) {
    weight = std::min(weight + 1, memory);
    const float rate = 1 / weight;
    if (weight <= 1) {
      location = value;
      return;
    }
    const float bound = weight < 20 ? 1e30F : reach * std::max(1.25F * deviation, 1e-6F);
    const float away = std::clamp(value - location, -bound, bound);
    location += rate * away;
    deviation += rate * (std::abs(away) - deviation);
  }
  /// Of the normal distribution with this mean absolute deviation.
  [[nodiscard]] float spread(float least) const { return std::max(1.2533F * deviation, least); }
};

/// The same for a quantity that lies around nothing: its size alone.
struct robust_size {
  float deviation = 0; ///< mean absolute
  float weight = 0;    ///< values seen, as long as that is below the memory

  void add(float value, float memory, float reach = 3) {
    weight = std::min(weight + 1, memory);
    const float bound = weight < 20 ? 1e30F : reach * std::max(1.25F * deviation, 1e-6F);
    deviation += (std::min(std::abs(value), bound) - deviation) / weight;
  }
  /// Of the normal distribution with this mean absolute deviation.
  [[nodiscard]] float spread(float least) const { return std::max(1.2533F * deviation, least); }
};

} // namespace coldvigil
