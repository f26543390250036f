#include "core/recording_watch.hpp"

#include <algorithm>

namespace coldvigil {

recording_news recording_watch::look(timestamp now) {
  const bool stuck = waiting_since_ && now >= *waiting_since_ + limits_.stopped_after;
  if (!stuck) {
    if (!stopped_since_) return recording_news::none;
    stopped_since_.reset(); // only a commit ends a wait
    return recording_news::again;
  }
  if (!stopped_since_) {
    stopped_since_ = waiting_since_; // before that there may have been nothing to record
    said_at_ = now;
    return recording_news::stopped;
  }
  if (now < said_at_ + limits_.repeat) return recording_news::none;
  said_at_ = now;
  return recording_news::still_stopped;
}

bool heartbeat_gate::due(timestamp now) {
  if (!commit_seen_ || !tick_seen_ || (last_ && now < *last_ + every_)) return false;
  commit_seen_ = tick_seen_ = false;
  last_ = now;
  return true;
}

} // namespace coldvigil
