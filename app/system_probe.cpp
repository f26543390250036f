#include "app/system_probe.hpp"

#include <filesystem>
#include <system_error>

namespace coldvigil {
namespace {

std::string folder_of(const store_settings& store) {
  if (store.kind != store_kind::sqlite) return {};
  const auto parent = std::filesystem::absolute(store.path).parent_path();
  return parent.string();
}

std::uint64_t by_state(const engine_metrics& metrics, score_state state) {
  return metrics.readings_by_score[static_cast<std::size_t>(state)].load(std::memory_order_relaxed);
}

} // namespace

system_probe::system_probe(const settings& config, bool model_wanted, const engine_metrics& metrics,
                           std::shared_ptr<const notification_metrics> notified)
    : folder_(folder_of(config.store)), model_wanted_(model_wanted), shown_for_(config.watch.shown_for),
      metrics_(metrics), notified_(std::move(notified)), clock_(config.watch.clock_step, config.watch.shown_for) {}

void system_probe::measure_disk(system_state& into) const {
  if (folder_.empty()) return;
  std::error_code error;
  const auto space = std::filesystem::space(folder_, error);
  if (error) return;
  into.disk_free = space.available;
  into.disk_size = space.capacity;
}

/// A model that is loaded and gives nothing but timeouts is as good as none.
void system_probe::measure_model(system_state& into) {
  const std::uint64_t scored = by_state(metrics_, score_state::scored);
  const std::uint64_t timed_out = by_state(metrics_, score_state::timeout);
  const bool gives_nothing = timed_out > timed_out_ && scored == scored_;
  scored_ = scored;
  timed_out_ = timed_out;
  into.model_wanted = model_wanted_;
  into.model_there = !gives_nothing;
}

void system_probe::measure_notification(timestamp now, system_state& into) const {
  if (!notified_) return;
  into.undelivered = notified_->lost.between(now - shown_for_, now);
  into.overdue_tests = notified_->overdue.get();
  into.unheard = notified_->unheard.get();
  into.shortage = notified_->shortage.get();
}

system_state system_probe::measure(timestamp now) {
  system_state out;
  measure_disk(out);
  out.clock_step = clock_.look(now, std::chrono::steady_clock::now());
  measure_model(out);
  measure_notification(now, out);
  return out;
}

} // namespace coldvigil
