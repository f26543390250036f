#pragma once
// The customers who are polled: one ingest actor each, and the HTTP client that all of them share.

#include "actors/engine_system.hpp"
#include "actors/ingest.hpp"
#include "app/endpoint_fetch.hpp"
#include "app/event_log.hpp"
#include "config/settings.hpp"

#include <memory>
#include <vector>

namespace coldvigil {

class customer_polling {
 public:
  customer_polling() = default;
  customer_polling(const customer_polling&) = delete;
  customer_polling& operator=(const customer_polling&) = delete;

  /// Spawns an actor for every source with a URL. Called once; all that is given outlives the actors.
  status start(caf::actor_system& system, const actors::engine_context& context, const actors::engine_system& engine,
               const std::vector<source_settings>& sources, const settings& config, const event_log& log);
  /// No poll begins any more, and what is under way is given up.
  void stop(caf::actor_system& system, millis patience);

 private:
  void poll(caf::actor_system& system, const actors::engine_context& context, const actors::engine_system& engine,
            const actors::customer_entry& customer, const source_settings& source, const settings& config,
            const event_log& log);

  std::unique_ptr<endpoint_fetch> fetch_;
  std::shared_ptr<admission_gate> history_gate_;
  std::vector<actors::ingest_actor> ingesting_;
};

} // namespace coldvigil
