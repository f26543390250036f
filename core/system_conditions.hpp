#pragma once
// What holds, from what was measured of Coldvigil itself and from the board. Pure.

#include "core/notification_records.hpp"
#include "core/now_board.hpp"
#include "core/system_watch.hpp"

#include <set>
#include <string>

namespace coldvigil {

/// How the polls of a customer fare.
struct poll_state {
  customer_id customer{};
  std::string code{};
  std::uint32_t failures = 0;                ///< in a row
  bool refused = false;                      ///< the newest was refused: 401 or 403
  std::string error{};                       ///< of the newest
  std::optional<timestamp> believed_until{}; ///< known from before the start alone; counts for nothing afterwards
};

/// Everything as it is now; what cannot be measured is nothing.
struct system_state {
  std::string store_trouble{};                           ///< empty when all is well
  std::optional<double> slow_commit_ms{};                ///< the slowest of the last while
  std::optional<std::uint64_t> disk_free{}, disk_size{}; ///< bytes
  std::optional<timestamp> waiting_since{};              ///< the oldest reading that waits for its commit
  bool model_wanted = false, model_there = false;
  std::vector<poll_state> polls{};
  std::vector<std::string> overdue_tests{}; ///< "person by channel"
  std::vector<std::string> undelivered{};   ///< "person by channel": the way of a message given up of late
  unheard_alarms unheard{};                 ///< now
  notification_shortage shortage{};         ///< now
  std::optional<millis> clock_step{};       ///< how far the clock jumped of late
};

struct system_limits {
  double slow_commit_ms = 2'000;
  double disk_share = 0.05; ///< less free than this share, or than this many bytes
  std::uint64_t disk_bytes = 1ull << 30;
  millis old_backlog{std::chrono::seconds{60}};
  std::uint32_t poll_failures = 3;         ///< in a row
  std::size_t site_units = 3;              ///< a site of fewer has no common cause
  double site_share = 0.8;                 ///< of its units that are silent
  millis shown_for{std::chrono::hours{1}}; ///< what happened at one moment
  std::size_t lost_ways = 20;              ///< named one by one; the rest is one alarm
};

[[nodiscard]] std::vector<system_condition> conditions_of(const system_state& now, const system_limits& limits,
                                                          timestamp at);

/// What happened at one moment (a step of the clock, a message given up) stays an alarm for `shown_for` from its
/// raising, although the process that saw it may have ended: those of `known` that `holding` lacks are added.
void keep_shown(const std::vector<system_alarm>& known, const system_limits& limits, timestamp at,
                std::vector<system_condition>& holding);

/// Sites and customers of which nothing is heard: units whose no_data alarm is open, against all that ever reported.
/// All sites together are one cause; `told` are the codes of those whose own alarm is open, which goes on as long as
/// the site is silent.
[[nodiscard]] std::vector<system_condition> silent_places(const customer_now& of, const system_limits& limits,
                                                          const std::set<std::string>& told);

} // namespace coldvigil
