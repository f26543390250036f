#pragma once
// A unit's trace: what its sensor reports at any time, the same whoever asks, when and in whatever order.

#include "sim/physics.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <vector>

namespace coldvigil::sim {

struct trace_reading {
  timestamp at;
  double celsius = 0;
};

/// Thread-safe. The integration starts anew every 30 days (after a warm-up of two days from the set point), so that a
/// reading depends on nothing older; there, once in 30 days, the phase of the compressor may jump.
class unit_trace {
 public:
  explicit unit_trace(unit_design design) : design_(design) {}

  /// The readings at `first`, `first + interval`, ... up to and including `last`, in order; those that a dropout
  /// swallows are missing. `first` and `interval` lie on the physics grid.
  std::vector<trace_reading> readings(timestamp first, timestamp last, millis interval);

  /// Adds a fault that starts at or after every time that was asked for so far. False when there are too many.
  bool add(const fault& what);
  [[nodiscard]] std::vector<fault> faults() const;
  [[nodiscard]] const unit_design& design() const { return design_; }

  /// Faults a unit may have in all.
  static constexpr std::size_t max_faults = 256;

 private:
  struct position {
    timestamp at{};
    unit_physics state{};
  };
  void move_to(timestamp at, position& from, hour_weather& weather) const;
  [[nodiscard]] position nearest_before(timestamp at) const;
  void remember(const position& where, timestamp of_block);
  [[nodiscard]] std::optional<double> reported(const position& where) const;
  [[nodiscard]] double value_at_start(const fault& what) const;

  unit_design design_;
  mutable std::mutex mutex_;
  std::vector<fault> faults_;
  std::map<timestamp, unit_physics> marks_; ///< every six hours, and the newest place; bounded
};

} // namespace coldvigil::sim
