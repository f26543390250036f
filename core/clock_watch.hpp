#pragma once
// Whether somebody sets the wall clock: it must go as fast as the one that nobody sets.

#include "core/time.hpp"

#include <chrono>
#include <optional>
#include <utility>

namespace coldvigil {

class clock_watch {
 public:
  /// A step of more than `tolerance` between two looks is shown for `shown_for`.
  clock_watch(millis tolerance, millis shown_for) : tolerance_(tolerance), shown_for_(shown_for) {}

  /// How far the clock jumped of late.
  [[nodiscard]] std::optional<millis> look(timestamp now, std::chrono::steady_clock::time_point steady);

 private:
  const millis tolerance_, shown_for_;
  std::optional<std::pair<timestamp, std::chrono::steady_clock::time_point>> before_{};
  std::optional<std::pair<timestamp, millis>> step_{};
};

} // namespace coldvigil
