#include "app/budget.hpp"

#include "core/driver_text.hpp"
#include "evaluation/readings_file.hpp"
#include "model/course_detector.hpp"
#include "model/default_model.hpp"
#include "model/model_file.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>

namespace coldvigil {

result<fleet_tail> fit_fleet(detector& with, backtest_options options, millis young,
                             const std::function<void(double)>& progress) {
  struct unit_blocks {
    timestamp first{};
    block_maximum maximum{};
  };
  std::map<std::string, unit_blocks, std::less<>> units;
  value_sample maxima, peaks;
  backtest_output out;
  out.alarm = [](const alarm_row&) {};
  out.progress = progress;
  out.score = [&](const scored_reading& one) {
    auto unit = units.find(one.unit);
    if (unit == units.end()) unit = units.emplace(std::string(one.unit), unit_blocks{one.at}).first;
    if (one.judged.state != score_state::scored || is_sensor_rule(one.judged.why.driver)) return;
    if (one.at - unit->second.first < young) return;
    const auto ended = unit->second.maximum.add(one.at, static_cast<double>(one.judged.score));
    if (!ended) return;
    maxima.add(ended->maximum);
    if (ended->peak) peaks.add(*ended->peak);
  };
  if (const auto done = backtest(with, options, out); !done.ok()) return done.error();
  auto all = maxima.take();
  const double months = static_cast<double>(all.size()) / blocks_a_month;
  return fleet_tail{fit_tail(std::move(all), peaks.take()), months};
}

tail_fit usual_course_tail() {
  const double shape = 0.12, scale = 0.0986; // a score of 1 is half a false alarm a unit-month
  return {.level = 0.62, .over = 0.1, .shape = shape, .scale = scale, .blocks = 0};
}

double course_threshold(const fleet_tail& of, double budget) {
  const double usual = usual_course_tail().threshold(budget);
  if (!of.fit) return usual;
  constexpr double usual_is_worth = 1200; // blocks: ten unit-months
  const auto seen = static_cast<double>(of.fit->blocks);
  const double own_share = seen / (seen + usual_is_worth);
  return std::pow(of.fit->threshold(budget), own_share) * std::pow(usual, 1 - own_share);
}

result<timestamp> first_reading(const std::string& readings) {
  auto file = readings_file::open(readings);
  if (!file.ok()) return file.error();
  timestamp first = timestamp::max();
  file_reading one;
  while (file->next(one))
    first = std::min(first, one.at);
  if (first < timestamp::max()) return first;
  return failure{error_code::invalid_argument, "the readings have no usable row", readings,
                 "columns unit_id, timestamp, temperature"};
}

result<timestamp> day_or_time(const std::string& text, const std::string& option) {
  if (const auto at = parse_file_time(text.size() == 10 ? text + "T00:00:00Z" : text)) return *at;
  return failure{error_code::invalid_argument, "'" + text + "' is no time", option,
                 "for example 2026-01-20 or 2026-01-20T08:00:00Z"};
}

result<std::vector<std::byte>> model_bytes(const std::string& path) {
  if (path.empty()) {
    const auto shipped = default_model();
    return std::vector<std::byte>(shipped.begin(), shipped.end());
  }
  std::error_code error;
  const bool folder = std::filesystem::is_directory(path, error);
  return read_model_bytes(folder ? (std::filesystem::path{path} / "model.cvm").string() : path);
}

} // namespace coldvigil
