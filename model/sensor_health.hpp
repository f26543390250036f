#pragma once
// What only a sensor does: stand still, jump and come back, speak Fahrenheit. Judged reading by reading.

#include "core/temperature.hpp"
#include "model/course_rules.hpp"
#include "model/unit_course.hpp"

namespace coldvigil {

/// Folds in a reading; gives the driver (course_score.hpp) while the sensor is ill, 0 otherwise.
[[nodiscard]] std::uint8_t fold_sensor(sensor_memory& sensor, milli_celsius value, double since_s,
                                       const unit_course& unit, bool frozen, const course_rules& rules);

} // namespace coldvigil
