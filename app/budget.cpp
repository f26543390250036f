#include "app/budget.hpp"

#include "evaluation/readings_file.hpp"

#include <algorithm>
#include <map>

namespace coldvigil {

result<fitted_fleet> fit_fleet(detector& with, backtest_options options, millis young,
                               const std::function<void(double)>& progress) {
  std::map<std::string, fleet_scores::unit, std::less<>> units;
  fleet_scores scores(young);
  backtest_output out;
  out.alarm = [](const alarm_row&) {};
  out.progress = progress;
  out.score = [&](const scored_reading& one) {
    auto unit = units.find(one.unit);
    if (unit == units.end()) unit = units.emplace(std::string(one.unit), fleet_scores::unit{}).first;
    const verdict& said = one.judged;
    scores.add(unit->second, one.at, said.state, static_cast<double>(said.score), said.why.driver);
  };
  const auto done = backtest(with, options, out);
  if (!done.ok()) return done.error();
  return fitted_fleet{scores.fit(), *done};
}

result<timestamp> day_or_time(const std::string& text, const std::string& option) {
  if (const auto day = parse_file_day(text)) return *day;
  if (const auto at = parse_file_time(text)) return *at;
  return failure{error_code::invalid_argument, "'" + text + "' is no time", option,
                 "for example 2026-01-20 or 2026-01-20T08:00:00Z"};
}

} // namespace coldvigil
