#include "notify/message_text.hpp"

#include "core/finding_text.hpp"
#include "core/notice_maker.hpp"
#include "notify/text_escape.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace coldvigil {
namespace {

constexpr std::size_t longest_subject = 200;
constexpr std::size_t longest_name = 120;
constexpr std::size_t longest_in_subject = 48; ///< a name: it leaves room for value and limit
constexpr std::size_t longest_explanation = 500;
constexpr std::size_t longest_in_list = 200; ///< of why, for each alarm of several
constexpr std::size_t most_named = 5;        ///< of those who were called before
/// A reading older than this is told with its day.
constexpr millis same_day = std::chrono::hours{12};

std::string name(const std::string& text) {
  return cut(one_line(text), longest_name);
}

bool is_ours(const alarm_notice& alarm) {
  return alarm.customer == customer_id{};
}

/// "03:12 CET"; of another day with the day.
std::string time_of(timestamp at, const zone_clock& zone, timestamp now) {
  std::string out = local_time(at, zone);
  return now - at < same_day ? out.substr(out.find(", ") + 2) : out;
}

/// Whom a text is for, and when it is made.
struct telling {
  const zone_clock& zone;
  timestamp now;
};

/// A text that is kept says times as to_the_minute; its reader is told them on his own clock.
std::string on_clock_of(const zone_clock& zone, std::string_view text) {
  constexpr std::string_view sign = " UTC";
  constexpr std::size_t length = std::string_view("2026-11-22 01:03").size();
  std::string out;
  for (std::size_t at = text.find(sign); at != std::string_view::npos; at = text.find(sign)) {
    std::string iso(text.substr(at < length ? 0 : at - length, std::min(at, length)));
    if (iso.size() == length && iso[10] == ' ') iso[10] = 'T';
    const auto time = parse_utc(iso + ":00Z");
    out += text.substr(0, time ? at - length : at + sign.size());
    if (time) out += local_time(*time, zone);
    text.remove_prefix(at + sign.size());
  }
  return out + std::string(text);
}

/// "-9.1 °C at 03:12 CET, worst -8.0 °C (limit -18.0 °C)"
std::string value_by_now(const alarm_notice& alarm, const alarm_standing& stands, const telling& to) {
  const bool of_a_limit = stands.worst.has_value();
  const std::string newest = in_degrees(stands.newest, of_a_limit ? alarm.limit : std::nullopt, alarm.scale) + " at " +
                             time_of(stands.at, to.zone, to.now);
  if (of_a_limit) return newest + ", worst " + beside_limit(*stands.worst, alarm.limit, alarm.scale);
  const std::string found = value_in_words(alarm);
  return found.empty() ? newest : found + ", newest reading " + newest;
}

/// An alarm that never was, while its unit is out by the same rule, or nobody knows: its ending says so, and its value
/// is the newest, if any.
bool may_be_out(const alarm_notice& alarm) {
  return alarm.state == notice_state::annulled && !alarm.ending.empty();
}

std::string_view words_of_annulled(const alarm_notice& alarm) {
  if (!may_be_out(alarm)) return "FALSE ALARM";
  if (value_in_words(alarm).empty()) return "FALSE ALARM, but how it is now is not known";
  return alarm.limit ? "FALSE ALARM, but still out of its limit" : "FALSE ALARM, but still out by its rule";
}

/// "too warm: -12.3 °C (limit -18.0 °C)": while it goes on as it stands by the newest reading, afterwards the worst of
/// it.
std::string fault_of(const called_alarm& what, const telling& to) {
  const alarm_notice& alarm = what.notice;
  std::string value = value_in_words(alarm);
  if (what.standing && what.standing->at > alarm.raised_at)
    value = value_by_now(alarm, *what.standing, to);
  else if (alarm.over() && !may_be_out(alarm) && alarm.value && alarm.limit)
    value = "worst " + value; // one that goes on keeps the values of its raising
  return name(alarm.rule) + (value.empty() ? "" : ": " + value);
}

std::string joined(std::initializer_list<std::string> parts) {
  std::string out;
  for (const std::string& each : parts)
    if (!each.empty()) out += (out.empty() ? "" : ", ") + each;
  return out;
}

std::string place_of(const alarm_notice& alarm) {
  return joined({name(alarm.facility_name), name(alarm.facility_place), name(alarm.customer_name)});
}

/// The one that a subject names: critical ones come first, then those that are still out, then the oldest.
const called_alarm& worst_of(const planned_call& call) {
  const auto rank = [](const called_alarm& alarm) {
    return std::pair(alarm.notice.level == severity::critical, may_be_out(alarm.notice));
  };
  return *std::max_element(call.alarms.begin(), call.alarms.end(),
                           [&](const called_alarm& a, const called_alarm& b) { return rank(a) < rank(b); });
}

std::string headline(const planned_call& call, const telling& to) {
  const alarm_notice& worst = worst_of(call).notice;
  if (call.kind == call_kind::test) return "TEST";
  if (call.kind == call_kind::late) return "OVER";
  if (call.kind == call_kind::call) return worst.level == severity::critical ? "ALARM" : "WARNING";
  switch (worst.state) {
  case notice_state::annulled:
    return std::string(words_of_annulled(worst));
  case notice_state::corrected:
    return std::string("CORRECTION, ") + (worst.ended_at ? "over" : "goes on") + " since " +
           time_of(worst.ended_at.value_or(worst.raised_at), to.zone, to.now);
  default:
    return "OVER";
  }
}

/// ", call 3" of what people were called about before.
std::string count_of(const planned_call& call) {
  const auto fewer = [](const called_alarm& a, const called_alarm& b) { return a.call < b.call; };
  const std::uint32_t most = std::max_element(call.alarms.begin(), call.alarms.end(), fewer)->call;
  return call.kind == call_kind::call && most > 1 ? ", call " + std::to_string(most) : "";
}

/// It may be all that is read, as a text message.
std::string subject_of(const planned_call& call, const telling& to) {
  const called_alarm& worst = worst_of(call);
  const auto in_short = [](const std::string& text) { return cut(name(text), longest_in_subject); };
  const std::string more = call.alarms.size() == 1 ? "" : " and " + std::to_string(call.alarms.size() - 1) + " more";
  const std::string out = headline(call, to) + count_of(call) + ": " +
                          joined({in_short(worst.notice.unit_name), in_short(worst.notice.facility_name)}) + " - " +
                          fault_of(worst, to);
  return cut(out, longest_subject - more.size()) + more;
}

std::string span_of(const called_alarm& what, const telling& to) {
  const alarm_notice& alarm = what.notice;
  std::string out = "Since:  " + local_time(alarm.raised_at, to.zone);
  if (what.call > 1) out += ", for " + rough_duration(to.now - alarm.raised_at);
  if (!alarm.ended_at) return out + "\n";
  return out + "\nUntil:  " + local_time(*alarm.ended_at, to.zone) + ", after " +
         rough_duration(*alarm.ended_at - alarm.raised_at) + "\n";
}

/// "call 3; nobody has acknowledged since Sat 21 Nov 2026, 03:13 CET. Called before: Anna, Ben and 2 more"; empty of a
/// first call.
std::string calls_in_words(const called_alarm& alarm, const telling& to) {
  if (alarm.call <= 1) return {};
  std::string out = "call " + std::to_string(alarm.call) + "; nobody has acknowledged since " +
                    local_time(alarm.unacknowledged_since, to.zone) + ". Called before: ";
  const std::size_t named = std::min(alarm.called_before.size(), most_named);
  for (std::size_t i = 0; i < named; ++i)
    out += (i == 0 ? "" : ", ") + name(alarm.called_before[i]);
  if (alarm.called_before.size() > named) out += " and " + std::to_string(alarm.called_before.size() - named) + " more";
  return out;
}

std::string details_of(const called_alarm& what, const telling& to) {
  const alarm_notice& alarm = what.notice;
  std::string out = "Unit:   " + name(alarm.unit_name) + "\n";
  out += "Where:  " + place_of(alarm) + "\n";
  out += "What:   " + fault_of(what, to) + "\n";
  out += span_of(what, to);
  if (!alarm.explanation.empty())
    out += "Why:    " + cut(on_clock_of(to.zone, one_line(alarm.explanation)), longest_explanation) + "\n";
  if (const std::string calls = calls_in_words(what, to); !calls.empty()) out += "Calls:  " + calls + "\n";
  return out;
}

/// Alarms of Coldvigil itself have no words of their own for their end.
std::string ending_of(const alarm_notice& alarm, const telling& to) {
  if (!alarm.ending.empty() || alarm.state != notice_state::cleared) return on_clock_of(to.zone, alarm.ending);
  return is_ours(alarm) ? "It is in order again." : "It is over.";
}

/// Who was told of it before hears of its first call anew.
bool is_opened_again(const called_alarm& alarm) {
  return alarm.call == 1 && !alarm.called_before.empty();
}

/// Which it is, how bad, what, since when and why: one of several.
std::string line_of(const called_alarm& what, const telling& to) {
  const alarm_notice& alarm = what.notice;
  std::string out = std::string(to_string(alarm.level)) + ", ";
  out += is_ours(alarm) ? name(alarm.rule) + (alarm.facility_name.empty() ? "" : ": " + name(alarm.facility_name))
                        : name(alarm.unit_name) + ": " + fault_of(what, to);
  out += "\n  since " + local_time(alarm.raised_at, to.zone);
  if (alarm.ended_at) out += " until " + local_time(*alarm.ended_at, to.zone);
  if (!alarm.explanation.empty())
    out += "\n  " + cut(on_clock_of(to.zone, one_line(alarm.explanation)), longest_in_list);
  if (const std::string calls = calls_in_words(what, to); !calls.empty()) out += "\n  " + calls;
  if (is_opened_again(what)) out += "\n  opened again: readings that came late show that it was not over";
  return out;
}

/// "began 03:10 CET, not 03:40 CET; worst 9.4 °C, not 8.1 °C": of what was over when people were told of it.
std::string changes_of(const called_alarm& what, const telling& to) {
  if (!what.before) return {};
  const alarm_notice& alarm = what.notice;
  std::string out;
  const auto add = [&out](std::string_view sort, const std::string& now, const std::string& before) {
    if (now != before) out += (out.empty() ? "" : "; ") + std::string(sort) + now + ", not " + before;
  };
  const auto time = [&](timestamp at) { return time_of(at, to.zone, to.now); };
  add("began ", time(alarm.raised_at), time(what.before->raised_at));
  if (alarm.ended_at && what.before->ended_at) add("ended ", time(*alarm.ended_at), time(*what.before->ended_at));
  if (alarm.ended_at && alarm.value && alarm.limit && what.before->worst)
    add("worst ", in_degrees(*alarm.value, *what.before->worst, alarm.scale),
        in_degrees(*what.before->worst, *alarm.value, alarm.scale));
  return out;
}

std::string list_of(const planned_call& call, const telling& to) {
  const alarm_notice& first = call.alarms.front().notice;
  std::string out = "Where:  " + (is_ours(first) ? name(first.customer_name) : place_of(first)) + "\n";
  for (const called_alarm& each : call.alarms) {
    out += "\n- " + line_of(each, to);
    const std::string ending = call.kind == call_kind::call ? "" : ending_of(each.notice, to);
    if (const std::string changes = changes_of(each, to); !changes.empty()) out += "\n  corrected: " + changes;
    if (!ending.empty()) out += "\n  " + ending;
  }
  return out + "\n";
}

/// What a late reading did to what people were told.
std::string opening_of_correction(const planned_call& call, const telling& to, const std::string& ending) {
  const std::string late = "Readings that came late ";
  const std::string changes = call.alarms.size() == 1 ? changes_of(call.alarms.front(), to) : "";
  if (call.alarms.front().notice.state == notice_state::corrected)
    return late + "change what you were told" + (changes.empty() ? "" : ": " + changes) + ". " +
           (ending.empty() ? "This is how it was:" : ending) + "\n\n";
  const bool unsettled = std::any_of(call.alarms.begin(), call.alarms.end(),
                                     [](const called_alarm& each) { return may_be_out(each.notice); });
  std::string out = late + "show that " + (call.alarms.size() == 1 ? "this alarm" : "these alarms") + " never " +
                    (call.alarms.size() == 1 ? "was." : "were.");
  if (!unsettled) return out + " Nothing is to be done.\n\n";
  return out + (ending.empty() ? "" : "\n" + ending) + "\n\n";
}

std::string opening_of(const planned_call& call, const telling& to) {
  const bool alone = call.alarms.size() == 1;
  const alarm_notice& first = call.alarms.front().notice;
  const std::string ending = alone ? ending_of(first, to) : "";
  if (call.kind == call_kind::late)
    return "Recorded late: nobody could be called while it lasted, for Coldvigil heard of it when it was over.\n" +
           ending + (alone ? "\n\n" : "\n");
  if (call.kind == call_kind::call && alone && is_opened_again(call.alarms.front()))
    return "Readings that came late show that it was not over.\n\n";
  if (call.kind != call_kind::follow_up) return "";
  if (first.state == notice_state::corrected || first.state == notice_state::annulled)
    return opening_of_correction(call, to, ending);
  return alone ? ending + "\n\n" : "";
}

/// What there is to do.
struct advice {
  std::string_view sort, words;
  friend bool operator==(const advice&, const advice&) = default;
};
constexpr advice too_warm{"too warm", "go there or send somebody. See that doors are closed and the power is on. If it "
                                      "does not recover soon, move the stock."};
constexpr advice too_cold{"too cold", "go there or send somebody. Check the set point and the heater. Move what must "
                                      "not freeze."};
constexpr advice silent{"no data", "see whether the unit runs and how warm it is, for nobody knows. Then look at its "
                                   "sensor and battery, the gateway and the network."};
constexpr advice silent_site{"silent site", "see whether the site has power and internet, and its gateway runs. Until "
                                            "it is heard of again, have its units looked at."};
constexpr advice ill_sensor{"sensor fault", "measure by hand, for what is shown may be wrong. Then look at the sensor, "
                                            "and replace it if need be."};
constexpr advice unusual{"unusual", "look at it before it leaves its limits: doors, power, set point, defrosting."};
constexpr advice ourselves{"Coldvigil", "find out why, and mend it."};

/// Nothing was measured of what is silent. Where nobody knows what sort of rule it is, it is treated as too warm.
const advice& advice_for(const called_alarm& what) {
  const alarm_notice& alarm = what.notice;
  if (is_ours(alarm)) return ourselves;
  const bool measured = alarm.value || !alarm.finding.empty();
  if (!measured) return alarm.codes.unit.empty() && !alarm.codes.customer.empty() ? silent_site : silent;
  if (!what.standing) return too_warm;
  switch (what.standing->kind) {
  case rule_kind::low_limit:
    return too_cold;
  case rule_kind::cumulative:
    return what.standing->side == rule_side::below ? too_cold : too_warm;
  case rule_kind::model_persistence:
  case rule_kind::rate_of_change:
  case rule_kind::predicted_breach:
    return unusual;
  case rule_kind::sensor_fault:
    return ill_sensor;
  default:
    return too_warm;
  }
}

/// Of several alarms each advice once.
std::string what_to_do(const planned_call& call) {
  std::vector<advice> all;
  for (const called_alarm& each : call.alarms)
    if (const advice& wanted = advice_for(each); std::find(all.begin(), all.end(), wanted) == all.end())
      all.push_back(wanted);
  std::string out = "\nWhat to do:";
  if (all.size() == 1) return out + " " + std::string(all.front().words);
  for (const advice& each : all)
    out += "\n- " + std::string(each.sort) + ": " + std::string(each.words);
  return out;
}

/// Of what is over when it is told for the first time.
std::string what_to_do_late(const planned_call& call) {
  return std::string("\nWhat to do: ") + (is_ours(call.alarms.front().notice) ? "find out why." : "check the stock.");
}

std::string text_of(const planned_call& call, const telling& to) {
  std::string out = opening_of(call, to);
  out += call.alarms.size() == 1 ? details_of(call.alarms.front(), to) : list_of(call, to);
  if (call.kind == call_kind::call)
    out += what_to_do(call) + "\nThen acknowledge:" + std::string(link_place) +
           "Until somebody does, others are called and you are called again.\n";
  if (call.kind == call_kind::late) out += what_to_do_late(call) + " Then acknowledge:" + std::string(link_place);
  return out;
}

// --- the same for programs

/// No text of a message can hold it: quotes in there are escaped.
constexpr std::string_view link_member = R"("acknowledge_url":"{link}")";

std::string field(std::string_view key, std::string_view value) {
  return "\"" + std::string(key) + "\":\"" + json_escaped(value) + "\"";
}
std::string celsius(std::string_view key, const std::optional<milli_celsius>& value) {
  char number[32] = "null";
  if (value) std::snprintf(number, sizeof number, "%.3f", in_celsius(*value));
  return "\"" + std::string(key) + "\":" + number;
}

std::string field_or_null(std::string_view key, std::string_view value) {
  return value.empty() ? "\"" + std::string(key) + "\":null" : field(key, value);
}

std::string json_of(const place_codes& place) {
  return field_or_null("customer_code", place.customer) + "," + field_or_null("facility_code", place.facility) + "," +
         field_or_null("unit_code", place.unit) + "," +
         field_or_null("unit_id", place.unit_id == uuid{} ? "" : to_string(place.unit_id));
}

/// As it stands by the newest reading, and how often whom was called about it.
std::string json_of_calls(const called_alarm& what) {
  std::optional<milli_celsius> newest, worst;
  if (what.standing) newest = what.standing->newest, worst = what.standing->worst;
  std::string out = celsius("newest_celsius", newest) + "," + celsius("worst_celsius", worst);
  out += what.standing ? "," + field("newest_at", format_utc(what.standing->at)) : ",\"newest_at\":null";
  out += ",\"call\":" + std::to_string(what.call) + ",\"called_before\":[";
  for (std::size_t i = 0; i < std::min(what.called_before.size(), most_named); ++i)
    out += std::string(i == 0 ? "" : ",") + "\"" + json_escaped(name(what.called_before[i])) + "\"";
  return out + "]";
}

std::string json_of(const called_alarm& what) {
  const alarm_notice& alarm = what.notice;
  std::string out = "{" + field("alarm_id", to_string(alarm.alarm)) + "," + json_of(alarm.codes) + "," +
                    field("state", to_string(alarm.state)) + "," + field("severity", to_string(alarm.level)) + "," +
                    field("customer", alarm.customer_name) + "," + field("facility", alarm.facility_name) + "," +
                    field("place", alarm.facility_place) + "," + field("unit", alarm.unit_name) + "," +
                    field("rule", alarm.rule) + "," + celsius("value_celsius", alarm.value) + "," +
                    celsius("limit_celsius", alarm.limit) + "," + field("raised_at", format_utc(alarm.raised_at));
  out += alarm.ended_at ? "," + field("ended_at", format_utc(*alarm.ended_at)) : ",\"ended_at\":null";
  out += "," + field("explanation", cut(alarm.explanation, longest_explanation));
  out += "," + field("ending", alarm.ending) + "," + field("finding", value_in_words(alarm));
  return out + "," + json_of_calls(what) + "}";
}

std::string json_head(const outbox_entry& message) {
  return "{" + field("kind", to_string(message.kind)) + "," + field("message", message.key) + "," +
         field("person", message.to.person) + "," + field("subject", message.subject) + "," +
         field("at", format_utc(message.created_at));
}

std::string json_of(const planned_call& call, const outbox_entry& message) {
  std::string out = json_head(message) + ",\"alarms\":[";
  for (std::size_t i = 0; i < call.alarms.size(); ++i)
    out += (i == 0 ? "" : ",") + json_of(call.alarms[i]);
  out += "]";
  if (call.kind == call_kind::call || call.kind == call_kind::late) out += "," + std::string(link_member);
  return out + "}";
}

std::string ways_of_real_alarms(const std::vector<std::string>& policies) {
  if (policies.empty()) return "By today's contacts no alarm is sent to you this way; only this test is.\n";
  std::string out = "Real alarms come to you this way by the policy ";
  for (std::size_t i = 0; i < policies.size(); ++i)
    out += (i == 0 ? "" : ", ") + name(policies[i]);
  return cut(out, longest_explanation) + ".\n";
}

outbox_entry entry_of(std::string key, message_kind kind, const callee& to, timestamp now) {
  outbox_entry out;
  out.key = std::move(key);
  out.kind = kind;
  out.to = to;
  out.created_at = out.next_at = now;
  return out;
}

/// What became of what arrived meanwhile.
std::string words_of_recording_again(const recording_report& what, const zone_clock& zone, timestamp now) {
  const std::string since = local_time(what.since, zone);
  if (what.restarted)
    return "Readings are stored again: Coldvigil was started again. What arrived between " + since +
           " and that start and was not stored is missing unless it is sent again.\n";
  return "Readings are stored again. What arrived from " + since + " to " + local_time(now, zone) +
         " and had waited is stored now, with its alarms; what was refused in that time is missing unless it is sent "
         "again.\n";
}

} // namespace

