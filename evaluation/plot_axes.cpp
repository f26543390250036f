#include "evaluation/plot_axes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace coldvigil {
namespace {

constexpr std::size_t most_ticks = 100;

} // namespace

std::vector<axis_tick> round_ticks(double from, double to, int wanted) {
  const double raw = (to - from) / std::max(1, wanted);
  const double power = std::pow(10.0, std::floor(std::log10(raw)));
  double step = 10 * power;
  for (const double times : {5.0, 2.0, 1.0})
    if (times * power >= raw * 0.999) step = times * power;
  const int decimals = std::max(0, static_cast<int>(-std::floor(std::log10(step) + 1e-9)));
  std::vector<axis_tick> out;
  for (double value = std::ceil(from / step - 1e-9) * step; value <= to + step * 1e-9 && out.size() < most_ticks;
       value += step) {
    char text[40];
    std::snprintf(text, sizeof text, "%.*f", decimals, std::abs(value) < step / 2 ? 0.0 : value);
    out.push_back({value, text});
  }
  return out;
}

std::vector<axis_tick> time_ticks(timestamp from, timestamp to, int wanted) {
  using std::chrono::days;
  using std::chrono::hours;
  using std::chrono::minutes;
  const std::array<millis, 15> steps{minutes{5}, minutes{15}, minutes{30}, hours{1}, hours{2},
                                     hours{3},   hours{6},    hours{12},   days{1},  days{2},
                                     days{5},    days{10},    days{30},    days{90}, days{365}};
  millis step = steps.back();
  for (auto each = steps.rbegin(); each != steps.rend(); ++each)
    if ((to - from) / *each <= wanted) step = *each;
  std::vector<axis_tick> out;
  const std::int64_t first = (to_ms(from) + step.count() - 1) / step.count();
  for (std::int64_t i = first; i * step.count() <= to_ms(to) && out.size() < most_ticks; ++i) {
    const timestamp at = from_ms(i * step.count());
    const std::string text = format_utc(at); // 2026-01-05T00:00:00Z
    const bool midnight = text.compare(11, 5, "00:00") == 0;
    out.push_back(
        {static_cast<double>(to_ms(at)), midnight || step >= days{1} ? text.substr(0, 10) : text.substr(11, 5)});
  }
  return out;
}

} // namespace coldvigil
