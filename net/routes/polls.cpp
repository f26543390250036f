#include "net/list_answer.hpp"
#include "net/routes/routes.hpp"
#include "net/scope.hpp"

namespace coldvigil::routes {
namespace {

void write_poll(json_writer& out, const poll_record& poll, const now_board& board) {
  const auto customer = board.of(poll.customer);
  out.begin_object();
  out.member("customer", customer ? std::optional(customer->directory->customer->code) : std::nullopt);
  out.member("method", poll.method).member("source_url", poll.source_url).member("started_at", poll.started_at);
  out.member("duration_ms", poll.duration.count()).member("status", to_string(poll.status));
  out.member("received", poll.received).member("stored", poll.stored).member("duplicate", poll.duplicate);
  out.key("rejected").begin_object();
  for (std::size_t i = 0; i < poll.rejected.size(); ++i)
    if (poll.rejected[i] > 0) out.member(to_string(static_cast<reject_reason>(i)), poll.rejected[i]);
  out.end_object().member("history", poll.history);
  out.member("error", poll.error.empty() ? std::nullopt : std::optional(poll.error)).end_object();
}

} // namespace

route_answer list_polls(api& with, api_request& request) {
  const page_window page = read_page(request.query, 1000);
  if (!request.query.errors().empty()) co_return invalid_input(request.query.errors());
  const auto seen = scope_of(with, request);
  if (!seen) co_return not_found("There is no such customer.");
  poll_query query;
  query.customer = seen->customer;
  query.limit = page.limit;
  query.offset = page.offset;
  auto ask = [&](auto done) { with.core().polls(query, std::move(done)); };
  auto write = [&](json_writer& out, const poll_record& each) { write_poll(out, each, with.core().board()); };
  co_return co_await list_answer<poll_record>(with, ask, write);
}

} // namespace coldvigil::routes
