#pragma once
// Looks at Coldvigil itself and at common causes, and tells of both.

#include "actors/context.hpp"
#include "actors/messages.hpp"
#include "actors/writer.hpp"
#include "core/system_board.hpp"

namespace coldvigil::actors {

struct system_watcher_tools {
  /// What only the composition root can measure: disk, clock, model, notification. Must not block for long.
  std::function<system_state(timestamp now)> measure{};
  std::function<void(const std::string& event, const std::string& detail)> log{};
  std::shared_ptr<store_health> health{};
  writer_actor writer{};
};

struct system_watcher_state {
  static inline const char* name = "coldvigil.system_watcher";

  const engine_context* context = nullptr;
  system_watcher_tools tools{};
  std::unique_ptr<system_watch> watch{};
  std::array<std::uint64_t, latency_histogram::bounds_ms.size() + 1> commits_by_time{};
  std::uint64_t commits = 0;
  std::optional<timestamp> waiting_since{};

  void restore(); ///< what the store held is on the board already
  void look();
  void seen(const system_alarm_seen& what);

 private:
  [[nodiscard]] system_state measure(timestamp now);
  [[nodiscard]] double slowest_commit();
  [[nodiscard]] std::vector<system_condition> conditions(timestamp now);
  void publish();
  void follow_causes() const;
};

system_watcher_actor::behavior_type system_watcher(system_watcher_actor::stateful_pointer<system_watcher_state> self,
                                                   const engine_context* context, system_watcher_tools tools);

} // namespace coldvigil::actors
