#pragma once
// What notification counts. Atomics, written by the notifier and the writer, read by any thread.

#include "core/metrics.hpp"
#include "core/notification_records.hpp"

namespace coldvigil {

struct notification_metrics {
  counter notices{0};                                ///< committed steps of alarms that people may have to hear of
  std::array<counter, send_result_count> attempts{}; ///< by result
  counter dead_letters{0};                           ///< messages refused or given up
  counter unacknowledged{0};                         ///< alarms of which all rounds were gone through in vain
  counter overdue_tests{0};
  counter full{0};             ///< ticks in which something waited because a book was full
  counter acknowledgements{0}; ///< by link
  counter heartbeats{0};
  counter waiting{0};           ///< now: messages in the outbox
  counter cases{0};             ///< now: alarms that people are being called about, or were lately
  counter recording_stopped{0}; ///< now: 1 while nothing can be recorded
};

} // namespace coldvigil
