#pragma once
// The alarms of one unit: its rules' machines with their checkpoints, and those alarms that a replay may still change.
// Gives the transitions to commit; the same judged readings give the same alarms whatever order they came in.

#include "core/alarm.hpp"
#include "core/judged.hpp"

#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace coldvigil {

class alarm_book {
 public:
  struct owner {
    customer_id customer{};
    facility_id facility{};
    unit_id unit{};
  };
  using uuid_source = std::function<uuid()>;

  alarm_book(const owner& of, const rule_set& rules) : owner_(of), rules_(rules) {}

  /// Goes on after a restart: the machines at the checkpoint, the readings after it, the alarms that are open or
  /// changed since the checkpoint, and the number of the newest alarm of the unit.
  void restore(const unit_snapshot& snapshot, std::vector<alarm_record> alarms, std::optional<alarm_id> newest);

  /// Moves over what a unit judged. Adds the machines to its snapshot. `now` is when this is decided.
  std::vector<alarm_transition> apply(judged& what, timestamp now, const uuid_source& fresh_uuid);

  [[nodiscard]] const rule_set& rules() const { return rules_; }
  [[nodiscard]] const machine_states& machines() const { return now_; }
  [[nodiscard]] const std::vector<alarm_record>& revisable() const { return alarms_; }

 private:
  struct context {
    timestamp now;
    const uuid_source& fresh_uuid;
    std::vector<alarm_transition> out{};
  };

  void append(std::span<const judged_reading> readings, context& at);
  void replay(const judged& what, context& at);
  /// Makes the alarms of one rule equal to what the replay found.
  void reconcile(rule_kind rule, std::vector<alarm_record> found, context& at);
  void annul_missing(rule_kind rule, const std::vector<alarm_record>& found, context& at);
  void emit(const alarm_record& alarm, transition_kind kind, timestamp event_time, context& at);
  void revise(alarm_record& alarm, const alarm_record& found, context& at);
  void add(alarm_record alarm, context& at);
  [[nodiscard]] alarm_record record(rule_kind rule, const machine_state& state) const;
  [[nodiscard]] alarm_id next_id();
  void forget_final(std::optional<timestamp> base);

  owner owner_;
  rule_set rules_;
  machine_states base_{};
  machine_states middle_{};
  machine_states now_{};
  std::optional<timestamp> middle_as_of_{};
  std::optional<timestamp> now_as_of_{};
  std::vector<alarm_record> alarms_{}; ///< not annulled; open, or not final yet
  std::int64_t last_number_ = 0;
};

} // namespace coldvigil
