#include "core/notice_maker.hpp"

#include "core/finding_text.hpp"
#include "core/rule_check.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace coldvigil {
namespace {

std::string_view words_of(rule_kind kind) {
  switch (kind) {
  case rule_kind::low_limit:
    return "too cold";
  case rule_kind::high_limit:
    return "too warm";
  case rule_kind::model_persistence:
    return "unusual behaviour";
  case rule_kind::cumulative:
    return "out of range for too long";
  case rule_kind::rate_of_change:
    return "changing too fast";
  case rule_kind::predicted_breach:
    return "about to leave its limits";
  case rule_kind::no_data:
    return "no data";
  case rule_kind::sensor_fault:
    return "sensor fault";
  case rule_kind::mkt_limit:
    return "mean kinetic temperature too high";
  }
  return "alarm";
}

severity severity_of(alarm_level level) {
  return level == alarm_level::critical ? severity::critical : severity::warning;
}

std::string name_of(const std::optional<std::string>& name, const std::string& code) {
  return name && !name->empty() ? *name : code;
}

} // namespace

std::string fault_in_words(const rule& what) {
  return what.name.empty() ? std::string(words_of(what.kind)) : what.name;
}

std::string value_in_words(const alarm_notice& alarm) {
  if (!alarm.finding.empty() || !alarm.value) return alarm.finding;
  return beside_limit(*alarm.value, alarm.limit, alarm.scale);
}

namespace {

/// What is looked at: so long a sum, so far ahead, so long a past.
std::string measure_in_words(const rule& what) {
  if (what.kind == rule_kind::no_data && what.silent_after > millis{0})
    return "silent for " + duration(what.silent_after) + " or longer";
  const std::string past = what.window > millis{0} ? duration(what.window) : "";
  if (what.cumulative > millis{0}) return duration(what.cumulative) + " in all within " + past;
  if (what.lead > millis{0})
    return "expected within " + duration(what.lead) + (past.empty() ? "" : " if it goes on as in the last " + past);
  return past.empty() ? "" : "over the last " + past;
}

/// How long that had to be so.
std::string lasting_in_words(const rule& what) {
  std::string out;
  if (what.on_delay > millis{0}) out = "for " + duration(what.on_delay);
  if (what.consecutive > 1)
    out += (out.empty() ? "in " : " and in ") + std::to_string(what.consecutive) + " readings in a row";
  return out;
}

} // namespace

std::string condition_in_words(const rule& what) {
  const std::string measure = measure_in_words(what), lasting = lasting_in_words(what);
  return measure + (measure.empty() || lasting.empty() ? "" : ", ") + lasting;
}

