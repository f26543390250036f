#include "net/server.hpp"

#include "net/access_check.hpp"
#include "net/asset_answer.hpp"
#include "net/known_input.hpp"
#include "net/listener.hpp"
#include "net/network_threads.hpp"
#include "net/openapi.hpp"
#include "net/router.hpp"

#include <array>
#include <atomic>

namespace coldvigil {
namespace {

constexpr std::string_view content_policy =
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; "
    "frame-ancestors 'none'";

/// Of the absolute form, which servers must take (RFC 9112, 3.2.2), what is behind the host.
std::string_view origin_form(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"})
    if (beast::iequals(target.substr(0, scheme.size()), scheme)) {
      const std::size_t slash = target.find('/', scheme.size());
      return slash == std::string_view::npos ? "/" : target.substr(slash);
    }
  return target;
}

std::string_view path_of(std::string_view target) {
  target = origin_form(target);
  return target.substr(0, target.find('?'));
}

std::string_view query_of(std::string_view target) {
  const std::size_t mark = target.find('?');
  return mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
}

/// The secret of a link is no line of a log.
std::string shown_path(std::string_view path) {
  constexpr std::string_view links = "/l/";
  return std::string(path.starts_with(links) ? links : path);
}

/// Names of requests: random where this process begins, counted from there.
class request_names {
 public:
  request_names() {
    std::array<std::uint8_t, 6> bytes{};
    secure_random(bytes);
    prefix_ = hex(bytes) + "-";
  }
  [[nodiscard]] std::string next() { return prefix_ + std::to_string(++count_); }

 private:
  std::string prefix_;
  std::atomic<std::uint64_t> count_{0};
};

void add_common_headers(const exchange& what, http_answer& answer) {
  bool cached = false;
  for (const auto& [name, value] : answer.headers)
    cached = cached || name == "Cache-Control";
  if (!cached) answer.headers.emplace_back("Cache-Control", "no-store");
  answer.headers.emplace_back("X-Request-Id", what.request_id);
  answer.headers.emplace_back("X-Content-Type-Options", "nosniff");
  answer.headers.emplace_back("Referrer-Policy", "no-referrer");
  answer.headers.emplace_back("Content-Security-Policy", content_policy);
}

/// A problem names its request, so that a person can find it in the log.
void name_request(const exchange& what, http_answer& answer) {
  auto* text = std::get_if<std::string>(&answer.body);
  if (answer.content_type != "application/problem+json" || !text || text->empty()) return;
  text->pop_back();
  json_writer(*text).member("instance", what.request_id).end_object();
}

} // namespace

class server::service final : public http_handler {
 public:
  service(server_options options, server_parts parts)
      : options_(std::move(options)), parts_(std::move(parts)), tickets_(options_.tickets),
        live_places_(options_.max_websocket_clients, options_.max_websocket_clients_each),
        body_room_(options_.max_bodies_bytes, options_.max_bodies_bytes_each),
        side_(options_.max_previews), api_{options_,      parts_,     tickets_,
                                           live_places_,  body_room_, metrics_,
                                           alarm_gauges_, side_,      std::chrono::steady_clock::now()} {}

  ~service() override { stop(); }

  result<std::uint16_t> take_port() {
    threads_.emplace(options_.threads);
    listener_.emplace(threads_->context(), options_.http, *this);
    const auto taken = listener_->take_port(options_.address, options_.port);
    if (taken.ok()) port_ = *taken;
    return taken;
  }

  result<std::uint16_t> start() {
    if (!port_)
      if (const auto taken = take_port(); !taken.ok()) return taken.error();
    listener_->accept();
    return *port_;
  }

  void stop() {
    if (listener_) listener_->stop();
    side_.stop(); // what it does for a request refers to the request's thread
    if (threads_) threads_->stop();
    listener_.reset();
    threads_.reset(); // what is still pending is destroyed here, while all it refers to lives
  }

  [[nodiscard]] const net_metrics& metrics() const { return metrics_; }

  body_terms admit(exchange& what, const http_request& header) override {
    what.request_id = names_.next();
    body_terms terms;
    auto found = enter(what, header);
    if (auto* refused = std::get_if<http_answer>(&found)) {
      terms.refused = complete(what, std::move(*refused));
      return terms;
    }
    const entrance& in = std::get<entrance>(found);
    terms.most_bytes = in.match.found->large_body
                           ? options_.http.max_body_bytes
                           : std::min(options_.http.max_body_bytes, options_.max_small_body_bytes);
    const std::int64_t holder = in.who ? number(in.who->customer.value_or(customer_id{})) : nobody;
    terms.free_bytes = options_.max_small_body_bytes;
    terms.take = [this, holder](std::size_t bytes) { return take_room(holder, bytes); };
    return terms;
  }

  asio::awaitable<http_answer> answer(exchange& what) override {
    if (what.request_id.empty()) what.request_id = names_.next();
    http_answer out = co_await route_request(what);
    co_return complete(what, std::move(out));
  }

