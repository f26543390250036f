#pragma once
// What to ask a customer's endpoints next, and when: the directory of units, the units' pasts, the live readings. A
// past precedes its unit's first live reading and yields to the live readings of the others. What does not answer is
// waited for in bounds, so that no broken address keeps a customer unwatched; after that it is owed, and asked for
// again for as long as it takes, in the time that a live poll leaves before the next one.

#include "core/backoff.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>

namespace coldvigil {

enum class poll_kind : std::uint8_t { directory, history, live };

struct poll_task {
  poll_kind kind = poll_kind::live;
  std::string unit{}; ///< history only; empty = of all units in one request
  bool owed = false;  ///< history only: live readings of the unit are taken meanwhile
};

struct poll_plan_settings {
  bool directory = false;       ///< there is one to ask
  bool history_by_unit = false; ///< each unit's past has a request of its own
  bool units_known = false;     ///< from before: the directory need not be waited for
  millis interval{60'000};      ///< between the end of a live poll and the next one
  backoff_limits backoff{};     ///< after failures
  unsigned attempts = 5;        ///< failures in a row after which live polls do not wait for an answer any longer
};

class poll_plan {
 public:
  struct step {
    poll_task task;
    timestamp at; ///< not before
  };

  poll_plan() = default;
  poll_plan(const poll_plan_settings& settings, timestamp start);

  /// The unit's past is to be asked for (empty = of all units in one request). Once a unit; later calls change nothing.
  void want_past(const std::string& unit);
  /// Live readings of the unit are not taken yet: they would come before its past.
  [[nodiscard]] bool holds_back(const std::string& unit) const { return pending_.contains(unit); }
  [[nodiscard]] bool holds_back_any() const { return !pasts_.empty(); }
  /// Pasts that were not answered when they should have been, and are still asked for.
  [[nodiscard]] std::size_t owed() const { return owed_.size(); }

  [[nodiscard]] step next() const;
  /// The task of `next` has its end. `chance` is random in [0, 1), for the wait after a failure.
  void ended(const poll_task& task, bool failed, timestamp now, double chance);

 private:
  void directory_ended(bool failed, timestamp now, double chance);
  void history_ended(bool failed, timestamp now, double chance);
  void owed_ended(bool failed, timestamp now, double chance);
  void live_ended(bool failed, timestamp now, double chance);
  void drop_front();
  void give_up_front();
  [[nodiscard]] std::optional<poll_task> spare_task() const;

  poll_plan_settings settings_{};

  std::optional<timestamp> directory_due_{}; ///< nothing = answered, or there is none
  bool directory_awaited_ = false;           ///< everything else waits for it
  unsigned directory_failures_ = 0;

  std::deque<std::string> pasts_{}; ///< still to be asked for
  std::set<std::string> pending_{}; ///< the same
  std::set<std::string> wanted_{};  ///< ever since the start
  timestamp past_due_{};
  unsigned past_failures_ = 0;  ///< in a row, of the unit in front
  unsigned pasts_given_up_ = 0; ///< in a row

  std::deque<std::string> owed_{}; ///< given up for now
  timestamp owed_due_{};
  unsigned owed_failures_ = 0;             ///< in a row
  std::optional<timestamp> spare_since_{}; ///< a live poll has ended, and the next one is not due

  bool live_begun_ = false;
  timestamp live_due_{};
  unsigned live_failures_ = 0; ///< in a row
};

} // namespace coldvigil
