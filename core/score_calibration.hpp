#pragma once
// What an operator's budget of false alarms a unit-month means for the scores of a fleet. Scores are the course
// detector's, 1 is the threshold that ships.

#include "core/reading.hpp"
#include "core/tail_fit.hpp"

namespace coldvigil {

inline constexpr double usual_budget = 0.5;

/// The part of a budget that is aimed at. What a month of a fleet says of its next one differs by half of it either way
/// (docs/detection.md), and more false alarms than were asked for are worse than fewer.
inline constexpr double budget_aim = 0.9;

/// Until then a unit's scores are damped, because it does not know itself yet: they say nothing about later ones.
inline constexpr millis course_learning_time = std::chrono::days{7};

/// What could be fitted, and from how much.
struct fleet_tail {
  std::optional<tail_fit> fit{}; ///< nothing: too little
  double unit_months = 0;        ///< of scores
};

/// Gathers the scores of a fleet, unit by unit or all at once, each unit's in time order. Memory is bounded.
class fleet_scores {
 public:
  struct unit {
    std::optional<timestamp> first{}; ///< reading
    block_maximum blocks{};
  };

  /// What is scored while a unit is `young` is left out.
  explicit fleet_scores(millis young = course_learning_time) : young_(young) {}
  /// `driver`: what a rule about the sensor says is no score of the tail's.
  void add(unit& of, timestamp at, score_state state, double score, const score_driver& driver);
  [[nodiscard]] fleet_tail fit();
  /// Blocks whose highest score was over 1 and not lower than those beside them.
  [[nodiscard]] std::size_t peaks_over_threshold() const { return over_; }

 private:
  millis young_;
  value_sample maxima_, peaks_;
  std::size_t over_ = 0;
};

/// The tail of the course detector's scores on simulated fleets (docs/detection.md): what a budget means where there is
/// too little to fit.
[[nodiscard]] tail_fit usual_course_tail();

/// The score above which the course detector's alarms open, so that no more than `budget` are false a unit-month:
/// between the fleet's own tail and the usual one, the nearer to its own the more was seen. A small fleet's own tail
/// holds its incidents, and would keep silent about the next one.
[[nodiscard]] double course_threshold(const std::optional<tail_fit>& of, double budget);

} // namespace coldvigil
