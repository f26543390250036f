// What other rules would have done to a unit: a replay over its stored readings. Nothing is stored.
#include "core/what_if.hpp"
#include "net/await_engine.hpp"
#include "net/routes/routes.hpp"
#include "net/rule_json.hpp"
#include "net/rule_places.hpp"
#include "net/series_reader.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <memory>

namespace coldvigil::routes {
namespace {

namespace json = boost::json;

constexpr std::size_t most_listed = 100; ///< alarms of each list

struct question {
  std::optional<found_unit> unit{};
  place_rules wanted{};
  std::optional<timestamp> from{};
  timestamp to{};
};

std::optional<timestamp> read_time(const json::object& body, const char* name, std::vector<field_error>& errors) {
  const json::value* given = body.if_contains(name);
  if (!given || given->is_null()) return std::nullopt;
  const auto out = given->is_string() ? parse_utc(std::string_view(given->get_string())) : std::nullopt;
  if (!out) errors.push_back({std::string("#/") + name, "a time with an offset, e.g. 2026-11-21T04:05:06Z"});
  return out;
}

/// Whose rules the body is about: the unit, where there is one of that name, and the place.
void read_place(const std::optional<scope>& seen, const json::object& body, question& out,
                std::vector<field_error>& errors) {
  const json::value* unit = body.if_contains("unit_id");
  if (!unit || !unit->is_string())
    errors.push_back({"#/unit_id", "the unit's uuid or code"});
  else if (seen)
    out.unit = find_unit(*seen, std::string(unit->get_string()));
  rule_scope of = rule_scope::unit;
  if (const json::value* given = body.if_contains("scope"); given && !given->is_null()) {
    const auto parsed = given->is_string() ? parse_scope(std::string_view(given->get_string())) : std::nullopt;
    if (!parsed) errors.push_back({"#/scope", "customer, kind, facility or unit"});
    of = parsed.value_or(of);
  }
  if (out.unit) out.wanted.place = place_of(*out.unit->unit->unit, of);
}

std::vector<field_error> read_question(const api& with, const std::optional<scope>& seen, const json::object& body,
                                       question& out) {
  std::vector<field_error> errors;
  read_place(seen, body, out, errors);
  const unit_record* other = out.unit ? who_makes_unit_needed(*out.unit->customer, out.wanted.place) : nullptr;
  const auto of_rules = read_place_rules(body, other, out.wanted, {"unit_id", "scope", "from", "to"});
  errors.insert(errors.end(), of_rules.begin(), of_rules.end());
  const auto to = read_time(body, "to", errors);
  out.to = to.value_or(with.now());
  out.from = read_time(body, "from", errors);
  if (out.from && *out.from >= out.to) errors.push_back({"#/from", "earlier than to"});
  if (out.from && out.to - *out.from > with.options.max_span)
    errors.push_back({"#/from", "at most " + std::to_string(with.options.max_span / std::chrono::days{1}) + " days"});
  if (out.wanted.rules.size() > with.options.max_preview_rules)
    errors.push_back({"#/rules", "at most " + std::to_string(with.options.max_preview_rules) + " rules"});
  return errors;
}

void write_alarms(json_writer& out, std::string_view name, const std::vector<previewed_alarm>& alarms) {
  out.key(name).begin_array();
  for (const previewed_alarm& each : alarms) {
    out.begin_object().key("rule");
    rule by = each.by;
    if (by.id >= first_proposed) by.id = rule_id{}; // it has none yet
    write_rule(out, by);
    out.member("raised_at", each.raised_at).member("cleared_at", each.cleared_at);
    out.key("raised_temperature_c").thousandths(each.raised_value).key("extreme_c").thousandths(each.extreme);
    out.key("excursion");
    write_excursion(out, each.course);
    out.end_object();
  }
  out.end_array();
}

template <class T> void write_both(json_writer& out, std::string_view name, const T& now, const T& then) {
  out.key(name).begin_object().member("now", now).member("then", then).end_object();
}

std::string render(const unit_record& unit, const question& asked, std::size_t readings, const what_if& found) {
  std::string text;
  json_writer out(text);
  out.begin_object().member("unit_id", unit.public_id).member("unit_code", unit.code);
  out.member("from", asked.from).member("to", asked.to).member("readings", readings);
  out.member("appear", found.appear).member("vanish", found.vanish).member("stay", found.stay);
  out.member("merge", found.merge).member("split", found.split);
  write_both(out, "per_month", found.per_month_now, found.per_month_then);
  write_both(out, "chattering", found.now.chattering.size(), found.then.chattering.size());
  write_both(out, "fleeting", found.now.fleeting, found.then.fleeting);
  write_alarms(out, "appearing", found.appearing);
  write_alarms(out, "vanishing", found.vanishing);
  const auto& wanted = asked.wanted.rules;
  const bool silence = std::any_of(wanted.begin(), wanted.end(), [](const place_rules::entry& each) {
    return !each.off && each.what.kind == rule_kind::no_data;
  });
  out.key("not_judged").begin_array(); // by the wall clock, not by readings
  if (silence) out.value(to_string(rule_kind::no_data));
  out.end_array().end_object();
  return text;
}

} // namespace

route_answer preview_rules(api& with, api_request& request) {
  question asked;
  const auto seen = scope_of(with, request);
  const auto errors = read_question(with, seen, request.members(), asked);
  if (!errors.empty()) co_return invalid_input(errors);
  if (!asked.unit) co_return not_found("There is no such unit.");
  const unit_record& record = *asked.unit->unit->unit;
  const std::size_t most = with.options.max_preview_readings;
  if (!asked.from) asked.from = asked.to - usual_history(record.interval, most);
  auto read = co_await read_series_up_to(with, *asked.unit, *asked.from, asked.to, most);
  if (auto* failed = std::get_if<http_answer>(&read)) co_return std::move(*failed);
  if (std::holds_alternative<too_many_readings>(read)) {
    const std::vector<field_error> too_many{
        {"#/from", "the span has more than " + std::to_string(most) + " readings: give a later one"}};
    co_return invalid_input(too_many);
  }
  const auto readings = std::make_shared<const series>(std::move(std::get<series>(read)));
  const ruled_unit of = ruled(record);
  const auto committed = with.core().rules()->in_force(record.customer, timestamp::max());
  const auto current = std::make_shared<const rule_set>(resolve(of, committed, with.core().consecutive(), 1));
  const auto proposed = std::make_shared<const rule_set>(
      resolve_with(of, committed, asked.wanted, with.core().consecutive(), first_proposed));
  auto start = [&](auto done) {
    return with.side.take([=, done = std::move(done)] {
      what_if_limits limits;
      limits.most_listed = most_listed;
      done(preview(*proposed, *current, readings->readings, limits));
    });
  };
  auto found = co_await await_engine<what_if>(with.options.request_timeout, start);
  if (!found) co_return engine_late(with, "Too many replays are under way; try again.");
  co_return json_answer(render(record, asked, readings->readings.size(), *found));
}

} // namespace coldvigil::routes
