// What people say of alarms and do to units: the answer comes after the commit.
#include "net/await_engine.hpp"
#include "net/member_reader.hpp"
#include "net/routes/alarm_view.hpp"
#include "net/routes/routes.hpp"
#include "net/scope.hpp"

namespace coldvigil::routes {
namespace {

namespace json = boost::json;

/// The body's members that a route takes.
struct words {
  std::string text{};
  std::optional<timestamp> until{};
  const char* until_member = "#/until"; ///< which of the two said it
  std::optional<http_answer> refused{};
};

/// `text_member` is the one that is the event's text: reason, text or to.
words read_words(const api& with, const api_request& request, const char* text_member) {
  words out;
  std::vector<field_error> errors;
  member_reader in(request.members(), "#", errors);
  out.text = in.text(text_member);
  if (const json::value* until = in.take("until")) {
    if (until->is_string()) out.until = parse_utc(std::string_view(until->get_string()));
    if (!out.until) in.wrong("until", "a time with an offset, e.g. 2026-11-21T04:05:06Z");
  }
  if (const json::value* minutes = in.take("minutes")) {
    json::error_code wrong;
    const auto count = minutes->is_number() ? minutes->to_number<std::int32_t>(wrong) : 0;
    out.until_member = "#/minutes";
    if (wrong || count <= 0 || out.until)
      in.wrong("minutes", "a whole number above 0, instead of until");
    else
      out.until = with.now() + std::chrono::minutes{count};
  }
  if (!errors.empty()) out.refused = invalid_input(errors);
  return out;
}

/// Why the desk refused, in its own words: they were written for people.
http_answer refused(const failure& why, const std::string& text_member, const char* until_member = "") {
  const std::string said = why.hint.empty() ? why.what : why.what + ": " + why.hint;
  switch (why.code) {
  case error_code::conflict:
    return problem(409, "conflict", said);
  case error_code::limit:
    return problem(409, "limit", said);
  case error_code::invalid_argument:
    return problem(422, "validation", said, {{why.where == "until" ? until_member : "#/" + text_member, why.what}});
  case error_code::not_found:
    return not_found("There is no such thing.");
  default:
    return engine_failed(why);
  }
}

route_answer say(api& with, api_request& request, life_event_kind kind, const char* text_member) {
  const auto seen = scope_of(with, request);
  const auto id = parse_uuid(request.path[0]);
  if (!seen || !id) co_return not_found("There is no such alarm.");
  words given = read_words(with, request, text_member);
  if (given.refused) co_return std::move(*given.refused);
  alarm_word word;
  word.alarm = *id;
  word.customer = seen->customer;
  word.event.kind = kind;
  word.event.who = "token:" + request.who->name;
  word.event.text = std::move(given.text);
  if (kind == life_event_kind::shelve) word.event.until = given.until;
  auto start = [&](auto done) {
    with.core().say(std::move(word), std::move(done));
    return true;
  };
  auto got = co_await await_engine<result<alarm_story>>(with.options.request_timeout, start);
  if (!got) co_return engine_late(with, "No commit came in time: it may have been recorded, send it again.");
  if (!got->ok()) co_return refused(got->error(), text_member, given.until_member);
  co_await bring_up_to_now(with, got->value().alarm);
  co_return json_answer(render_story(with, got->value()));
}

route_answer serve(api& with, api_request& request, bool out) {
  const auto seen = scope_of(with, request);
  const auto unit = seen ? find_unit(*seen, request.path[0]) : std::nullopt;
  if (!unit) co_return not_found("There is no such unit.");
  words given = read_words(with, request, "reason");
  if (given.refused) co_return std::move(*given.refused);
  const unit_record& record = *unit->unit->unit;
  service_change change{record.customer,      record.id, out, with.now(), "token:" + request.who->name,
                        std::move(given.text)};
  auto start = [&](auto done) {
    with.core().change_service(std::move(change), std::move(done));
    return true;
  };
  auto got = co_await await_engine<status>(with.options.request_timeout, start);
  if (!got) co_return engine_late(with, "No commit came in time: it may have been recorded, send it again.");
  if (!got->ok()) co_return refused(got->error(), "reason");
  const customer_view view(with.core().board().of(record.customer));
  std::string text;
  json_writer writer(text);
  write_unit(writer, view, *view.unit(record.id), with.stale(), with.parts.in_file);
  co_return json_answer(std::move(text));
}

} // namespace

route_answer ack_alarm(api& with, api_request& request) {
  return say(with, request, life_event_kind::acknowledge, "reason");
}
route_answer comment_alarm(api& with, api_request& request) {
  return say(with, request, life_event_kind::comment, "text");
}
route_answer assign_alarm(api& with, api_request& request) {
  return say(with, request, life_event_kind::assign, "to");
}
route_answer shelve_alarm(api& with, api_request& request) {
  return say(with, request, life_event_kind::shelve, "reason");
}
route_answer unshelve_alarm(api& with, api_request& request) {
  return say(with, request, life_event_kind::unshelve, "reason");
}
route_answer act_on_alarm(api& with, api_request& request) {
  return say(with, request, life_event_kind::action, "text");
}
route_answer close_alarm(api& with, api_request& request) {
  return say(with, request, life_event_kind::close, "reason");
}
route_answer unit_out_of_service(api& with, api_request& request) {
  return serve(with, request, true);
}
route_answer unit_in_service(api& with, api_request& request) {
  return serve(with, request, false);
}

} // namespace coldvigil::routes
