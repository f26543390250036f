#pragma once
// What notification needs to know of an alarm: one committed step of it, in words that can be sent.

#include "core/ids.hpp"
#include "core/temperature.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace coldvigil {

enum class severity : std::uint8_t { warning, critical };
inline constexpr std::size_t severity_count = 2;
[[nodiscard]] std::string_view to_string(severity level);
[[nodiscard]] std::optional<severity> parse_severity(std::string_view word);

enum class notice_state : std::uint8_t {
  raised,
  cleared,
  corrected, ///< a late reading moved what was told: since when, until when, how far
  annulled,  ///< a late reading showed that it never was
};
inline constexpr std::size_t notice_state_count = 4;
[[nodiscard]] std::string_view to_string(notice_state state);

/// By what programs know the place; empty, and no id, where there is none, as of alarms of Coldvigil itself.
struct place_codes {
  std::string customer, facility, unit;
  uuid unit_id{};
  friend bool operator==(const place_codes&, const place_codes&) = default;
};

/// One step of an alarm, committed in the transaction of the transition that it tells of.
struct alarm_notice {
  uuid alarm{};
  std::uint64_t transition = 0; ///< rises with every notice of this alarm; tells news from what is known already
  notice_state state = notice_state::raised;
  severity level = severity::critical;
  customer_id customer{};
  facility_id facility{};
  std::string customer_name, facility_name, unit_name;
  place_codes codes{};
  std::string rule;      ///< as people call it: "too warm"
  timestamp raised_at{}; ///< event time
  std::optional<timestamp> ended_at{};
  std::optional<milli_celsius> value{}, limit{};        ///< as judged: of a mean kinetic temperature that mean
  temperature_scale scale = temperature_scale::celsius; ///< in which people are told
  std::string explanation;                              ///< why it was raised, one sentence; may be empty
  std::string ending{};                                 ///< what became of it, in sentences; else empty
  bool retroactive = false;                             ///< history is not news: it calls nobody
  /// What was judged where that is no temperature, in words: "rising 4.2 K/h (limit 2.0 K/h)".
  std::string finding{};
  std::string facility_place{};          ///< its city and country, as far as they are known
  std::optional<timestamp> hold_until{}; ///< wall clock: nobody is called before, a common cause may be found first
  friend bool operator==(const alarm_notice&, const alarm_notice&) = default;

  [[nodiscard]] bool over() const {
    return state == notice_state::cleared || state == notice_state::annulled || ended_at.has_value();
  }
};

} // namespace coldvigil
