#pragma once
// What the engine counts. Atomics, written by any thread; the names under which they are shown are given where they are
// rendered.

#include "core/alarm.hpp"
#include "core/alarm_life.hpp"
#include "core/commit.hpp"
#include "core/forgotten.hpp"
#include "core/reading.hpp"
#include "core/system_watch.hpp"

#include <array>
#include <atomic>
#include <cstdint>

namespace coldvigil {

using counter = std::atomic<std::uint64_t>;

/// A latency histogram with fixed bounds, in milliseconds.
class latency_histogram {
 public:
  static constexpr std::array<double, 15> bounds_ms{1,   2,   5,    10,   20,   50,    100,  200,
                                                    250, 500, 1000, 2000, 5000, 10000, 30000};

  void note(double ms) {
    std::size_t bucket = 0;
    while (bucket < bounds_ms.size() && ms > bounds_ms[bucket])
      ++bucket;
    counts_[bucket].fetch_add(1, std::memory_order_relaxed);
    sum_us_.fetch_add(static_cast<std::uint64_t>(ms * 1000), std::memory_order_relaxed);
  }
  /// Of the bucket that ends at bounds_ms[i]; the last one has no end.
  [[nodiscard]] std::uint64_t count(std::size_t i) const { return counts_[i].load(std::memory_order_relaxed); }
  [[nodiscard]] double sum_ms() const { return static_cast<double>(sum_us_.load(std::memory_order_relaxed)) / 1000.0; }

 private:
  std::array<counter, bounds_ms.size() + 1> counts_{};
  counter sum_us_{0};
};

struct engine_metrics {
  counter readings_received{0};
  counter readings_stored{0};
  counter readings_duplicate{0};
  std::array<counter, reject_reason_count> readings_rejected{};
  std::array<counter, 4> readings_by_score{}; ///< by score_state: every missing score is counted
  counter commits{0};
  counter commit_failures{0};
  latency_histogram commit_time;       ///< one transaction
  latency_histogram receipt_to_alarm;  ///< of a reading that raised an alarm, from its admission to the alarm's commit
  latency_histogram receipt_to_commit; ///< of a submission, from its admission to its last item's commit
  std::array<std::array<counter, 4>, rule_kind_count> transitions{}; ///< by rule and transition_kind
  std::array<counter, 3> polls{};                                    ///< by poll_status
  std::array<counter, life_event_kind_count> life_events{};          ///< said by people, by kind
  latency_histogram acknowledge_seconds; ///< in SECONDS: from the decision that raised an alarm to its acknowledgement
  counter inference_batches{0};
  counter inference_samples{0};
  counter errors_left_out{0}; ///< readings whose reconstruction error was shed
  counter feed_frames{0};
  counter feed_listeners{0};
  counter log_rows_trimmed{0};
  std::array<counter, forgettable_count> rows_forgotten{}; ///< beyond their bounds
  std::array<counter, system_fault_count> system_alarms{}; ///< open now, by fault
};

} // namespace coldvigil
