#pragma once
// Threads that send, so that a mail server that hangs holds up nothing but itself.

#include "notify/channel.hpp"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace coldvigil {

class delivery_pool {
 public:
  /// Called on a thread of the pool, once for every message that was taken, also when the pool ends.
  using done_function = std::function<void(const std::string& key, const send_outcome& outcome)>;

  /// `most` messages wait or are being sent at a time.
  delivery_pool(channel_set channels, std::size_t threads, std::size_t most, done_function done);
  /// Breaks off what is being sent, settles what waits as to be retried, and waits for the threads.
  ~delivery_pool();
  delivery_pool(const delivery_pool&) = delete;
  delivery_pool& operator=(const delivery_pool&) = delete;

  /// Thread-safe. False when there is no place: the message is not taken.
  [[nodiscard]] bool send(outgoing_message message);
  /// How many more can be taken.
  [[nodiscard]] std::size_t room() const;

 private:
  void work();
  [[nodiscard]] send_outcome attempt(const outgoing_message& message) const;

  const channel_set channels_;
  const std::size_t most_;
  const done_function done_;
  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<outgoing_message> waiting_;
  std::size_t sending_ = 0;
  std::vector<std::thread> threads_;
};

} // namespace coldvigil
