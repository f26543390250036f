// Whom an alarm would reach if it were raised now, step by step: who is on duty, and when others are.
#include "core/duty_roster.hpp"
#include "net/contact_json.hpp"
#include "net/notification_port.hpp"
#include "net/routes/routes.hpp"
#include "net/scope.hpp"

namespace coldvigil::routes {
namespace {

void write_step(json_writer& out, const contact_book& book, duty_roster& roster, const escalation_step& step,
                severity level) {
  out.begin_object().member("after_seconds", step.after.count() / 1000).key("persons").begin_array();
  for (const reached_person& each : roster.reached(step, level)) {
    out.begin_object().member("person", each.person).member("name", book.persons.at(each.person).name);
    write_duty(out, each.when);
    out.key("channels").begin_array();
    for (const std::string& channel : each.channels)
      out.value(channel);
    out.end_array().end_object();
  }
  out.end_array().end_object();
}

} // namespace

/// Names and shifts are for those whose alarms call these people; addresses are not told here.
route_answer on_call_now(api& with, api_request& request) {
  const severity level =
      request.query.parsed("severity", parse_severity, "warning or critical").value_or(severity::critical);
  if (!request.query.errors().empty()) co_return invalid_input(request.query.errors());
  const auto seen = scope_of(with, request);
  if (!seen) co_return not_found("There is no such customer.");
  const auto asked_facility = request.query.text("facility");
  if (asked_facility && !seen->customer) {
    request.query.reject("facility", "goes with its customer");
    co_return invalid_input(request.query.errors());
  }
  const auto facility = asked_facility ? find_facility(*seen, *asked_facility) : nullptr;
  if (asked_facility && !facility) co_return not_found("There is no such facility.");
  notification_port* port = with.core().notifications();
  const contacts_now now = port ? port->contacts() : contacts_now{};
  const contact_book& book = *now.book;
  const std::string name =
      policy_for(book, seen->customer.value_or(customer_id{}), facility ? facility->code : "", level);
  const auto policy = book.policies.find(name);
  std::optional<std::string> code;
  if (seen->customer) code = seen->customers.front()->directory->customer->code;
  std::string text;
  json_writer out(text);
  out.begin_object().member("customer", code);
  out.member("facility", facility ? std::optional(facility->code) : std::nullopt);
  out.member("severity", to_string(level)).member("at", with.now());
  out.member("policy", policy == book.policies.end() ? std::nullopt : std::optional(name));
  out.key("steps").begin_array();
  if (policy != book.policies.end()) {
    duty_roster roster(book, with.now());
    for (const escalation_step& step : policy->second.steps)
      write_step(out, book, roster, step, level);
  }
  out.end_array().end_object();
  co_return json_answer(std::move(text));
}

} // namespace coldvigil::routes
