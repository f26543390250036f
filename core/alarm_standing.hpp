#pragma once
// How open alarms stand by their units' newest judged readings: what a call says beside what raised them. Any thread.

#include "core/ids.hpp"
#include "core/rule.hpp"
#include "core/temperature.hpp"
#include "core/time.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace coldvigil {

struct alarm_standing {
  timestamp at{}; ///< of the newest reading
  milli_celsius newest = 0;
  std::optional<milli_celsius> worst{};   ///< farthest out of its limit so far; of rules of a limit
  rule_kind kind = rule_kind::high_limit; ///< what there is to do depends on what sort of rule it is
  rule_side side = rule_side::above;
  friend bool operator==(const alarm_standing&, const alarm_standing&) = default;
};

/// Holds what is open and nothing else.
class standing_list {
 public:
  /// Before a start: so many units with open alarms are still to be restored.
  void await(std::size_t units) {
    const std::lock_guard lock(mutex_);
    awaited_ = units;
  }
  void unit_restored() {
    std::function<void()> tell;
    {
      const std::lock_guard lock(mutex_);
      if (awaited_ == 0 || --awaited_ > 0) return;
      tell = std::exchange(when_whole_, {});
    }
    if (tell) tell();
  }
  /// Called once, on whichever thread, when nothing is awaited any more.
  void when_whole(std::function<void()> tell) {
    {
      const std::lock_guard lock(mutex_);
      if (awaited_ > 0) {
        when_whole_ = std::move(tell);
        return;
      }
    }
    tell();
  }
  void set(const std::vector<std::pair<uuid, alarm_standing>>& open) {
    const std::lock_guard lock(mutex_);
    for (const auto& [alarm, now] : open)
      by_alarm_.insert_or_assign(alarm, now);
  }
  void erase(const uuid& alarm) {
    const std::lock_guard lock(mutex_);
    by_alarm_.erase(alarm);
  }
  [[nodiscard]] std::optional<alarm_standing> find(const uuid& alarm) const {
    const std::lock_guard lock(mutex_);
    const auto found = by_alarm_.find(alarm);
    return found == by_alarm_.end() ? std::nullopt : std::optional(found->second);
  }
  [[nodiscard]] std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return by_alarm_.size();
  }

 private:
  mutable std::mutex mutex_;
  std::map<uuid, alarm_standing> by_alarm_;
  std::size_t awaited_ = 0;
  std::function<void()> when_whole_{};
};

} // namespace coldvigil
