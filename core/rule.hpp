#pragma once
// Rules as data: what raises an alarm and what clears it, in words that an operator can explain to an inspector.

#include "core/temperature.hpp"
#include "core/time.hpp"
#include "core/unit_kind.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coldvigil {

/// Low and high are independent. The reference's hybrid rule is: any of the first three.
enum class rule_kind : std::uint8_t {
  low_limit,         ///< colder than the limit
  high_limit,        ///< warmer than the limit
  model_persistence, ///< scores over the model's threshold, N in a row
  cumulative,        ///< time beyond the limit, summed over a window, reaches `cumulative`
  rate_of_change,    ///< faster than `limit` per hour, over a window
  predicted_breach,  ///< at the speed of the last window the limit is crossed within `lead`
  no_data,           ///< nothing heard for `silent_after`; by the wall clock (law 9)
  sensor_fault,      ///< the same value for longer than this sensor's own past makes believable
  mkt_limit,         ///< the mean kinetic temperature of a window is above the limit
};
inline constexpr std::size_t rule_kind_count = 9;
[[nodiscard]] std::string_view to_string(rule_kind rule);
[[nodiscard]] std::optional<rule_kind> parse_rule(std::string_view name);

enum class alarm_level : std::uint8_t { warning, critical };
inline constexpr std::size_t alarm_level_count = 2;
[[nodiscard]] std::string_view to_string(alarm_level level);
[[nodiscard]] std::optional<alarm_level> parse_level(std::string_view name);

/// Which way cumulative, predicted_breach and rate_of_change look: above or rising, below or falling, either.
enum class rule_side : std::uint8_t { above, below, either };
[[nodiscard]] std::string_view to_string(rule_side side);
[[nodiscard]] std::optional<rule_side> parse_side(std::string_view name);

/// What a silence longer than `max_gap` does to the time that a rule counts towards its delays and sums. No policy
/// clears an alarm, and none makes the silence part of what an alarm says was seen.
enum class gap_policy : std::uint8_t {
  restart, ///< the count starts anew with the next reading
  pause,   ///< the silence counts for nothing, what was counted stands
  bridge,  ///< the count goes on as if the last value had lasted, however long
};
[[nodiscard]] std::string_view to_string(gap_policy policy);
[[nodiscard]] std::optional<gap_policy> parse_gap_policy(std::string_view name);

/// Unique within a unit's rule set; an alarm names it. Those below 100 are the program's own.
enum class rule_id : std::uint32_t {};
inline constexpr rule_id own_low_limit{1};
inline constexpr rule_id own_high_limit{2};
inline constexpr rule_id own_model_persistence{3};
inline constexpr rule_id own_no_data{4};

/// Checked by core/rule_check before it reaches a machine.
struct rule {
  rule_id id{};
  rule_kind kind = rule_kind::high_limit;
  alarm_level level = alarm_level::critical;
  rule_side side = rule_side::above;

  milli_celsius limit = 0;    ///< a temperature; rate_of_change: thousandths of a degree per hour, positive
  bool inclusive = false;     ///< equal to the limit is beyond it
  milli_celsius deadband = 0; ///< clears only when inside by this much; a difference
  temperature_scale scale = temperature_scale::celsius; ///< the unit in which a person gave the limit, to be shown in

  millis on_delay{0};            ///< the condition must have lasted this long, by readings that show it
  millis off_delay{0};           ///< and its end
  std::uint16_t consecutive = 1; ///< and be shown by this many readings in a row
  float score_limit = 1.0F;      ///< model_persistence; 1 is the model's own threshold

  millis window{0};     ///< cumulative, rate_of_change, predicted_breach, mkt_limit
  millis cumulative{0}; ///< cumulative
  millis lead{0};       ///< predicted_breach
  /// Judged only with so many readings: mkt_limit in its window; sensor_fault as the shortest run that may be a fault.
  std::uint16_t min_samples = 0;

  gap_policy gaps = gap_policy::restart;
  /// Longer than this between two readings is a silence, of no part of which the first says anything; 0 = three of the
  /// unit's intervals, an hour if unknown.
  millis max_gap{0};

  /// Door and defrost: an excursion no farther than this is borne for `tolerated_for`; beyond it at once.
  std::optional<milli_celsius> tolerated_to{};
  millis tolerated_for{0};

  millis silent_after{0}; ///< no_data; 0 = three of the unit's intervals, an hour if unknown

  bool reason_required = false; ///< an acknowledgement must say why
  std::string name{};           ///< as people call it; may be empty

  friend bool operator==(const rule&, const rule&) = default;
};

/// The limit of such a rule is a temperature; that of the others is a rate, a score or none.
[[nodiscard]] bool has_temperature_limit(rule_kind kind);

struct rule_time {
  std::string_view name;
  millis rule::*member;
};
/// Every length of time that a rule has.
inline constexpr std::array<rule_time, 8> rule_times{{{"on_delay", &rule::on_delay},
                                                      {"off_delay", &rule::off_delay},
                                                      {"window", &rule::window},
                                                      {"cumulative", &rule::cumulative},
                                                      {"lead", &rule::lead},
                                                      {"max_gap", &rule::max_gap},
                                                      {"tolerated_for", &rule::tolerated_for},
                                                      {"silent_after", &rule::silent_after}}};

/// The same rule with what depends on the unit filled in: max_gap and silent_after are not 0 any more.
[[nodiscard]] rule fitted(rule what, std::chrono::seconds interval);

/// The rules of one unit. Shared by the units that have the same.
struct rule_set {
  std::uint32_t version = 1;
  limits range{}; ///< of the unit, in force; shown beside its alarms
  std::vector<rule> rules{};
  friend bool operator==(const rule_set&, const rule_set&) = default;
};

/// What a unit has when nobody said anything: strict limits at once, and N scores in a row.
[[nodiscard]] rule_set own_rules(limits range, std::uint16_t consecutive);
/// And when nobody said after what time a unit is silent: a warning.
[[nodiscard]] rule own_silence();

} // namespace coldvigil
