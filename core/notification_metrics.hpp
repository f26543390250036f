#pragma once
// What notification counts. Written by the notifier and the writer, read by any thread.

#include "core/metrics.hpp"
#include "core/notification_records.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace coldvigil {

/// As people are told of one way to one person; without its address.
[[nodiscard]] inline std::string name_of_way(const callee& to) {
  return to.person + " by " + to.channel;
}

/// Ways to people by which a message was lost of late, each with when. Bounded: the oldest is forgotten.
class lost_ways {
 public:
  static constexpr std::size_t most = 1'000;

  void note(const callee& to, timestamp at) {
    const std::lock_guard lock(mutex_);
    timestamp& newest = at_.try_emplace(name_of_way(to), at).first->second;
    newest = std::max(newest, at);
    if (at_.size() > most)
      at_.erase(
          std::min_element(at_.begin(), at_.end(), [](const auto& a, const auto& b) { return a.second < b.second; }));
  }
  /// Those by which one was lost in [from, to].
  [[nodiscard]] std::vector<std::string> between(timestamp from, timestamp to) const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> out;
    for (const auto& [way, at] : at_)
      if (at >= from && at <= to) out.push_back(way);
    return out;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, timestamp> at_;
};

/// How something stands now.
template <class T> class latest {
 public:
  void set(T now) {
    const std::lock_guard lock(mutex_);
    now_ = std::move(now);
  }
  [[nodiscard]] T get() const {
    const std::lock_guard lock(mutex_);
    return now_;
  }

 private:
  mutable std::mutex mutex_;
  T now_{};
};

struct notification_metrics {
  counter notices{0};                                ///< committed steps of alarms that people may have to hear of
  std::array<counter, send_result_count> attempts{}; ///< by result; withdrawn = not made
  counter dead_letters{0};                           ///< messages refused or given up
  lost_ways lost{};                                  ///< by which messages were
  counter unacknowledged{0};                         ///< alarms of which all rounds were gone through in vain
  latency_histogram
      first_call_seconds{}; ///< in SECONDS: from taking up a committed alarm to the commit of its first call
  counter overdue_tests{0};
  latest<std::vector<std::string>> overdue{}; ///< ways to people whose newest self-test is: "person by channel"
  latest<unheard_alarms> unheard{};
  latest<notification_shortage> shortage{};
  counter full{0};                  ///< ticks in which something waited because a book was full
  counter dropped{0};               ///< steps of alarms that are taken up by the next process alone
  counter not_called{0};            ///< calls that were not made, for their channel had no room
  counter acknowledgements{0};      ///< by link
  counter not_told_of_recording{0}; ///< messages that recording has stopped, or works again, without room to wait
  counter heartbeats{0};
  counter waiting{0};           ///< now: messages in the outbox
  counter cases{0};             ///< now: alarms that people are being called about, or were lately
  counter recording_stopped{0}; ///< now: 1 while nothing can be recorded
};

} // namespace coldvigil
