#include "core/driver_text.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <string_view>

namespace coldvigil {
namespace {

constexpr std::string_view one_side_words = "the temperature has stayed on one side of its 3-hour mean";
constexpr std::array<std::string_view, 13> alone{"unlike itself in several ways",
                                                 "the last hour is away from the usual course",
                                                 "the last three hours are away from the usual course",
                                                 "the last half day is away from the usual course",
                                                 "the last days are away from the usual course",
                                                 "readings jump more than usual",
                                                 "the temperature swings wider than usual",
                                                 "cycling is faster or slower than usual",
                                                 "a steady move to one side",
                                                 "the temperature swings less than usual",
                                                 one_side_words,
                                                 one_side_words,
                                                 "the temperature moves as with a door ajar or a failing compressor"};

struct sides {
  std::string_view more, less;
};
constexpr std::array<sides, driver_statistics + 1> mostly{
    {{"the last hour is too warm", "the last hour is too cold"},
     {"the last three hours are too warm", "the last three hours are too cold"},
     {"the last half day is too warm", "the last half day is too cold"},
     {"the last days are too warm", "the last days are too cold"},
     {"readings jump more", "readings jump less"},
     {"readings jump more", "readings jump less"},
     {"the temperature swings wider", "the temperature swings less"},
     {"the temperature swings wider", "the temperature swings less"},
     {"cycling is faster", "cycling is slower"},
     {"it rises steadily", "it falls steadily"},
     {"it rises steadily", "it falls steadily"},
     {"it goes up and down more often", "it goes up and down less often"}}};

std::string words_of(std::uint8_t channel) {
  if (channel >= 1 && channel <= alone.size()) return std::string(alone[channel - 1U]);
  const auto within = [channel](std::uint8_t first) { return channel >= first && channel < first + mostly.size(); };
  const std::string several = std::string(alone[0]) + ", most of all: ";
  if (within(driver_mostly_more)) return several + std::string(mostly[channel - driver_mostly_more].more);
  if (within(driver_mostly_less)) return several + std::string(mostly[channel - driver_mostly_less].less);
  switch (channel) {
  case driver_window:
    return "the last readings run unlike those of healthy units";
  case driver_stuck:
    return "the sensor shows the same value for longer than it ever did";
  case driver_spikes:
    return "the sensor jumps and comes back";
  case driver_mixed_units:
    return "the values look like degrees Fahrenheit";
  default:
    return "unlike itself";
  }
}

std::string formatted(const char* format, double a) {
  char text[64];
  std::snprintf(text, sizeof text, format, a);
  return text;
}

/// "55 min", "7 h", "3 days": nobody reads 4,320 min.
std::string duration(double minutes) {
  if (minutes < 180) return formatted("%.0f min", minutes);
  return minutes < 2880 ? formatted("%.0f h", minutes / 60) : formatted("%.0f days", minutes / 1440);
}

/// On one side of its mean a temperature may go on swinging. That its cycle stopped is said only where it moves
/// clearly, and what it is off agrees within a factor of two with having moved so all the time.
bool cycling_stopped(const score_driver& of) {
  const double gone = static_cast<double>(of.slope_k_h) * static_cast<double>(of.lasting_min) / 60;
  const double off = static_cast<double>(of.departure_k);
  return of.channel == driver_one_side && gone * off > 0 && std::abs(off) >= std::abs(gone) / 2 &&
         std::abs(off) <= std::abs(gone) * 2;
}

/// Of a span its mean: the newest reading may be back already. Where that is further off to the same side, it is told:
/// what a mean takes in is bounded.
double departure_of(const score_driver& driver) {
  const auto span = static_cast<double>(driver.span_k), newest = static_cast<double>(driver.departure_k);
  const bool further = span * newest > 0 && std::abs(newest) > std::abs(span);
  return span == 0 || further ? newest : span;
}

} // namespace

bool is_sensor_rule(const score_driver& driver) {
  return driver.channel >= driver_stuck;
}

std::string driver_text(const score_driver& driver) {
  if (driver.channel == 0) return {};
  const bool stopped = cycling_stopped(driver);
  std::string out = stopped ? "cycling stopped" : words_of(driver.channel);
  if (const auto lasting = static_cast<double>(driver.lasting_min); lasting >= 1)
    out += stopped ? " " + duration(lasting) + " ago" : ", for " + duration(lasting);
  if (is_sensor_rule(driver)) return out;
  const double off = departure_of(driver);
  if (std::abs(off) >= 0.05)
    out += formatted("; %.1f K ", std::abs(off)) + (off > 0 ? "warmer" : "colder") + " than usual";
  const double slope = static_cast<double>(driver.slope_k_h);
  if (std::abs(slope) >= 0.1) out += formatted(slope > 0 ? ", rising %.1f K/h" : ", falling %.1f K/h", std::abs(slope));
  return out;
}

} // namespace coldvigil
