#pragma once
// What ends the program is waited for: the only handler there is passes a signal on to the thread that waits.

#include <pthread.h>
#include <string_view>

namespace coldvigil {

enum class end_reason { sigint, sigterm, fault };
[[nodiscard]] std::string_view to_string(end_reason why);

/// Belongs to the main thread.
class end_signals {
 public:
  /// Before the first thread starts, so that every thread inherits that the signals are held.
  end_signals();
  end_signals(const end_signals&) = delete;
  end_signals& operator=(const end_signals&) = delete;

  /// Blocks until SIGINT or SIGTERM comes, or end_with_fault is called.
  [[nodiscard]] end_reason wait() const;
  /// From any thread: makes wait() return, now or when it is called. Once is enough: a second one may end the process.
  void end_with_fault() const;

 private:
  const pthread_t main_;
};

} // namespace coldvigil
