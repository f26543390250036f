#pragma once
// The canonical bytes of a commit: what the hash chain is over and what recovery reads. Chunks and snapshots repeat
// what was committed before and are no part of them.

#include "core/alarm_life.hpp"
#include "core/commit.hpp"
#include "core/contact_board.hpp"
#include "core/rule_history.hpp"
#include "core/service_change.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace coldvigil::db {

struct packed_batch {
  std::string head;     ///< everything but the readings: the runs, and all other facts
  std::string readings; ///< of all runs, in order

  [[nodiscard]] std::size_t size() const { return head.size() + readings.size(); }
};
[[nodiscard]] packed_batch pack(const commit_batch& batch);

/// Nothing of the batch is packed: its commit needs no row in the log.
[[nodiscard]] bool nothing_to_log(const commit_batch& batch);

/// A run without its readings, and how many it had.
struct run_head {
  unit_run run;
  std::size_t readings = 0;
};
/// The runs that a head speaks of. Throws damaged_bytes.
[[nodiscard]] std::vector<run_head> unpack_head(std::string_view head);
/// The runs of a commit from head and readings, one behind the other. Throws damaged_bytes.
[[nodiscard]] std::vector<unit_run> unpack_runs(std::string_view content);

/// What a snapshot holds beside its tail.
[[nodiscard]] std::string pack_memory(const unit_snapshot& snapshot);
/// Throws damaged_bytes.
void unpack_memory(std::string_view bytes, unit_snapshot& into);

/// What the hash of the sealed chunks is over: each point's readings in event order, however they are cut into chunks.
[[nodiscard]] std::string pack_sealed(const std::vector<chunk>& chunks);
/// What people changed in a commit, in tables of its own beside the audit.
struct lasting_changes {
  std::vector<std::pair<alarm_id, life_event>> said;
  std::vector<service_change> service;
  std::vector<rule_record> rules;
  std::vector<contact_revision> contacts;

  [[nodiscard]] bool empty() const { return said.empty() && service.empty() && rules.empty() && contacts.empty(); }
};
/// What the hash of a commit's lasting record is over.
[[nodiscard]] std::string pack_record(const std::vector<alarm_transition>& transitions,
                                      const std::vector<audit_entry>& audits, const lasting_changes& changes);
/// 24 bytes: the point, and the beginning of the SHA-256 of all that the snapshot holds.
[[nodiscard]] std::string snapshot_digest(const unit_snapshot& snapshot);
inline constexpr std::size_t snapshot_digest_size = 24;

} // namespace coldvigil::db
