#include "notify/delivery_pool.hpp"

#include "notify/secrets.hpp"

#include <utility>

namespace coldvigil {

delivery_pool::delivery_pool(channel_set channels, std::size_t threads, std::size_t most, done_function done)
    : channels_(std::move(channels)), most_(most), done_(std::move(done)) {
  for (std::size_t i = 0; i < threads; ++i)
    threads_.emplace_back([this] { work(); });
}

delivery_pool::~delivery_pool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& each : threads_)
    each.join();
}

bool delivery_pool::send(outgoing_message message) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || waiting_.size() + sending_ >= most_) return false;
    waiting_.push_back(std::move(message));
  }
  wake_.notify_one();
  return true;
}

std::size_t delivery_pool::room() const {
  const std::lock_guard lock(mutex_);
  return most_ - waiting_.size() - sending_;
}

send_outcome delivery_pool::attempt(const outgoing_message& message) const {
  if (stopping_) return {send_result::retry, "not sent: Coldvigil is stopping", {}, {}};
  const auto by = channels_.find(message.to.channel);
  // The configuration may bring it back.
  if (by == channels_.end()) return {send_result::retry, "there is no channel '" + message.to.channel + "'", {}, {}};
  send_outcome out = by->second->send(message, stopping_);
  out.detail = without_secret(out.detail, message.link_secret); // the other side may have answered with what it got
  return out;
}

void delivery_pool::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    const outgoing_message message = std::move(waiting_.front());
    waiting_.pop_front();
    ++sending_;
    lock.unlock();
    done_(message.key, attempt(message));
    lock.lock();
    --sending_;
  }
}

} // namespace coldvigil
