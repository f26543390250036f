#pragma once
// Duty and times of day as people write them.

#include "core/contacts.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coldvigil {

/// "08:30"; up to "24:00".
[[nodiscard]] std::optional<std::chrono::minutes> parse_time_of_day(std::string_view text);
/// "08:00-12:00, 22:00-06:00"; the last one ends on the next day. Empty = none.
[[nodiscard]] std::optional<std::vector<duty_span>> parse_duty(std::string_view text);
/// "22:00-06:00"
[[nodiscard]] std::string to_text(const duty_span& span);
/// Two spans of one day that overlap: "08:00-12:00 and 11:00-13:00 of monday".
[[nodiscard]] std::optional<std::string> overlap_in(const schedule& what);
/// "2026-12-25"
[[nodiscard]] std::optional<std::chrono::sys_days> parse_date(std::string_view text);
[[nodiscard]] std::string to_text(std::chrono::sys_days date);
/// "anna, team:night, bert/sms": persons and teams, each by every way or by one channel.
[[nodiscard]] std::optional<std::vector<step_target>> parse_targets(std::string_view text);

} // namespace coldvigil
