#pragma once
// Awaits one callback of the engine, not longer than a timeout. A callback that comes late finds nobody and is
// harmless; one that never comes is given up.

#include "core/time.hpp"
#include "net/asio.hpp"

#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace coldvigil {

namespace detail {

/// Where a callback on the engine's thread and a coroutine on its strand meet.
template <class T> struct engine_meeting {
  std::mutex mutex;
  asio::steady_timer* waiting = nullptr; ///< null once the coroutine has gone on
  std::optional<T> value;

  void arrive(T&& content, const std::shared_ptr<engine_meeting>& self) {
    const std::lock_guard lock(mutex);
    if (!waiting || value) return;
    value.emplace(std::move(content));
    asio::post(waiting->get_executor(), [self] {
      const std::lock_guard inner(self->mutex);
      if (self->waiting) self->waiting->cancel();
    });
  }
};

/// Takes the coroutine out of the meeting whichever way it ends.
template <class T> class engine_wait {
 public:
  engine_wait(std::shared_ptr<engine_meeting<T>> meeting, asio::steady_timer& timer) : meeting_(std::move(meeting)) {
    meeting_->waiting = &timer;
  }
  ~engine_wait() { (void)leave(); }
  engine_wait(const engine_wait&) = delete;
  engine_wait& operator=(const engine_wait&) = delete;

  [[nodiscard]] std::optional<T> leave() {
    const std::lock_guard lock(meeting_->mutex);
    meeting_->waiting = nullptr;
    return std::exchange(meeting_->value, std::nullopt);
  }
  [[nodiscard]] bool arrived() const {
    const std::lock_guard lock(meeting_->mutex);
    return meeting_->value.has_value();
  }

 private:
  std::shared_ptr<engine_meeting<T>> meeting_;
};

} // namespace detail

/// `start(done)` asks the engine and gives false when `done` will never be called. Gives nothing then, and when the
/// timeout passes. Runs on the current coroutine's strand.
template <class T, class Start> asio::awaitable<std::optional<T>> await_engine(millis timeout, Start& start) {
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor);
  timer.expires_after(timeout);
  const auto meeting = std::make_shared<detail::engine_meeting<T>>();
  detail::engine_wait<T> wait(meeting, timer);
  auto done = [meeting](T content) { meeting->arrive(std::move(content), meeting); };
  if (!start(std::move(done))) co_return std::nullopt;
  if (!wait.arrived()) co_await timer.async_wait(use_result);
  co_return wait.leave();
}

} // namespace coldvigil
