// POST /api/v1/temperature: the answer comes after the commit.
#include "net/routes/routes.hpp"
#include "net/series_reader.hpp"
#include "net/submitter.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace coldvigil::routes {
namespace {

namespace json = boost::json;

std::string_view to_string(item_outcome outcome) {
  switch (outcome) {
  case item_outcome::pending:
    return "pending";
  case item_outcome::stored:
    return "stored";
  case item_outcome::duplicate:
    return "duplicate";
  case item_outcome::rejected:
    return "rejected";
  }
  return "unknown";
}

http_answer engine_full(api& with) {
  with.metrics.engine_full.fetch_add(1, std::memory_order_relaxed);
  http_answer answer =
      problem(429, "full", "Too much is under way; nothing was taken. Send it again.", {}, "queue_full");
  answer.headers.emplace_back("Retry-After", "1");
  return answer;
}

http_answer refuse_one(reject_reason reason) {
  const std::string_view name = coldvigil::to_string(reason);
  switch (reason) {
  case reject_reason::unknown_unit:
    return problem(404, "not-found", "There is no such unit.", {}, name);
  case reject_reason::conflict:
    return problem(409, "conflict", "Another value stands at this unit and time; the first stands.", {}, name);
  case reject_reason::bad_time:
    return problem(422, "rejected", "The reading was kept apart.",
                   {{"#/recorded_at", "a time from 2010 on with an offset, e.g. 2026-11-21T04:05:06Z"}}, name);
  case reject_reason::null_value:
    return problem(422, "rejected", "The reading has no temperature: it was kept apart as a contact, not as a value.",
                   {{"#/temperature", "a number; null or nothing only says that the unit is there"}}, name);
  case reject_reason::future:
    return problem(422, "rejected", "The reading was kept apart.", {{"#/recorded_at", "lies in the future"}}, name);
  case reject_reason::late_not_judged:
    return problem(422, "rejected", "The reading was kept apart.",
                   {{"#/recorded_at", "older than what can still be judged"}}, name);
  default:
    return problem(422, "rejected", "The reading was kept apart.",
                   {{"#/temperature", "a plausible number in the unit of temperature_unit"}}, name);
  }
}

/// The reading as it was committed; from the board while it is the newest, else from the engine.
asio::awaitable<std::variant<series, http_answer>> committed(api& with, const found_unit& unit, timestamp at) {
  const auto now = with.core().board().of(unit.unit->unit->customer);
  const customer_view view(now);
  const unit_now* current = view.unit(unit.unit->unit->id);
  const bool newest = current && current->last && current->last->at == at;
  if (newest) {
    series known;
    known.readings.push_back(*current->last);
    if (current->sensors) known.sensors = *current->sensors;
    co_return known;
  }
  co_return co_await read_series(with, unit, at, at);
}

route_answer answer_one(api& with, const input_item& item, timestamp at, item_result fate) {
  if (fate.outcome == item_outcome::rejected && fate.reason == reject_reason::queue_full) co_return engine_full(with);
  if (fate.outcome == item_outcome::rejected) co_return refuse_one(fate.reason);
  auto found = co_await committed(with, *item.unit, at);
  const series* content = std::get_if<series>(&found);
  std::string text;
  json_writer out(text);
  if (content && !content->readings.empty()) {
    const judged_reading& reading = content->readings.front();
    write_reading(out, customer_view(item.unit->customer), *item.unit->unit->unit, reading,
                  name_of(content->sensors, reading.sensor));
    text.pop_back();
  } else {
    // It is stored; only reading it back failed.
    const unit_record& unit = *item.unit->unit->unit;
    out.begin_object().member("storage_unit_id", unit.public_id).member("unit_code", unit.code);
    out.member("recorded_at", at);
  }
  out.member("outcome", to_string(fate.outcome)).end_object();
  co_return json_answer(std::move(text),
                        fate.outcome == item_outcome::duplicate ? http::status::ok : http::status::created);
}

std::string render_results(const std::vector<item_result>& results) {
  const auto count = [&](item_outcome outcome) {
    return std::count_if(results.begin(), results.end(), [&](const auto& one) { return one.outcome == outcome; });
  };
  std::string text;
  json_writer out(text);
  out.begin_object().member("stored", count(item_outcome::stored));
  out.member("duplicate", count(item_outcome::duplicate)).member("rejected", count(item_outcome::rejected));
  out.key("items").begin_array();
  for (std::size_t i = 0; i < results.size(); ++i) {
    out.begin_object().member("index", i).member("outcome", to_string(results[i].outcome));
    if (results[i].outcome == item_outcome::rejected) out.member("reason", coldvigil::to_string(results[i].reason));
    out.end_object();
  }
  out.end_array().end_object();
  return text;
}

/// The time of a measured item: it moves away with the submission.
timestamp time_of(const input_item& item) {
  const auto* reading = item.content ? std::get_if<measured>(&item.content->content) : nullptr;
  return reading ? reading->at : timestamp{};
}

std::vector<field_error> missing_members(const json::value& item) {
  const json::object* members = item.if_object();
  if (!members) return {{"#", "a reading as an object, or an array of them"}};
  const json::value* unit = members->if_contains("storage_unit_id");
  if (!unit || !unit->is_string()) return {{"#/storage_unit_id", "the unit's uuid or code"}};
  return {};
}

} // namespace

route_answer post_readings(api& with, api_request& request) {
  const auto seen = scope_of(with, request);
  if (!seen) co_return not_found("There is no such customer.");
  input_rules rules;
  rules.seen = &*seen;
  rules.by_uuid_only = !seen->customer;
  rules.now = with.now();
  rules.latest = rules.now + with.options.future_tolerance;

  const json::array* many = request.body.if_array();
  if (many && (many->empty() || many->size() > with.options.max_items))
    co_return invalid_input({{"#", "1 to " + std::to_string(with.options.max_items) + " items"}});
  if (!many) {
    const auto missing = missing_members(request.body);
    if (!missing.empty()) co_return invalid_input(missing);
  }
  std::vector<input_item> items;
  if (many)
    for (const auto& item : *many)
      items.push_back(read_item(item, rules));
  else
    items.push_back(read_item(request.body, rules));
  const timestamp at = time_of(items.front());
  std::vector<item_result> results;
  switch (co_await submit_items(with, items, results)) {
  case submit_outcome::full:
    co_return engine_full(with);
  case submit_outcome::late:
    co_return engine_late(with, "No commit came in time: it may be stored, send it again.");
  case submit_outcome::settled:
    break;
  }
  if (many) co_return json_answer(render_results(results), http::status::created);
  co_return co_await answer_one(with, items.front(), at, results.front());
}

} // namespace coldvigil::routes
