#pragma once
// Tells people. What was committed comes in, what it changes is committed, and only then is it sent, on threads of its
// own. The decisions are the desk's (notify/desk).

#include "actors/context.hpp"
#include "notify/delivery_pool.hpp"
#include "notify/desk.hpp"

#include <caf/all.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
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

// --- messages

/// Sent by the writer after the commit that held them.
struct notices_committed {
  std::vector<alarm_notice> notices;
};
/// What an operator did, after it was committed.
struct operator_act {
  enum class kind : std::uint8_t { acknowledge, shelve, unshelve };
  kind what = kind::acknowledge;
  uuid alarm{};
  std::string who;
  timestamp until{}; ///< of shelving
};
/// A link was opened (`use` = false: what would it do?) or confirmed.
struct link_question {
  std::string secret;
  bool use = false;
  std::function<void(result<message_link>)> done;
};
/// The configuration of people has changed; it has been checked.
struct new_contacts {
  std::shared_ptr<const contact_book> contacts;
};
struct attempt_over {
  std::string key;
  send_outcome outcome;
};
struct changes_stored {
  bool ok = false;
};
struct notifier_tick {
  bool last = false; ///< while stopping: every outcome is in front of it
};
struct notifier_stop {};

using notifier_actor = caf::typed_actor<caf::reacts_to<notices_committed>, //
                                        caf::reacts_to<operator_act>,      //
                                        caf::reacts_to<link_question>,     //
                                        caf::reacts_to<new_contacts>,      //
                                        caf::reacts_to<attempt_over>,      //
                                        caf::reacts_to<changes_stored>,    //
                                        caf::reacts_to<notifier_tick>,     //
                                        caf::replies_to<notifier_stop>::with<bool>>;

struct notifier_options {
  desk_options desk{};
  std::size_t threads = 4;
  std::size_t max_in_flight = 16;
  millis tick{1'000};
  millis commit_retry{5'000};
  std::string heartbeat_channel{}; ///< a channel that calls the heartbeat address; empty = none
  millis heartbeat{60'000};
};

/// What the notifier works on; made by the composition root.
struct notifier_tools {
  channel_set channels;
  std::shared_ptr<const contact_book> contacts;
  stored_notifications stored; ///< as loaded at start
  secret_source random;
  std::function<double()> chance;
  std::shared_ptr<const recording_pulse> pulse;
  /// Commits the changes in a transaction of their own and answers, on any thread, whether they are durable.
  std::function<void(notification_changes, std::function<void(bool ok)>)> commit;
  /// Law 14: the units that are out of limits, from memory. Called on the notifier's thread.
  std::function<std::vector<unit_in_danger>()> units_in_danger;
  /// Acknowledges in the alarm's own lifecycle what a link acknowledged.
  std::function<void(const message_link&)> link_used;
  /// What ought to become alarms of Coldvigil itself, and news of the recording to be audited once it works again.
  std::function<void(const desk_trouble&)> on_trouble;
  std::function<void(recording_news, timestamp since)> on_recording;
};

struct notifier_state {
  static inline const char* name = "coldvigil.notifier";

  const engine_context* context = nullptr;
  std::optional<notifier_options> options{};
  std::optional<notifier_tools> tools{};
  std::unique_ptr<notification_desk> desk{};
  std::unique_ptr<recording_watch> watch{};
  std::unique_ptr<heartbeat_gate> gate{};
  std::unique_ptr<delivery_pool> pool{};
  std::uint64_t commits_seen = 0;
  bool committing = false;
  timestamp no_commit_before{};
  std::optional<caf::typed_response_promise<bool>> stopping{};
  bool all_settled = false; ///< while stopping: the outcomes of all attempts have come in

  [[nodiscard]] timestamp now() const { return context->time.now(); }
  void tick();
  void send_due();
  void look_at_recording();

 private:
  void beat();
};

/// Spawn it detached: its end waits for what is being sent to be broken off.
notifier_actor::behavior_type notifier(notifier_actor::stateful_pointer<notifier_state> self,
                                       const engine_context* context, notifier_options options, notifier_tools tools);

} // namespace coldvigil::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(coldvigil::actors::notices_committed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(coldvigil::actors::operator_act)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(coldvigil::actors::link_question)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(coldvigil::actors::new_contacts)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(coldvigil::actors::attempt_over)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(coldvigil::actors::changes_stored)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(coldvigil::actors::notifier_tick)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(coldvigil::actors::notifier_stop)
