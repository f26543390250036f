#include "net/access_check.hpp"
#include "net/live_session.hpp"
#include "net/routes/routes.hpp"
#include "net/scope.hpp"

#include <algorithm>

namespace coldvigil::routes {
namespace {

/// A page of another site must not read along with a visitor's ticket.
bool origin_allowed(const http_request& request, const server_options& options) {
  if (request.count(http::field::origin) == 0) return true;
  const std::string origin(request[http::field::origin]);
  if (std::find(options.allowed_origins.begin(), options.allowed_origins.end(), origin) !=
      options.allowed_origins.end())
    return true;
  const std::string host(request[http::field::host]);
  return origin == "http://" + host || origin == "https://" + host;
}

/// Of the token: a page offers nothing that would be refused.
void write_rights(json_writer& out, const api& with, const identity& who) {
  out.member("permission", to_string(who.level)).key("customer");
  const auto customer = who.customer ? with.core().board().of(*who.customer) : nullptr;
  if (customer)
    out.value(customer->directory->customer->code);
  else
    out.null();
}

http_answer too_many(api& with) {
  with.metrics.ws_refused.fetch_add(1, std::memory_order_relaxed);
  http_answer full = problem(503, "full", "Too many live clients.");
  full.error = "too many live clients, of all or of the customer";
  full.headers.emplace_back("Retry-After", "30");
  return full;
}

asio::awaitable<void> serve(api& with, taken_connection& taken, std::optional<customer_id> customer,
                            std::optional<feed_cursor> after, live_place place) {
  const auto session = std::make_shared<live_session>(with, taken, customer, after, std::move(place));
  taken.on_stop = [held = std::weak_ptr(session)] {
    if (const auto current = held.lock()) current->stop();
  };
  co_await session->run(taken.request);
}

http_answer upgrade_needed() {
  http_answer answer = problem(426, "upgrade", "This is a WebSocket.");
  answer.headers.emplace_back("Upgrade", "websocket");
  answer.headers.emplace_back("Connection", "upgrade");
  return answer;
}

/// What a handshake lacks (RFC 6455, 4.2.1).
std::optional<http_answer> bad_handshake(const http_request& asked) {
  if (!beast::websocket::is_upgrade(asked)) return upgrade_needed();
  if (asked[http::field::sec_websocket_version] != "13") {
    http_answer answer = upgrade_needed();
    answer.headers.emplace_back("Sec-WebSocket-Version", "13");
    return answer;
  }
  constexpr std::size_t key_length = 24; // 16 bytes in base 64
  if (asked.count(http::field::sec_websocket_key) != 1 || asked[http::field::sec_websocket_key].size() != key_length)
    return problem(400, "malformed", "Sec-WebSocket-Key is missing, or is no key.");
  return std::nullopt;
}

} // namespace

route_answer live_ticket(api& with, api_request& request) {
  const auto seen = scope_of(with, request);
  if (!seen) co_return not_found("There is no such customer.");
  identity holder = *request.who;
  holder.customer = seen->customer;
  const auto ticket = with.tickets.issue(holder, with.now());
  if (!ticket) {
    http_answer full = problem(429, "full", "Too many tickets are open.");
    full.headers.emplace_back("Retry-After", "30");
    co_return full;
  }
  if (ticket->displaced) with.metrics.tickets_displaced.fetch_add(1, std::memory_order_relaxed);
  std::string text;
  json_writer out(text);
  out.begin_object().member("ticket", ticket->text);
  out.member("expires_in", with.options.tickets.lifetime / std::chrono::seconds{1});
  write_rights(out, with, *request.who);
  out.end_object();
  co_return json_answer(std::move(text));
}

route_answer live(api& with, api_request& request) {
  const http_request& asked = request.what.request;
  if (auto refused = bad_handshake(asked)) co_return std::move(*refused);
  if (!origin_allowed(asked, with.options)) co_return problem(403, "forbidden", "The Origin is not this server's.");
  const auto after = request.query.parsed("after", parse_cursor, "a cursor, EPOCH.NUMBER");
  if (!request.query.errors().empty()) co_return invalid_input(request.query.errors());
  // The ticket is looked at last: a refused request does not use it up.
  if (const auto ticket = request.query.text("ticket")) request.who = with.tickets.redeem(*ticket, with.now());
  if (!request.who) co_return unauthorised();
  const auto seen = scope_of(with, request);
  if (!seen) co_return not_found("There is no such customer.");
  live_place place = with.live_places.take(number(seen->customer.value_or(customer_id{})));
  if (!place) co_return too_many(with);
  request.what.token_name = request.who->name;
  http_answer answer;
  answer.status = http::status::switching_protocols;
  answer.takeover = [&with, customer = seen->customer, after, place](taken_connection& taken) {
    return serve(with, taken, customer, after, place);
  };
  co_return answer;
}

} // namespace coldvigil::routes
