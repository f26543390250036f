// The alarms of Coldvigil itself, and those of common cause.
#include "net/await_engine.hpp"
#include "net/member_reader.hpp"
#include "net/routes/routes.hpp"
#include "net/scope.hpp"
#include "net/views.hpp"

namespace coldvigil::routes {
namespace {

/// What belongs to no customer concerns those alone who look after all.
bool may_see(const scope& seen, const system_alarm& alarm) {
  if (!seen.customer) return true;
  return alarm.what.customer == seen.customer;
}

void write_units(json_writer& out, const scope& seen, const std::vector<unit_id>& units) {
  out.key("units").begin_array();
  for (const unit_id each : units)
    if (const auto unit = find_unit_by_id(seen, each)) {
      const unit_record& record = *unit->unit->unit;
      out.begin_object().member("unit_id", record.public_id).member("unit_code", record.code).end_object();
    }
  out.end_array();
}

void write_alarm(json_writer& out, const scope& seen, const system_alarm& alarm) {
  out.begin_object().member("id", alarm.id).member("fault", to_string(alarm.what.fault));
  out.member("words", words_of(alarm.what.fault)).member("severity", to_string(alarm.level));
  out.key("customer_code");
  std::string code;
  for (const auto& customer : seen.customers)
    if (alarm.what.customer == customer->directory->customer->id) code = customer->directory->customer->code;
  if (code.empty())
    out.null();
  else
    out.value(code);
  out.member("subject", alarm.what.subject).member("detail", alarm.what.detail);
  out.member("raised_at", alarm.raised_at).member("cleared_at", alarm.cleared_at);
  write_mark(out, "acknowledged", alarm.acknowledged);
  write_units(out, seen, alarm.what.units);
  out.end_object();
}

/// In the engine's own words, which were written for people.
http_answer refused(const failure& why) {
  const std::string said = why.hint.empty() ? why.what : why.what + ": " + why.hint;
  switch (why.code) {
  case error_code::conflict:
    return problem(409, "conflict", said);
  case error_code::invalid_argument:
    return problem(422, "validation", said, {{"#/reason", why.what}});
  case error_code::not_found:
    return not_found("There is no such open alarm.");
  default:
    return engine_failed(why);
  }
}

} // namespace

route_answer list_system_alarms(api& with, api_request& request) {
  const auto open = request.query.truth("open");
  if (!request.query.errors().empty()) co_return invalid_input(request.query.errors());
  const auto seen = scope_of(with, request);
  if (!seen) co_return not_found("There is no such customer.");
  const auto alarms = with.core().system_alarms();
  std::string text;
  json_writer out(text);
  out.begin_array();
  for (const system_alarm& each : *alarms)
    if (may_see(*seen, each) && (!open || *open == !each.cleared_at)) write_alarm(out, *seen, each);
  out.end_array();
  co_return json_answer(std::move(text));
}

route_answer ack_system_alarm(api& with, api_request& request) {
  const auto seen = scope_of(with, request);
  const auto id = parse_uuid(request.path[0]);
  if (!seen || !id) co_return not_found("There is no such open alarm.");
  std::vector<field_error> errors;
  const std::string reason = member_reader(request.members(), "#", errors).text("reason");
  if (!errors.empty()) co_return invalid_input(errors);
  auto start = [&](auto done) {
    with.core().acknowledge_system_alarm(*id, seen->customer, "token:" + request.who->name, reason, std::move(done));
    return true;
  };
  auto got = co_await await_engine<result<system_alarm>>(with.options.request_timeout, start);
  if (!got) co_return engine_late(with, "No commit came in time: it counts, and is recorded as soon as that works.");
  if (!got->ok()) co_return refused(got->error());
  std::string text;
  json_writer out(text);
  write_alarm(out, *seen, got->value());
  co_return json_answer(std::move(text));
}

} // namespace coldvigil::routes
