// Whom alarms reach, and who is on duty when: shown, and changed while alarms are on their way. Of all customers, so
// for those who may see all.
#include "net/await_engine.hpp"
#include "net/contact_json.hpp"
#include "net/notification_port.hpp"
#include "net/routes/change_request.hpp"
#include "net/routes/routes.hpp"
#include "net/scope.hpp"

#include <algorithm>

namespace coldvigil::routes {
namespace {

namespace json = boost::json;

/// What "GET" adds to a book.
const std::vector<std::string> beside_book{"revision", "source", "reason"};

contacts_now contacts_of(api& with) {
  notification_port* port = with.core().notifications();
  return port ? port->contacts() : contacts_now{};
}

customer_codes codes_of(api& with) {
  customer_codes out;
  for (const auto& customer : with.core().board().all().customers)
    out[customer->directory->customer->code] = customer->directory->customer->id;
  return out;
}

/// A code that is misspelt would route nothing, without a word. One that stands already may still be waited for.
void check_facilities(api& with, const wanted_contacts& wanted, const contact_book& stands,
                      std::vector<field_error>& errors) {
  if (!wanted.routes) return;
  for (std::size_t i = 0; i < wanted.routes->size(); ++i) {
    const alarm_route& route = (*wanted.routes)[i];
    if (!route.facility || !route.customer) continue;
    const auto found = find_facility(scope_of(with.core().board(), route.customer), *route.facility);
    const bool known = found && found->code == *route.facility;
    const bool is_there = std::any_of(stands.routes.begin(), stands.routes.end(), [&](const alarm_route& each) {
      return each.customer == route.customer && each.facility == route.facility;
    });
    if (!known && !is_there)
      errors.push_back(
          {"#/routes/" + std::to_string(i) + "/facility",
           "the customer has no such facility: GET /api/v1/facilities lists them; a facility is registered "
           "with its first unit"});
  }
}

http_answer nobody_to_tell() {
  return problem(409, "no-channels", "Nobody can be told of anything: configure a [[channel]] and restart.");
}

/// A change on its way, and where in the body each part of it stands.
struct asked_change {
  contact_change change{};
  std::map<std::string, std::string> pointers{};
  bool removes = false;
};

/// Why the book cannot be so.
http_answer unsound(const asked_change& asked, const failure& why) {
  const std::string what = why.what + (why.hint.empty() ? "" : ": " + why.hint);
  const std::string part = why.where.substr(0, why.where.find('/')); // ids have no such character
  if (asked.removes) return problem(409, "still-used", "It is still needed. " + part + ": " + what);
  const auto place = asked.pointers.find(part);
  return invalid_input(
      {{place == asked.pointers.end() ? "#" : place->second + why.where.substr(part.size()), part + ": " + what}});
}

route_answer change(api& with, const api_request& request, asked_change& asked) {
  notification_port& port = *with.core().notifications();
  asked.change.who = "token:" + request.who->name;
  asked.change.expected = expected_revision(read_if_match(request.what.request), port.contacts().revision);
  auto start = [&](auto done) {
    port.change_contacts(std::move(asked.change), std::move(done));
    return true;
  };
  auto got = co_await await_engine<result<contact_changes>>(with.options.request_timeout, start);
  if (!got) co_return engine_late(with, "No commit came in time: it may have been recorded, look at the contacts.");
  if (!got->ok()) {
    const failure& why = got->error();
    if (why.code == error_code::conflict) co_return changed_meanwhile(why, port.contacts().revision);
    if (why.code == error_code::invalid_argument) co_return unsound(asked, why);
    if (why.code == error_code::not_found) co_return not_found("There is no " + why.where + ".");
    co_return engine_failed(why);
  }
  std::string text;
  json_writer out(text);
  out.begin_object().key("changed").begin_array();
  for (const std::string& each : got->value().subjects)
    out.value(each);
  out.end_array().member("revision", got->value().revision).end_object();
  http_answer answer = json_answer(std::move(text));
  add_tag(answer, got->value().revision);
  co_return answer;
}

/// One element of a list of the book; nothing = the whole book.
struct contact_place {
  std::string list, id;
};

route_answer put_at(api& with, api_request& request, const std::optional<contact_place>& place) {
  if (place && !is_contact_list(place->list)) co_return not_found("There is no such list of contacts.");
  notification_port* port = with.core().notifications();
  if (!port) co_return nobody_to_tell();
  const customer_codes customers = codes_of(with);
  const zone_finder zones = [port](const std::string& name) { return port->zone(name); };
  std::vector<field_error> errors;
  contact_reader reader(customers, zones, errors);
  auto wanted = place ? reader.read_one(place->list, place->id, request.members(), {"reason"})
                      : reader.read(request.members(), beside_book);
  asked_change asked;
  check_facilities(with, wanted, *port->contacts().book, errors);
  asked.change.reason = read_reason(request.members().if_contains("reason"), errors);
  if (!errors.empty()) co_return invalid_input(errors);
  asked.pointers = std::move(wanted.pointers);
  const bool must_stand = read_if_match(request.what.request).any;
  asked.change.edit = [wanted = std::move(wanted), place, must_stand](contact_book& book) -> status {
    if (place && must_stand && !has_contact(book, place->list, place->id))
      return failure{error_code::conflict, "there is no " + place->id + " in " + place->list, "",
                     "make it without If-Match"};
    place ? wanted.put_into(book) : wanted.replace_in(book);
    return nothing{};
  };
  co_return co_await change(with, request, asked);
}

/// The whole book: that of the file counts again.
route_answer delete_at(api& with, api_request& request, const std::optional<contact_place>& place) {
  if (place && !is_contact_list(place->list)) co_return not_found("There is no such list of contacts.");
  if (!with.core().notifications()) co_return nobody_to_tell();
  std::vector<field_error> errors;
  asked_change asked;
  asked.change.reason = read_deletion(request, errors);
  if (!errors.empty()) co_return invalid_input(errors);
  if (place) {
    asked.removes = true;
    asked.change.edit = [at = *place](contact_book& book) -> status {
      if (erase_contact(book, at.list, at.id)) return nothing{};
      return failure{error_code::not_found, "it is not there", at.id + " in " + at.list};
    };
  }
  co_return co_await change(with, request, asked);
}

} // namespace

route_answer list_contacts(api& with, api_request&) {
  const contacts_now now = contacts_of(with);
  std::string text;
  json_writer out(text);
  out.begin_object();
  write_contacts(out, *now.book, codes_of(with), with.now());
  out.member("revision", now.revision).member("source", now.from_file ? "file" : "api").end_object();
  http_answer answer = json_answer(std::move(text));
  add_tag(answer, now.revision);
  co_return answer;
}

route_answer list_schedules(api& with, api_request&) {
  const contacts_now now = contacts_of(with);
  std::string text;
  json_writer out(text);
  write_schedules(out, *now.book, with.now());
  http_answer answer = json_answer(std::move(text));
  add_tag(answer, now.revision);
  co_return answer;
}

route_answer put_contacts(api& with, api_request& request) {
  const std::optional<contact_place> whole;
  co_return co_await put_at(with, request, whole);
}
route_answer delete_contacts(api& with, api_request& request) {
  const std::optional<contact_place> whole;
  co_return co_await delete_at(with, request, whole);
}
route_answer put_contact(api& with, api_request& request) {
  const std::optional<contact_place> place = contact_place{request.path[0], request.path[1]};
  co_return co_await put_at(with, request, place);
}
route_answer delete_contact(api& with, api_request& request) {
  const std::optional<contact_place> place = contact_place{request.path[0], request.path[1]};
  co_return co_await delete_at(with, request, place);
}
route_answer put_schedule(api& with, api_request& request) {
  const std::optional<contact_place> place = contact_place{"schedules", request.path[0]};
  co_return co_await put_at(with, request, place);
}
route_answer delete_schedule(api& with, api_request& request) {
  const std::optional<contact_place> place = contact_place{"schedules", request.path[0]};
  co_return co_await delete_at(with, request, place);
}

} // namespace coldvigil::routes
