#pragma once
// Who is on duty when: weekly spans of local time, and dates that differ. What the clock on the wall of the place shows
// decides, so both changes of summer time need no rule of their own: the repeated hour counts twice, the skipped one
// never.

#include "core/result.hpp"
#include "core/time.hpp"

#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace coldvigil {

/// A place's clock. Injected: `core` knows no time zones. Safe to read from several threads.
class zone_clock {
 public:
  virtual ~zone_clock() = default;
  /// "Europe/London": by which it is found again.
  [[nodiscard]] virtual std::string name() const = 0;
  /// How far the place's clock is ahead of UTC at this instant.
  [[nodiscard]] virtual std::chrono::seconds ahead(timestamp at) const = 0;
  /// What stands behind a time of this place: "CEST".
  [[nodiscard]] virtual std::string abbreviation(timestamp at) const = 0;
};

/// From `from` up to and without `to`, minutes since local midnight. When `to` is not after `from`, it ends on the next
/// day; both equal are 24 hours.
struct duty_span {
  std::chrono::minutes from{0};
  std::chrono::minutes to{24 * 60};
  friend bool operator==(const duty_span&, const duty_span&) = default;

  [[nodiscard]] bool overnight() const { return to <= from; }
};

inline constexpr std::array weekday_names{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};

struct schedule {
  std::array<std::vector<duty_span>, 7> week{}; ///< by the local weekday on which a span begins, Monday first
  /// Holidays and swaps: the spans that begin on this local date, in place of the weekday's; none = off duty.
  std::map<std::chrono::sys_days, std::vector<duty_span>> dates{};
  std::shared_ptr<const zone_clock> zone{};
};

/// Every span inside its day, a zone, at most 24 spans a day and 1000 dates.
[[nodiscard]] status check(const schedule& what);

/// The schedule has been checked.
[[nodiscard]] bool on_duty(const schedule& when, timestamp at);

/// When on_duty() next answers otherwise than at `at`; nothing when it does not within eight days. To the minute, also
/// where the clock is changed. The schedule has been checked.
[[nodiscard]] std::optional<timestamp> duty_changes(const schedule& when, timestamp at);

} // namespace coldvigil
