#pragma once
// The score of a unit against its own usual course (model/course_score) behind the detector port. Needs no model file:
// everything is learnt from the unit's own readings. Gives no reconstruction and no prediction: it keeps no window.

#include "model/detector.hpp"

#include <memory>
#include <string>

namespace coldvigil {

/// What the score of the method is divided by, so that 1.0 is about half a false alarm a unit-month: less on simulated
/// fleets, more on units with a busy working week (docs/detection.md). `calibrate` and `backtest` fit a fleet's own.
inline constexpr double shipped_course_threshold = 1.475;

[[nodiscard]] std::unique_ptr<detector> make_course_detector(double threshold = shipped_course_threshold);

} // namespace coldvigil
