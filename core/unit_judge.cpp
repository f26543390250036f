#include "core/unit_judge.hpp"

#include <algorithm>
#include <utility>

namespace coldvigil {
namespace {

/// A run never spans more than this, so that a window stays far inside what its offsets can hold.
constexpr millis run_span = std::chrono::days{7};
/// When the detector has not answered for this many horizons of readings, its memory of the unit is given up.
constexpr std::size_t lag_horizons = 3;
/// Sensor names a unit may have; index 0 means none.
constexpr std::size_t max_sensors = 255;

timestamp time_of(const offered& what) {
  return what.reading.at;
}

auto find_pending(const std::vector<offered>& pending, timestamp at) {
  const auto found = std::lower_bound(pending.begin(), pending.end(), at,
                                      [](const offered& o, timestamp t) { return time_of(o) < t; });
  return found != pending.end() && time_of(*found) == at ? found : pending.end();
}

} // namespace

unit_judge::unit_judge(unit_id unit, point_id point, customer_id customer, std::string code, const unit_limits& limits)
    : unit_(unit), point_(point), customer_(customer), code_(std::move(code)), limits_(&limits) {}

void unit_judge::restore(const unit_snapshot& from) {
  sensors_ = from.sensors;
  for (const judged_reading& reading : from.tail)
    window_.append(reading);
  base_ = {from.base_as_of, from.base_state};
  middle_ = base_;
  now_state_ = from.base_state;
  stepped_through_ = from.base_as_of;
}

// --- intake

std::optional<timestamp> unit_judge::watermark() const {
  std::optional<timestamp> newest;
  if (!window_.empty()) newest = window_.time_at(window_.size() - 1);
  if (run_) newest = newest ? std::max(*newest, run_->last()) : run_->last();
  if (!waiting_.empty()) newest = newest ? std::max(*newest, time_of(waiting_.back())) : time_of(waiting_.back());
  if (!newest) newest = base_.as_of;
  return newest;
}

bool unit_judge::too_late(timestamp at) const {
  if (base_.as_of && at <= *base_.as_of) return true;
  const auto newest = watermark();
  if (!newest || at >= *newest) return false;
  if (at < *newest - limits_->horizon_span) return true;
  const auto newer = [at](const std::vector<offered>& pending) {
    return static_cast<std::size_t>(
        std::count_if(pending.begin(), pending.end(), [at](const offered& o) { return time_of(o) > at; }));
  };
  const std::size_t behind =
      window_.size() - window_.first_at_or_after(at) + newer(waiting_) + (run_ ? newer(run_->fresh) : 0);
  return behind >= limits_->horizon_count;
}

settlement unit_judge::refusal(offered&& what, reject_reason reason) const {
  settlement out;
  out.point = point_;
  rejected_reading apart;
  apart.customer = customer_;
  apart.point = point_;
  apart.unit_code = code_;
  apart.at = what.reading.at;
  apart.value = what.reading.value;
  apart.sensor = std::move(what.reading.sensor);
  apart.reason = reason;
  out.reject = std::move(apart);
  out.result = {item_outcome::rejected, reason};
  out.to = std::move(what.to);
  return out;
}

void unit_judge::settle_known(offered&& what, milli_celsius known, bool pending) {
  const timestamp at = what.reading.at;
  settlement answer;
  if (known == what.reading.value) {
    answer.to = std::move(what.to);
    answer.result.outcome = item_outcome::duplicate;
    answer.point = point_;
  } else {
    answer = refusal(std::move(what), reject_reason::conflict);
  }
  if (pending)
    with_pending_.emplace_back(at, std::move(answer));
  else
    settled_.push_back(std::move(answer));
}

void unit_judge::offer(std::vector<offered>&& together) {
  std::stable_sort(together.begin(), together.end(),
                   [](const offered& a, const offered& b) { return time_of(a) < time_of(b); });
  const bool room = waiting_.size() < limits_->waiting;
  for (offered& what : together)
    take_in(std::move(what), room);
}

void unit_judge::take_in(offered&& what, bool room) {
  const timestamp at = what.reading.at;
  const auto newest = watermark();
  if (newest && at <= *newest) {
    if (const auto known = window_.find(at)) return settle_known(std::move(what), known->value, false);
    if (const auto found = find_pending(waiting_, at); found != waiting_.end())
      return settle_known(std::move(what), found->reading.value, true);
    if (run_)
      if (const auto found = find_pending(run_->fresh, at); found != run_->fresh.end())
        return settle_known(std::move(what), found->reading.value, true);
    if (too_late(at)) {
      settlement late = refusal(std::move(what), reject_reason::late_not_judged);
      late.maybe_sealed = true;
      return settled_.push_back(std::move(late));
    }
  }
  if (!room) {
    settlement full = refusal(std::move(what), reject_reason::queue_full);
    full.reject.reset();
    return settled_.push_back(std::move(full));
  }
  const auto place = std::upper_bound(waiting_.begin(), waiting_.end(), at,
                                      [](timestamp t, const offered& o) { return t < time_of(o); });
  waiting_.insert(place, std::move(what));
}

std::vector<settlement> unit_judge::take_settled() {
  return std::exchange(settled_, {});
}

// --- a run goes out

void unit_judge::start_run() {
  run next;
  std::size_t count = 0;
  while (count < waiting_.size() && count < limits_->run &&
         time_of(waiting_[count]) - time_of(waiting_.front()) <= run_span)
    ++count;
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(count);
  next.fresh.assign(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  if (waiting_.empty()) std::vector<offered>{}.swap(waiting_);
  next.replay = !window_.empty() && next.first() <= window_.time_at(window_.size() - 1);
  next.old_base = base_.as_of;
  run_ = std::move(next);
  if (!run_->replay) return;
  // The base moves to the horizon first: with it the detector's memory there, which the replay then starts from.
  const timestamp target = std::min(window_horizon(), run_->first() - millis{1});
  const std::size_t end_index = window_.first_at_or_after(target + millis{1});
  if (end_index > after_base()) run_->advance_to = window_.time_at(end_index - 1);
}

timestamp unit_judge::window_horizon() const {
  const std::size_t count = window_.size();
  timestamp start = window_.time_at(count - 1) - limits_->horizon_span;
  if (count >= limits_->horizon_count) start = std::max(start, window_.time_at(count - limits_->horizon_count));
  return start - millis{1};
}

std::size_t unit_judge::after_base() const {
  return base_.as_of ? window_.first_at_or_after(*base_.as_of + millis{1}) : 0;
}

detect_request unit_judge::begin_run() {
  if (!run_) start_run();
  return run_->advance_to ? advance_request() : main_request();
}

detect_request unit_judge::advance_request() const {
  detect_request request{base_.state, {}};
  const std::size_t end = window_.first_at_or_after(*run_->advance_to + millis{1});
  for (std::size_t i = after_base(); i < end; ++i) {
    const judged_reading reading = window_.at(i);
    request.samples.push_back({reading.at, reading.value, false});
  }
  return request;
}

detect_request unit_judge::main_request() const {
  detect_request request{run_->replay ? base_.state : now_state_, {}};
  request.low = watched_.low;
  request.high = watched_.high;
  const auto from = run_->replay ? base_.as_of : stepped_through_;
  std::size_t i = from ? window_.first_at_or_after(*from + millis{1}) : 0;
  auto fresh = run_->fresh.begin();
  while (i < window_.size() || fresh != run_->fresh.end()) {
    const bool old_first = i < window_.size() && (fresh == run_->fresh.end() || window_.time_at(i) < time_of(*fresh));
    if (old_first) {
      const judged_reading reading = window_.at(i++);
      request.samples.push_back({reading.at, reading.value, reading.at >= run_->first()});
    } else {
      request.samples.push_back({fresh->reading.at, fresh->reading.value, true});
      ++fresh;
    }
  }
  return request;
}

// --- a run comes back

void unit_judge::move_base_to_horizon(detector_state state) {
  base_ = {run_->advance_to, std::move(state)};
  run_->advance_to.reset();
}

std::optional<judged> unit_judge::finish_run(detect_answer&& answer) {
  if (run_->advance_to) {
    move_base_to_horizon(std::move(answer.state));
    return std::nullopt;
  }
  return complete({&answer, score_state::scored});
}

std::optional<judged> unit_judge::finish_unscored(score_state why) {
  if (run_->advance_to) move_base_to_horizon({});
  return complete({nullptr, why});
}

judged unit_judge::complete(const outcome& from) {
  judged out;
  out.unit = unit_;
  out.point = point_;
  out.replay = run_->replay;
  if (out.replay) {
    replay_window(out, from);
  } else {
    collapse_after_gap(out);
    append_fresh(out, from);
  }
  remember_detector(from);
  move_checkpoints(out);
  seal(out);
  settle_run(out);
  run_.reset();
  return out;
}

/// After a gap as long as the horizon nothing before it can be revised, so the checkpoints need not lag behind it.
void unit_judge::collapse_after_gap(judged& out) {
  if (window_.empty()) return;
  const timestamp newest = window_.time_at(window_.size() - 1);
  if (run_->first() - limits_->horizon_span <= newest) return;
  // A detector that lags behind (after a restart, a timeout) needs the readings before the gap to catch up. Only a gap
  // that the window could not hold is worth losing its memory for.
  const bool current = stepped_through_ == newest;
  if (!current && run_->last() - window_.time_at(0) < unit_window::max_span - run_span) return;
  base_ = {newest, current ? now_state_ : detector_state{}};
  middle_ = base_;
  out.move = checkpoint_move::collapse_before;
}

void unit_judge::append_fresh(judged& out, const outcome& from) {
  const std::size_t skipped = from.answer ? from.answer->verdicts.size() - run_->fresh.size() : 0;
  for (std::size_t i = 0; i < run_->fresh.size(); ++i) {
    judged_reading reading = fresh_reading(run_->fresh[i].reading, out);
    reading.state = from.why;
    if (from.answer) {
      const verdict& said = from.answer->verdicts[skipped + i];
      reading.state = said.state;
      reading.score = said.score;
      reading.error = said.error;
      reading.why = said.why;
      reading.model = said.model != 0 ? said.model : from.answer->state.model;
    }
    window_.append(reading);
    out.readings.push_back(reading);
  }
}

void unit_judge::replay_window(judged& out, const outcome& from) {
  out.replaces_from = run_->first();
  out.new_base = base_.as_of;
  const std::size_t start = run_->old_base ? window_.first_at_or_after(*run_->old_base + millis{1}) : 0;
  const std::size_t stepped_from = after_base();
  out.readings = window_.from(start);
  const auto kept_before_base = static_cast<std::ptrdiff_t>(stepped_from - start);
  for (const offered& what : run_->fresh) {
    judged_reading reading = fresh_reading(what.reading, out);
    reading.state = from.answer ? score_state::warming : from.why;
    const auto place = std::upper_bound(out.readings.begin(), out.readings.end(), reading.at,
                                        [](timestamp t, const judged_reading& r) { return t < r.at; });
    out.readings.insert(place, reading);
  }
  if (from.answer) {
    auto said = from.answer->verdicts.begin();
    for (auto r = out.readings.begin() + kept_before_base; r != out.readings.end(); ++r, ++said) {
      if (r->at < run_->first()) continue;
      const bool lost = said->state == score_state::no_model && r->state == score_state::scored;
      if (lost) continue; // the model went away since: the committed score stands
      r->state = said->state;
      r->score = said->score;
      r->error = said->error;
      r->why = said->why;
      r->model = said->model != 0 ? said->model : from.answer->state.model;
    }
  }
  window_.cut_from(run_->first());
  for (const judged_reading& reading : out.readings)
    if (reading.at >= run_->first()) window_.append(reading);
}

void unit_judge::remember_detector(const outcome& from) {
  const timestamp newest = window_.time_at(window_.size() - 1);
  if (from.answer) {
    now_state_ = from.answer->state;
    stepped_through_ = newest;
  } else if (run_->replay) {
    now_state_ = base_.state;
    stepped_through_ = base_.as_of;
  }
  if (stepped_through_ == newest) return;
  const std::size_t lag = window_.size() - (stepped_through_ ? window_.first_at_or_after(*stepped_through_) : 0);
  if (lag <= lag_horizons * limits_->horizon_count) return;
  now_state_ = {};
  stepped_through_ = newest;
}

void unit_judge::move_checkpoints(judged& out) {
  const timestamp newest = window_.time_at(window_.size() - 1);
  const bool current = stepped_through_ == newest;
  if (out.replay) {
    if (current) out.move = checkpoint_move::rotate_after;
    middle_ = current ? checkpoint{newest, now_state_} : base_;
    return;
  }
  if (out.move != checkpoint_move::none || !current) return;
  if (middle_.as_of && *middle_.as_of > window_horizon()) return;
  base_ = std::move(middle_);
  middle_ = {newest, now_state_};
  out.move = checkpoint_move::rotate_after;
}

void unit_judge::seal(judged& out) {
  const std::size_t sealable = after_base();
  if (!base_.as_of || sealable == 0) return;
  const millis age = window_.time_at(window_.size() - 1) - window_.time_at(0);
  if (sealable < limits_->seal_count && age < limits_->seal_age) return;
  out.sealed = chunk{point_, window_.take_through(*base_.as_of)};
  out.snapshot = snapshot();
}

void unit_judge::settle_run(judged& out) {
  out.settlements = take_settled();
  for (offered& what : run_->fresh) {
    settlement stored;
    stored.to = std::move(what.to);
    stored.result.outcome = item_outcome::stored;
    stored.point = point_;
    out.settlements.push_back(std::move(stored));
  }
  const auto ready = std::stable_partition(with_pending_.begin(), with_pending_.end(), [this](const auto& entry) {
    return find_pending(run_->fresh, entry.first) == run_->fresh.end();
  });
  for (auto entry = ready; entry != with_pending_.end(); ++entry)
    out.settlements.push_back(std::move(entry->second));
  with_pending_.erase(ready, with_pending_.end());
}

unit_snapshot unit_judge::snapshot() const {
  unit_snapshot out;
  out.unit = unit_;
  out.point = point_;
  out.base_as_of = base_.as_of;
  out.base_state = base_.state;
  out.sensors = sensors_;
  out.tail = window_.from(0);
  return out;
}

std::optional<judged> unit_judge::save_quiet(timestamp now) {
  if (run_ || !waiting_.empty() || window_.empty()) return std::nullopt;
  const timestamp newest = window_.time_at(window_.size() - 1);
  if (now - window_.time_at(0) < limits_->seal_age || quiet_saved_ == newest) return std::nullopt;
  quiet_saved_ = newest;
  judged out;
  out.unit = unit_;
  out.point = point_;
  out.snapshot = snapshot();
  return out;
}

std::uint8_t unit_judge::sensor_index(const std::string& name, judged& out) {
  if (name.empty()) return 0;
  const auto known = std::find(sensors_.begin(), sensors_.end(), name);
  if (known != sensors_.end()) return static_cast<std::uint8_t>(known - sensors_.begin() + 1);
  if (sensors_.size() == max_sensors) return 0;
  sensors_.push_back(name);
  const auto index = static_cast<std::uint8_t>(sensors_.size());
  out.new_sensors.emplace_back(index, name);
  return index;
}

judged_reading unit_judge::fresh_reading(const measured& what, judged& out) {
  judged_reading reading;
  reading.at = what.at;
  reading.value = what.value;
  reading.scale = what.scale;
  reading.history = what.history;
  reading.sensor = sensor_index(what.sensor, out);
  return reading;
}

std::size_t unit_judge::heap_bytes() const {
  std::size_t bytes = window_.heap_bytes() + waiting_.capacity() * sizeof(offered);
  bytes += base_.state.bytes.capacity() + middle_.state.bytes.capacity() + now_state_.bytes.capacity();
  bytes += sensors_.capacity() * sizeof(std::string);
  return bytes;
}

} // namespace coldvigil
