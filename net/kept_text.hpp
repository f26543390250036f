#pragma once
// A text that costs something to make, kept for a while. Thread-safe.

#include "core/time.hpp"

#include <mutex>
#include <optional>
#include <string>

namespace coldvigil {

class kept_text {
 public:
  void keep(std::string text, timestamp now) {
    const std::lock_guard lock(mutex_);
    text_ = std::move(text);
    made_at_ = now;
  }
  /// Nothing when it is older, or when the clock was set back.
  [[nodiscard]] std::optional<std::string> younger_than(millis age, timestamp now) const {
    const std::lock_guard lock(mutex_);
    if (!made_at_ || now < *made_at_ || now - *made_at_ >= age) return std::nullopt;
    return text_;
  }

 private:
  mutable std::mutex mutex_;
  std::string text_;
  std::optional<timestamp> made_at_;
};

} // namespace coldvigil
