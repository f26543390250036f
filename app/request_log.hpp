#pragma once
// What the log says of requests: every one at level debug, what failed or was refused for want of room above it.

#include "app/event_log.hpp"
#include "core/line_limit.hpp"
#include "net/server_parts.hpp"

#include <mutex>

namespace coldvigil {

/// Thread-safe. Log and clock outlive it.
class request_log {
 public:
  request_log(const event_log& log, const clock& time) : log_(log), time_(time) {}
  void write(const access_record& record);

 private:
  void write_failed(const access_record& record);

  const event_log& log_;
  const clock& time_;
  std::mutex mutex_;
  line_limit limit_{millis{10'000}};
};

} // namespace coldvigil
