// POST /predict: the detector's opinion of a value that is not stored.
#include "net/access_check.hpp"
#include "net/await_engine.hpp"
#include "net/routes/routes.hpp"
#include "net/scope.hpp"

#include <boost/json.hpp>

namespace coldvigil::routes {
namespace {

namespace json = boost::json;

/// A plausible temperature in °C; otherwise the error is noted.
std::optional<double> plausible(const json::value* value, const std::string& pointer,
                                std::vector<field_error>& errors) {
  if (value && value->is_number()) {
    const double number = value->to_number<double>();
    if (to_milli_celsius(number, temperature_scale::celsius)) return number;
  }
  errors.push_back(field_error{pointer, "a plausible temperature in °C"});
  return std::nullopt;
}

void read_history(const json::value* history, std::size_t most, prediction_query& query,
                  std::vector<field_error>& errors) {
  if (!history) return;
  const json::array* values = history->if_array();
  if (!values || values->size() > most) {
    errors.push_back(field_error{"#/history", "an array of at most " + std::to_string(most) + " temperatures"});
    return;
  }
  for (std::size_t i = 0; i < values->size(); ++i)
    if (const auto value = plausible(&(*values)[i], "#/history/" + std::to_string(i), errors))
      query.values.push_back(*value);
}

std::string render(const prediction& opinion) {
  std::string text;
  json_writer out(text);
  out.begin_object().member("temperature", opinion.temperature);
  out.member("reconstruction_error", opinion.reconstruction_error).member("raw_anomaly", opinion.raw_anomaly);
  out.member("persistence_alert", opinion.persistence_alert).member("bounds_breach", opinion.bounds_breach);
  out.member("hybrid_alert", opinion.hybrid_alert).end_object();
  return text;
}

/// Points the query at a real unit; the refusal when the caller may not see it.
std::optional<http_answer> name_unit(api& with, const api_request& request, const json::value& name,
                                     prediction_query& query) {
  if (!request.who) return unauthorised();
  const auto seen = scope_of(with, request);
  const auto unit = seen && name.is_string() ? find_unit(*seen, std::string(name.get_string())) : std::nullopt;
  if (!unit) return not_found("There is no such unit.");
  const unit_record& record = *unit->unit->unit;
  query.unit = record.id;
  query.customer = record.customer;
  query.low = in_celsius(record.range.low);
  query.high = in_celsius(record.range.high);
  return std::nullopt;
}

} // namespace

route_answer predict(api& with, api_request& request) {
  const json::object& members = request.members();
  prediction_query query;
  std::vector<field_error> errors;
  read_history(members.if_contains("history"), with.options.max_history, query, errors);
  if (const auto value = plausible(members.if_contains("temperature"), "#/temperature", errors))
    query.values.push_back(*value);
  if (!errors.empty()) co_return invalid_input(errors);
  if (const json::value* name = members.if_contains("unit_id"))
    if (auto refused = name_unit(with, request, *name, query)) co_return std::move(*refused);
  auto start = [&](auto done) {
    with.core().predict(std::move(query), std::move(done));
    return true;
  };
  auto got = co_await await_engine<result<prediction>>(with.options.request_timeout, start);
  if (!got) co_return engine_late(with);
  if (!got->ok() && got->error().code == error_code::unavailable) {
    http_answer away = problem(503, "no-model", "No model is loaded: limits are judged, but nothing is predicted.");
    away.error = got->error().text();
    co_return away;
  }
  if (!got->ok()) co_return engine_failed(got->error());
  co_return json_answer(render(got->value()));
}

} // namespace coldvigil::routes
