#include "net/await_engine.hpp"
#include "net/routes/routes.hpp"
#include "net/scope.hpp"

#include <map>

namespace coldvigil::routes {
namespace {

using alarm_pages = std::optional<result<alarm_page>>;

asio::awaitable<alarm_pages> ask(api& with, const alarm_query& query) {
  auto start = [&](auto done) {
    with.core().alarms(query, std::move(done));
    return true;
  };
  co_return co_await await_engine<result<alarm_page>>(with.options.request_timeout, start);
}

/// The views of the customers that the alarms belong to.
class alarm_views {
 public:
  explicit alarm_views(const now_board& board) : board_(board) {}
  /// Null when the customer is gone.
  const customer_view* of(customer_id customer) {
    auto found = views_.find(number(customer));
    if (found == views_.end()) {
      auto now = board_.of(customer);
      if (!now) return nullptr;
      found = views_.emplace(number(customer), customer_view(std::move(now))).first;
    }
    return &found->second;
  }

 private:
  const now_board& board_;
  std::map<std::int64_t, customer_view> views_;
};

std::string render_page(const api& with, const alarm_page& found, const page_window& page) {
  alarm_views views(with.core().board());
  std::string text;
  json_writer out(text);
  out.begin_object().key("items").begin_array();
  for (const auto& alarm : found.items)
    if (const customer_view* view = views.of(alarm.customer)) write_alarm(out, *view, alarm);
  write_page_end(out, page, found.total);
  return text;
}

void write_transition(json_writer& out, const alarm_transition& step) {
  out.begin_object().member("event", to_string(step.kind)).member("at", step.at).member("decided_at", step.decided_at);
  out.member("state", step.after.annulled ? "annulled" : step.after.cleared_at ? "cleared" : "open");
  out.member("raised_at", step.after.raised_at).member("cleared_at", step.after.cleared_at);
  out.key("extreme_c").thousandths(step.after.extreme).end_object();
}

} // namespace

route_answer list_alarms(api& with, api_request& request) {
  alarm_query query;
  query.open = request.query.truth("open");
  query.raised_from = request.query.time("raised_from");
  query.raised_to = request.query.time("raised_to");
  const page_window page = read_page(request.query, 1000);
  query.limit = page.limit;
  query.offset = page.offset;
  if (!request.query.errors().empty()) co_return invalid_input(request.query.errors());
  const auto seen = scope_of(with, request);
  if (!seen) co_return not_found("There is no such customer.");
  query.customer = seen->customer;
  if (const auto name = request.query.text("unit_id")) {
    const auto unit = find_unit(*seen, *name);
    if (!unit) co_return not_found("There is no such unit.");
    query.unit = unit->unit->unit->id;
  }
  auto got = co_await ask(with, query);
  if (!got) co_return engine_late(with);
  if (!got->ok()) co_return engine_failed(got->error());
  co_return json_answer(render_page(with, got->value(), page));
}

route_answer one_alarm(api& with, api_request& request) {
  const auto seen = scope_of(with, request);
  const auto id = parse_uuid(request.path[0]);
  if (!seen || !id) co_return not_found("There is no such alarm.");
  alarm_query query;
  query.customer = seen->customer;
  query.public_id = id;
  query.with_annulled = true;
  query.limit = 1;
  auto got = co_await ask(with, query);
  if (!got) co_return engine_late(with);
  if (!got->ok()) co_return engine_failed(got->error());
  const auto& items = got->value().items;
  alarm_views views(with.core().board());
  const customer_view* view = items.empty() ? nullptr : views.of(items.front().customer);
  if (!view || items.front().public_id != *id) co_return not_found("There is no such alarm.");
  const alarm_id alarm = items.front().id;
  auto start = [&](auto done) {
    with.core().transitions(alarm, std::move(done));
    return true;
  };
  auto steps = co_await await_engine<result<std::vector<alarm_transition>>>(with.options.request_timeout, start);
  if (!steps) co_return engine_late(with);
  if (!steps->ok()) co_return engine_failed(steps->error());
  std::string text;
  json_writer out(text);
  write_open_alarm_object(out, *view, items.front());
  out.key("transitions").begin_array();
  for (const auto& step : steps->value())
    write_transition(out, step);
  out.end_array().end_object();
  co_return json_answer(std::move(text));
}

} // namespace coldvigil::routes
