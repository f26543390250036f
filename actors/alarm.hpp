#pragma once
#include "actors/context.hpp"
#include "actors/messages.hpp"
#include "core/alarm_book.hpp"
#include "core/rule_history.hpp"

#include <unordered_map>

namespace coldvigil::actors {

struct alarm_state {
  static inline const char* name = "coldvigil.alarm";

  struct entry {
    alarm_book book;
    ruled_unit unit{};
    point_id point{};
    timestamp listening_since{};
    bool in_danger = false;           ///< it is on the danger list
    std::uint64_t rules_revision = 0; ///< of the rules that the book has heard of
    /// What its silence is judged by, until another change counts or is made.
    silence_rules silence{};
    timestamp silence_until = timestamp::min();
    std::uint64_t silence_revision = 0;
  };
  const engine_context* context = nullptr;
  std::unordered_map<std::int64_t, entry> books{}; ///< by unit
  /// Units with the same rules share them. By version.
  std::unordered_multimap<std::uint32_t, alarm_book::shared_rules> rule_sets{};
  std::uint64_t rules_revision = 0; ///< at which those that nobody has were forgotten

  void add(const unit_arrival& arrival);
  [[nodiscard]] unit_decision decide(judged& what);
  /// Alarms of units of which nothing is heard, and of those that are heard again.
  [[nodiscard]] std::vector<alarm_transition> judge_silence();
  [[nodiscard]] std::vector<alarm_record> open_of(unit_id unit) const;

 private:
  [[nodiscard]] std::shared_ptr<const rule_history> history();
  [[nodiscard]] alarm_book::shared_rules shared(rule_set rules);
  [[nodiscard]] timestamp oldest_beside(timestamp first_reading) const;
  void follow_rules(entry& of, timestamp first_reading);
  [[nodiscard]] const silence_rules& silence_rules_now(entry& of, timestamp now);
  void note(const std::vector<alarm_transition>& transitions) const;
  void note_standings(const entry& of, const std::vector<alarm_transition>& transitions) const;
  void note_danger(entry& of, std::optional<milli_celsius> newest) const;
};

/// The alarm books of one facility's units. Never messages a unit.
alarm_actor::behavior_type alarm(alarm_actor::stateful_pointer<alarm_state> self, const engine_context* context,
                                 const writer_actor& writer);

} // namespace coldvigil::actors
