#pragma once
// What runs do to a snapshot that is older than they are.

#include "core/commit.hpp"

#include <optional>
#include <utility>
#include <vector>

namespace coldvigil::db {

/// The runs of one point, in the order of their commits, folded into one.
class later_runs {
 public:
  void add(const unit_run& run);
  /// Readings through `sealed` lie in chunks and do not come back. Runs that the snapshot holds already change nothing,
  /// as long as all runs since the first of them are here.
  void bring_up(unit_snapshot& snapshot, std::optional<timestamp> sealed = {}) const;

 private:
  unit_id unit_{};
  std::vector<judged_reading> tail_;
  std::optional<timestamp> cut_from_; ///< what is older than the runs stands up to here
  std::vector<new_sensor> sensors_;
};

/// The newest snapshot of each point of the batch, brought up to the runs of the batch: a batch may hold several
/// decisions of a unit, and the snapshot of an earlier one.
[[nodiscard]] std::vector<unit_snapshot> final_snapshots(const commit_batch& batch);

} // namespace coldvigil::db
