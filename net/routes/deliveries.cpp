// What was sent to whom and what became of it; self-tests, and one on demand.
#include "core/words.hpp"
#include "net/await_engine.hpp"
#include "net/list_answer.hpp"
#include "net/member_reader.hpp"
#include "net/notification_port.hpp"
#include "net/routes/routes.hpp"
#include "net/scope.hpp"

namespace coldvigil::routes {
namespace {

constexpr std::size_t longest_name = 64;

delivery_query read_query(query_string& from) {
  delivery_query out;
  const page_window page = read_page(from, 1000);
  out.limit = page.limit;
  out.offset = page.offset;
  out.message = from.text("message");
  out.person = from.text("person");
  out.channel = from.text("channel");
  out.from = from.time("from");
  out.to = from.time("to");
  const auto result_of = [](std::string_view word) { return parse_word<send_result>(word, send_result_count); };
  out.result = from.parsed("result", result_of, "one of delivered, retry, refused, withdrawn");
  out.alarm = from.parsed("alarm", parse_uuid, "the id of an alarm");
  return out;
}

void write_delivery(json_writer& out, const delivery_record& each, bool with_addresses) {
  out.begin_object().member("message", each.key).member("kind", to_string(each.kind));
  out.member("attempt", each.attempt).member("person", each.to.person).member("channel", each.to.channel);
  if (with_addresses) out.member("address", each.to.address);
  out.member("at", each.at).member("took_ms", each.took.count()).member("result", to_string(each.result));
  if (with_addresses) out.member("detail", each.detail);
  out.end_object();
}

void write_self_test(json_writer& out, const self_test& each) {
  out.begin_object().member("message", each.key).member("person", each.to.person);
  out.member("channel", each.to.channel).member("address", each.to.address).member("sent_at", each.sent_at);
  out.member("received_at", each.received_at).member("overdue", each.overdue).end_object();
}

http_answer no_notification() {
  return problem(409, "conflict", "Nobody is told of anything: no person is configured.");
}

/// Whether the alarm is one of this customer's; nothing when the engine was late.
asio::awaitable<std::optional<bool>> is_theirs(api& with, customer_id customer, uuid alarm) {
  auto start = [&](auto done) {
    with.core().story(alarm, customer, std::move(done));
    return true;
  };
  auto got = co_await await_engine<result<alarm_story>>(with.options.request_timeout, start);
  if (!got) co_return std::nullopt;
  if (!got->ok() && got->error().code == error_code::not_found) co_return false;
  if (!got->ok()) co_return std::nullopt;
  co_return got->value().alarm.customer == customer;
}

struct test_order {
  std::string person, channel;
};
test_order read_order(const boost::json::object& members, std::vector<field_error>& errors) {
  member_reader in(members, "#", errors);
  const test_order out{in.needed_text("person"), in.text("channel")};
  for (const auto& [name, value] : {std::pair("person", &out.person), std::pair("channel", &out.channel)})
    if (value->size() > longest_name) in.wrong(name, "longer than " + std::to_string(longest_name) + " bytes");
  return out;
}

std::string render_keys(const std::vector<std::string>& keys) {
  std::string text;
  json_writer out(text);
  out.begin_object().key("messages").begin_array();
  for (const std::string& each : keys)
    out.value(each);
  out.end_array().end_object();
  return text;
}

} // namespace

route_answer list_deliveries(api& with, api_request& request) {
  const delivery_query query = read_query(request.query);
  if (!request.query.errors().empty()) co_return invalid_input(request.query.errors());
  const auto seen = scope_of(with, request);
  if (!seen) co_return not_found("There is no such customer.");
  if (seen->customer && !query.alarm) {
    request.query.reject("alarm", "of one customer only what was sent for an alarm can be listed");
    co_return invalid_input(request.query.errors());
  }
  if (seen->customer) {
    const auto theirs = co_await is_theirs(with, *seen->customer, *query.alarm);
    if (!theirs) co_return engine_late(with);
    if (!*theirs) co_return not_found("There is no such alarm.");
  }
  notification_port* port = with.core().notifications();
  if (!port) co_return json_answer("[]");
  auto ask = [&](auto done) { port->deliveries(query, std::move(done)); };
  auto write = [&](json_writer& out, const delivery_record& each) {
    write_delivery(out, each, !request.who->customer);
  };
  co_return co_await list_answer<delivery_record>(with, ask, write);
}

route_answer list_self_tests(api& with, api_request& request) {
  const std::size_t limit = request.query.number("limit", 1, 1000, 100);
  if (!request.query.errors().empty()) co_return invalid_input(request.query.errors());
  notification_port* port = with.core().notifications();
  if (!port) co_return json_answer("[]");
  auto ask = [&](auto done) { port->self_tests(limit, std::move(done)); };
  auto write = [](json_writer& out, const self_test& each) { write_self_test(out, each); };
  co_return co_await list_answer<self_test>(with, ask, write);
}

route_answer test_notification(api& with, api_request& request) {
  std::vector<field_error> errors;
  const test_order order = read_order(request.members(), errors);
  if (!errors.empty()) co_return invalid_input(errors);
  notification_port* port = with.core().notifications();
  if (!port) co_return no_notification();
  const std::string who = "token:" + request.who->name;
  auto start = [&](auto done) {
    port->send_test(order.person, order.channel, who, std::move(done));
    return true;
  };
  auto got = co_await await_engine<result<std::vector<std::string>>>(with.options.request_timeout, start);
  if (!got) co_return engine_late(with);
  if (!got->ok() && got->error().code == error_code::not_found)
    co_return not_found("There is no such person, or they have no such channel.");
  if (!got->ok()) co_return engine_failed(got->error());
  co_return json_answer(render_keys(got->value()), http::status::accepted);
}

} // namespace coldvigil::routes
