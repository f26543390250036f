#pragma once
// What is said from memory when the store is away, and when the world outside is told that all is well.

#include "core/alarm_notice.hpp"
#include "core/temperature.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace coldvigil {

struct recording_limits {
  millis stopped_after{std::chrono::seconds{30}};
  millis repeat{std::chrono::minutes{15}}; ///< while it lasts
};

enum class recording_news : std::uint8_t { none, stopped, still_stopped, again };

/// Recording has stopped when something has waited for a commit for too long and none has come. The exception to
/// "commit, then tell": a full disk must not silence an alarm. Belongs to one thread; times are the wall clock's.
class recording_watch {
 public:
  explicit recording_watch(recording_limits limits) : limits_(limits) {}

  void committed() { waiting_since_.reset(); }
  /// Something waits for a commit; the first call after a commit counts.
  void waiting(timestamp since) {
    if (!waiting_since_) waiting_since_ = since;
  }
  /// After a restart: people were told that recording had stopped, and nobody told them that it works again. That this
  /// process could open the store shows that it does.
  void told_before(timestamp stopped_since) { stopped_since_ = stopped_since; }
  /// What is to be said now, once each.
  [[nodiscard]] recording_news look(timestamp now);
  /// Since when something has waited for a commit in vain; nothing while all is well.
  [[nodiscard]] std::optional<timestamp> stopped_since() const { return stopped_since_; }

 private:
  const recording_limits limits_;
  std::optional<timestamp> waiting_since_{}, stopped_since_{};
  timestamp said_at_{};
};

/// A unit that is out of its limits, as the now board knows it.
struct unit_in_danger {
  std::string customer_name, facility_name, unit_name;
  milli_celsius value = 0;
  milli_celsius limit = 0;
  temperature_scale scale = temperature_scale::celsius;
  timestamp since{};
  place_codes codes{};
};

/// When to call the heartbeat address: only after a commit and a tick that both came after the last call, so that its
/// silence means that Coldvigil has stopped working, whatever still runs of it. Belongs to one thread.
class heartbeat_gate {
 public:
  explicit heartbeat_gate(millis every) : every_(every) {}

  void committed() { commit_seen_ = true; }
  void ticked() { tick_seen_ = true; }
  /// True when it is to be called now.
  [[nodiscard]] bool due(timestamp now);

 private:
  const millis every_;
  bool commit_seen_ = false, tick_seen_ = false;
  std::optional<timestamp> last_{};
};

} // namespace coldvigil
