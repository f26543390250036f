#pragma once
// From readings of a fleet and a budget of false alarms to the score at which alarms open.

#include "evaluation/backtest.hpp"
#include "evaluation/tail_fit.hpp"

#include <functional>
#include <optional>
#include <string>

namespace coldvigil {

/// What could be fitted, and from how much.
struct fleet_tail {
  std::optional<tail_fit> fit{}; ///< nothing: too little
  double unit_months = 0;        ///< of scores
};

/// The tail of the fleet's scores before `options.stop_at`; rules about sensors are left out, and
/// what is scored while a unit is `young`.
[[nodiscard]] result<fleet_tail> fit_fleet(detector& with, backtest_options options, millis young,
                                           const std::function<void(double)>& progress);

/// The tail of the course detector's scores on simulated fleets (docs/detection.md): what a budget means where there is
/// too little to fit.
[[nodiscard]] tail_fit usual_course_tail();

/// The score at which the course detector's alarms open: between the fleet's own tail and the usual one, the nearer to
/// its own the more was seen. A small fleet's own tail holds its incidents, and would keep silent about the next one.
[[nodiscard]] double course_threshold(const fleet_tail& of, double budget);

/// The earliest reading of the file.
[[nodiscard]] result<timestamp> first_reading(const std::string& readings);

/// A day ("2026-01-20", its beginning in UTC) or a time; `option` names it in the failure.
[[nodiscard]] result<timestamp> day_or_time(const std::string& text, const std::string& option);

/// The model file, the model in the folder, or, when it is empty, the model that ships.
[[nodiscard]] result<std::vector<std::byte>> model_bytes(const std::string& path);

} // namespace coldvigil
