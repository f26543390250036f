// Readings that were kept apart, each with its reason.
#include "core/words.hpp"
#include "net/list_answer.hpp"
#include "net/routes/routes.hpp"
#include "net/scope.hpp"

namespace coldvigil::routes {
namespace {

reject_query read_query(query_string& from) {
  reject_query out;
  const page_window page = read_page(from, 1000);
  out.limit = page.limit;
  out.offset = page.offset;
  out.unit = from.text("unit_code");
  out.from = from.time("from");
  out.to = from.time("to");
  const auto reason_of = [](std::string_view word) { return parse_word<reject_reason>(word, reject_reason_count); };
  out.reason = from.parsed("reason", reason_of, "one of the reasons why a reading is kept apart");
  return out;
}

void write_reject(json_writer& out, const rejected_reading& apart, const now_board& board) {
  const auto customer = board.of(apart.customer);
  out.begin_object();
  out.member("customer", customer ? std::optional(customer->directory->customer->code) : std::nullopt);
  out.member("unit_code", apart.unit_code).member("sensor_id", apart.sensor).member("recorded_at", apart.at);
  out.key("temperature_c");
  if (apart.value)
    out.thousandths(*apart.value);
  else
    out.null();
  out.member("sent", apart.raw).member("reason", to_string(apart.reason)).member("received_at", apart.received_at);
  out.end_object();
}

} // namespace

route_answer list_rejects(api& with, api_request& request) {
  reject_query query = read_query(request.query);
  if (!request.query.errors().empty()) co_return invalid_input(request.query.errors());
  const auto seen = scope_of(with, request);
  if (!seen) co_return not_found("There is no such customer.");
  query.customer = seen->customer;
  auto ask = [&](auto done) { with.core().rejects(query, std::move(done)); };
  auto write = [&](json_writer& out, const rejected_reading& each) { write_reject(out, each, with.core().board()); };
  co_return co_await list_answer<rejected_reading>(with, ask, write);
}

} // namespace coldvigil::routes
