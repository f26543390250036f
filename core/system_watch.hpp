#pragma once
// Alarms of Coldvigil itself, and those of common cause: what was measured becomes conditions, and one small machine a
// fault and a subject makes alarms of them. Pure; times are the wall clock's.

#include "core/alarm.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace coldvigil {

enum class system_fault : std::uint8_t {
  store_away,         ///< what was gathered cannot be committed
  store_slow,         ///< commits take too long
  disk_low,           ///< the store's disk is nearly full
  clock_stepped,      ///< the wall clock jumped
  backlog_old,        ///< readings wait for their commit for too long
  polls_failing,      ///< a customer's endpoint gives nothing usable
  polls_refused,      ///< a customer's endpoint refuses our credentials
  model_missing,      ///< a model is configured and does not score
  self_test_overdue,  ///< nobody has confirmed a self-test of notification
  notice_undelivered, ///< a message to a person was given up
  site_silent,        ///< nothing is heard of the units of a facility
  customer_silent,    ///< nor of any of the customer's facilities
};
inline constexpr std::size_t system_fault_count = 12;
[[nodiscard]] std::string_view to_string(system_fault fault);
/// "the store cannot be written to"
[[nodiscard]] std::string_view words_of(system_fault fault);

/// Something holds at this moment.
struct system_condition {
  system_fault fault = system_fault::store_away;
  std::optional<customer_id> customer{}; ///< whose it is; nothing = Coldvigil's own
  std::string subject{};                 ///< one alarm each: a customer's or facility's code, a way to a person
  std::string detail{};                  ///< for people
  std::vector<unit_id> units{};          ///< of a common cause
};

struct system_alarm {
  uuid id{};
  alarm_level level = alarm_level::warning;
  system_condition what{}; ///< as it stood last
  timestamp raised_at{};
  std::optional<timestamp> cleared_at{};
};

struct system_event {
  bool raised = true; ///< else cleared
  system_alarm alarm{};
};

struct system_watch_limits {
  millis on_delay{std::chrono::seconds{30}}; ///< a condition must have held so long
  millis off_delay{std::chrono::minutes{2}}; ///< and must have been over so long
  std::size_t most_open = 10'000;            ///< further conditions wait until others are over
  std::size_t kept = 1'000;                  ///< cleared alarms that are remembered
};

/// Belongs to one thread.
class system_watch {
 public:
  using uuid_source = std::function<uuid()>;
  system_watch(system_watch_limits limits, uuid_source fresh) : limits_(limits), fresh_(std::move(fresh)) {}

  /// All that holds now. Times must not go back further than a clock is set back: a look from before the last one
  /// counts as no time.
  std::vector<system_event> look(const std::vector<system_condition>& holding, timestamp now);

  /// Open ones first, then the newest cleared ones.
  [[nodiscard]] std::vector<system_alarm> alarms() const;
  [[nodiscard]] std::uint64_t left_out() const { return left_out_; }

 private:
  using key = std::tuple<system_fault, std::int64_t, std::string>;
  struct machine {
    system_alarm alarm{};
    bool raised = false;
    bool held = false; ///< at the last look
    millis so{0};      ///< for how long it has held, or been over
  };
  void note(const system_condition& condition, millis passed);
  void turn(machine& of, timestamp now, std::vector<system_event>& out);

  const system_watch_limits limits_;
  const uuid_source fresh_;
  std::map<key, machine> machines_;
  std::vector<system_alarm> cleared_; ///< oldest first
  std::optional<timestamp> looked_at_;
  std::uint64_t left_out_ = 0;
};

/// How bad it is when it holds.
[[nodiscard]] alarm_level level_of(system_fault fault);

} // namespace coldvigil
