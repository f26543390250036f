#include "core/finding_text.hpp"

#include "core/rule_check.hpp"

#include <cstdio>
#include <string_view>

namespace coldvigil {
namespace {

constexpr int most_digits = 3;

std::string number(double value, int digits) {
  char out[32];
  std::snprintf(out, sizeof out, "%.*f", digits, value);
  const std::string_view text = out;
  return std::string(text.find_first_not_of("-0.") == text.npos && text[0] == '-' ? text.substr(1) : text);
}

/// As few digits as show the two as different, if they are.
int digits_between(double value, double limit) {
  int digits = 1;
  while (digits < most_digits && number(value, digits) == number(limit, digits))
    ++digits;
  return number(value, digits) == number(limit, digits) ? 1 : digits;
}

std::string_view symbol_of(temperature_scale scale) {
  switch (scale) {
  case temperature_scale::celsius:
    return " °C";
  case temperature_scale::fahrenheit:
    return " °F";
  case temperature_scale::kelvin:
    return " K";
  }
  return "";
}

std::string degrees(double value, int digits, temperature_scale scale) {
  return number(value, digits) + std::string(symbol_of(scale));
}

/// Thousandths of a degree an hour.
double speed(std::int64_t thousandths, temperature_scale scale) {
  const double kelvin = static_cast<double>(thousandths) / 1000.0;
  return scale == temperature_scale::fahrenheit ? kelvin * 1.8 : kelvin;
}

std::string speed_found(const rule& by, std::int64_t measured, temperature_scale scale) {
  const double found = speed(measured, scale), limit = speed(by.limit, scale);
  const int digits = digits_between(found, limit);
  const std::string unit = scale == temperature_scale::fahrenheit ? " °F/h" : " K/h";
  const std::string_view how = by.side == rule_side::above   ? "rising "
                               : by.side == rule_side::below ? "falling "
                                                             : "changing by ";
  return std::string(how) + number(found, digits) + unit + " (limit " + number(limit, digits) + unit + ")";
}

std::string time_found(const rule& by, std::int64_t measured, temperature_scale scale) {
  const std::string_view side = by.side == rule_side::below ? " below " : " above ";
  const millis found{measured};
  const bool in_minutes = by.cumulative % std::chrono::minutes{1} == millis{0};
  const std::string time =
      in_minutes ? rough_duration(found) : duration(std::chrono::floor<std::chrono::seconds>(found));
  return time + (by.inclusive ? " at or" : "") + std::string(side) + in_degrees(by.limit, scale) + " within " +
         duration(by.window) + " (limit " + duration(by.cumulative) + ")";
}

} // namespace

std::string duration(millis length) {
  const std::int64_t seconds = length.count() / 1000;
  if (seconds == 0) return "0 min";
  if (seconds % 3600 == 0) return std::to_string(seconds / 3600) + " h";
  if (seconds % 60 == 0) return std::to_string(seconds / 60) + " min";
  return std::to_string(seconds) + " s";
}

std::string rough_duration(millis length) {
  using std::chrono::days, std::chrono::floor, std::chrono::hours, std::chrono::minutes;
  const auto whole = floor<minutes>(length);
  if (whole < minutes{2}) return duration(floor<std::chrono::seconds>(length));
  if (whole < hours{1}) return duration(whole);
  const bool in_days = whole >= days{2};
  const auto large = in_days ? whole / days{1} : whole / hours{1};
  const auto small = in_days ? whole % days{1} / hours{1} : whole % hours{1} / minutes{1};
  std::string out = std::to_string(large) + (in_days ? " d" : " h");
  if (small != 0) out += " " + std::to_string(small) + (in_days ? " h" : " min");
  return out;
}

std::string to_the_minute(timestamp at) {
  std::string out = format_utc(at).substr(0, 16);
  out[10] = ' ';
  return out + " UTC";
}

std::string in_degrees(milli_celsius value, temperature_scale scale) {
  return degrees(from_milli_celsius(value, scale), 1, scale);
}

std::string in_degrees(milli_celsius value, std::optional<milli_celsius> limit, temperature_scale scale) {
  if (!limit) return in_degrees(value, scale);
  const double shown = from_milli_celsius(value, scale);
  return degrees(shown, digits_between(shown, from_milli_celsius(*limit, scale)), scale);
}

std::string beside_limit(milli_celsius value, std::optional<milli_celsius> limit, temperature_scale scale) {
  const std::string out = in_degrees(value, limit, scale);
  return limit ? out + " (limit " + in_degrees(*limit, value, scale) + ")" : out;
}

std::string finding_in_words(const alarm_record& alarm, milli_celsius value, temperature_scale scale) {
  const rule& by = alarm.by;
  const std::optional<std::int64_t>& measured = alarm.measured;
  switch (by.kind) {
  case rule_kind::no_data:
    return {};
  case rule_kind::mkt_limit:
    return measured ? beside_limit(static_cast<milli_celsius>(*measured), by.limit, scale) : "";
  case rule_kind::rate_of_change:
    return measured ? speed_found(by, *measured, scale) : "";
  case rule_kind::cumulative:
    return measured ? time_found(by, *measured, scale) : "";
  default:
    return beside_limit(value, has_temperature_limit(by.kind) ? std::optional(by.limit) : std::nullopt, scale);
  }
}

std::string worst_in_words(const alarm_record& alarm, temperature_scale scale) {
  return is_plain_limit(alarm.by.kind) ? in_degrees(alarm.extreme, alarm.by.limit, scale) : "";
}

} // namespace coldvigil
