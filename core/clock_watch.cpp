#include "core/clock_watch.hpp"

namespace coldvigil {

std::optional<millis> clock_watch::look(timestamp now, std::chrono::steady_clock::time_point steady) {
  if (before_) {
    const millis passed = std::chrono::duration_cast<millis>(steady - before_->second);
    const millis step = now - before_->first - passed;
    if (step > tolerance_ || step < -tolerance_) step_ = {now, step};
  }
  before_ = {now, steady};
  if (step_ && (now - step_->first > shown_for_ || now < step_->first)) step_.reset();
  return step_ ? std::optional(step_->second) : std::nullopt;
}

} // namespace coldvigil
