#pragma once
// What of this machine and process can fail without anybody noticing: the store's disk, the clock, the model.

#include "config/settings.hpp"
#include "core/clock_watch.hpp"
#include "core/metrics.hpp"
#include "core/notification_metrics.hpp"
#include "core/system_conditions.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace coldvigil {

class system_probe {
 public:
  /// `notified` may be null. What is referred to outlives this.
  system_probe(const settings& config, bool model_wanted, const engine_metrics& metrics,
               std::shared_ptr<const notification_metrics> notified);

  /// Belongs to one thread.
  [[nodiscard]] system_state measure(timestamp now);

 private:
  void measure_disk(system_state& into) const;
  void measure_model(system_state& into);
  void measure_notification(timestamp now, system_state& into) const;

  const std::string folder_; ///< of the store's file; empty = it is elsewhere
  const bool model_wanted_;
  const millis shown_for_; ///< what happened at one moment
  const engine_metrics& metrics_;
  const std::shared_ptr<const notification_metrics> notified_;
  clock_watch clock_;
  std::uint64_t scored_ = 0, timed_out_ = 0;
};

} // namespace coldvigil
