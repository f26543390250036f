#pragma once
// Ends the process when the orderly end hangs: what is committed is safe, and nothing else was acknowledged.

#include "app/event_log.hpp"
#include "core/time.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace coldvigil {

/// Watches from its making to its end. The log outlives it.
class end_watchdog {
 public:
  end_watchdog(const event_log& log, millis patience);
  /// The end has come in time.
  ~end_watchdog();
  end_watchdog(const end_watchdog&) = delete;
  end_watchdog& operator=(const end_watchdog&) = delete;

 private:
  void watch(millis patience);

  const event_log& log_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ended_ = false;
  std::thread thread_; ///< the last member: it uses the others
};

} // namespace coldvigil
