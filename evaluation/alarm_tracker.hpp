#pragma once
// From scores and values of one unit to alarms, as a backtest reports them.

#include "core/alarm_machine.hpp"
#include "core/detection.hpp"
#include "evaluation/silence_habits.hpp"
#include "evaluation/tables.hpp"

#include <functional>
#include <optional>
#include <string>

namespace coldvigil {

/// The rule about scores that a unit has when nobody said anything.
[[nodiscard]] rule usual_model_rule();

struct tracker_rules {
  rule model = usual_model_rule();                   ///< as the engine has it
  millis bounds_delay = std::chrono::minutes{30};    ///< outside so long: the warning becomes an alarm
  millis longest_silence = std::chrono::minutes{60}; ///< a longer one ends a time outside
  double missed = 3.5;                               ///< usual intervals without a value: the sensor is silent,
  millis least_silence = std::chrono::minutes{15};   ///< but never before this
  /// So long after a value was due, at least, the warning becomes an alarm.
  millis silence_delay = std::chrono::minutes{60};
};

/// Receives alarms when they close, or at the end while they are open.
using alarm_sink = std::function<void(alarm_row)>;

/// Readings come in time order. The unit's code is filled in by the sink's owner.
class alarm_tracker {
 public:
  void add(timestamp at, milli_celsius value, const verdict& judged, const std::optional<milli_celsius>& low,
           const std::optional<milli_celsius>& high, const tracker_rules& rules, const alarm_sink& sink);
  /// Gives what is still open, without an end. `newest` is the newest time of any unit: who has been silent for long
  /// before it is silent now.
  void finish(timestamp newest, const tracker_rules& rules, const alarm_sink& sink);
  /// The usual time between readings, when it is known beforehand.
  void expect_interval(millis interval) { spacing_ = interval; }

 private:
  struct open_alarm {
    bool open = false;
    timestamp since{};
    std::int32_t value_then = 0; ///< m°C
    double peak = 0;
  };
  void add_silence(timestamp at, const tracker_rules& rules, const alarm_sink& sink);
  /// A warning, and an alarm when it lasted: nothing for a silence that is usual.
  void tell_silence(millis lasted, std::optional<timestamp> ended, const std::string& words, const tracker_rules& rules,
                    const alarm_sink& sink) const;
  /// Longer without a value is a silence: for some sensors half an hour is nothing out of the ordinary.
  [[nodiscard]] millis patience(const tracker_rules& rules) const;
  /// The same for what begins with the newest value: what the source does every night is no silence.
  [[nodiscard]] millis patience_now(const tracker_rules& rules) const;
  /// A silence that is longer is an alarm: longer than this unit's silences were.
  [[nodiscard]] millis worrying_silence(const tracker_rules& rules) const;
  void learn_silence(millis lasted, const tracker_rules& rules);
  void learn_gap(millis gap, bool silent, const tracker_rules& rules);
  void add_score(timestamp at, milli_celsius value, const verdict& judged, const tracker_rules& rules,
                 const alarm_sink& sink);
  void add_bounds(timestamp at, milli_celsius value, bool above, bool below, const tracker_rules& rules,
                  const alarm_sink& sink);
  void close_bounds(std::optional<timestamp> at, const alarm_sink& sink);
  [[nodiscard]] alarm_row model_row(const course& of, std::optional<timestamp> closed) const;

  machine_state model_{};
  open_alarm outside_, lasting_;
  bool above_ = false;              ///< which limit outside_ and lasting_ are about
  std::optional<timestamp> last_{}; ///< newest value
  millis spacing_{0};               ///< between values, as usual; 0 = not known
  double rare_gap_ms_ = 0;          ///< one gap in fifty is longer; 0 = not known
  double longest_silence_ms_ = 0;   ///< as far as it teaches, fading
  silence_habits habits_{};
};

} // namespace coldvigil
