#pragma once
// A reading on its way: measured (from the border), judged (with its score), or kept apart (with its reason).

#include "core/ids.hpp"
#include "core/insight.hpp"
#include "core/temperature.hpp"
#include "core/time.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coldvigil {

/// Why a reading is kept apart instead of being judged. Stored and counted by these names.
enum class reject_reason : std::uint8_t {
  null_value,       ///< the source reported no value: a contact, not a measurement
  non_finite,       ///< NaN or infinite
  implausible,      ///< colder than absolute zero or hotter than 1,000 °C
  bad_value,        ///< not a number at all
  bad_time,         ///< the time could not be read, or is before earliest_plausible
  ambiguous_time,   ///< a local time of the repeated autumn hour that the order of the payload does not settle
  nonexistent_time, ///< a local time skipped in spring
  future,           ///< measured later than now plus the configured tolerance
  conflict,         ///< another value stands at this point and time already: the first committed stands
  late_not_judged,  ///< older than the unit's horizon
  unknown_unit,     ///< the unit is not registered and the customer does not allow registration
  queue_full,       ///< a bound was reached: nothing is stored, send it again
};
inline constexpr std::size_t reject_reason_count = 12;
[[nodiscard]] std::string_view to_string(reject_reason reason);

/// What is said to be measured before is the word of a clock that was lost: loggers restart in 1970, 1980 or 2000.
inline constexpr timestamp earliest_plausible = std::chrono::sys_days{std::chrono::year{2010} / 1 / 1};

/// A measured value at the border's inner side: converted, finite, UTC, addressed to a registered unit.
struct measured {
  timestamp at;
  milli_celsius value = 0;
  temperature_scale scale = temperature_scale::celsius; ///< the source's, kept for display
  bool history = false;                                 ///< back-fill: never news
  std::string sensor;                                   ///< the source's sensor_id; no part of the key
};

/// Why a judged reading has no score.
enum class score_state : std::uint8_t { scored, timeout, no_model, warming };
[[nodiscard]] std::string_view to_string(score_state state);

/// A reading as it is committed.
struct judged_reading {
  timestamp at;
  milli_celsius value = 0;
  float score = std::numeric_limits<float>::quiet_NaN(); ///< 1.0 is the model's threshold; NaN unless scored
  /// Reconstruction error of the autoencoder's window, 1.0 is its threshold; NaN when it was not computed.
  float error = std::numeric_limits<float>::quiet_NaN();
  std::uint16_t model = 0; ///< number of the model version; 0 = none
  score_state state = score_state::no_model;
  temperature_scale scale = temperature_scale::celsius;
  bool history = false;
  std::uint8_t sensor = 0; ///< index into the unit's sensor names; 0 = not given or the table is full
  insight why{};

  /// Equal in every stored field; two unscored readings are equal although NaN is not.
  friend bool operator==(const judged_reading& a, const judged_reading& b) {
    const auto same = [](float x, float y) { return x == y || (std::isnan(x) && std::isnan(y)); };
    return a.at == b.at && a.value == b.value && a.model == b.model && a.state == b.state && a.scale == b.scale &&
           a.history == b.history && a.sensor == b.sensor && same(a.score, b.score) && same(a.error, b.error) &&
           a.why == b.why;
  }
};

/// A reading that never becomes a temperature, stored as what it is.
struct rejected_reading {
  customer_id customer{};
  std::optional<point_id> point{};      ///< nothing when the unit is unknown
  std::string unit_code;                ///< as the source wrote it
  std::optional<timestamp> at{};        ///< nothing when the time could not be read
  std::optional<milli_celsius> value{}; ///< when it was a temperature after all (conflict, late, future)
  std::string raw;                      ///< what the source wrote as value or time, at most 64 bytes
  std::string sensor;
  reject_reason reason = reject_reason::bad_value;
  timestamp received_at{};
  friend bool operator==(const rejected_reading&, const rejected_reading&) = default;
};

} // namespace coldvigil
