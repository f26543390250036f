#pragma once
// Which commits recovery still needs: those with readings of a point that are later than the point's newest snapshot.

#include "core/commit.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>

namespace coldvigil::db {

class log_tracker {
 public:
  /// The point has a run in this commit and no later snapshot; commits come in order.
  void note_run(std::uint64_t seq, point_id point) {
    if (first_.try_emplace(number(point), seq).second) ++points_[seq];
  }
  void note_snapshot(point_id point) {
    const auto found = first_.find(number(point));
    if (found == first_.end()) return;
    const auto points = points_.find(found->second);
    if (--points->second == 0) points_.erase(points);
    first_.erase(found);
  }
  /// Runs come before the snapshots of the same commit, which cover them.
  void note(std::uint64_t seq, const commit_batch& batch) {
    for (const unit_run& run : batch.runs)
      note_run(seq, run.point);
    for (const unit_snapshot& snapshot : batch.snapshots)
      note_snapshot(snapshot.point);
  }
  /// The oldest commit that is still needed; nothing when none is.
  [[nodiscard]] std::optional<std::uint64_t> oldest_needed() const {
    if (points_.empty()) return std::nullopt;
    return points_.begin()->first;
  }

 private:
  std::unordered_map<std::int64_t, std::uint64_t> first_; ///< by point: the first commit that is needed for it
  std::map<std::uint64_t, std::size_t> points_;           ///< by commit: how many points need it first
};

} // namespace coldvigil::db
