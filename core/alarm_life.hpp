#pragma once
// The life of an alarm after ISA-18.2 / IEC 62682, apart from its condition: pure, a fold over append-only events.
// Shelved, suppressed and out-of-service alarms go on recording; only people are left in peace.

#include "core/plain_text.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace coldvigil {

enum class alarm_stage : std::uint8_t {
  unacknowledged,
  acknowledged,
  returned_unacknowledged, ///< the condition is over and nobody has said that they saw it
  normal,                  ///< over, and acknowledged or without need of that: waits to be closed
  shelved,                 ///< by a person, for a while
  suppressed,              ///< by design, while its condition holds
  out_of_service,          ///< maintenance
  closed,                  ///< by a person, for good
};
inline constexpr std::size_t alarm_stage_count = 8;
[[nodiscard]] std::string_view to_string(alarm_stage stage);

enum class life_event_kind : std::uint8_t {
  // said by people
  acknowledge,
  comment,
  assign, ///< text: to whom
  action, ///< text: the corrective action taken
  shelve,
  unshelve,
  suppress,
  unsuppress,
  take_out, ///< of service
  put_back,
  close,
  // said by the engine
  condition_over,
  condition_back, ///< a revision opened it again
  annul,          ///< it never was
};
inline constexpr std::size_t life_event_kind_count = 14;
[[nodiscard]] std::string_view to_string(life_event_kind kind);
[[nodiscard]] std::optional<life_event_kind> parse_life_event(std::string_view name);

struct life_event {
  life_event_kind kind = life_event_kind::comment;
  timestamp at{};                   ///< wall clock, a committed fact
  std::string who{};                ///< empty: the engine
  std::string text{};               ///< reason, comment, name, action
  std::optional<timestamp> until{}; ///< shelve
  friend bool operator==(const life_event&, const life_event&) = default;
};

/// What people may do with an alarm; the first comes from the rule that raised it.
struct life_limits {
  bool reason_required = false; ///< an acknowledgement says why
  millis longest_shelving = std::chrono::hours{24};
  std::size_t longest_text = most_text_bytes; ///< bytes
};

struct alarm_life {
  struct mark {
    timestamp at{};
    std::string who{};
    std::string text{};
    friend bool operator==(const mark&, const mark&) = default;
  };
  bool active = true; ///< its condition holds
  bool annulled = false;
  std::optional<mark> acknowledged{};
  std::optional<mark> shelved{};
  timestamp shelved_until{};
  std::optional<mark> suppressed{};
  std::optional<mark> out_of_service{};
  std::optional<mark> closed{};
  std::string assignee{};
  std::uint32_t actions = 0;
  std::uint32_t comments = 0;
  std::uint32_t raised_again = 0;
  friend bool operator==(const alarm_life&, const alarm_life&) = default;

  [[nodiscard]] alarm_stage stage() const;
  /// Whether people are to be called: neither shelved, suppressed nor out of service, and not acknowledged.
  [[nodiscard]] bool calls() const { return stage() == alarm_stage::unacknowledged; }
};

/// The life after the event, or why it is refused (error_code::conflict: not in this stage; invalid_argument: the event
/// itself lacks something; `where` says what: "text" or "until").
result<alarm_life> live(const alarm_life& life, const life_event& event, const life_limits& limits);

/// From an alarm's raising through all its events, which were accepted when they came; those that do not fit are left
/// out, so that limits that changed since do not rewrite the past. A shelving ends by itself, without an event.
[[nodiscard]] alarm_life life_of(std::span<const life_event> events);

/// As it stands at `now`: a shelving whose time is over has ended by itself.
[[nodiscard]] alarm_life as_of(alarm_life life, timestamp now);

} // namespace coldvigil
