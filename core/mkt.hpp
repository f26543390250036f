#pragma once
// Mean kinetic temperature (USP <1160>, <1079.2>): the constant temperature that would do as much harm as the true
// course did. T = (H/R) / -ln( sum(w exp(-H/(R t))) / sum(w) ) in kelvin, w the time that each reading stands for.

#include "core/temperature.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace coldvigil {

/// Activation energy over the gas constant, in kelvin: 83.144 kJ/mol over 8.3144e-3 kJ/(mol K).
inline constexpr double usp_activation = 10'000.0;

struct weighted_temperature {
  double celsius = 0;
  double weight = 1;
};

/// How fast harm is done at this temperature, as a share of the rate at infinite temperature. An MKT is this, averaged,
/// and turned back.
[[nodiscard]] double kinetic_rate(double celsius, double activation = usp_activation);
[[nodiscard]] double celsius_of_rate(double rate, double activation = usp_activation);

/// In °C; nothing when all weights are zero. The rates are summed relative to that of the warmest reading.
[[nodiscard]] std::optional<double> mean_kinetic_temperature(std::span<const weighted_temperature> readings,
                                                             double activation = usp_activation);

/// Of the last stretch of a series in event order. A reading stands for the time until the next one; a longer silence
/// than `max_gap` counts for nothing. Time is kept in slots of a fixed part of the window, aligned to the epoch, and
/// the window is the newest reading's slot up to that reading and the `slots` whole ones before it: at least the window
/// asked for, and at most a slot longer. Nothing is ever subtracted, so nothing drifts. O(slots) a reading.
class rolling_mkt {
 public:
  static constexpr std::uint32_t slots = 24;
  /// Shortest window: a slot has at least a second.
  static constexpr millis shortest{1000 * slots};

  struct slot {
    std::uint32_t index = 0; ///< time since the epoch in slots
    std::uint32_t covered_ms = 0;
    std::uint32_t readings = 0;
    double rates = 0; ///< kinetic rates times milliseconds
    friend bool operator==(const slot&, const slot&) = default;
  };
  struct memory {
    std::optional<timestamp> last_at{};
    milli_celsius last_value = 0;
    std::vector<slot> slots{}; ///< oldest first, at most rolling_mkt::slots + 1
    friend bool operator==(const memory&, const memory&) = default;
  };

  /// `window` is at least `shortest`.
  explicit rolling_mkt(memory& state, millis window) : state_(&state), slot_ms_(window.count() / slots) {}

  /// Newer than all readings before.
  void add(timestamp at, milli_celsius value, millis max_gap);
  /// In °C; nothing while no time is covered.
  [[nodiscard]] std::optional<double> value() const;
  [[nodiscard]] std::uint64_t readings() const;
  [[nodiscard]] millis covered() const;

 private:
  slot& slot_at(std::uint32_t index);
  void stand(timestamp from, timestamp to, milli_celsius value);

  memory* state_;
  std::int64_t slot_ms_;
};

} // namespace coldvigil
