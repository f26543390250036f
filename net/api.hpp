#pragma once
// What every route works with, and how it awaits the engine.

#include "core/time.hpp"
#include "net/assets.hpp"
#include "net/engine.hpp"
#include "net/fair_places.hpp"
#include "net/http_handler.hpp"
#include "net/kept_text.hpp"
#include "net/net_metrics.hpp"
#include "net/problem.hpp"
#include "net/query_string.hpp"
#include "net/server_options.hpp"
#include "net/server_parts.hpp"
#include "net/side_thread.hpp"
#include "net/tickets.hpp"
#include "net/token_book.hpp"
#include "net/views.hpp"

#include <boost/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace coldvigil {

/// The server's state that routes share. Thread-safe as its parts are.
struct api {
  const server_options& options;
  server_parts& parts;
  live_tickets& tickets;
  fair_places<std::int64_t>& live_places;     ///< by the customer's number; 0 = all customers
  const fair_places<std::int64_t>& body_room; ///< bytes, by the customer's number
  net_metrics& metrics;
  kept_text& alarm_gauges; ///< of /metrics
  side_thread& side;       ///< for what takes long
  std::chrono::steady_clock::time_point started;

  [[nodiscard]] engine& core() const { return parts.core; }
  [[nodiscard]] timestamp now() const { return parts.time.now(); }
  [[nodiscard]] staleness stale() const { return staleness{now(), options.stale_floor}; }
};

struct api_request {
  exchange& what;
  std::vector<std::string> path; ///< the values of the pattern's {names}, decoded
  query_string query;
  std::optional<identity> who; ///< always there where the route needs a permission
  boost::json::value body{};   ///< as known_input reads it: the route's description says what is there

  /// Of a body that is described as an object.
  [[nodiscard]] const boost::json::object& members() const { return body.as_object(); }
};

using route_handler = asio::awaitable<http_answer> (*)(api&, api_request&);

[[nodiscard]] http_answer json_answer(std::string body, http::status code = http::status::ok);
/// The engine did not answer in time: counted, and told as 503.
[[nodiscard]] http_answer engine_late(api& with, std::string_view detail = "No answer came in time; try again.");

/// A page of a list: ?limit and ?offset.
struct page_window {
  std::size_t limit = 100;
  std::size_t offset = 0;
};
[[nodiscard]] page_window read_page(query_string& query, std::size_t most, std::size_t otherwise = 100,
                                    std::size_t farthest = 100'000'000);
/// Closes the items' array that was begun after "items", and the page.
void write_page_end(json_writer& out, const page_window& page, std::uint64_t total);

} // namespace coldvigil
