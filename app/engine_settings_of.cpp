#include "app/engine_settings_of.hpp"

#include <algorithm>

namespace coldvigil {
namespace {

/// Readings that are on their way when rules are changed are judged within this.
constexpr std::chrono::seconds shortest_rules_lead{10};

} // namespace

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
  out.rules_lead = std::max(config.ingestion.future_tolerance, shortest_rules_lead);
  out.desk.rules_a_place = config.rules.max_a_place;
  out.desk.said = config.alarms.max_events;
  out.desk.life.longest_text = config.alarms.max_text_bytes;
  out.desk.life.longest_shelving = config.alarms.max_shelving;
  out.system_watch.longest_text = config.alarms.max_text_bytes;
  out.system.slow_commit_ms = static_cast<double>(config.watch.slow_commit.count());
  out.system.old_backlog = config.watch.old_backlog;
  out.system.disk_share = config.watch.disk_free_percent / 100;
  out.system.disk_bytes = config.watch.disk_free_bytes;
  out.system.poll_failures = static_cast<std::uint32_t>(config.watch.poll_failures);
  out.system.site_units = config.watch.site_units;
  out.system.site_share = config.watch.site_percent / 100;
  out.system.shown_for = config.watch.shown_for;
  out.system_tick = out.silence_tick = config.watch.tick;
  out.system_watch.on_delay = config.watch.raise_after;
  out.system_watch.cause_on_delay = config.watch.raise_cause_after;
  out.system_watch.off_delay = config.watch.clear_after;
  return out;
}

actor_settings::actor_settings(std::size_t threads) {
  // Work stealing collapses over many actors; a bounded turn keeps a flooded actor from owning its thread.
  set("scheduler.policy", caf::atom("sharing"));
  set("scheduler.max-throughput", std::size_t{50});
  set("scheduler.max-threads", threads);
}

} // namespace coldvigil
