#pragma once
// What a rule remembers of a unit between two readings: plain values, part of the unit's snapshot, so that pending and
// clearing timers outlive the process. A quiet limit rule is two empty pointers.

#include "core/boxed.hpp"
#include "core/insight.hpp"
#include "core/mkt.hpp"
#include "core/rule.hpp"
#include "core/temperature.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <variant>
#include <vector>

namespace coldvigil {

/// A condition that holds: from its first reading, through the alarm it may raise, to the alarm's end. Its statistics
/// are over the readings at which the condition was not over, each standing until the next one that the rule used; of a
/// sum, over those beyond its limit, from the oldest of its time on.
/// Silences longer than the rule's max_gap are counted apart, whatever the rule's delays make of them.
struct course {
  bool active = false;       ///< the alarm is raised; before that it is pending
  bool clearing = false;     ///< the condition is over, the alarm's off-delay runs
  bool beyond_borne = false; ///< farther out than what door and defrost explain
  bool counted = false;      ///< the last reading belongs to the excursion
  bool retroactive = false;  ///< raised by back-filled history
  bool end_unseen = false;   ///< the condition was found over after a silence: when it ended is not known
  std::uint16_t run = 0;     ///< readings in a row so far, while pending
  millis held{0};            ///< counted of the on-delay, or of the off-delay
  timestamp onset{};         ///< first reading of the condition
  timestamp last_at{};       ///< newest reading that the rule used
  timestamp raised_at{};
  milli_celsius raised_value = 0;
  milli_celsius last_value = 0;
  milli_celsius extreme = 0; ///< farthest out; of rules without a side: the newest value
  milli_celsius lowest = 0;
  milli_celsius highest = 0;
  /// What a rule over a window measures, at its farthest out so far (core/rule_condition).
  std::optional<std::int64_t> measured{};
  float peak_score = 0;      ///< 0 when none was scored
  score_driver driver{};     ///< of the highest score until it was raised, or of an ill sensor
  millis lasted{0};          ///< time that the excursion's readings stood for
  millis unseen{0};          ///< silences since the onset, of which nothing is known
  std::int64_t value_ms = 0; ///< their values times that time
  double rates = 0;          ///< their kinetic rates times that time
  friend bool operator==(const course&, const course&) = default;
};

/// Time beyond a limit by slots of a window, and what was seen in it; those without any are left out. Slots from before
/// what was seen was kept have no onset.
struct cumulative_memory {
  struct slot {
    std::uint32_t index = 0;
    std::uint32_t beyond_ms = 0;
    std::optional<timestamp> onset{};                                 ///< the first time beyond
    milli_celsius lowest = std::numeric_limits<milli_celsius>::max(); ///< of readings that stood in it
    milli_celsius highest = std::numeric_limits<milli_celsius>::min();
    millis lasted{0};          ///< time that these stood for
    millis unseen{0};          ///< silences after them
    std::int64_t value_ms = 0; ///< their values times that time
    double rates = 0;          ///< their kinetic rates times that time
    friend bool operator==(const slot&, const slot&) = default;
  };
  std::optional<timestamp> last_at{};
  bool last_beyond = false;
  std::optional<milli_celsius> last_value{}; ///< of one that is beyond
  std::vector<slot> slots{};
  friend bool operator==(const cumulative_memory&, const cumulative_memory&) = default;
};

/// The first reading of each slot of a window.
struct slope_memory {
  struct sample {
    timestamp at{};
    milli_celsius value = 0;
    friend bool operator==(const sample&, const sample&) = default;
  };
  timestamp last_at{};
  std::vector<sample> samples{};
  friend bool operator==(const slope_memory&, const slope_memory&) = default;
};

/// How often this sensor repeats itself. The run that is going on is no part of what was learnt.
struct repeat_memory {
  milli_celsius value = 0;
  std::uint32_t run = 0;     ///< readings in a row with this value
  std::uint32_t longest = 0; ///< run that ended
  std::uint32_t pairs = 0;   ///< neighbours compared, in runs that ended
  std::uint32_t same = 0;    ///< of them equal
  friend bool operator==(const repeat_memory&, const repeat_memory&) = default;
};

using window_memory = std::variant<cumulative_memory, slope_memory, rolling_mkt::memory, repeat_memory>;

struct machine_state {
  boxed<course> now{};
  boxed<window_memory> window{};
  friend bool operator==(const machine_state&, const machine_state&) = default;
};

/// As a snapshot keeps it: a rule that is gone or of another kind after a restart finds nothing.
struct saved_machine {
  rule_id rule{};
  rule_kind kind = rule_kind::high_limit;
  machine_state state{};
  friend bool operator==(const saved_machine&, const saved_machine&) = default;
};
using machine_states = std::vector<saved_machine>;

} // namespace coldvigil
