#pragma once
// What notification counts. Written by the notifier and the writer, read by any thread.

#include "core/metrics.hpp"
#include "core/notification_records.hpp"

#include <mutex>
#include <string>
#include <vector>

namespace coldvigil {

/// Ways to people whose newest self-test is overdue: "person by channel".
class overdue_ways {
 public:
  void set(std::vector<std::string> ways) {
    const std::lock_guard lock(mutex_);
    ways_ = std::move(ways);
  }
  [[nodiscard]] std::vector<std::string> get() const {
    const std::lock_guard lock(mutex_);
    return ways_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> ways_;
};

struct notification_metrics {
  counter notices{0};                                ///< committed steps of alarms that people may have to hear of
  std::array<counter, send_result_count> attempts{}; ///< by result
  counter dead_letters{0};                           ///< messages refused or given up
  counter last_dead_letter{0};                       ///< when: UTC milliseconds; 0 = none is known of
  counter unacknowledged{0};                         ///< alarms of which all rounds were gone through in vain
  counter overdue_tests{0};
  overdue_ways overdue{};      ///< now
  counter full{0};             ///< ticks in which something waited because a book was full
  counter acknowledgements{0}; ///< by link
  counter heartbeats{0};
  counter waiting{0};           ///< now: messages in the outbox
  counter cases{0};             ///< now: alarms that people are being called about, or were lately
  counter recording_stopped{0}; ///< now: 1 while nothing can be recorded
};

} // namespace coldvigil
