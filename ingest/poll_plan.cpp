#include "ingest/poll_plan.hpp"

#include <algorithm>

namespace coldvigil {

poll_plan::poll_plan(const poll_plan_settings& settings, timestamp start)
    : settings_(settings), directory_awaited_(settings.directory && !settings.units_known), past_due_(start),
      live_due_(start + settings.interval) {
  if (settings.directory) directory_due_ = start;
}

void poll_plan::want_past(const std::string& unit) {
  if (!wanted_.insert(unit).second) return;
  pasts_.push_back(unit);
  pending_.insert(unit);
}

poll_plan::step poll_plan::next() const {
  if (directory_due_ && directory_awaited_) return {{poll_kind::directory, {}}, *directory_due_};
  if (auto spare = spare_task()) return {std::move(*spare), *spare_since_};
  const timestamp live_at = live_begun_ || !pasts_.empty() ? live_due_ : past_due_;
  step best{{poll_kind::live, {}}, live_at};
  if (!pasts_.empty() && (!settings_.history_by_unit || past_due_ <= live_at))
    best = {{poll_kind::history, pasts_.front()}, past_due_};
  return best;
}

/// What nobody waits for any longer: asked right after a live poll, so that an answer that does not come takes its
/// time from the wait for the next one.
std::optional<poll_task> poll_plan::spare_task() const {
  if (!spare_since_) return std::nullopt;
  if (directory_due_ && *directory_due_ <= *spare_since_) return poll_task{poll_kind::directory};
  if (!owed_.empty() && owed_due_ <= *spare_since_) return poll_task{poll_kind::history, owed_.front(), true};
  return std::nullopt;
}

void poll_plan::ended(const poll_task& task, bool failed, timestamp now, double chance) {
  switch (task.kind) {
  case poll_kind::directory:
    return directory_ended(failed, now, chance);
  case poll_kind::history:
    return task.owed ? owed_ended(failed, now, chance) : history_ended(failed, now, chance);
  case poll_kind::live:
    return live_ended(failed, now, chance);
  }
}

void poll_plan::directory_ended(bool failed, timestamp now, double chance) {
  spare_since_.reset();
  if (failed) {
    directory_due_ = now + backoff_delay(settings_.backoff, ++directory_failures_, chance);
    if (directory_failures_ >= settings_.attempts) directory_awaited_ = false;
    return;
  }
  directory_due_.reset();
  directory_awaited_ = false;
}

void poll_plan::drop_front() {
  pending_.erase(pasts_.front());
  pasts_.pop_front();
  past_failures_ = 0;
}

void poll_plan::give_up_front() {
  owed_.push_back(pasts_.front());
  drop_front();
}

/// One unit's past may be broken without the others' being so: each has its attempts, but those after one that was
/// given up have one each, and when as many were given up in a row as a unit has attempts, the address is.
void poll_plan::history_ended(bool failed, timestamp now, double chance) {
  past_due_ = now;
  if (!failed) {
    pasts_given_up_ = 0;
    drop_front();
  } else {
    const unsigned patience = pasts_given_up_ == 0 ? settings_.attempts : 1;
    past_due_ = now + backoff_delay(settings_.backoff, ++past_failures_ + pasts_given_up_, chance);
    if (past_failures_ >= patience) {
      ++pasts_given_up_;
      give_up_front();
    }
    while (pasts_given_up_ >= settings_.attempts && !pasts_.empty())
      give_up_front();
    owed_due_ = past_due_;
  }
  if (pasts_.empty()) past_due_ = now;
  if (pasts_.empty() && live_failures_ == 0) live_due_ = now;
}

/// What fails makes room for the next one; what works is followed by the next one while there is time.
void poll_plan::owed_ended(bool failed, timestamp now, double chance) {
  const std::string unit = std::move(owed_.front());
  owed_.pop_front();
  owed_failures_ = failed ? owed_failures_ + 1 : 0;
  spare_since_.reset();
  if (failed) {
    owed_.push_back(unit);
    owed_due_ = now + backoff_delay(settings_.backoff, settings_.attempts + owed_failures_, chance);
  } else if (now < live_due_) {
    spare_since_ = now;
  }
}

void poll_plan::live_ended(bool failed, timestamp now, double chance) {
  live_begun_ = true;
  live_failures_ = failed ? live_failures_ + 1 : 0;
  live_due_ = now + (failed ? backoff_delay(settings_.backoff, live_failures_, chance) : settings_.interval);
  spare_since_ = now;
}

} // namespace coldvigil
