#pragma once
// What a unit says when it has judged a run: the readings with their scores, how its checkpoints moved, what may be
// sealed, and who waits for the commit.

#include "core/commit.hpp"
#include "core/receipt.hpp"

#include <optional>
#include <utility>
#include <vector>

namespace coldvigil {

/// An answer that follows the commit it travels with.
struct settlement {
  ticket to{};
  item_result result{};
  std::optional<rejected_reading> reject{}; ///< to be kept apart in the same commit
  bool maybe_sealed = false; ///< older than what is in memory: a duplicate when the store has the same value, a
                             ///< conflict when it has another, late only when it has none
  point_id point{};
};

/// Both the unit and its alarm book keep two checkpoints behind the newest reading; they move together.
enum class checkpoint_move : std::uint8_t {
  none,
  rotate_after,    ///< after the readings: base := middle, middle := newest
  collapse_before, ///< before the readings: base := middle := newest, nothing older can be revised any more
};

struct judged {
  unit_id unit{};
  point_id point{};
  /// Append: the new readings. Replay: every reading after the base checkpoint, old ones included.
  std::vector<judged_reading> readings{};
  bool replay = false;
  std::optional<timestamp> replaces_from{}; ///< replay: what is committed from here on is replaced
  std::optional<timestamp> new_base{};      ///< replay: the base moves to the newest reading at or before this
  checkpoint_move move = checkpoint_move::none;
  std::vector<new_sensor> new_sensors{};
  std::optional<chunk> sealed{};
  std::optional<unit_snapshot> snapshot{}; ///< without the alarm machines, which the alarm book adds
  std::vector<settlement> settlements{};
};

} // namespace coldvigil
