#pragma once
// From an alarm's transitions to what people are told of them, before both are committed.

#include "core/alarm.hpp"
#include "core/alarm_notice.hpp"
#include "core/registry.hpp"

#include <map>
#include <optional>
#include <string>

namespace coldvigil {

/// Where an alarm's unit stands.
struct notice_place {
  const customer_record& customer;
  const facility_record& facility;
  const unit_record& unit;
};

/// Belongs to the thread that commits.
class notice_maker {
 public:
  /// `newest`: the highest number of a notice so far (stored_notifications::newest_transition). `silence_hold`: calls
  /// about one silent unit wait so long, for a silent site is one call.
  explicit notice_maker(std::uint64_t newest, millis silence_hold = millis{0})
      : newest_(newest), silence_hold_(silence_hold) {}

  /// Nothing when the transition is no news: a revision that leaves the times of what was told as they were. What
  /// history raised and a live reading shows to hold is news then.
  [[nodiscard]] std::optional<alarm_notice> make(const alarm_transition& transition, const notice_place& place);
  /// After a restart: what was told of an alarm that is still open.
  void remember(const alarm_notice& told) { told_[told.alarm] = {told.raised_at, told.ended_at, told.retroactive}; }
  [[nodiscard]] std::size_t remembered() const { return told_.size(); }

 private:
  struct known_times {
    timestamp raised_at{};
    std::optional<timestamp> ended_at{};
    bool history = false; ///< nobody was called
    friend bool operator==(const known_times&, const known_times&) = default;
  };
  std::uint64_t newest_;
  millis silence_hold_;
  std::map<uuid, known_times> told_; ///< of open alarms
};

/// "too warm": the rule's own name, or its kind in words.
[[nodiscard]] std::string fault_in_words(const rule& what);
/// "-12.3 °C (limit -18.0 °C)", or what else the rule judged (core/finding_text); empty when nothing was measured.
[[nodiscard]] std::string value_in_words(const alarm_notice& alarm);
/// What it takes for the rule to be broken beside its limit: "for 30 min, 3 readings in a row"; may be empty.
[[nodiscard]] std::string condition_in_words(const rule& what);

} // namespace coldvigil
