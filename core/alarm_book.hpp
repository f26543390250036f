#pragma once
// The alarms of one unit: the machines of its rules with their checkpoints, and those alarms that a replay may still
// change. Gives the transitions to commit; the same judged readings give the same alarms whatever order they came in.

#include "core/alarm.hpp"
#include "core/alarm_standing.hpp"
#include "core/judged.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace coldvigil {

/// What a unit's silence is judged by.
struct silence_rules {
  std::vector<rule> rules{}; ///< of no_data
  rules_in_force beside{};
  timestamp from = timestamp::min(); ///< since when they are in force
};
[[nodiscard]] silence_rules silence_rules_of(const rule_set& rules, timestamp from);

class alarm_book {
 public:
  struct owner {
    customer_id customer{};
    facility_id facility{};
    unit_id unit{};
  };
  using uuid_source = std::function<uuid()>;
  using shared_rules = std::shared_ptr<const rule_set>;

  /// Rules are checked and fitted to the unit, and shared by the units that have the same. After a restart: those in
  /// force at the checkpoint, with the later ones by change_rules, before restore.
  alarm_book(const owner& of, shared_rules rules);

  /// From `from` on, or from just after the newest judged reading when that is later, other rules are in force. Gives
  /// the time, which is to be committed as a fact. Rules that stay as they are keep their state; an open alarm of one
  /// that does not ends with `rule_changed` when the next reading is judged.
  timestamp change_rules(shared_rules rules, timestamp from);

  /// Changes that are planned and not in force yet never come into force.
  void forget_planned_rules();

  /// Goes on after a restart: the machines at the checkpoint, the readings after it, the alarms that are open or
  /// changed since the checkpoint, and the number of the newest alarm of the unit.
  void restore(const unit_snapshot& snapshot, std::vector<alarm_record> alarms, std::optional<alarm_id> newest);

  /// Moves over what a unit judged. Adds the machines to its snapshot. `now` is when this is decided.
  std::vector<alarm_transition> apply(judged& what, timestamp now, const uuid_source& fresh_uuid);

  struct silence {
    timestamp now;
    std::optional<timestamp> heard; ///< newest contact with the unit, readings without a value included
    timestamp started;              ///< when this process began to listen
  };
  /// By the wall clock (law 9), so by the rules of now, whatever readings are still to be judged by. Nothing heard
  /// never clears anything.
  std::vector<alarm_transition> judge_silence(const silence& of, const silence_rules& by,
                                              const uuid_source& fresh_uuid);

  [[nodiscard]] bool watches_silence(const silence_rules& by) const;

  /// Of the newest judged reading.
  [[nodiscard]] const rule_set& rules() const { return *now_.rules; }
  [[nodiscard]] std::optional<timestamp> judged_through() const { return now_.as_of; }
  [[nodiscard]] const std::vector<alarm_record>& revisable() const { return alarms_; }
  /// The open alarms with their excursions as they stand now, the silence that goes on among what was not seen.
  [[nodiscard]] std::vector<alarm_record> open_now(timestamp now) const;
  /// How those stand by the newest judged reading; a silence has none.
  [[nodiscard]] std::vector<std::pair<uuid, alarm_standing>> standings() const;
  [[nodiscard]] std::size_t heap_bytes() const;

 private:
  struct context {
    timestamp now;
    const uuid_source& fresh_uuid;
    bool history = false; ///< what is looked at is back-filled
    std::vector<alarm_transition> out{};
  };
  struct machines {
    shared_rules rules;
    std::vector<machine_state> states; ///< one a rule
    std::optional<timestamp> as_of{};
    timestamp rules_from = timestamp::min();
  };
  struct rules_change {
    timestamp from;
    shared_rules rules;
  };
  struct event {
    const rule& by;
    const rule_set& rules;
    bool raised;
    const course& what;
    timestamp at;
    alarm_end why;
  };

  template <class Sink> void advance(machines& over, const judged_reading& reading, Sink&& sink);
  template <class Sink> void follow_rules(machines& over, timestamp to, Sink&& sink);
  void append(std::span<const judged_reading> readings, context& at);
  void come_live(context& at);
  void take(const event& what, context& at);
  void replay(const judged& what, context& at);
  /// Makes the alarms equal to what the replay found; `known` is the newest reading that was judged before it.
  void reconcile(std::vector<alarm_record> found, std::optional<timestamp> known, context& at);
  void annul(alarm_record& alarm) const;
  void annul_missing(const std::vector<alarm_record>& found, context& at);
  void end_orphans(context& at);
  void emit(const alarm_record& alarm, transition_kind kind, timestamp event_time, context& at);
  void revise(alarm_record& alarm, const alarm_record& found, context& at);
  void add(alarm_record alarm, context& at);
  [[nodiscard]] alarm_record record(const rule& by, const rules_in_force& rules, const course& what) const;
  [[nodiscard]] alarm_record* open_alarm(const rule& by);
  struct running {
    const rule* by = nullptr;
    const course* so_far = nullptr; ///< null when the rule is in force no more, or keeps none
  };
  [[nodiscard]] running running_of(const alarm_record& alarm) const;
  void end_unwatched_silence(const std::vector<rule>& watched, context& at);
  [[nodiscard]] alarm_id next_id();
  void forget_final(std::optional<timestamp> base);

  owner owner_;
  machines base_;
  machines middle_;
  machines now_;
  std::vector<rules_change> changes_{}; ///< later than the base, in order
  std::vector<alarm_record> alarms_{};  ///< not annulled; open, or not final yet
  std::int64_t last_number_ = 0;
  milli_celsius last_value_ = no_temperature;
  bool last_is_history_ = false; ///< the newest judged reading is back-filled
  bool restored_ = false;        ///< not applied yet since
};

} // namespace coldvigil
