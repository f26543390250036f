#pragma once
// The alarms of Coldvigil itself as they stand, and how the polls fare that some of them are made of. Any thread.

#include "core/commit.hpp"
#include "core/system_conditions.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace coldvigil {

class system_board {
 public:
  using alarm_list = std::shared_ptr<const std::vector<system_alarm>>;

  void publish(std::vector<system_alarm> alarms) {
    auto fresh = std::make_shared<const std::vector<system_alarm>>(std::move(alarms));
    const std::lock_guard lock(mutex_);
    alarms_ = std::move(fresh);
  }
  [[nodiscard]] alarm_list alarms() const {
    const std::lock_guard lock(mutex_);
    return alarms_;
  }

  /// A poll of a customer's endpoint has ended.
  void note(const poll_record& poll);
  /// At a start: the newest poll of a customer as the record has it, older ones first; believed until then.
  void recall(const poll_record& poll, timestamp believed_until);
  /// Of every customer that was polled. Without the codes.
  [[nodiscard]] std::vector<poll_state> polls() const;

 private:
  poll_state& take(const poll_record& poll);

  mutable std::mutex mutex_;
  alarm_list alarms_ = std::make_shared<const std::vector<system_alarm>>();
  std::map<std::int64_t, poll_state> polls_;
};

} // namespace coldvigil