std::string local_time(timestamp at, const zone_clock& zone) {
  constexpr std::array<const char*, 7> weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto local = at + zone.ahead(at);
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::minutes>(local - day)};
  char out[48];
  std::snprintf(out, sizeof out, "%s %u %s %d, %02d:%02d ", weekdays[std::chrono::weekday{day}.c_encoding()],
                static_cast<unsigned>(date.day()), months[static_cast<unsigned>(date.month()) - 1],
                static_cast<int>(date.year()), static_cast<int>(time.hours().count()),
                static_cast<int>(time.minutes().count()));
  return out + zone.abbreviation(at);
}

outbox_entry message_of(const planned_call& call, const person& reader, timestamp now) {
  constexpr std::array kinds{message_kind::alarm, message_kind::follow_up, message_kind::self_test,
                             message_kind::follow_up}; // as call_kind
  const telling to{*reader.zone, now};
  outbox_entry out = entry_of(call.key, kinds[static_cast<std::size_t>(call.kind)], call.to, now);
  out.subject = subject_of(call, to);
  out.text = text_of(call, to);
  out.data = json_of(call, out);
  if (call.kind != call_kind::test)
    for (const called_alarm& each : call.alarms)
      out.alarms.push_back(each.notice.alarm);
  return out;
}

outbox_entry test_message_of(const planned_call& call, const test_words& words, const person& reader, timestamp now) {
  outbox_entry out = message_of(call, reader, now);
  if (!words.delivery_is_receipt) out.subject = cut(out.subject + " - please confirm", longest_subject);
  out.text =
      "This is the regular test of the way by which alarms reach you. No unit is in danger: the breach below was "
      "made up,\nand it was judged, put into words and sent as a real one.\n\n" +
      out.text + "\n" + ways_of_real_alarms(words.policies);
  out.text += words.delivery_is_receipt
                  ? "There is nothing to do: by this channel a delivery counts as receipt.\n"
                  : "Confirm that it arrived:" + std::string(link_place) +
                        "Without your confirmation the test counts as failed and others are told.\n";
  out.data = json_of(call, out);
  return out;
}

