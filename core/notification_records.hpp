#pragma once
// What notification keeps, as plain data: whom it calls, how far it has come, what it sent and what became of that.

#include "core/ids.hpp"
#include "core/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coldvigil {

/// One way to one person.
struct callee {
  std::string person, channel, address;
  friend bool operator==(const callee&, const callee&) = default;
  friend auto operator<=>(const callee&, const callee&) = default;
};

/// How far the calling about one alarm has come. Stored.
struct alarm_case {
  uuid alarm{};
  std::uint64_t seen = 0;                 ///< newest notice taken up
  std::string policy;                     ///< id; taken when the alarm was raised
  std::uint64_t opened_by = 0;            ///< the notice that opened it, part of the keys
  timestamp opened_at{};                  ///< wall clock: delays count from when it was taken up, not from event time
  std::optional<timestamp> finished_at{}; ///< since then nobody needs to hear of it
  /// Those who were told must hear what became of it; where nobody was told, those whom a call would have reached must
  /// hear that it was.
  bool follow_up = false;
  std::uint32_t round = 0;            ///< rises while it is open, part of the keys
  std::uint32_t rounds = 0;           ///< gone through since the alarm was opened, unshelved or taken back
  std::uint32_t step = 0;             ///< the next one
  std::uint32_t calls = 0;            ///< how often people were called since it was opened
  std::optional<timestamp> next_at{}; ///< of the next step; nothing = all rounds are through
  std::optional<timestamp> acknowledged_at{};
  std::string acknowledged_by;
  std::optional<timestamp> shelved_until{};
  std::vector<callee> told; ///< who was called, to hear what follows
  friend bool operator==(const alarm_case&, const alarm_case&) = default;

  [[nodiscard]] bool open() const { return !finished_at; }
};

enum class message_kind : std::uint8_t {
  alarm,
  follow_up,
  self_test,
  system, ///< that recording has stopped, or works again: goes before all others and waits for no commit
};
inline constexpr std::size_t message_kind_count = 4;
[[nodiscard]] std::string_view to_string(message_kind kind);

enum class outbox_state : std::uint8_t {
  waiting,
  delivered,
  dead,      ///< refused for good, or given up: somebody must look
  withdrawn, ///< nobody needs it any more
};
inline constexpr std::size_t outbox_state_count = 4;
[[nodiscard]] std::string_view to_string(outbox_state state);

/// One message to one person by one channel.
struct outbox_entry {
  std::string key; ///< unique for ever; receivers know a repetition by it
  message_kind kind = message_kind::alarm;
  callee to;
  std::vector<uuid> alarms; ///< what it is about
  std::string subject;      ///< one line
  std::string text;         ///< for people; "{link}" stands where the link to acknowledge goes
  std::string data;         ///< the same for programs: a JSON object
  timestamp created_at{};
  outbox_state state = outbox_state::waiting;
  std::uint32_t attempts = 0;
  timestamp next_at{}; ///< not before
  std::optional<timestamp> settled_at{};
  std::string last_error;
  friend bool operator==(const outbox_entry&, const outbox_entry&) = default;
};

enum class send_result : std::uint8_t {
  delivered, ///< the other side has taken it
  retry,     ///< it may work later; it may also have arrived
  refused,   ///< it will never work like this
  withdrawn, ///< the attempt was not made, for nobody needs the message any more
};
inline constexpr std::size_t send_result_count = 4;
[[nodiscard]] std::string_view to_string(send_result result);

/// One attempt, as it is kept for evidence.
struct delivery_record {
  std::string key;
  std::uint32_t attempt = 1;
  callee to;
  message_kind kind = message_kind::alarm;
  timestamp at{}; ///< end of the attempt
  millis took{0};
  send_result result = send_result::retry;
  std::string detail;
  friend bool operator==(const delivery_record&, const delivery_record&) = default;
};

enum class link_purpose : std::uint8_t { acknowledge, confirm_receipt };
inline constexpr std::size_t link_purpose_count = 2;
[[nodiscard]] std::string_view to_string(link_purpose purpose);

struct message_link {
  std::string sha256_hex; ///< of the secret
  link_purpose purpose = link_purpose::acknowledge;
  std::string message; ///< key of the message that carries it
  std::string person;  ///< who acts by it
  std::vector<uuid> alarms;
  timestamp expires_at{};
  std::optional<timestamp> used_at{};
  friend bool operator==(const message_link&, const message_link&) = default;
};

/// An alarm that the button of a link came too late for.
struct alarm_dealt_with {
  uuid alarm{};
  std::string how;          ///< "it is acknowledged already, by token:desk"
  bool reason_kept = false; ///< the words of whoever came second
};
/// What became of the alarms of units that a link names.
struct link_outcome {
  std::vector<alarm_dealt_with> before{}; ///< by others
  std::vector<uuid> unknown{};            ///< no such alarms: of Coldvigil itself, or gone
};
/// What a link did.
struct used_link {
  message_link link;
  std::vector<alarm_dealt_with> before{}; ///< by others
};

/// An alarm that nobody has acknowledged although everybody was called as often as the policy says.
struct unheard_alarm {
  uuid alarm{};
  customer_id customer{};
  std::string words; ///< "Freezer 3, Store 2: too warm"
  timestamp raised_at{};
  friend bool operator==(const unheard_alarm&, const unheard_alarm&) = default;
};
struct unheard_alarms {
  std::vector<unheard_alarm> named{};
  std::size_t more = 0;
  friend bool operator==(const unheard_alarms&, const unheard_alarms&) = default;
};

/// What has no place, as it stands.
struct notification_shortage {
  std::vector<std::string> channels{}; ///< whose messages found no room
  std::size_t waiting = 0;             ///< alarms that people are called about once others are over
  std::size_t dropped = 0;             ///< of late: steps of further alarms, which are taken up by the next process
  std::size_t uncalled = 0;            ///< of these alarms: go on, and nobody has acknowledged them
  friend bool operator==(const notification_shortage&, const notification_shortage&) = default;
};

/// The newest test of one way. Stored.
struct self_test {
  std::string key; ///< of the message
  callee to;
  timestamp sent_at{};
  std::optional<timestamp> received_at{};
  bool overdue = false; ///< told as a system alarm
  friend bool operator==(const self_test&, const self_test&) = default;
};

} // namespace coldvigil
