#pragma once
// What the actors share: the outside, injected, and the limits. Made once by the composition root, outlives every
// actor.

#include "actors/desk_limits.hpp"
#include "core/admission_gate.hpp"
#include "core/alarm_standing.hpp"
#include "core/danger_list.hpp"
#include "core/metrics.hpp"
#include "core/now_board.hpp"
#include "core/rule_history.hpp"
#include "core/system_board.hpp"
#include "core/time.hpp"
#include "core/unit_judge.hpp"

#include <chrono>
#include <functional>
#include <string>

namespace coldvigil::actors {

struct engine_limits {
  unit_limits units{};
  millis detector_deadline{200};     ///< after this a run commits unscored
  std::size_t detector_batch = 512;  ///< requests of one call of the detector
  std::size_t errors_up_to = 20'000; ///< readings waiting for the detector; beyond, reconstruction errors are left out
  millis commit_linger{2};           ///< wait this long for more before a commit; 0 = none
  std::size_t commit_readings = 20'000;  ///< commit at once when this many have gathered
  millis commit_retry{500};              ///< after a failed commit
  std::chrono::minutes tick{30};         ///< of a facility
  std::chrono::seconds trim{30};         ///< between two trims of the log
  std::size_t feed_ring_items = 100'000; ///< of one stream, for resuming
  std::size_t consecutive = 1;           ///< N of the persistence rule
  std::chrono::seconds silence_tick{15}; ///< how often units of which nothing is heard are looked for
  std::chrono::seconds rules_lead{300};  ///< changed rules count from so long after the change: longer than readings
                                         ///< may be measured ahead of the clock
  desk_limits desk{};
  system_limits system{};
  system_watch_limits system_watch{};
  std::chrono::seconds system_tick{15};  ///< how often Coldvigil looks at itself
  std::chrono::hours recalled_polls{1};  ///< after a start: polls of before count so long without a newer one
  std::size_t suppressions_a_tick = 100; ///< alarms of one cause that are suppressed, each a commit
};

struct engine_context {
  const clock& time;
  const engine_limits limits;
  engine_metrics& metrics;
  now_board& board;
  admission_gate& gate;
  std::function<uuid()> fresh_uuid; ///< thread-safe
  /// A fault that only a restart can cure: which part, and what it said. Thread-safe; the first one ends the process.
  std::function<void(const std::string& who, const std::string& what)> on_fault;
  /// Whose rules count for which unit, replaced when a change of them is committed.
  std::shared_ptr<rule_board> rules = std::make_shared<rule_board>();
  /// The alarms of Coldvigil itself.
  std::shared_ptr<system_board> system = std::make_shared<system_board>();
  /// The units that are out of limits, committed or not.
  std::shared_ptr<danger_list> danger = std::make_shared<danger_list>();
  /// How the open alarms of units stand, likewise.
  std::shared_ptr<standing_list> standings = std::make_shared<standing_list>();
};

} // namespace coldvigil::actors
