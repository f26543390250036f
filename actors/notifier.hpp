#pragma once
// Tells people. What was committed comes in, what it changes is committed, and only then is it sent, on threads of its
// own. The decisions are the desk's (notify/desk).

#include "actors/context.hpp"
#include "actors/notification_tap.hpp"
#include "core/commit.hpp"
#include "core/notification_metrics.hpp"
#include "notify/delivery_pool.hpp"
#include "notify/desk.hpp"

#include <caf/all.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace coldvigil::actors {

// --- messages

/// Sent by the writer after the commit that held them.
struct notices_committed {
  std::vector<alarm_notice> notices;
  std::vector<operator_act> acts{}; ///< what people did to alarms, these or earlier ones
};
/// A link was opened (`use` = false: what would it do?) or confirmed. What it does is committed before the answer.
struct link_question {
  std::string secret;
  bool use = false;
  std::function<void(result<used_link>)> done;
  std::string reason{}; ///< of the acknowledgement
};
/// The alarms of a link are acknowledged in their own lifecycle, or could not be.
struct link_acted {
  link_question by;
  message_link link;
  result<std::vector<alarm_dealt_with>> outcome = std::vector<alarm_dealt_with>{};
};
/// Somebody wants to see whether messages arrive.
struct test_question {
  std::string person, channel;                                ///< an empty channel = all
  std::string who;                                            ///< for the audit trail
  std::function<void(result<std::vector<std::string>>)> done; ///< keys of the messages, once they are committed
};
/// Another contact book counts: it is checked and committed.
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
/// How every alarm that was open at the start stands is known.
struct alarms_restored {};
struct notifier_stop {};

using notifier_actor = caf::typed_actor<caf::reacts_to<notices_committed>, //
                                        caf::reacts_to<link_question>,     //
                                        caf::reacts_to<link_acted>,        //
                                        caf::reacts_to<test_question>,     //
                                        caf::reacts_to<new_contacts>,      //
                                        caf::reacts_to<attempt_over>,      //
                                        caf::reacts_to<changes_stored>,    //
                                        caf::reacts_to<notifier_tick>,     //
                                        caf::reacts_to<alarms_restored>,   //
                                        caf::replies_to<notifier_stop>::with<bool>>;

struct notifier_options {
  desk_options desk{};
  millis tick{1'000};
  millis commit_retry{5'000};
  millis restore_patience{60'000}; ///< calls wait no longer for the alarms to be restored after a start
  std::string heartbeat_channel{}; ///< a channel that calls the heartbeat address; empty = none
  millis heartbeat{60'000};
};

/// What is committed together.
struct notifier_commit {
  notification_changes changes;
  std::vector<audit_entry> audits;
};

/// What the notifier works on; made where the engine is put together. The functions answer on any thread.
struct notifier_tools {
  channel_set channels;
  std::shared_ptr<const contact_book> contacts;
  stored_notifications stored;      ///< as loaded at start
  std::vector<operator_act> acts{}; ///< of operators, that a crash kept from the cases
  secret_source random;
  std::function<double()> chance;
  std::shared_ptr<const recording_pulse> pulse;
  std::shared_ptr<notification_metrics> metrics = std::make_shared<notification_metrics>();
  /// Commits in a transaction of its own and answers whether it is durable.
  std::function<void(notifier_commit, std::function<void(bool ok)>)> commit;
  /// That people were told that recording had stopped, kept outside the store: since when, nothing once the
  /// messages that it works again are committed.
  std::function<void(std::optional<timestamp>)> keep_stop = [](std::optional<timestamp>) {};
  std::optional<timestamp> stopped_before{}; ///< as an earlier process kept it
  /// Law 14: the units that are out of limits, from memory. Called on the notifier's thread.
  std::function<std::vector<unit_in_danger>()> units_in_danger;
  /// Acknowledges the alarms of a link in their own lifecycle; says of which others had done so.
  std::function<void(const message_link&, const std::string& reason,
                     std::function<void(result<std::vector<alarm_dealt_with>>)>)>
      acknowledge;
  /// For the log: what happened, and to whom or what.
  std::function<void(const std::string& event, const std::string& detail)> log;
};

struct notifier_state {
  static inline const char* name = "coldvigil.notifier";

  const engine_context* context = nullptr;
  std::optional<notifier_options> options{};
  std::optional<notifier_tools> tools{};
  std::unique_ptr<notification_desk> desk{};
  /// The first calls say how the alarms stand, so they wait until that is known.
  timestamp call_from = timestamp::max();
  std::unique_ptr<recording_watch> watch{};
  std::unique_ptr<heartbeat_gate> gate{};
  std::unique_ptr<delivery_pool> pool{};
  std::string heartbeat_under_way{}; ///< key of the call that is not over yet; empty when none is
  std::uint64_t commits_seen = 0;
  bool told_stopped = false;                           ///< that recording has stopped, and not yet that it is back
  bool restarted = false;                              ///< since people were told that
  bool told_again = false;                             ///< that it is back, in messages that are not committed yet
  bool told_again_under_way = false;                   ///< in the commit that is under way
  std::vector<audit_entry> audits{};                   ///< not committed yet
  std::vector<audit_entry> audits_under_way{};         ///< in the commit that is under way
  std::vector<std::function<void(bool ok)>> waiting{}; ///< for the commit of what has gathered
  std::vector<std::function<void(bool ok)>> waiting_under_way{};
  bool committing = false;
  timestamp no_commit_before{};
  std::optional<caf::typed_response_promise<bool>> stopping{};
  bool all_settled = false; ///< while stopping: the outcomes of all attempts have come in

  [[nodiscard]] timestamp now() const { return context->time.now(); }
  void plan_calls();
  void tick();
  void send_due();
  void take(const operator_act& act);
  void test(const test_question& what);
  void look_at_recording();
  void note_outcome(const send_outcome& outcome);
  void note_first_calls();
  void note_levels();

 private:
  [[nodiscard]] bool somebody_knows() const;
  void tell_of_recording(recording_news news, timestamp since);
  void beat();
  void note_trouble();
  void audit(std::string who, std::string action, std::string subject, std::string reason);
};

/// Spawn it detached: its end waits for what is being sent to be broken off.
notifier_actor::behavior_type notifier(notifier_actor::stateful_pointer<notifier_state> self,
                                       const engine_context* context, notifier_options options, notifier_tools tools);

} // namespace coldvigil::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(coldvigil::actors::notices_committed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(coldvigil::actors::link_question)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(coldvigil::actors::link_acted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(coldvigil::actors::test_question)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(coldvigil::actors::new_contacts)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(coldvigil::actors::attempt_over)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(coldvigil::actors::changes_stored)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(coldvigil::actors::notifier_tick)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(coldvigil::actors::alarms_restored)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(coldvigil::actors::notifier_stop)
