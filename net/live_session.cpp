#include "net/live_session.hpp"

#include "net/scope.hpp"

namespace coldvigil {
namespace {

namespace websocket = beast::websocket;

constexpr std::size_t most_incoming = 4 * 1024; ///< what clients say is ignored
constexpr std::size_t frame_overhead = 64;      ///< of an almost empty frame on its way

/// An inlet that is left whichever way the session ends.
class subscription {
 public:
  explicit subscription(std::weak_ptr<live_session> session)
      : inlet_(std::make_shared<live_inlet>(std::move(session))) {}
  ~subscription() { inlet_->leave(); }
  subscription(const subscription&) = delete;
  subscription& operator=(const subscription&) = delete;
  [[nodiscard]] std::weak_ptr<feed_listener> inlet() const { return inlet_; }

 private:
  std::shared_ptr<live_inlet> inlet_;
};

} // namespace

void live_inlet::on_subscribed(bool resumed) {
  const std::lock_guard lock(mutex_);
  if (const auto session = session_.lock()) session->post_subscribed(resumed);
}

void live_inlet::on_frame(std::shared_ptr<const feed_frame> frame) {
  const std::lock_guard lock(mutex_);
  if (const auto session = session_.lock()) session->post_frame(std::move(frame));
}

void live_inlet::leave() {
  const std::lock_guard lock(mutex_);
  session_.reset();
}

live_session::live_session(api& with, taken_connection& taken, std::optional<customer_id> customer,
                           std::optional<feed_cursor> after, live_place place)
    : with_(with), place_(std::move(place)), socket_(std::move(taken.socket)), deadline_(socket_.next_layer()),
      wake_(socket_.get_executor()), customer_(customer), after_(after),
      backlog_(with.options.ws_soft_queue_bytes, with.options.ws_hard_queue_bytes) {
  websocket::stream_base::timeout timeout{};
  timeout.handshake_timeout = with.options.http.header_timeout;
  timeout.idle_timeout = 2 * with.options.ws_ping_interval;
  timeout.keep_alive_pings = true;
  socket_.set_option(timeout);
  socket_.read_message_max(most_incoming);
  socket_.auto_fragment(false); // a server masks nothing: whole messages go out without a copy
  beast::error_code ignored;
  if (with.options.ws_send_buffer > 0)
    socket_.next_layer().set_option(asio::socket_base::send_buffer_size(with.options.ws_send_buffer), ignored);
  with_.metrics.ws_clients.fetch_add(1, std::memory_order_relaxed);
  with_.metrics.ws_accepted.fetch_add(1, std::memory_order_relaxed);
}

live_session::~live_session() {
  with_.metrics.ws_clients.fetch_sub(1, std::memory_order_relaxed);
}

asio::awaitable<void> live_session::run(const http_request& request) {
  auto [error] = co_await socket_.async_accept(request, use_result);
  if (error) co_return;
  const auto executor = co_await asio::this_coro::executor;
  asio::co_spawn(executor, read_loop(shared_from_this()), asio::detached);
  const subscription fed(weak_from_this());
  with_.core().subscribe(customer_.value_or(customer_id{}), after_, fed.inlet());
  co_await write_loop();
  ended_ = true;
  deadline_.disarm();
  beast::error_code ignored;
  socket_.next_layer().close(ignored);
}

void live_session::stop() {
  close_with(websocket::close_code::going_away);
  deadline_.arm_final(with_.options.ws_close_timeout); // a write under way may not hold up the end
}

asio::awaitable<void> live_session::read_loop(std::shared_ptr<live_session> self) {
  beast::flat_buffer buffer;
  while (!self->ended_) {
    auto [error, size] = co_await self->socket_.async_read(buffer, use_result);
    if (error) break;
    buffer.clear();
  }
  self->ended_ = true;
  self->wake();
}

asio::awaitable<void> live_session::write_loop() {
  while (!ended_) {
    if (closing_) {
      co_await close_handshake();
      co_return;
    }
    const auto text = next_message();
    if (text) {
      if (!co_await write_one(*text)) co_return;
    } else {
      wake_.expires_at(asio::steady_timer::time_point::max());
      co_await wake_.async_wait(use_result);
    }
  }
}

asio::awaitable<bool> live_session::write_one(const std::string& text) {
  socket_.text(true);
  const auto bytes = asio::buffer(text);
  deadline_.arm(with_.options.ws_stall_timeout);
  auto [error, size] = co_await socket_.async_write(bytes, use_result);
  if (error && deadline_.expired() && !closing_) with_.metrics.ws_dropped.fetch_add(1, std::memory_order_relaxed);
  deadline_.disarm();
  co_return !error;
}

asio::awaitable<void> live_session::close_handshake() {
  const websocket::close_reason reason(*closing_);
  deadline_.arm_final(with_.options.ws_close_timeout);
  co_await socket_.async_close(reason, use_result);
}

std::optional<std::string> live_session::next_message() {
  if (!first_.empty()) {
    std::string text = std::move(first_.front());
    first_.pop_front();
    return text;
  }
  const auto waiting = backlog_.pop();
  if (!waiting) return std::nullopt;
  const now_board& board = with_.core().board();
  if (const auto* span = std::get_if<live_backlog::span>(&*waiting))
    return render_coalesced(span->epoch, span->from, span->to, span->items, board);
  const auto& one = std::get<live_backlog::plain>(*waiting);
  if (one.from == one.frame->first && !one.frame->text.empty()) return one.frame->text;
  return render_items_from(*one.frame, one.from, board);
}

void live_session::post_subscribed(bool resumed) {
  asio::post(socket_.get_executor(), [self = shared_from_this(), resumed] { self->begin(resumed); });
}

void live_session::post_frame(std::shared_ptr<const feed_frame> frame) {
  if (flooded_.load(std::memory_order_relaxed)) return;
  const std::size_t size = estimated_bytes(*frame, frame->first) + frame_overhead;
  const std::size_t before = posted_.fetch_add(size);
  const bool flooded = before > 0 && before + size > with_.options.ws_hard_queue_bytes;
  if (flooded) flooded_.store(true);
  asio::post(socket_.get_executor(), [self = shared_from_this(), frame = std::move(frame), size, flooded] {
    self->posted_.fetch_sub(size);
    if (flooded)
      self->drop_as_slow();
    else
      self->take(frame);
  });
}

void live_session::begin(bool resumed) {
  if (subscribed_) return;
  subscribed_ = true;
  if (resumed && after_) {
    epoch_ = after_->epoch;
    next_ = after_->number + 1;
    first_.push_back(render_resumed(*after_));
    wake();
    return;
  }
  const scope seen = scope_of(with_.core().board(), customer_);
  start_anew(gap_reason(seen.feed_last));
}

std::optional<std::string_view> live_session::gap_reason(std::uint64_t feed_last) const {
  if (!after_) return std::nullopt;
  if (after_->epoch != with_.core().epoch()) return "epoch";
  return after_->number > feed_last ? "ahead" : "too_old";
}

void live_session::start_anew(std::optional<std::string_view> reason) {
  backlog_.clear();
  first_.clear();
  if (reason) {
    with_.metrics.ws_gaps.fetch_add(1, std::memory_order_relaxed);
    first_.push_back(render_gap(*reason));
  }
  const scope seen = scope_of(with_.core().board(), customer_);
  std::vector<customer_view> views;
  for (const auto& customer : seen.customers)
    views.emplace_back(customer);
  epoch_ = with_.core().epoch();
  next_ = seen.feed_last + 1;
  first_.push_back(render_snapshot(feed_cursor{epoch_, seen.feed_last}, views, with_.stale(), with_.parts.in_file));
  wake();
}

void live_session::take(std::shared_ptr<const feed_frame> frame) {
  if (!subscribed_ || ended_ || closing_ || frame->items.empty()) return;
  if (frame->epoch != epoch_) return start_anew("epoch");
  if (frame->last() < next_) return;
  if (frame->first > next_) return start_anew("too_old");
  const std::uint64_t from = next_;
  next_ = frame->last() + 1;
  switch (backlog_.add(std::move(frame), from)) {
  case live_backlog::outcome::kept:
    break;
  case live_backlog::outcome::folded:
    with_.metrics.ws_coalesced.fetch_add(1, std::memory_order_relaxed);
    break;
  case live_backlog::outcome::overflow:
    return drop_as_slow();
  }
  wake();
}

void live_session::drop_as_slow() {
  if (closing_ || ended_) return;
  with_.metrics.ws_dropped.fetch_add(1, std::memory_order_relaxed);
  close_with(websocket::close_code::try_again_later);
}

void live_session::close_with(websocket::close_code code) {
  if (closing_) return;
  closing_ = code;
  backlog_.clear();
  wake();
}

void live_session::wake() {
  wake_.cancel();
}

} // namespace coldvigil
