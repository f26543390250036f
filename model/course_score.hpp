#pragma once
// How far a unit is from its own usual behaviour: many slow statistics of small differences rather than single large
// ones. Pure; O(1) a reading.

#include "core/detection.hpp"
#include "core/driver_text.hpp"
#include "model/course_rules.hpp"
#include "model/fault_shape.hpp"
#include "model/unit_course.hpp"

namespace coldvigil {

struct course_verdict {
  bool scored = false;
  float score = 0; ///< 1 is the unit's own usual worst; the threshold is a multiple of it, the same for the fleet
  score_driver driver{};
  float usual = 0;  ///< °C, at this time of day
  float strays = 0; ///< of its clean readings from that, one spread
};

/// Folds in a reading newer than all before; one that is not changes nothing and has no score.
course_verdict fold(unit_course& of, timestamp at, milli_celsius value, const course_rules& rules);

/// The newest finished step as the network of fault shapes learns from it; nothing while that is shown none.
[[nodiscard]] std::optional<shape_input> newest_step(const unit_course& of, const course_rules& rules);

/// When the unit will be out of these limits if it goes on as it does.
[[nodiscard]] breach_forecast breach_ahead(const unit_course& of, std::optional<milli_celsius> low,
                                           std::optional<milli_celsius> high);

} // namespace coldvigil
