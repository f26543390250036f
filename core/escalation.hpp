#pragma once
// Who is called next, and about what. A book of the alarms that somebody must hear of, driven by committed notices, by
// what operators do, and by the wall clock; it sends nothing and keeps nothing. What a plan changed is committed
// together with the messages that it asks for, so a crash neither loses nor doubles a call.

#include "core/alarm_notice.hpp"
#include "core/alarm_standing.hpp"
#include "core/channel_room.hpp"
#include "core/contacts.hpp"
#include "core/notification_records.hpp"

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace coldvigil {

enum class call_kind : std::uint8_t {
  call,
  follow_up,
  test, ///< about an alarm that was made up (core/alarm_drill)
  late, ///< it was over before anybody could be called
};

/// What people were told of an alarm that was over, before late readings corrected that.
struct told_before {
  timestamp raised_at{};
  std::optional<timestamp> ended_at{};
  std::optional<milli_celsius> worst{};
};

/// An alarm as a message tells of it.
struct called_alarm {
  alarm_notice notice;
  std::uint32_t call = 1;                   ///< this one counts
  timestamp unacknowledged_since{};         ///< wall clock: it was taken up
  std::vector<std::string> called_before{}; ///< names, each once, in the order of their calls
  std::optional<alarm_standing> standing{}; ///< as it stands by now, where that is known
  std::optional<told_before> before{};      ///< of a correction
};

/// One message to one person by one channel, about one or more alarms of a site.
struct planned_call {
  std::string key; ///< unique for ever: the same call always has the same one
  call_kind kind = call_kind::call;
  callee to;
  std::vector<called_alarm> alarms; ///< oldest first
};

struct call_plan {
  std::vector<planned_call> calls;
  std::vector<alarm_case> changed; ///< to be stored in the same commit as the calls
  std::vector<uuid> exhausted;     ///< all rounds are through and nobody has acknowledged
  std::set<std::string> full{};    ///< channels that had no room for somebody
  std::size_t not_called = 0;      ///< how often that was somebody of a step that was taken without him
};

/// The code of a facility; empty when it is none.
using facility_codes = std::function<std::string(customer_id, facility_id)>;
inline std::string no_facility(customer_id, facility_id) {
  return {};
}

/// How an open alarm stands; nothing when it is not known.
using standing_source = std::function<std::optional<alarm_standing>(const uuid& alarm)>;
inline std::optional<alarm_standing> no_standing(const uuid& /*alarm*/) {
  return std::nullopt;
}

struct escalation_limits {
  /// That call: a warning counts all of them, a critical alarm the critical ones alone. One critical alarm of every
  /// customer has a place of its own, also where as many as this call. As many that are over are remembered. What is
  /// open and calls nobody is not bounded here: open alarms are kept by others, too.
  std::size_t max_cases = 50'000;
  std::size_t max_alarms_a_message = 50;
  /// How long a finished case is remembered, to correct what was told: longer than a late reading may be late.
  millis remember{std::chrono::hours{4}};
  std::size_t max_unheard_named = 20;           ///< the rest is counted
  std::size_t max_waiting_cases = 10'000;       ///< alarms without a place, after a plan
  millis drops_shown{std::chrono::minutes{10}}; ///< that alarms were forgotten counts for as long after the last one
};

/// Belongs to one thread.
class escalation_book {
 public:
  explicit escalation_book(escalation_limits limits, facility_codes codes = no_facility,
                           standing_source standings = no_standing)
      : limits_(limits), code_of_(std::move(codes)), standing_of_(std::move(standings)) {}

  /// A checked book; it may be replaced at any time, and what is under way goes on by the new one:
  /// - An alarm keeps its policy and how far it has come in it. The next step comes when it was to come, or sooner when
  ///   the new book, counted from now, says so; never later.
  /// - When its policy or the step it has come to is gone, it begins anew, with the policy that fits today if need be;
  ///   so does one whose rounds were through, when its policy reaches somebody whom it did not reach before.
  /// - Whoever is no longer in the book is neither called nor told what became of it; others are told at the address
  ///   that they have now.
  /// The same book again changes nothing. After a restart, call it once all cases are restored.
  void use(std::shared_ptr<const contact_book> contacts, timestamp now);

  /// After a restart: a case as stored, with the newest notice that it has seen.
  void restore(alarm_case as_stored, alarm_notice newest);

  /// A committed notice. One that is known already changes nothing. A new alarm waits for a place, with what people do
  /// to it meanwhile; the next plan gives out places. Of more than may wait some are forgotten; they are still in the
  /// store.
  void tell(const alarm_notice& notice, timestamp now);

  /// False when there is no open case of this alarm.
  bool acknowledge(const uuid& alarm, const std::string& who, timestamp now);
  /// Calls nobody until then; afterwards all begins anew, unless the alarm is over.
  bool shelve(const uuid& alarm, timestamp until);
  bool unshelve(const uuid& alarm, timestamp now);

  /// What is due and has room. Whoever cannot be called for want of it is left out of the step, one of whom that holds
  /// for all is passed over, and where nobody of the steps to come can be called the alarm stays due. What became of an
  /// alarm waits for everybody's room. The answer must be committed before anything of it is sent.
  [[nodiscard]] call_plan plan(timestamp now, channel_room room);

  [[nodiscard]] std::size_t size() const { return cases_.size(); }
  /// Alarms for which the last plan had no place.
  [[nodiscard]] std::size_t waiting() const { return without_place_; }
  /// Alarms that were forgotten because too many waited, and ends of such that were not taken, so far.
  [[nodiscard]] std::size_t dropped() const { return dropped_; }
  /// What the last plan found no place for, and what was forgotten: that counts for a while after the last one, and
  /// as long as alarms wait or a forgotten one goes on that nobody has acknowledged.
  [[nodiscard]] notification_shortage shortage() const;
  [[nodiscard]] const alarm_case* find(const uuid& alarm) const;
  /// Why nobody is to be called about it now, in words; empty when people are. An alarm that is not known has been over
  /// for longer than `remember`.
  [[nodiscard]] std::string why_quiet(const uuid& alarm, timestamp now) const;
  /// Alarms of units and sites whose rounds are all through and which nobody has acknowledged. Those of Coldvigil
  /// itself are none: whoever would hear of it did not hear of them either.
  [[nodiscard]] unheard_alarms unheard(timestamp now) const;

 private:
  struct entry {
    alarm_case state;
    alarm_notice newest;
    bool dirty = false;
    std::set<callee> heard{};            ///< of the newest notice, while others wait for room
    std::optional<told_before> before{}; ///< what was told last, until people have heard of its correction
  };
  using entry_list = std::vector<entry*>;
  /// Gives a message to each of them that has room.
  using reach_function = std::function<std::vector<callee>(const std::vector<callee>&)>;

  /// By which places are given out: some were over before they had one, and are only to be told.
  enum class rank : std::uint8_t { critical, warning, over };
  static constexpr std::size_t rank_count = 3;
  struct in_line {
    rank level;
    std::size_t turn; ///< how many of its customer and level come before it
    bool served;      ///< its customer's turn has been, in this round of all customers
    customer_id customer;
    std::uint64_t opened_by;
    uuid alarm;
    friend auto operator<=>(const in_line&, const in_line&) = default;
  };

  entry* known_case(const uuid& alarm);
  entry* open_case(const uuid& alarm);
  [[nodiscard]] const escalation_policy* policy_of(const entry& one) const;
  [[nodiscard]] std::string policy_for_today(const entry& one) const;
  void begin_ladder(entry& one, timestamp from, bool quiet);
  void take_news(entry& one, const alarm_notice& notice, timestamp now);
  void go_on_by_new_book(entry& one, bool reaches_more, timestamp now);
  [[nodiscard]] bool may_be_called(const entry& one, timestamp now) const;
  [[nodiscard]] std::vector<entry_list> sites_due(timestamp now);
  [[nodiscard]] std::vector<callee> climb(entry& one, timestamp now, const reach_function& reach, call_plan& into);
  void plan_site(const entry_list& site, timestamp now, channel_room& room, call_plan& into);
  [[nodiscard]] called_alarm as_called(const entry& one) const;
  [[nodiscard]] std::vector<callee> told_still(const entry& one) const;
  [[nodiscard]] std::vector<callee> called_first(const entry& one, timestamp now) const;
  void tell_what_became(const entry_list& site, timestamp now, channel_room& room, call_plan& into) const;
  void plan_follow_ups(timestamp now, channel_room& room, call_plan& into);
  void end_shelving(timestamp now);
  void forgive_missed(timestamp now);
  [[nodiscard]] static rank rank_of(const alarm_notice& what);
  [[nodiscard]] bool needs_place(const entry& one, timestamp now) const;
  void take_what_needs_no_place(timestamp now);
  void give_own_places(timestamp now);
  [[nodiscard]] std::vector<in_line> line() const;
  void give_places(timestamp now);
  void note_dropped(timestamp now);
  [[nodiscard]] std::size_t uncalled() const;
  void end_shortage(timestamp now);
  void drop_finished(timestamp now, call_plan& into);

  const escalation_limits limits_;
  const facility_codes code_of_;
  const standing_source standing_of_;
  std::shared_ptr<const contact_book> contacts_ = std::make_shared<contact_book>();
  std::map<uuid, entry> cases_;
  std::map<uuid, entry> waiting_;                ///< for a place among them
  std::array<customer_id, rank_count> served_{}; ///< whose alarm got the last place
  std::map<uuid, std::string> forgotten_;        ///< too many waited; until they are over: who acknowledged it, if any
  std::size_t without_place_ = 0;
  std::size_t dropped_ = 0;
  std::size_t dropped_of_late_ = 0;
  timestamp dropped_last_{};
};

} // namespace coldvigil
