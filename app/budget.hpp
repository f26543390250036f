#pragma once
// From readings of a fleet and a budget of false alarms to the score at which alarms open.

#include "core/score_calibration.hpp"
#include "evaluation/backtest.hpp"

#include <functional>
#include <string>

namespace coldvigil {

/// What the scores of a file say, and what of the file was read.
struct fitted_fleet {
  fleet_tail tail{};
  backtest_counts read{};
};

/// The tail of the fleet's scores before `options.stop_at`; rules about sensors are left out, and
/// what is scored while a unit is `young`.
[[nodiscard]] result<fitted_fleet> fit_fleet(detector& with, backtest_options options, millis young,
                                             const std::function<void(double)>& progress);

/// A day ("2026-01-20", its beginning in UTC) or a time; `option` names it in the failure.
[[nodiscard]] result<timestamp> day_or_time(const std::string& text, const std::string& option);

} // namespace coldvigil
