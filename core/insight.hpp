#pragma once
// What a detector says of a reading beside its score: for people, pictures and forecasts, never for the limits.

#include <cstdint>
#include <string_view>

namespace coldvigil {

/// What drove a score.
struct score_driver {
  std::uint8_t channel = 0; ///< the detector's own number of it; 0 = nothing worth a word
  float departure_k = 0;    ///< from what is usual at that time of day, + is warmer
  float slope_k_h = 0;      ///< of the last half hour or so; 0 = not known to be other than nothing
  float lasting_min = 0;    ///< for so long it has been so; 0 = it just began
  float span_k = 0;         ///< mean departure over the span that the channel names; 0 = it names none
  friend bool operator==(const score_driver&, const score_driver&) = default;
};

enum class breach_horizon : std::uint8_t { none, minutes, six_hours, day, later };
[[nodiscard]] std::string_view to_string(breach_horizon within);

/// When the unit will be out of its limits if it goes on as it does; `none` most of the time.
struct breach_forecast {
  breach_horizon within = breach_horizon::none;
  bool high = true; ///< the upper limit
  /// Minutes from the reading, only with breach_horizon::minutes: the estimate, and the interval that holds the
  /// crossing about four times in five when it comes at all.
  float minutes = 0, earliest = 0, latest = 0;
  friend bool operator==(const breach_forecast&, const breach_forecast&) = default;
};

/// Most readings have none: it costs nothing then.
struct insight {
  score_driver driver{};
  breach_forecast breach{};
  [[nodiscard]] bool empty() const { return *this == insight{}; }
  friend bool operator==(const insight&, const insight&) = default;
};

} // namespace coldvigil
