#pragma once
// What a rule found, beside its limit, in words: for messages, for the API and for the page.

#include "core/alarm.hpp"

#include <optional>
#include <string>

namespace coldvigil {

/// "90 s", "30 min", "10 h": the largest unit that leaves nothing over.
[[nodiscard]] std::string duration(millis length);
/// "90 s", "35 min", "2 h 10 min", "3 d 4 h": no more of a length than people want to know.
[[nodiscard]] std::string rough_duration(millis length);
/// "2026-11-22 01:03 UTC": how texts that are kept say a time. Messages say it on their reader's clock.
[[nodiscard]] std::string to_the_minute(timestamp at);

/// "-12.3 °C"
[[nodiscard]] std::string in_degrees(milli_celsius value, temperature_scale scale);
/// The same with as many digits as tell it from the limit: -14.96 beside -15 is no -15.0.
[[nodiscard]] std::string in_degrees(milli_celsius value, std::optional<milli_celsius> limit, temperature_scale scale);
/// "-12.3 °C (limit -18.0 °C)", told apart.
[[nodiscard]] std::string beside_limit(milli_celsius value, std::optional<milli_celsius> limit,
                                       temperature_scale scale);

/// What the rule held against its limit: "-12.3 °C (limit -18.0 °C)" of a value that it judged, "rising 4.2 K/h (limit
/// 2.0 K/h)", "1 h 35 min above 8.0 °C within 24 h (limit 60 min)", and of a mean kinetic temperature that mean, at its
/// farthest out so far. Empty when nothing was measured.
[[nodiscard]] std::string finding_in_words(const alarm_record& alarm, milli_celsius value, temperature_scale scale);
/// The farthest out that the value of a rule with a side has been; empty for other rules.
[[nodiscard]] std::string worst_in_words(const alarm_record& alarm, temperature_scale scale);

} // namespace coldvigil
