#pragma once
// What became of the times to a breach that were said of a unit: how often they were said, and how often they came
// true.

#include "core/insight.hpp"
#include "core/reading.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <optional>

namespace coldvigil {

/// Of one way of saying it (core/insight: breach_horizon).
struct breach_outcome {
  std::uint64_t said = 0, came = 0;   ///< came: the limit was passed within half as long again, four hours for minutes
  std::uint64_t near = 0, inside = 0; ///< of `came`, for minutes: within a factor of two; inside the interval
};

inline constexpr std::size_t breach_horizons = 5; ///< none, and the four ways

struct breach_outcomes {
  std::uint64_t looked_at = 0; ///< readings inside the limits, of which something could have been said
  std::array<breach_outcome, breach_horizons> by{};

  [[nodiscard]] breach_outcome& of(breach_horizon within) { return by[static_cast<std::size_t>(within)]; }
  [[nodiscard]] const breach_outcome& of(breach_horizon within) const { return by[static_cast<std::size_t>(within)]; }
};

/// Of one unit. Readings come in time order; one in five minutes counts, so that units count alike and little is kept.
class breach_ledger {
 public:
  void add(timestamp at, milli_celsius value, const breach_forecast& said, std::optional<milli_celsius> low,
           std::optional<milli_celsius> high, breach_outcomes& to);

  static constexpr millis counted_every = std::chrono::minutes{5};

 private:
  struct forecast {
    timestamp at{};
    breach_forecast said{};
  };
  /// The reading is beyond the limit on this side: those that spoke of it came true.
  void settle(timestamp at, bool high, breach_outcomes& to);
  void forget_old(timestamp at, breach_outcomes& to);

  /// By horizon; what has not come to an end when the readings do is not counted. Bounded by the longest horizon over
  /// counted_every.
  std::array<std::deque<forecast>, breach_horizons> open_{};
  std::optional<timestamp> counted_{};
};

} // namespace coldvigil
