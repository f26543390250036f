#pragma once
// One WebSocket client of the live feed. The feed's thread only posts to the session's strand, with bounded accounting:
// a slow client is folded, then closed, and slows nobody else.

#include "core/feed.hpp"
#include "net/api.hpp"
#include "net/deadline.hpp"
#include "net/live_backlog.hpp"

#include <boost/beast/websocket.hpp>

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>

namespace coldvigil {

class live_session;
using live_place = fair_places<std::int64_t>::place;

/// The feed's side of a session: all that the engine ever holds. Calls that come once the session has left do nothing,
/// whatever became of the server.
class live_inlet final : public feed_listener {
 public:
  explicit live_inlet(std::weak_ptr<live_session> session) : session_(std::move(session)) {}
  void on_subscribed(bool resumed) override;
  void on_frame(std::shared_ptr<const feed_frame> frame) override;
  void leave();

 private:
  std::mutex mutex_;
  std::weak_ptr<live_session> session_;
};

/// Lives on its socket's strand.
class live_session : public std::enable_shared_from_this<live_session> {
 public:
  /// `customer` 0 = the stream of all customers. `with` outlives the session.
  live_session(api& with, taken_connection& taken, std::optional<customer_id> customer,
               std::optional<feed_cursor> after, live_place place);
  ~live_session();

  /// Shakes hands, subscribes and serves until either side ends it.
  asio::awaitable<void> run(const http_request& request);
  /// Closes with "going away". On the strand.
  void stop();

  /// Called by the inlet, on the feed's thread: they only post.
  void post_subscribed(bool resumed);
  void post_frame(std::shared_ptr<const feed_frame> frame);

 private:
  asio::awaitable<void> read_loop(std::shared_ptr<live_session> self);
  asio::awaitable<void> write_loop();
  asio::awaitable<bool> write_one(const std::string& text);
  asio::awaitable<void> close_handshake();
  [[nodiscard]] std::optional<std::string> next_message();

  void begin(bool resumed);
  void take(std::shared_ptr<const feed_frame> frame);
  void start_anew(std::optional<std::string_view> gap_reason);
  [[nodiscard]] std::optional<std::string_view> gap_reason(std::uint64_t feed_last) const;
  void close_with(beast::websocket::close_code code);
  void drop_as_slow();
  void wake();

  api& with_;
  const live_place place_; ///< taken until the session ends
  beast::websocket::stream<tcp::socket> socket_;
  deadline deadline_;
  asio::steady_timer wake_;
  const std::optional<customer_id> customer_;
  const std::optional<feed_cursor> after_;
  live_backlog backlog_;
  std::deque<std::string> first_; ///< gap, snapshot, resumed: before what is in the backlog
  std::uint64_t next_ = 0;        ///< number of the item that the client lacks next
  std::uint64_t epoch_ = 0;
  bool subscribed_ = false;
  bool ended_ = false;
  std::optional<beast::websocket::close_code> closing_{};
  std::atomic<std::size_t> posted_{0}; ///< bytes on their way to the strand
  std::atomic<bool> flooded_{false};
};

} // namespace coldvigil
