#pragma once
// When a source is silent of its own accord: the gateway that is switched off every night, the logger that now and then
// sends once an hour.

#include "core/time.hpp"

#include <array>
#include <cstddef>
#include <vector>

namespace coldvigil {

class silence_habits {
 public:
  /// A silence came to its end. They are added in time order.
  void add(timestamp began, millis lasted);
  /// So long a silence that begins then is nothing new: as those that began at this time of the day on the three days
  /// before, and a quarter more; or twice what lay between readings three times in a row within a week. Zero when there
  /// was nothing like that.
  [[nodiscard]] millis allowed(timestamp began) const;

 private:
  struct habit {
    timestamp newest{};             ///< when its newest silence began
    std::size_t days = 0;           ///< running, on which it was seen
    std::array<millis, 3> lasted{}; ///< the last three, in turn
  };
  /// Silences of one length, one after the other: another pace.
  struct pace {
    millis gap{0};
    std::size_t in_a_row = 0;
    timestamp newest{}; ///< end of its newest
  };
  void add_to_pace(timestamp began, millis lasted);
  [[nodiscard]] millis of_the_hour(timestamp began) const;
  [[nodiscard]] std::size_t find(timestamp began) const; ///< habits_.size(): none
  std::vector<habit> habits_{}; ///< of the last day: bounded by the silences that it has room for
  pace running_{}, known_{};
};

} // namespace coldvigil
