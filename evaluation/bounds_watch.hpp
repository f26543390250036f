#pragma once
// What limits alone would have said of a unit, in one pass over its readings: the baselines that every detector is
// compared with, and when each fault first broke a limit.

#include "core/reading.hpp"

#include <optional>
#include <string>
#include <vector>

namespace coldvigil {

/// An alarm as the evaluation sees it.
struct episode {
  timestamp opened{}, closed{};
  friend bool operator==(const episode&, const episode&) = default;
};

/// When a fault first broke a limit, both of readings within [start, end).
struct breach_times {
  std::optional<timestamp> instant{};   ///< the first reading outside
  std::optional<timestamp> sustained{}; ///< the first reading at which all had been outside for the delay
};

struct fault_span {
  timestamp start{}, end{};
};

/// Readings come in time order. Strictly below `low` or above `high` is outside; an absent limit is never broken.
class bounds_watch {
 public:
  bounds_watch(std::optional<milli_celsius> low, std::optional<milli_celsius> high, std::vector<fault_span> faults);

  void add(timestamp at, milli_celsius value);
  /// Closes what is open. To be called once, after the last reading.
  void finish();

  [[nodiscard]] const std::vector<episode>& instant() const { return instant_; }
  [[nodiscard]] const std::vector<episode>& sustained() const { return sustained_; }
  /// Beside the faults given.
  [[nodiscard]] const std::vector<breach_times>& breaches() const { return breaches_; }

  static constexpr millis delay = std::chrono::minutes{30};
  /// A longer silence ends a time outside: nobody knows what was between.
  static constexpr millis longest_silence = std::chrono::minutes{60};
  /// Episodes closer than this are one.
  static constexpr millis merge_gap = std::chrono::minutes{60};

 private:
  void close();

  std::optional<milli_celsius> low_, high_;
  std::vector<fault_span> faults_; ///< in order of their start
  std::vector<breach_times> breaches_;
  std::size_t first_fault_ = 0; ///< those before have ended
  std::optional<timestamp> outside_since_{}, sustained_since_{};
  timestamp last_{};
  std::vector<episode> instant_, sustained_;
};

/// Episodes in order of opening whose gaps are shorter than `gap` become one.
[[nodiscard]] std::vector<episode> merged(std::vector<episode> episodes, millis gap);

} // namespace coldvigil
