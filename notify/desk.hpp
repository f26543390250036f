#pragma once
// Where all of notification comes together: committed notices and what operators do come in; changes to commit and
// messages to send go out. It does neither itself and has no clock, so weeks of it run in a test in a second.
//
// The order that makes it safe: take_changes() is committed, then committed() is called, and only then take_due() gives
// what the changes asked for. A failed commit is tried again with the same changes.

#include "core/alarm_drill.hpp"
#include "core/escalation.hpp"
#include "core/link_book.hpp"
#include "core/notification_changes.hpp"
#include "core/outbox.hpp"
#include "core/recording_watch.hpp"
#include "core/self_test.hpp"
#include "notify/channel.hpp"
#include "notify/message_text.hpp"
#include "notify/secrets.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace coldvigil {

struct desk_options {
  escalation_limits escalation{};
  outbox_limits outbox{};
  self_test_rule self_tests{};
  recording_limits recording{};
  std::string link_url{}; ///< the secret is appended: "https://HOST/l/"; empty = messages have no link
  millis link_lifetime{std::chrono::hours{48}};
  std::size_t max_links = 100'000;
  std::size_t max_unstored_attempts =
      20'000; ///< while the store is away; later failures, and messages about that, are not logged
  std::function<result<planned_call>(const self_test&, const person&, timestamp)> drill = coldvigil::drill;
  standing_source standing_of = no_standing;
  facility_codes facility_code = no_facility; ///< by which routes know facilities
};

/// What cannot be told by its own means: for the alarms of Coldvigil itself.
struct desk_trouble {
  std::vector<uuid> nobody_acknowledged; ///< all rounds are through
  struct dead_letter {
    std::string key;
    callee to;
  };
  std::vector<dead_letter> dead_letters; ///< messages given up
  std::vector<self_test> overdue_tests;
  bool links_full = false;
  std::size_t not_called = 0;            ///< calls that were not made, for their channel had no room
  std::size_t not_told_of_recording = 0; ///< messages of law 14 for which there was no room

  [[nodiscard]] bool empty() const {
    return nobody_acknowledged.empty() && dead_letters.empty() && overdue_tests.empty() && !links_full &&
           not_called == 0 && not_told_of_recording == 0;
  }
};

/// Belongs to one thread.
class notification_desk {
 public:
  /// `random` makes the secrets of links, `chance` gives numbers in [0, 1).
  notification_desk(desk_options options, secret_source random, std::function<double()> chance);

  /// A checked book; may be replaced at any time.
  void use(std::shared_ptr<const contact_book> contacts, timestamp now);
  /// How far back load_notifications must reach.
  [[nodiscard]] timestamp restore_since(timestamp now) const;
  /// After a restart, after use() and before anything else.
  void restore(stored_notifications stored, timestamp now);

  // --- what comes in
  /// Notices that are committed.
  void tell(const std::vector<alarm_notice>& notices, timestamp now);
  /// Where operators say so themselves; what links do comes through use_link. False: no such open alarm.
  bool acknowledge(const uuid& alarm, const std::string& who, timestamp now);
  bool shelve(const uuid& alarm, timestamp until);
  bool unshelve(const uuid& alarm, timestamp now);
  /// What a link would do; for the page on which its reader confirms. Mail scanners open links: looking does nothing.
  [[nodiscard]] result<message_link> look_at_link(const std::string& secret, timestamp now) const;
  /// Does it: alarms of it are to be acknowledged by their lifecycle too, in the name of `person`.
  [[nodiscard]] result<message_link> use_link(const std::string& secret, timestamp now);
  void settled(const std::string& key, const send_outcome& outcome, timestamp now);
  /// A self-test now, by every way of the person or by one; gives the keys of the messages.
  [[nodiscard]] result<std::vector<std::string>> send_test(const std::string& person, const std::string& channel,
                                                           timestamp now);
  /// Law 14: everybody of the system's policy hears of it from memory. These messages go out without a commit; what is
  /// recorded of them follows when the store is back. Newer news takes the place of what still waits.
  void tell_of_recording(const recording_report& what, timestamp now);

  // --- what goes out
  /// Plans what is due. Call it every second or so.
  void tick(timestamp now);
  /// What is to be committed next; empty while a commit is under way or when there is nothing.
  [[nodiscard]] notification_changes take_changes();
  /// The changes taken last are committed.
  void committed();
  /// Since when the alarms had been waiting whose first calls were committed since this was asked last; one an alarm.
  [[nodiscard]] std::vector<timestamp> take_first_called() { return std::exchange(first_called_, {}); }
  /// The changes taken last are not committed: they are given again.
  void not_committed();
  /// Messages to send now, at most so many; each is settled later. Calls that wait are withdrawn when their alarms need
  /// no call any more.
  [[nodiscard]] std::vector<outgoing_message> take_due(timestamp now, std::size_t most);
  [[nodiscard]] desk_trouble take_trouble();
  /// Ways of today's book whose newest self-test is overdue: "person by channel".
  [[nodiscard]] std::vector<std::string> overdue_ways() const;
  [[nodiscard]] unheard_alarms unheard(timestamp now) const { return escalation_.unheard(now); }

  /// What has no place now, and which channels had none for a message of late.
  [[nodiscard]] notification_shortage shortage() const;

  /// Steps of alarms that were left to the next process, so far.
  [[nodiscard]] std::size_t dropped() const { return escalation_.dropped(); }
  [[nodiscard]] std::size_t open_cases() const { return escalation_.size(); }
  [[nodiscard]] std::size_t waiting_messages() const { return outbox_.waiting() + held_.size(); }
  [[nodiscard]] std::uint64_t withdrawn_messages() const { return withdrawn_; } ///< so far

 private:
  [[nodiscard]] channel_room room() const;
  void note_full(const channel_room& room, const call_plan& plan, timestamp now);
  void note_first_calls(const call_plan& plan);
  void add_message(outbox_entry entry, timestamp now);
  void send(const self_test& test, timestamp now);
  void give_link(const outbox_entry& entry, timestamp now);
  [[nodiscard]] bool is_kept(const outbox_entry& entry) const;
  void keep(outbox_book::settled what);
  [[nodiscard]] std::vector<callee> whom_recording_concerns(timestamp now) const;
  [[nodiscard]] std::string why_needless(const outbox_entry& entry, timestamp now) const;
  void withdraw_needless(timestamp now);

  const desk_options options_;
  const secret_source random_;
  const std::function<double()> chance_;
  std::shared_ptr<const contact_book> contacts_ = std::make_shared<contact_book>();
  escalation_book escalation_;
  outbox_book outbox_;
  link_book links_;
  self_test_book self_tests_;
  std::map<std::string, std::string> secrets_;   ///< of the links in messages that wait, by message key
  std::vector<outbox_entry> held_;               ///< not committed yet
  notification_changes changes_;                 ///< gathered
  notification_changes under_way_;               ///< being committed
  std::size_t held_under_way_ = 0;               ///< how many of held_ belong to it
  std::vector<timestamp> first_calls_;           ///< gathered: since when each of these alarms had waited for its first
  std::vector<timestamp> first_calls_under_way_; ///< being committed
  std::vector<timestamp> first_called_;          ///< committed
  std::optional<timestamp> news_of_recording_{}; ///< when people were told last
  std::map<std::string, timestamp> no_room_;     ///< by channel: when it was found to have none
  std::uint64_t withdrawn_ = 0;
  bool committing_ = false;
  desk_trouble trouble_;
};

} // namespace coldvigil