  http_answer refuse(exchange& what, http::status code, const std::string& text) override {
    if (what.request_id.empty()) what.request_id = names_.next();
    const bool ours = code == http::status::internal_server_error;
    const bool full = code == http::status::service_unavailable;
    http_answer out = problem(static_cast<unsigned>(code), ours ? "internal" : full ? "full" : "http", text);
    out.close = !ours;
    if (full) {
      out.headers.emplace_back("Retry-After", "5");
      out.error = text;
    }
    return complete(what, std::move(out));
  }

  void finished(const exchange& what, const http_answer& answer) override {
    const auto took =
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - what.started);
    const auto code = static_cast<unsigned>(answer.status);
    metrics_.requests[std::min(code / 100, 5u) - 1].fetch_add(1, std::memory_order_relaxed);
    if (!answer.takeover)
      metrics_.request_micros.fetch_add(static_cast<std::uint64_t>(took.count()), std::memory_order_relaxed);
    if (!parts_.access_log) return;
    access_record line;
    line.request_id = what.request_id;
    line.peer = what.peer.to_string();
    line.token = what.token_name;
    line.method = std::string(what.request.method_string());
    line.path = shown_path(path_of(what.request.target()));
    line.status = code;
    line.bytes = answer.body_text().size();
    line.duration = took;
    line.error = answer.error;
    parts_.access_log(line);
  }

  void connection_rejected() override { metrics_.connections_rejected.fetch_add(1, std::memory_order_relaxed); }

 private:
  static constexpr std::int64_t nobody = -1; ///< holds the bodies of those without a token

  /// Where a request goes, and who asks.
  struct entrance {
    route_match match;
    query_string query;
    std::optional<identity> who;
  };

  /// All that the header decides: a refusal (or a file of the dashboard), or the way in.
  std::variant<entrance, http_answer> enter(exchange& what, const http_request& header) {
    const std::string target(header.target());
    auto match = match_route(header.method(), path_of(target));
    if (!match.found) return no_route(header, match.allow);
    entrance in{std::move(match), query_string(query_of(target)), identify(header, parts_.tokens, parts_.time.now())};
    if (in.who) what.token_name = in.who->name;
    if (auto refused = refuse_access(in.match.found->needs, header, in.who, options_.demo_mode))
      return std::move(*refused);
    // A misspelt filter that is passed over answers another question than was asked.
    if (const auto unknown = input_.unknown_in(in.query, *in.match.found); !unknown.empty())
      return invalid_input(unknown);
    return in;
  }

  asio::awaitable<http_answer> route_request(exchange& what) {
    auto found = enter(what, what.request);
    if (auto* refused = std::get_if<http_answer>(&found)) co_return std::move(*refused);
    auto& in = std::get<entrance>(found);
    boost::json::monotonic_resource memory; // a large body is many small values
    auto body = input_.read_body(what.request.body(), *in.match.found, &memory);
    if (auto* refused = std::get_if<http_answer>(&body)) co_return std::move(*refused);
    api_request request{what, std::move(in.match.path), std::move(in.query), std::move(in.who),
                        std::move(std::get<boost::json::value>(body))};
    co_return co_await in.match.found->handler(api_, request);
  }

  [[nodiscard]] body_room take_room(std::int64_t holder, std::size_t bytes) {
    auto room = body_room_.take(holder, bytes);
    if (!room) metrics_.bodies_refused.fetch_add(1, std::memory_order_relaxed);
    return room;
  }

  static http_answer complete(const exchange& what, http_answer out) {
    name_request(what, out);
    add_common_headers(what, out);
    return out;
  }

  /// No route has this path and method: a file of the dashboard, or an error.
  [[nodiscard]] http_answer no_route(const http_request& request, const std::string& allow) const {
    const std::string_view path = path_of(request.target());
    const bool reads = request.method() == http::verb::get || request.method() == http::verb::head;
    const asset* file = parts_.assets ? parts_.assets(path == "/" ? "/index.html" : path) : nullptr;
    if (file && reads) return answer_asset(*file, request);
    if (!file && allow.empty()) return not_found("There is nothing at this path.");
    http_answer answer = problem(405, "method", "This path does not take this method.");
    answer.headers.emplace_back("Allow", file ? "GET, HEAD" : allow);
    return answer;
  }

  const server_options options_;
  server_parts parts_;
  net_metrics metrics_;
  kept_text alarm_gauges_;
  const known_input input_{openapi_text()};
  live_tickets tickets_;
  fair_places<std::int64_t> live_places_;
  fair_places<std::int64_t> body_room_;
  request_names names_;
  side_thread side_;
  api api_;
  std::optional<network_threads> threads_;
  std::optional<listener> listener_;
  std::optional<std::uint16_t> port_;
};

server::server(server_options options, server_parts parts)
    : service_(std::make_unique<service>(std::move(options), std::move(parts))) {}

server::~server() = default;

result<std::uint16_t> server::take_port() {
  return service_->take_port();
}

result<std::uint16_t> server::start() {
  return service_->start();
}

void server::stop() {
  service_->stop();
}

const net_metrics& server::metrics() const {
  return service_->metrics();
}

} // namespace coldvigil
