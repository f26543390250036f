#pragma once
// The words. Somebody reads them at three in the morning: which unit, where, what value, what limit, since when, what
// to do now.

#include "core/escalation.hpp"
#include "core/outbox.hpp"
#include "core/recording_watch.hpp"

#include <string>
#include <vector>

namespace coldvigil {

/// Stands in a text where the link goes; it is filled in just before the message is sent, for its secret is not stored.
/// A line of its own: no name has a line end, so nobody can write one into a message.
inline constexpr std::string_view link_place = "\n{link}\n";

/// The message to a person of the book, without link.
[[nodiscard]] outbox_entry message_of(const planned_call& call, const person& reader, timestamp now);

/// What a self-test says beside its alarm.
struct test_words {
  bool delivery_is_receipt = false;    ///< nobody has to confirm
  std::vector<std::string> policies{}; ///< by which real alarms come this way
};
/// The same of a call of a self-test.
[[nodiscard]] outbox_entry test_message_of(const planned_call& call, const test_words& words, const person& reader,
                                           timestamp now);

/// What is said from memory while nothing can be recorded, and afterwards.
struct recording_report {
  recording_news news = recording_news::stopped;
  timestamp since{};
  std::vector<unit_in_danger> units{}; ///< out of limits
  bool restarted = false; ///< while it had stopped: what the process before held and had not stored is lost
};
[[nodiscard]] outbox_entry recording_message_of(const recording_report& what, const callee& to, const person& reader,
                                                timestamp now);

/// The text with the link in its place; without one it points to the dashboard.
[[nodiscard]] std::string with_link(const std::string& text, const std::string& link);
/// The same of a message for programs: the member acknowledge_url of an alarm; without a link it is null.
[[nodiscard]] std::string data_with_link(const std::string& data, const std::string& link);

/// "Sat 21 Nov 2026, 03:12 CET"
[[nodiscard]] std::string local_time(timestamp at, const zone_clock& zone);

} // namespace coldvigil
