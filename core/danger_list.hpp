#pragma once
// Units that are out of limits as it is decided, whether that is committed yet or not: of these people are told from
// memory while nothing can be recorded. Any thread.

#include "core/alarm.hpp"
#include "core/now_board.hpp"
#include "core/recording_watch.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <vector>

namespace coldvigil {

struct danger {
  alarm_record alarm; ///< of a limit, open
  /// The unit's newest; nothing as long as none was judged since the start: the board has it then.
  std::optional<milli_celsius> value{};
};

class danger_list {
 public:
  /// Nothing: the unit is within its limits.
  void set(unit_id unit, std::optional<danger> now);
  /// The newest value of a unit that is on the list.
  void set_value(unit_id unit, milli_celsius newest);
  [[nodiscard]] std::vector<danger> all() const;

 private:
  mutable std::mutex mutex_;
  std::map<unit_id, danger> by_unit_;
};

/// With the names of the board. Units that it does not know are left out.
[[nodiscard]] std::vector<unit_in_danger> units_out_of_limits(const danger_list& list, const now_board& board);

} // namespace coldvigil