namespace {

bool end_is_unseen(const alarm_record& alarm) {
  return alarm.course.end_unseen && alarm.end == alarm_end::condition;
}

/// Nobody knows when it ended: how long it was, at least and at most.
std::string words_of_unseen_end(const excursion& course) {
  using std::chrono::minutes;
  return "When it ended is not known, for nothing was heard before: it lasted at least " +
         duration(std::chrono::floor<minutes>(course.lasted)) + " and at most " +
         duration(std::chrono::ceil<minutes>(course.lasted + course.unseen)) + ". ";
}

/// It was seen to end, yet not all of it was seen. The part is told like the whole, and is no longer than that.
std::string words_of_silence_in(const alarm_record& alarm) {
  const millis unseen = std::min(alarm.course.unseen, *alarm.cleared_at - alarm.raised_at);
  return "For " + rough_duration(unseen) + " of it nothing was heard. ";
}

std::string_view words_of_still_out(rule_kind kind) {
  switch (kind) {
  case rule_kind::low_limit:
  case rule_kind::high_limit:
    return "it is still out of its limit";
  case rule_kind::model_persistence:
    return "it still behaves unusually";
  case rule_kind::rate_of_change:
    return "its temperature still changes too fast";
  case rule_kind::predicted_breach:
    return "it is still about to leave its limits";
  case rule_kind::sensor_fault:
    return "its sensor still seems to be at fault";
  case rule_kind::mkt_limit:
    return "its mean kinetic temperature is still too high";
  default:
    return "it is still out of range";
  }
}

/// How it is now, of one that never was; empty when nothing is wrong by the newest readings.
std::string words_of_annulled(const alarm_record& alarm, temperature_scale scale) {
  if (alarm.end == alarm_end::rule_changed)
    return "Its rule was changed or removed; those that count now judge for themselves. Whether it is still out of "
           "range is not known.";
  if (!alarm.measured) return {};
  const std::string condition = condition_in_words(alarm.by);
  const auto newest = static_cast<milli_celsius>(*alarm.measured); // of rules that measure nothing else
  return "By the newest reading " + std::string(words_of_still_out(alarm.by.kind)) + ", " +
         finding_in_words(alarm, newest, scale) + ": another alarm says so, or will when that has lasted" +
         (condition.empty() ? "" : " (" + condition + ")") + ".";
}

/// `known_since`: when it was raised as far as was known before; nothing of one that was over already.
std::string words_of_correction(const alarm_record& alarm, std::optional<timestamp> known_since) {
  const millis moved = alarm.raised_at - known_since.value_or(alarm.raised_at);
  std::string out;
  if (moved != millis{0})
    out = "It began at " + to_the_minute(alarm.raised_at) + ", not at " + to_the_minute(*known_since) + " (" +
          rough_duration(std::chrono::abs(moved)) + (moved < millis{0} ? " earlier" : " later") + "). ";
  if (alarm.open()) return out + "It goes on.";
  if (!known_since) out = "It began at " + to_the_minute(alarm.raised_at) + ". ";
  // When it ended is not known then, and is said so.
  if (end_is_unseen(alarm))
    return out + "The reading that showed it over is of " + to_the_minute(*alarm.cleared_at) + ". ";
  return out + "It ended at " + to_the_minute(*alarm.cleared_at) + ". ";
}

/// No more than the rule knows: that a sensor is heard of again says nothing of the stock.
std::string_view words_of_end(const alarm_record& alarm) {
  if (alarm.end == alarm_end::rule_changed)
    return "Its rule was changed or removed; those that count now judge for themselves. It may still be out of range.";
  switch (alarm.by.kind) {
  case rule_kind::low_limit:
  case rule_kind::high_limit:
    return "The temperature is within its limit again. Check the stock before you use it.";
  case rule_kind::model_persistence:
    return "It behaves as usual again.";
  case rule_kind::cumulative:
    return "The time out of range within the rule's window is below its limit again. Check the stock before you use "
           "it.";
  case rule_kind::rate_of_change:
    return "The temperature no longer changes too fast.";
  case rule_kind::predicted_breach:
    return "It is no longer expected to leave its limits.";
  case rule_kind::no_data:
    return "It is heard of again. What happened meanwhile is not known: check the stock before you use it.";
  case rule_kind::sensor_fault:
    return "The sensor's values change again. What it showed meanwhile may be wrong: check the stock before you use "
           "it.";
  case rule_kind::mkt_limit:
    return "The mean kinetic temperature is within its limit again. Check the stock before you use it.";
  }
  return "It is over.";
}

/// What drove it comes first: the condition is only how sure the rule wants to be. Since when a unit is silent says
/// all.
std::string why_in_words(const alarm_record& alarm) {
  const std::string condition = condition_in_words(alarm.by);
  if (alarm.explanation.empty()) return condition;
  if (alarm.by.kind == rule_kind::no_data) return alarm.explanation;
  return alarm.explanation + (condition.empty() ? "" : "; " + condition);
}

/// What the rule judged, not what happened to be read when it had: of a mean the mean, of a speed the speed.
void note_finding(const alarm_record& alarm, milli_celsius value, alarm_notice& into) {
  if (has_temperature_limit(alarm.by.kind)) into.limit = alarm.by.limit;
  switch (alarm.by.kind) {
  case rule_kind::no_data:
    return;
  case rule_kind::mkt_limit:
    if (alarm.measured) into.value = static_cast<milli_celsius>(*alarm.measured);
    return;
  case rule_kind::cumulative:
  case rule_kind::rate_of_change:
    into.finding = finding_in_words(alarm, value, into.scale);
    return;
  default:
    into.value = value;
  }
}

/// As it is now, and no value where that is not known.
void note_annulled(const alarm_record& alarm, alarm_notice& into) {
  into.ending = words_of_annulled(alarm, into.scale);
  if (into.ending.empty()) return;
  if (alarm.measured && into.finding.empty())
    into.value = static_cast<milli_celsius>(*alarm.measured);
  else
    into.value.reset();
}

/// "Gdańsk, Poland"
std::string place_of(const facility_record& facility) {
  const std::string city = facility.city.value_or(""), country = facility.country.value_or("");
  return city + (city.empty() || country.empty() ? "" : ", ") + country;
}

} // namespace

