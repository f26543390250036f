// Whom alarms reach, and who is on duty when: what the configuration says. Of all customers, so for those who may see
// all.
#include "net/access_check.hpp"
#include "net/notification_port.hpp"
#include "net/routes/routes.hpp"

#include <array>
#include <cstdio>

namespace coldvigil::routes {
namespace {

std::string time_of_day(std::chrono::minutes at) {
  char out[16];
  std::snprintf(out, sizeof out, "%02d:%02d", static_cast<int>(at.count() / 60), static_cast<int>(at.count() % 60));
  return out;
}

std::string date_text(std::chrono::sys_days day) {
  return format_utc(timestamp{day}).substr(0, 10);
}

void write_spans(json_writer& out, const std::vector<duty_span>& spans) {
  out.begin_array();
  for (const duty_span& each : spans)
    out.value(time_of_day(each.from) + "-" + time_of_day(each.to));
  out.end_array();
}

bool on_duty_now(const contact_book& book, const std::string& schedule, timestamp now) {
  const auto found = book.schedules.find(schedule);
  return found == book.schedules.end() || on_duty(found->second, now);
}

std::optional<std::string> if_any(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

void write_persons(json_writer& out, const contact_book& book, timestamp now) {
  out.key("persons").begin_array();
  for (const auto& [id, who] : book.persons) {
    out.begin_object().member("id", id).member("name", who.name).member("severity", to_string(who.least));
    out.member("schedule", if_any(who.schedule)).member("on_duty", on_duty_now(book, who.schedule, now));
    out.key("ways").begin_array();
    for (const contact_way& way : who.ways)
      out.begin_object().member("channel", way.channel).member("address", way.address).end_object();
    out.end_array().end_object();
  }
  out.end_array();
}

void write_teams(json_writer& out, const contact_book& book, timestamp now) {
  out.key("teams").begin_array();
  for (const auto& [id, members] : book.teams) {
    out.begin_object().member("id", id).key("members").begin_array();
    for (const team_member& each : members) {
      const std::string& shift = each.schedule.empty() ? book.persons.at(each.person).schedule : each.schedule;
      out.begin_object().member("person", each.person).member("schedule", if_any(shift));
      out.member("on_duty", on_duty_now(book, shift, now)).end_object();
    }
    out.end_array().end_object();
  }
  out.end_array();
}

void write_step(json_writer& out, const escalation_step& step) {
  out.begin_object().member("after_seconds", step.after.count() / 1000).key("to").begin_array();
  for (const step_target& each : step.to) {
    out.begin_object().member("person", if_any(each.person)).member("team", if_any(each.team));
    out.member("channel", if_any(each.channel)).end_object();
  }
  out.end_array().end_object();
}

void write_policies(json_writer& out, const contact_book& book) {
  out.key("policies").begin_array();
  for (const auto& [id, policy] : book.policies) {
    out.begin_object().member("id", id).member("repeat_seconds", policy.repeat.count() / 1000);
    out.member("max_rounds", policy.max_rounds).member("quiet_seconds", policy.quiet.count() / 1000);
    out.key("steps").begin_array();
    for (const escalation_step& step : policy.steps)
      write_step(out, step);
    out.end_array().end_object();
  }
  out.end_array();
}

void write_routes(json_writer& out, const contact_book& book, const now_board& board) {
  out.key("routes").begin_array();
  for (const alarm_route& each : book.routes) {
    const auto customer = each.customer ? board.of(*each.customer) : nullptr;
    out.begin_object();
    out.member("customer", customer ? std::optional(customer->directory->customer->code) : std::nullopt);
    out.member("severity", to_string(each.least)).member("policy", each.policy).end_object();
  }
  out.end_array();
}

void write_schedule(json_writer& out, const std::string& id, const schedule& what, timestamp now) {
  constexpr std::array days{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
  out.begin_object().member("id", id).member("on_duty", on_duty(what, now));
  out.member("clock", what.zone->abbreviation(now)).key("week").begin_object();
  for (std::size_t day = 0; day < days.size(); ++day) {
    out.key(days[day]);
    write_spans(out, what.week[day]);
  }
  out.end_object().key("dates").begin_object();
  for (const auto& [date, spans] : what.dates) {
    out.key(date_text(date));
    write_spans(out, spans);
  }
  out.end_object().end_object();
}

} // namespace

route_answer list_contacts(api& with, api_request& request) {
  if (request.who->customer) co_return forbidden("admin");
  notification_port* port = with.core().notifications();
  const auto book = port ? port->contacts() : std::make_shared<const contact_book>();
  std::string text;
  json_writer out(text);
  out.begin_object();
  write_persons(out, *book, with.now());
  write_teams(out, *book, with.now());
  write_policies(out, *book);
  write_routes(out, *book, with.core().board());
  out.member("system_policy", if_any(book->system_policy)).end_object();
  co_return json_answer(std::move(text));
}

route_answer list_schedules(api& with, api_request& request) {
  if (request.who->customer) co_return forbidden("admin");
  notification_port* port = with.core().notifications();
  const auto book = port ? port->contacts() : std::make_shared<const contact_book>();
  std::string text;
  json_writer out(text);
  out.begin_array();
  for (const auto& [id, what] : book->schedules)
    write_schedule(out, id, what, with.now());
  out.end_array();
  co_return json_answer(std::move(text));
}

} // namespace coldvigil::routes
