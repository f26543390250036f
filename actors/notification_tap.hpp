#pragma once
// What the writer does for notification, where it is configured: a notice for every transition, in the same commit, and
// the pulse of recording.

#include "core/alarm_life.hpp"
#include "core/notice_maker.hpp"
#include "core/now_board.hpp"

#include <atomic>
#include <functional>
#include <optional>
#include <vector>

namespace coldvigil::actors {

/// How recording fares: written by the writer, read by the notifier. Thread-safe.
class recording_pulse {
 public:
  /// Something was gathered that waits for a commit; only the first one since the last commit counts.
  void waiting(timestamp now) {
    std::int64_t none = 0;
    waiting_since_.compare_exchange_strong(none, to_ms(now));
  }
  /// All that was gathered is committed.
  void committed(timestamp now) {
    waiting_since_ = 0;
    last_commit_ = to_ms(now);
    ++commits_;
  }
  struct reading {
    std::uint64_t commits = 0;
    timestamp last_commit{};
    std::optional<timestamp> waiting_since{};
  };
  [[nodiscard]] reading look() const {
    const std::int64_t since = waiting_since_;
    return {commits_, from_ms(last_commit_), since == 0 ? std::nullopt : std::optional(from_ms(since))};
  }

 private:
  std::atomic<std::int64_t> waiting_since_{0}, last_commit_{0};
  std::atomic<std::uint64_t> commits_{0};
};

/// What an operator did, after it was committed.
struct operator_act {
  enum class kind : std::uint8_t { acknowledge, shelve, unshelve };
  kind what = kind::acknowledge;
  uuid alarm{};
  std::string who;
  timestamp until{}; ///< of shelving
};
/// What it means for the calling; nothing when it means nothing.
[[nodiscard]] std::optional<operator_act> act_of(const uuid& alarm, const life_event& event);

/// Belongs to the writer's thread.
class notification_tap {
 public:
  /// `tell` and `act` are given what was committed.
  notification_tap(notice_maker maker, std::shared_ptr<recording_pulse> pulse,
                   std::function<void(std::vector<alarm_notice>)> tell, std::function<void(const operator_act&)> act)
      : maker_(std::move(maker)), pulse_(std::move(pulse)), tell_(std::move(tell)), act_(std::move(act)) {}

  /// The notice of a transition that was gathered, once each; nothing when it is no news.
  [[nodiscard]] std::optional<alarm_notice> notice_of(const alarm_transition& transition, const now_board& board);
  void gathered(timestamp now) { pulse_->waiting(now); }
  void committed(std::vector<alarm_notice> notices, timestamp now) {
    pulse_->committed(now);
    if (!notices.empty()) tell_(std::move(notices));
  }
  /// Somebody has said something of an alarm, and it is committed.
  void said(const uuid& alarm, const life_event& event) {
    if (const auto act = act_of(alarm, event)) act_(*act);
  }

 private:
  notice_maker maker_;
  const std::shared_ptr<recording_pulse> pulse_;
  const std::function<void(std::vector<alarm_notice>)> tell_;
  const std::function<void(const operator_act&)> act_;
};

} // namespace coldvigil::actors