outbox_entry recording_message_of(const recording_report& what, const callee& to, const person& reader, timestamp now) {
  constexpr std::size_t most_units = 50;
  const zone_clock& zone = *reader.zone;
  const auto& units = what.units;
  const bool over = what.news == recording_news::again;
  outbox_entry out = entry_of("recording-" + std::to_string(to_ms(now)) + "." + to.channel + "." + to.person,
                              message_kind::system, to, now);
  out.subject = over ? "OVER: Coldvigil records again"
                     : "ALARM: Coldvigil has stopped recording, " + std::to_string(units.size()) +
                           (units.size() == 1 ? " unit out of limits" : " units out of limits");
  out.text = over ? words_of_recording_again(what, zone, now)
                  : "Nothing has been stored since " + local_time(what.since, zone) +
                        ". What arrives waits to be stored as long as there is room, then it is refused. Alarms are "
                        "told at once and recorded when it is stored.\n"
                        "What to do: see whether the database runs and its disk has space. Watch the units by hand.\n";
  if (!over) out.text += units.empty() ? "\nNo unit is out of its limits.\n" : "\nOut of limits now:\n";
  out.data = json_head(out) + ",\"recording\":" + (over ? "true" : "false") + "," +
             field("not_recording_since", format_utc(what.since)) + ",\"units\":[";
  for (std::size_t i = 0; i < units.size() && i < most_units && !over; ++i) {
    const unit_in_danger& unit = units[i];
    out.text += "- " + name(unit.unit_name) + ", " + name(unit.facility_name) + ", " + name(unit.customer_name) + ": " +
                beside_limit(unit.value, unit.limit, unit.scale) + " since " + local_time(unit.since, zone) + "\n";
    out.data += std::string(i == 0 ? "" : ",") + "{" + json_of(unit.codes) + "," +
                field("customer", unit.customer_name) + "," + field("facility", unit.facility_name) + "," +
                field("unit", unit.unit_name) + "," + celsius("value_celsius", unit.value) + "," +
                celsius("limit_celsius", unit.limit) + "}";
  }
  if (!over && units.size() > most_units) out.text += "and " + std::to_string(units.size() - most_units) + " more\n";
  out.data += "]}";
  return out;
}

std::string data_with_link(const std::string& data, const std::string& link) {
  const std::size_t at = data.rfind(link_member);
  if (at == std::string::npos) return data;
  std::string out = data;
  return out.replace(at, link_member.size(),
                     link.empty() ? R"("acknowledge_url":null)" : field("acknowledge_url", link));
}

std::string with_link(const std::string& text, const std::string& link) {
  const std::size_t at = text.rfind(link_place);
  if (at == std::string::npos) return text;
  std::string out = text;
  return out.replace(at, link_place.size(), "\n" + (link.empty() ? "on the dashboard" : link) + "\n");
}

} // namespace coldvigil
