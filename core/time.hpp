#pragma once
// Time inside Coldvigil: UTC milliseconds. Zones exist only at the border.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace coldvigil {

using millis = std::chrono::milliseconds;
/// UTC, millisecond resolution.
using timestamp = std::chrono::sys_time<millis>;

[[nodiscard]] constexpr std::int64_t to_ms(timestamp at) {
  return at.time_since_epoch().count();
}
[[nodiscard]] constexpr timestamp from_ms(std::int64_t ms) {
  return timestamp{millis{ms}};
}

/// "2026-11-21T04:05:06.789Z"; the fraction is left out when it is zero.
[[nodiscard]] std::string format_utc(timestamp at);

/// ISO 8601 with an offset or 'Z' ("2026-11-21T04:05:06.789+01:00", 'T' or blank, seconds and fraction optional).
/// Nothing when the text is anything else; a text without an offset is refused here (see config's time formats).
[[nodiscard]] std::optional<timestamp> parse_utc(std::string_view text);

/// Where "now" comes from. Injected everywhere; the wall clock enters as committed facts only.
class clock {
 public:
  virtual ~clock() = default;
  [[nodiscard]] virtual timestamp now() const = 0;
};

/// The machine's clock.
class system_clock final : public clock {
 public:
  [[nodiscard]] timestamp now() const override;
};

} // namespace coldvigil
