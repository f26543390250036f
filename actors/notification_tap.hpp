#pragma once
// What the writer does for notification, where it is configured: a notice for every transition, in the same commit, and
// the pulse of recording.

#include "core/alarm_life.hpp"
#include "core/notice_maker.hpp"
#include "core/now_board.hpp"
#include "core/system_alarm.hpp"

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
  void committed() {
    waiting_since_ = 0;
    ++commits_;
  }
  struct reading {
    std::uint64_t commits = 0;
    std::optional<timestamp> waiting_since{};
  };
  [[nodiscard]] reading look() const {
    const std::int64_t since = waiting_since_;
    return {commits_, since == 0 ? std::nullopt : std::optional(from_ms(since))};
  }

 private:
  std::atomic<std::int64_t> waiting_since_{0};
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
/// What the calling is to do with an alarm whose life stands so.
[[nodiscard]] operator_act act_of(const uuid& alarm, const alarm_life& life);
/// What it is to do after a step of a system alarm: who has seen it need not be called, and what it is the common cause
/// of calls nobody for itself while it is open. `all`: the system alarms as they are now.
[[nodiscard]] std::vector<operator_act> acts_of(const system_alarm& alarm, const now_board& board,
                                                const std::vector<system_alarm>& all);
/// Whether what was said changes that.
[[nodiscard]] bool concerns_calling(life_event_kind said);

/// Belongs to the writer's thread.
class notification_tap {
 public:
  using tell_function = std::function<void(std::vector<alarm_notice>, std::vector<operator_act>)>;
  /// `tell` is given what was committed, and what is to be done with it before anybody is called.
  notification_tap(notice_maker maker, std::shared_ptr<recording_pulse> pulse, tell_function tell)
      : maker_(std::move(maker)), pulse_(std::move(pulse)), tell_(std::move(tell)) {}

  /// The notice of a transition that was gathered, once each; nothing when it is no news.
  [[nodiscard]] std::optional<alarm_notice> notice_of(const alarm_transition& transition, const now_board& board);
  void gathered(timestamp now) { pulse_->waiting(now); }
  /// `acts`: of alarms that are left in peace from their beginning.
  void committed(std::vector<alarm_notice> notices, std::vector<operator_act> acts) {
    pulse_->committed();
    if (!notices.empty() || !acts.empty()) tell_(std::move(notices), std::move(acts));
  }
  /// People did something to alarms, and it is committed.
  void said(std::vector<operator_act> acts) {
    if (!acts.empty()) tell_({}, std::move(acts));
  }

 private:
  notice_maker maker_;
  const std::shared_ptr<recording_pulse> pulse_;
  const tell_function tell_;
};

} // namespace coldvigil::actors
