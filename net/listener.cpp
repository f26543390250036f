#include "net/listener.hpp"

#include "net/fair_places.hpp"
#include "net/http_session.hpp"

#include <boost/asio/bind_executor.hpp>

#include <string_view>

namespace coldvigil {
namespace {

constexpr std::string_view too_many = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\n"
                                      "Content-Length: 0\r\n\r\n";
constexpr millis accept_pause{100}; ///< out of descriptors: do not spin
constexpr millis abort_grace{500};

} // namespace

struct listener::shared {
  shared(asio::io_context& c, const http_limits& l, http_handler& h)
      : context(c), limits(l), handler(h), strand(asio::make_strand(c)), acceptor(strand) {}

  asio::io_context& context;
  const http_limits limits;
  http_handler& handler;
  asio::strand<asio::io_context::executor_type> strand;
  tcp::acceptor acceptor;

  std::mutex mutex;
  std::condition_variable drained;
  struct entry {
    std::weak_ptr<http_session> session;
    asio::any_io_executor strand;
    fair_places<asio::ip::address>::place place;
  };
  std::map<std::uint64_t, entry> sessions;
  std::uint64_t next_key = 0;
  fair_places<asio::ip::address> places{limits.max_connections, limits.max_connections_per_address};
  bool stopping = false;

  bool drains_within(millis time) {
    std::unique_lock lock(mutex);
    return drained.wait_for(lock, time, [this] { return sessions.empty(); });
  }
};

listener::listener(asio::io_context& context, const http_limits& limits, http_handler& handler)
    : state_(std::make_shared<shared>(context, limits, handler)) {}

listener::~listener() {
  stop();
}

result<std::uint16_t> listener::take_port(const std::string& address, std::uint16_t port) {
  const std::string where = address + ":" + std::to_string(port);
  beast::error_code error;
  const auto ip = asio::ip::make_address(address, error);
  if (error) return failure{error_code::invalid_argument, "not an IP address", where, "use 127.0.0.1, 0.0.0.0 or ::"};
  const tcp::endpoint endpoint(ip, port);
  auto& acceptor = state_->acceptor;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    beast::error_code ignored;
    acceptor.close(ignored);
    return failure{error_code::unavailable, "cannot listen: " + error.message(), where,
                   "is another process using the port?"};
  }
  return acceptor.local_endpoint(error).port();
}

void listener::accept() {
  asio::co_spawn(state_->strand, accept_loop(state_), asio::detached);
}

void listener::stop() {
  std::vector<shared::entry> open_sessions;
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
    for (const auto& [key, session] : state_->sessions)
      open_sessions.push_back(session);
  }
  if (state_->context.stopped()) return;
  asio::post(state_->strand, [state = state_] {
    beast::error_code ignored;
    state->acceptor.close(ignored);
  });
  for (auto& one : open_sessions)
    asio::post(one.strand, [session = one.session] {
      if (const auto held = session.lock()) held->stop();
    });
  if (state_->drains_within(state_->limits.stop_grace)) return;
  for (auto& one : open_sessions)
    asio::post(one.strand, [session = one.session] {
      if (const auto held = session.lock()) held->abort();
    });
  (void)state_->drains_within(abort_grace);
}

std::size_t listener::connections() const {
  const std::lock_guard lock(state_->mutex);
  return state_->sessions.size();
}

asio::awaitable<void> listener::accept_loop(std::shared_ptr<shared> state) {
  asio::steady_timer pause(state->strand);
  while (state->acceptor.is_open()) {
    auto socket_strand = asio::make_strand(state->context);
    auto [error, socket] = co_await state->acceptor.async_accept(socket_strand, use_result);
    if (!error) {
      admit(state, tcp::socket(std::move(socket)));
    } else if (error != asio::error::operation_aborted) {
      pause.expires_after(accept_pause);
      co_await pause.async_wait(use_result);
    }
  }
}

void listener::admit(const std::shared_ptr<shared>& state, tcp::socket socket) {
  const auto strand = socket.get_executor();
  beast::error_code gone;
  const auto peer = socket.remote_endpoint(gone).address();
  std::shared_ptr<http_session> session;
  std::uint64_t key = 0;
  {
    const std::lock_guard lock(state->mutex);
    if (state->stopping) return;
    if (auto place = state->places.take(peer)) {
      session = std::make_shared<http_session>(std::move(socket), state->limits, state->handler);
      key = state->next_key++;
      state->sessions.emplace(key, shared::entry{session, strand, std::move(place)});
    }
  }
  if (session) {
    asio::co_spawn(strand, serve(state, session, key), asio::detached);
    return;
  }
  state->handler.connection_rejected();
  beast::error_code ignored;
  socket.non_blocking(true, ignored);
  socket.write_some(asio::buffer(too_many), ignored);
}

asio::awaitable<void> listener::serve(std::shared_ptr<shared> state, std::shared_ptr<http_session> session,
                                      std::uint64_t key) {
  try {
    co_await session->run();
  } catch (const std::exception&) {
    // A connection that fails beyond its own handling takes nobody else with it.
  }
  session.reset();
  const std::lock_guard lock(state->mutex);
  state->sessions.erase(key);
  if (state->sessions.empty()) state->drained.notify_all();
}

} // namespace coldvigil
