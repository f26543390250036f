// Which rules count where, and changes of them: the answer comes after the commit.
#include "core/rule_profiles.hpp"
#include "net/await_engine.hpp"
#include "net/routes/change_request.hpp"
#include "net/routes/routes.hpp"
#include "net/rule_json.hpp"
#include "net/rule_places.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace coldvigil::routes {
namespace {

namespace json = boost::json;

constexpr std::string_view no_place = "There is no such place, or several: name one customer with ?customer=CODE.";

void write_record(json_writer& out, const customer_now& of, const rule_record& record) {
  out.begin_object();
  write_scoped_members(out, of, record.rule);
  out.member("revision", record.revision).member("from", record.from).member("changed_at", record.changed_at);
  out.end_object();
}

/// All rules that are committed, or those of one place.
std::string render_committed(const scope& seen, const rule_history& history, const std::optional<scoped_rule>& place) {
  std::string text;
  json_writer out(text);
  out.begin_object().key("rules").begin_array();
  for (const auto& customer : seen.customers)
    for (const rule_record& each : history.committed(customer->directory->customer->id))
      if (!place || same_place(each.rule, *place)) write_record(out, *customer, each);
  out.end_array();
  if (place) out.member("revision", history.revision_of(*place));
  out.end_object();
  return text;
}

/// The rules of a unit at a time, each with where it comes from, and when they change next.
std::string render_effective(const api& with, const found_unit& unit, timestamp at) {
  const unit_record& record = *unit.unit->unit;
  const auto history = with.core().rules();
  const auto all = history->standing(record.customer, at);
  const auto periods = history->periods_of(ruled(record), at, with.core().consecutive());
  std::string text;
  json_writer out(text);
  out.begin_object().member("unit_id", record.public_id).member("unit_code", record.code).member("at", at);
  out.member("next_change", periods.size() > 1 ? std::optional(periods[1].from) : std::nullopt);
  out.key("rules").begin_array();
  for (const rule& each : periods.front().rules.rules) {
    const auto stored =
        std::find_if(all.begin(), all.end(), [&](const rule_record& one) { return one.rule.what.id == each.id; });
    out.begin_object();
    if (stored == all.end()) {
      write_rule_members(out, each);
      out.member("scope", "program");
    } else {
      scoped_rule fitted_to_it = stored->rule;
      fitted_to_it.what = each;
      write_scoped_members(out, *unit.customer, fitted_to_it);
      out.member("from", stored->from).member("changed_at", stored->changed_at);
    }
    out.end_object();
  }
  out.end_array().end_object();
  return text;
}

/// Why the desk refused, in its own words.
http_answer refused(const failure& why, std::uint64_t stands) {
  if (why.code == error_code::conflict) return changed_meanwhile(why, stands);
  if (why.code == error_code::limit || why.code == error_code::invalid_argument || why.code == error_code::not_found)
    return problem(422, "validation", why.what + (why.hint.empty() ? "" : ": " + why.hint),
                   {{why.code == error_code::not_found ? why.where : "#/rules", why.what}});
  return engine_failed(why);
}

std::string render_changes(const customer_now& of, const std::vector<rule_record>& changes, std::uint64_t stands) {
  std::string text;
  json_writer out(text);
  out.begin_object().key("changed").begin_array();
  for (const rule_record& each : changes) {
    out.begin_object().member("removed", each.removed).key("rule");
    write_record(out, of, each);
    out.end_object();
  }
  out.end_array().member("revision", stands).end_object();
  return text;
}

/// The place that the path names, and who asks; nothing when there is no such place.
std::optional<place_rules> asked_of(api& with, const api_request& request) {
  const auto seen = scope_of(with, request);
  const auto place = seen ? find_place(*seen, request.path[0], request.path[1]) : std::nullopt;
  if (!place) return std::nullopt;
  place_rules out;
  out.place = *place;
  out.place_name = name_of(*with.core().board().of(place->customer), *place);
  out.expected = expected_revision(read_if_match(request.what.request), with.core().rules()->revision_of(*place));
  out.who = "token:" + request.who->name;
  return out;
}

route_answer change(api& with, place_rules& wanted) {
  const scoped_rule place = wanted.place;
  auto start = [&](auto done) {
    with.core().change_rules(std::move(wanted), std::move(done));
    return true;
  };
  auto got = co_await await_engine<result<std::vector<rule_record>>>(with.options.request_timeout, start);
  if (!got) co_return engine_late(with, "No commit came in time: it may have been recorded, look at the rules.");
  const std::uint64_t stands = with.core().rules()->revision_of(place);
  if (!got->ok()) co_return refused(got->error(), stands);
  http_answer out = json_answer(render_changes(*with.core().board().of(place.customer), got->value(), stands));
  add_tag(out, stands);
  co_return out;
}

} // namespace

route_answer list_rules(api& with, api_request& request) {
  const timestamp at = request.query.time("at").value_or(with.now());
  const auto unit_name = request.query.text("unit_id");
  if (!unit_name && request.query.text("at")) request.query.reject("at", "goes with unit_id");
  if (!request.query.errors().empty()) co_return invalid_input(request.query.errors());
  const auto seen = scope_of(with, request);
  if (!seen) co_return not_found("There is no such customer.");
  const auto history = with.core().rules();
  if (!unit_name) co_return json_answer(render_committed(*seen, *history, std::nullopt));
  const auto unit = find_unit(*seen, *unit_name);
  if (!unit) co_return not_found("There is no such unit.");
  co_return json_answer(render_effective(with, *unit, at));
}

route_answer list_rule_profiles(api&, api_request&) {
  std::string text;
  json_writer out(text);
  out.begin_array();
  for (const rule_profile& each : rule_profiles()) {
    out.begin_object().member("name", each.name).member("title", each.title).member("source", each.source);
    out.member("note", each.note).key("rules").begin_array();
    for (const rule& one : each.rules)
      write_rule(out, one);
    out.end_array().end_object();
  }
  out.end_array();
  co_return json_answer(std::move(text));
}

route_answer place_rules_now(api& with, api_request& request) {
  const auto seen = scope_of(with, request);
  const auto place = seen ? find_place(*seen, request.path[0], request.path[1]) : std::nullopt;
  if (!place) co_return not_found(no_place);
  const auto history = with.core().rules();
  http_answer out = json_answer(render_committed(*seen, *history, place));
  add_tag(out, history->revision_of(*place));
  co_return out;
}

route_answer put_rules(api& with, api_request& request) {
  auto wanted = asked_of(with, request);
  if (!wanted) co_return not_found(no_place);
  const auto customer = with.core().board().of(wanted->place.customer);
  const unit_record* other = who_makes_unit_needed(*customer, wanted->place);
  auto errors = read_place_rules(request.members(), other, *wanted, {"reason", "revision"});
  wanted->reason = read_reason(request.members().if_contains("reason"), errors);
  if (!errors.empty()) co_return invalid_input(errors);
  co_return co_await change(with, *wanted);
}

route_answer delete_rules(api& with, api_request& request) {
  auto wanted = asked_of(with, request);
  if (!wanted) co_return not_found(no_place);
  std::vector<field_error> errors;
  wanted->reason = read_deletion(request, errors);
  if (!errors.empty()) co_return invalid_input(errors);
  co_return co_await change(with, *wanted);
}

} // namespace coldvigil::routes
