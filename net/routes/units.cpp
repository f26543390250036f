#include "net/routes/routes.hpp"
#include "net/scope.hpp"
#include "net/series_reader.hpp"

namespace coldvigil::routes {
namespace {

constexpr std::string_view no_unit = "There is no such unit.";

void write_series(json_writer& out, const unit_record& unit, const time_span& span, const series& content,
                  std::size_t points) {
  const auto drawn = keep_extremes(content.readings, points);
  out.begin_object().member("unit_id", unit.public_id).member("from", span.from).member("to", span.to);
  write_curves(out, drawn);
  out.key("error").begin_array();
  for (const judged_reading& each : drawn)
    out.value(shown_error(each));
  out.end_array().end_object();
}

void write_curve(json_writer& out, std::string_view name, const std::vector<milli_celsius>& curve) {
  out.key(name).begin_array();
  for (const milli_celsius value : curve)
    out.thousandths(value);
  out.end_array();
}

} // namespace

route_answer list_units(api& with, api_request& request) {
  const page_window page = read_page(request.query, 10'000);
  if (!request.query.errors().empty()) co_return invalid_input(request.query.errors());
  const auto seen = scope_of(with, request);
  if (!seen) co_return not_found("There is no such customer.");
  const staleness stale = with.stale();
  std::string text;
  json_writer out(text);
  out.begin_object().key("items").begin_array();
  std::size_t before = 0;
  for (const auto& customer : seen->customers) {
    const std::size_t end = page.offset + page.limit;
    const std::size_t first = std::max(page.offset, before) - before;
    const std::size_t last = end > before ? std::min(end - before, customer->unit_count) : 0;
    if (first < last) {
      const customer_view view(customer);
      for (std::size_t i = first; i < last; ++i)
        write_unit(out, view, customer->unit(i), stale, with.parts.in_file);
    }
    before += customer->unit_count;
  }
  write_page_end(out, page, before);
  co_return json_answer(std::move(text));
}

route_answer one_unit(api& with, api_request& request) {
  const auto seen = scope_of(with, request);
  const auto unit = seen ? find_unit(*seen, request.path[0]) : std::nullopt;
  if (!unit) co_return not_found(no_unit);
  std::string text;
  json_writer out(text);
  write_unit(out, customer_view(unit->customer), *unit->unit, with.stale(), with.parts.in_file);
  co_return json_answer(std::move(text));
}

route_answer unit_series(api& with, api_request& request) {
  const std::size_t points = request.query.number("points", 2, 20'000, 500);
  const time_span span = read_span(with, request.query, "from", "to");
  if (!request.query.errors().empty()) co_return invalid_input(request.query.errors());
  const auto seen = scope_of(with, request);
  const auto unit = seen ? find_unit(*seen, request.path[0]) : std::nullopt;
  if (!unit) co_return not_found(no_unit);
  auto got = co_await read_series_up_to(with, *unit, span.from, span.to, with.options.max_scanned_readings);
  if (auto* refused = std::get_if<http_answer>(&got)) co_return std::move(*refused);
  if (std::holds_alternative<too_many_readings>(got))
    co_return problem(422, "too-much", "Too many readings lie in that span: ask for a shorter one.");
  std::string text;
  json_writer out(text);
  write_series(out, *unit->unit->unit, span, std::get<series>(got), points);
  co_return json_answer(std::move(text));
}

route_answer unit_reconstruction(api& with, api_request& request) {
  const auto seen = scope_of(with, request);
  const auto unit = seen ? find_unit(*seen, request.path[0]) : std::nullopt;
  if (!unit) co_return not_found(no_unit);
  const unit_record& record = *unit->unit->unit;
  auto start = [&](auto done) {
    with.core().reconstruct(record.customer, record.id, std::move(done));
    return true;
  };
  auto got = co_await await_engine<result<reconstruction>>(with.options.request_timeout, start);
  if (!got) co_return engine_late(with);
  if (!got->ok() && got->error().code == error_code::unavailable) co_return engine_failed(got->error());
  if (!got->ok()) {
    http_answer refused = problem(409, "conflict", "The unit's window is not full yet, or no model is in use.");
    refused.error = got->error().text();
    co_return refused;
  }
  const reconstruction& picture = got->value();
  std::string text;
  json_writer out(text);
  out.begin_object();
  write_curve(out, "actual_c", picture.actual);
  write_curve(out, "reconstructed_c", picture.reconstructed);
  out.member("error", picture.error).member("threshold", picture.threshold).end_object();
  co_return json_answer(std::move(text));
}

} // namespace coldvigil::routes
