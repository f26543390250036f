#pragma once
// One small machine a fault, a customer and a subject makes alarms of the conditions that hold. Pure; times are the
// wall clock's.

#include "core/result.hpp"
#include "core/system_alarm.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace coldvigil {

enum class system_step : std::uint8_t {
  raised,
  spread, ///< other units than before are concerned, or other words fit it now
  cleared,
};
struct system_event {
  system_step step = system_step::raised;
  system_alarm alarm{}; ///< as it stands now
};

struct system_watch_limits {
  millis on_delay{std::chrono::seconds{30}};       ///< a condition must have held so long
  millis cause_on_delay{std::chrono::seconds{15}}; ///< a common cause: the silence of its units has been judged already
  millis off_delay{std::chrono::minutes{2}};       ///< and must have been over so long
  std::size_t most_open = 10'000;                  ///< further conditions wait until others are over
  std::size_t kept = 1'000;                        ///< cleared alarms that are remembered
  std::size_t longest_text = 2'000;                ///< of a reason, bytes
};

/// Belongs to one thread.
class system_watch {
 public:
  using uuid_source = std::function<uuid()>;
  system_watch(system_watch_limits limits, uuid_source fresh) : limits_(limits), fresh_(std::move(fresh)) {}

  /// After a restart, before the first look: what the store holds, as alarms() gives it. What is open goes on as it
  /// is; what no longer holds has been over since the first look.
  void restore(const std::vector<system_alarm>& stored);

  /// All that holds now. Times must not go back further than a clock is set back: a look from before the last one
  /// counts as no time.
  std::vector<system_event> look(const std::vector<system_condition>& holding, timestamp now);

  /// Somebody has seen the open alarm; `scope` limits whose alarms there are. The alarm as it stands now.
  [[nodiscard]] result<system_alarm> acknowledge(const uuid& alarm, std::optional<customer_id> scope,
                                                 alarm_life::mark by);

  /// Open ones first, the newest first, then the newest cleared ones.
  [[nodiscard]] std::vector<system_alarm> alarms() const;
  /// What holds and is too young to be an alarm.
  [[nodiscard]] std::vector<system_condition> pending() const;
  [[nodiscard]] std::uint64_t left_out() const { return left_out_; }

 private:
  using key = std::tuple<system_fault, std::int64_t, std::string>;
  struct machine {
    system_alarm alarm{};
    bool raised = false;
    bool held = false; ///< at the last look
    millis so{0};      ///< for how long it has held, or been over
    bool spread = false;
  };
  static key key_of(const system_condition& condition);
  [[nodiscard]] millis on_delay_of(const system_condition& condition) const {
    return condition.units.empty() ? limits_.on_delay : limits_.cause_on_delay;
  }
  void note(const system_condition& condition, millis passed);
  void turn(machine& of, timestamp now, std::vector<system_event>& out);
  void keep(const system_alarm& cleared);

  const system_watch_limits limits_;
  const uuid_source fresh_;
  std::map<key, machine> machines_;
  std::vector<system_alarm> cleared_; ///< oldest first
  std::optional<timestamp> looked_at_;
  std::uint64_t left_out_ = 0;
};

} // namespace coldvigil
