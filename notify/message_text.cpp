#include "notify/message_text.hpp"

#include "core/notice_maker.hpp"
#include "notify/text_escape.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace coldvigil {
namespace {

constexpr std::size_t longest_subject = 200;
constexpr std::size_t longest_name = 120;
constexpr std::size_t longest_explanation = 500;

std::string name(const std::string& text) {
  return cut(one_line(text), longest_name);
}

/// "too warm: -12.3 °C (limit -18.0 °C)"
std::string fault_of(const alarm_notice& alarm) {
  const std::string value = value_in_words(alarm);
  return name(alarm.rule) + (value.empty() ? "" : ": " + value);
}

std::string place_of(const alarm_notice& alarm) {
  return name(alarm.facility_name) + (alarm.customer_name.empty() ? "" : ", " + name(alarm.customer_name));
}

std::string_view headline(const planned_call& call) {
  const auto is_critical = [](const alarm_notice& alarm) { return alarm.level == severity::critical; };
  if (call.kind == call_kind::test) return "TEST";
  if (call.kind == call_kind::call)
    return std::any_of(call.alarms.begin(), call.alarms.end(), is_critical) ? "ALARM" : "WARNING";
  switch (call.alarms.front().state) {
  case notice_state::annulled:
    return "FALSE ALARM";
  case notice_state::corrected:
    return "CORRECTION";
  default:
    return "OVER";
  }
}

std::string subject_of(const planned_call& call) {
  const alarm_notice& first = call.alarms.front();
  std::string out = std::string(headline(call)) + ": ";
  if (call.alarms.size() == 1)
    out += name(first.unit_name) + ", " + name(first.facility_name) + " - " + fault_of(first);
  else
    out += std::to_string(call.alarms.size()) + " alarms at " + name(first.facility_name);
  return cut(out, longest_subject);
}

std::string span_of(const alarm_notice& alarm, const zone_clock& zone) {
  std::string out = "Since:  " + local_time(alarm.raised_at, zone) + "\n";
  if (alarm.ended_at) out += "Until:  " + local_time(*alarm.ended_at, zone) + "\n";
  return out;
}

std::string details_of(const alarm_notice& alarm, const zone_clock& zone) {
  std::string out = "Unit:   " + name(alarm.unit_name) + "\n";
  out += "Where:  " + place_of(alarm) + "\n";
  out += "What:   " + fault_of(alarm) + "\n";
  out += span_of(alarm, zone);
  if (!alarm.explanation.empty()) out += "Why:    " + cut(one_line(alarm.explanation), longest_explanation) + "\n";
  return out;
}

/// Alarms of Coldvigil itself have no words of their own for it.
std::string ending_of(const alarm_notice& alarm) {
  if (!alarm.ending.empty()) return alarm.ending;
  return alarm.customer == customer_id{} ? "It is in order again." : "It is over.";
}

std::string list_of(const planned_call& call, const zone_clock& zone) {
  std::string out = "Where:  " + place_of(call.alarms.front()) + "\n";
  for (const alarm_notice& alarm : call.alarms) {
    out += "\n- " + name(alarm.unit_name) + ": " + fault_of(alarm) + "\n  since " + local_time(alarm.raised_at, zone);
    if (alarm.ended_at) out += " until " + local_time(*alarm.ended_at, zone);
    if (alarm.state == notice_state::cleared) out += "\n  " + ending_of(alarm);
  }
  return out + "\n";
}

std::string opening_of(const planned_call& call) {
  if (call.kind != call_kind::follow_up) return "";
  switch (call.alarms.front().state) {
  case notice_state::annulled:
    return "Readings that came late show that this alarm never was. Nothing is to be done.\n\n";
  case notice_state::corrected:
    return "Readings that came late change what you were told. This is how it was:\n\n";
  default:
    return call.alarms.size() == 1 ? ending_of(call.alarms.front()) + "\n\n" : "";
  }
}

constexpr std::string_view what_to_do =
    "\nWhat to do: go there or send somebody. See that doors are closed and the power is on.\n"
    "If it does not recover soon, move the stock. Then acknowledge: {link}\n"
    "Until somebody does, others are called and you are called again.\n";

/// Of Coldvigil itself.
constexpr std::string_view what_to_do_ourselves = "\nWhat to do: find out why, and mend it. Then acknowledge: {link}\n"
                                                  "Until somebody does, others are called and you are called again.\n";

std::string text_of(const planned_call& call, const zone_clock& zone) {
  std::string out = opening_of(call);
  out += call.alarms.size() == 1 ? details_of(call.alarms.front(), zone) : list_of(call, zone);
  const bool ours = call.alarms.front().customer == customer_id{};
  if (call.kind == call_kind::call) out += ours ? what_to_do_ourselves : what_to_do;
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

std::string json_of(const alarm_notice& alarm) {
  std::string out = "{" + field("alarm_id", to_string(alarm.alarm)) + "," + json_of(alarm.codes) + "," +
                    field("state", to_string(alarm.state)) + "," + field("severity", to_string(alarm.level)) + "," +
                    field("customer", alarm.customer_name) + "," + field("facility", alarm.facility_name) + "," +
                    field("unit", alarm.unit_name) + "," + field("rule", alarm.rule) + "," +
                    celsius("value_celsius", alarm.value) + "," + celsius("limit_celsius", alarm.limit) + "," +
                    field("raised_at", format_utc(alarm.raised_at));
  out += alarm.ended_at ? "," + field("ended_at", format_utc(*alarm.ended_at)) : ",\"ended_at\":null";
  out += "," + field("explanation", cut(alarm.explanation, longest_explanation));
  return out + "," + field("ending", alarm.ending) + "}";
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
  if (call.kind == call_kind::call) out += "," + std::string(link_member);
  return out + "}";
}

std::string ways_of_real_alarms(const std::vector<std::string>& policies) {
  if (policies.empty()) return "By today's contacts no alarm is sent to you this way; only this test is.\n";
  std::string out = "Real alarms come to you this way by the policy ";
  for (std::size_t i = 0; i < policies.size(); ++i)
    out += (i == 0 ? "" : ", ") + policies[i];
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
  constexpr std::array kinds{message_kind::alarm, message_kind::follow_up, message_kind::self_test}; // as call_kind
  outbox_entry out = entry_of(call.key, kinds[static_cast<std::size_t>(call.kind)], call.to, now);
  out.subject = subject_of(call);
  out.text = text_of(call, *reader.zone);
  out.data = json_of(call, out);
  if (call.kind != call_kind::test)
    for (const alarm_notice& alarm : call.alarms)
      out.alarms.push_back(alarm.alarm);
  return out;
}

outbox_entry test_message_of(const planned_call& call, const test_words& words, const person& reader, timestamp now) {
  outbox_entry out = message_of(call, reader, now);
  if (!words.delivery_is_receipt) out.subject = cut(out.subject + " - please confirm", longest_subject);
  out.text =
      "This is the regular test of the way by which alarms reach you. No unit is in danger: the breach below was "
      "made up,\nand it was judged, put into words and sent as a real one.\n\n" +
      out.text + "\n" + ways_of_real_alarms(words.policies);
  out.text +=
      words.delivery_is_receipt
          ? "There is nothing to do: by this channel a delivery counts as receipt.\n"
          : "Confirm that it arrived: {link}\nWithout your confirmation the test counts as failed and others are "
            "told.\n";
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
  out.subject =
      over ? "OVER: Coldvigil records again"
           : "ALARM: Coldvigil has stopped recording, " + std::to_string(units.size()) + " units out of limits";
  out.text = over ? "Readings are stored again. They were not between " + local_time(what.since, zone) + " and " +
                        local_time(now, zone) + ", unless they were sent again.\n"
                  : "Nothing has been stored since " + local_time(what.since, zone) +
                        ". Alarms of this time are told but not recorded.\n"
                        "What to do: see whether the database runs and its disk has space. Watch the units by hand.\n";
  if (!over) out.text += units.empty() ? "\nNo unit is out of its limits.\n" : "\nOut of limits now:\n";
  out.data = json_head(out) + ",\"recording\":" + (over ? "true" : "false") + "," +
             field("not_recording_since", format_utc(what.since)) + ",\"units\":[";
  for (std::size_t i = 0; i < units.size() && i < most_units && !over; ++i) {
    const unit_in_danger& unit = units[i];
    out.text += "- " + name(unit.unit_name) + ", " + name(unit.facility_name) + ", " + name(unit.customer_name) + ": " +
                in_degrees(unit.value, unit.scale) + " (limit " + in_degrees(unit.limit, unit.scale) + ") since " +
                local_time(unit.since, zone) + "\n";
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
  return out.replace(at, link_place.size(), link.empty() ? "on the dashboard" : link);
}

} // namespace coldvigil
