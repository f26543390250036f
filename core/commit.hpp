#pragma once
// What one transaction takes: the only way in which anything becomes durable.

#include "core/alarm.hpp"
#include "core/alarm_life.hpp"
#include "core/detection.hpp"
#include "core/notification_changes.hpp"
#include "core/reading.hpp"
#include "core/registry.hpp"
#include "core/sensor_names.hpp"
#include "core/system_alarm.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace coldvigil {

/// Judged readings of one point, in event order. When `replaces_from` is set, everything committed for the point from
/// that time on is replaced by what is here; otherwise the readings are all newer than what is committed.
struct unit_run {
  customer_id customer{};
  unit_id unit{};
  point_id point{};
  std::optional<timestamp> replaces_from{};
  std::uint32_t rules_version = 1;
  std::vector<judged_reading> readings;
  /// Names that the unit's sensor table gained with this run: (index, name). Indexes are never reused.
  std::vector<new_sensor> new_sensors{};
  friend bool operator==(const unit_run&, const unit_run&) = default;
};

/// A run of a point's readings that can no longer change, in event order: one row, about 8 B a reading.
struct chunk {
  point_id point{};
  std::vector<judged_reading> readings;
};

/// All that a unit needs to go on after a crash, committed with the readings it covers.
struct unit_snapshot {
  unit_id unit{};
  point_id point{};
  std::optional<timestamp> base_as_of{}; ///< the checkpoint: newest reading that can no longer be revised
  detector_state base_state{};           ///< the detector's memory at the checkpoint
  machine_states base_machines{};        ///< the alarm machines at the checkpoint, those that remember anything
  sensor_names sensors{};
  std::vector<judged_reading> tail{}; ///< every committed reading that is in no chunk yet, in event order
  friend bool operator==(const unit_snapshot&, const unit_snapshot&) = default;
};

enum class poll_status : std::uint8_t { success, partial, failure };
[[nodiscard]] std::string_view to_string(poll_status outcome);

/// One run of an ingestion actor, with true counts.
struct poll_record {
  customer_id customer{};
  std::string method;     ///< "json" or "csv"
  std::string source_url; ///< without credentials
  timestamp started_at{};
  millis duration{0};
  poll_status status = poll_status::success;
  std::uint32_t received = 0, stored = 0, duplicate = 0;
  std::array<std::uint32_t, reject_reason_count> rejected{}; ///< by reject_reason
  bool history = false;                                      ///< a back-fill
  std::string error;                                         ///< what went wrong, empty when nothing did
  friend bool operator==(const poll_record&, const poll_record&) = default;
};

/// Who changed what, when, from what, to what, why.
struct audit_entry {
  timestamp at{};
  std::optional<customer_id> customer{};
  std::string actor;  ///< "system", "token:NAME", "poll:A"
  std::string action; ///< "unit.registered", "token.created"
  std::string subject;
  std::string old_value, new_value, reason;
  friend bool operator==(const audit_entry&, const audit_entry&) = default;
};

/// The newest feed number of one customer, or of the stream of all customers (customer_id 0), after this commit.
struct feed_head {
  customer_id customer{};
  std::uint64_t last = 0;
  friend bool operator==(const feed_head&, const feed_head&) = default;
};

struct commit_batch {
  timestamp at{};
  std::vector<unit_run> runs;
  std::vector<rejected_reading> rejects;
  std::vector<alarm_transition> transitions;
  std::vector<chunk> chunks;
  std::vector<unit_snapshot> snapshots;
  std::vector<poll_record> polls;
  std::vector<audit_entry> audits;
  std::vector<feed_head> feed;
  /// What the engine says of alarms whose raising is among the transitions; its audit entries are among the audits.
  std::vector<std::pair<alarm_id, life_event>> said{};
  // No part of what the log keeps: the rows that matter as evidence are recorded by their digests.
  std::vector<system_alarm> system_alarms{}; ///< the last of each id stands
  notification_changes notifications{};

  [[nodiscard]] bool empty() const {
    return runs.empty() && rejects.empty() && transitions.empty() && chunks.empty() && snapshots.empty() &&
           polls.empty() && audits.empty() && system_alarms.empty() && notifications.empty();
  }
};

/// A unit as it was when the process ended: its newest snapshot, brought up to the newest commit.
struct unit_recovery {
  unit_snapshot snapshot; ///< the tail holds everything that is committed and not sealed
};

} // namespace coldvigil
