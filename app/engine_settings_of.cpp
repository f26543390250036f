#include "app/engine_settings_of.hpp"

namespace coldvigil {

actors::engine_limits engine_limits_of(const settings& config) {
  actors::engine_limits out;
  out.units.waiting = config.engine.unit_queue;
  out.detector_deadline = config.model.deadline;
  out.detector_batch = config.model.max_batch;
  out.errors_up_to = config.model.errors_up_to;
  out.commit_linger = config.engine.commit_linger;
  out.commit_readings = config.engine.max_commit_readings;
  out.feed_ring_items = config.feed.ring_items;
  out.consecutive = config.rules.consecutive;
  return out;
}

actor_settings::actor_settings(std::size_t threads) {
  // Work stealing collapses over many actors; a bounded turn keeps a flooded actor from owning its thread.
  set("scheduler.policy", caf::atom("sharing"));
  set("scheduler.max-throughput", std::size_t{50});
  set("scheduler.max-threads", threads);
}

} // namespace coldvigil
