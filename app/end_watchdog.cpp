#include "app/end_watchdog.hpp"

#include <cstdlib>

namespace coldvigil {

end_watchdog::end_watchdog(const event_log& log, millis patience)
    : log_(log), thread_([this, patience] { watch(patience); }) {}

end_watchdog::~end_watchdog() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void end_watchdog::watch(millis patience) {
  std::unique_lock lock(mutex_);
  if (changed_.wait_for(lock, patience, [this] { return ended_; })) return;
  log_.error("shutdown_hangs", {{"hint", "the process ends now; committed readings are safe"}});
  std::_Exit(1);
}

} // namespace coldvigil
