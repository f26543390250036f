#pragma once
// What the composition root hands to the engine.

#include "actors/feed.hpp"
#include "actors/model_keeper.hpp"
#include "actors/notification_wiring.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace coldvigil::actors {

struct engine_parts {
  std::shared_ptr<store> durable;
  std::shared_ptr<detector> scorer;           ///< nothing = rules work alone
  std::string version{};                      ///< of the scorer; empty = it has none, and none ever takes over
  std::shared_ptr<detector> next{};           ///< the newest version, committed and not in force yet
  std::shared_ptr<const model_desk> models{}; ///< nothing = the scorer stays
  frame_renderer render;
  std::function<void(const std::string&)> log_failure;
  std::function<void(const alarm_transition&)> log_alarm = [](const alarm_transition&) {}; ///< on the writer's thread
  std::vector<std::pair<std::string, std::string>> customers{}; ///< code, name: made when missing
  std::optional<notification_parts> notify{};                   ///< nothing = nobody is told
  std::function<system_state(timestamp now)> measure{};         ///< of this machine and process; empty = nothing
  std::function<void(const std::string& event, const std::string& detail)> log_event{};
};

} // namespace coldvigil::actors