std::optional<alarm_notice> notice_maker::make(const alarm_transition& transition, const notice_place& place) {
  const alarm_record& alarm = transition.after;
  const known_times now{alarm.raised_at, alarm.cleared_at, transition.history};
  const auto known = told_.find(alarm.public_id);
  if (transition.kind == transition_kind::revised && known != told_.end() && known->second == now) return std::nullopt;
  alarm_notice out;
  out.alarm = alarm.public_id;
  out.transition = ++newest_;
  constexpr std::array<notice_state, 4> states{notice_state::raised, notice_state::cleared, notice_state::corrected,
                                               notice_state::annulled};
  out.state = states[static_cast<std::size_t>(transition.kind)];
  if (known != told_.end() && known->second.history && !transition.history && alarm.open())
    out.state = notice_state::raised;
  out.level = severity_of(alarm.by.level);
  out.customer = alarm.customer;
  out.facility = alarm.facility;
  out.customer_name = place.customer.name.empty() ? place.customer.code : place.customer.name;
  out.facility_name = name_of(place.facility.name, place.facility.code);
  out.facility_place = place_of(place.facility);
  out.unit_name = name_of(place.unit.name, place.unit.code);
  out.codes = {place.customer.code, place.facility.code, place.unit.code, place.unit.public_id};
  out.rule = fault_in_words(alarm.by);
  out.raised_at = alarm.raised_at;
  out.ended_at = alarm.cleared_at;
  out.scale = place.unit.scale;
  note_finding(alarm, transition.kind == transition_kind::raised ? alarm.raised_value : alarm.extreme, out);
  out.explanation = why_in_words(alarm);
  if (!alarm.annulled && alarm.cleared_at) {
    if (end_is_unseen(alarm))
      out.ending = words_of_unseen_end(alarm.course);
    else if (alarm.course.unseen > millis{0} && alarm.by.kind != rule_kind::no_data)
      out.ending = words_of_silence_in(alarm);
    out.ending += words_of_end(alarm);
    // A subject, and a text message that is no more, say "over" of any end.
    if (alarm.end == alarm_end::rule_changed) out.rule += " (its rule was changed)";
  }
  if (out.state == notice_state::corrected)
    out.ending =
        words_of_correction(alarm, known == told_.end() ? std::nullopt : std::optional(known->second.raised_at)) +
        out.ending;
  if (alarm.annulled) note_annulled(alarm, out);
  out.retroactive = transition.history;
  if (alarm.by.kind == rule_kind::no_data && silence_hold_ > millis{0})
    out.hold_until = transition.decided_at + silence_hold_;
  if (alarm.open())
    told_[alarm.public_id] = now;
  else
    told_.erase(alarm.public_id);
  return out;
}

} // namespace coldvigil
