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
/// reading depends on nothing older; there, once in 30 days, the phase of the compressor may jump. States on the way
/// are kept every two hours, at most max_marks of them: a question costs the steps from the mark before it.
class unit_trace {
 public:
  explicit unit_trace(unit_design design) : design_(design) {}

  /// The readings at `first`, `first + interval`, ... up to and including `last`, in order; those that a dropout
  /// swallows are missing. Between two steps of the physics the state of the earlier one holds.
  std::vector<trace_reading> readings(timestamp first, timestamp last, millis interval);

  /// Starts a fault at the first step after `now` and after all that was read so far, so that no reading that was
  /// given ever changes. Nothing when the unit has had max_faults.
  std::optional<fault> start(fault_kind kind, timestamp now, millis length, double magnitude);
  /// Adds a fault of an earlier life, before anything is read. False when there are too many.
  bool add(const fault& what);
  [[nodiscard]] std::vector<fault> faults() const;
  [[nodiscard]] const unit_design& design() const { return design_; }

  /// Faults a unit may have in all.
  static constexpr std::size_t max_faults = 256;
  /// 42 days of states; what is older is found again by integrating from the start of its 30 days.
  static constexpr std::size_t max_marks = 512;
  [[nodiscard]] std::size_t marks() const;

 private:
  struct position {
    timestamp at{};
    unit_physics state{};
  };
  [[nodiscard]] position nearest_before(timestamp at) const;
  /// Moves over whole steps, leaving marks.
  void move_to(timestamp at, position& from, hour_weather& weather);
  [[nodiscard]] std::optional<double> reported(const position& where, timestamp at);
  [[nodiscard]] double held_by(std::size_t stuck_fault);
  bool insert(const fault& what);

  unit_design design_;
  mutable std::mutex mutex_;
  std::vector<fault> faults_;
  std::vector<std::optional<double>> held_; ///< beside faults_: what a stuck sensor shows, once it was needed
  timestamp read_to_{};                     ///< newest reading given so far
  std::map<timestamp, unit_physics> marks_;
};

} // namespace coldvigil::sim
