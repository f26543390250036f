#pragma once
// One thread for what takes long, so that no connection waits behind it. Bounded: what does not fit is refused.

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <cstddef>
#include <utility>

namespace coldvigil {

class side_thread {
 public:
  explicit side_thread(std::size_t most) : most_(most) {}
  /// What has begun is finished, what waits is dropped.
  ~side_thread() { stop(); }
  side_thread(const side_thread&) = delete;
  side_thread& operator=(const side_thread&) = delete;

  /// False when so much waits or runs already: nothing was taken. The work throws nothing.
  template <class Work> [[nodiscard]] bool take(Work work) {
    if (taken_.fetch_add(1) >= most_) {
      --taken_;
      return false;
    }
    boost::asio::post(pool_, [this, work = std::move(work)]() mutable {
      work();
      --taken_;
    });
    return true;
  }
  void stop() {
    pool_.stop();
    pool_.join();
  }

 private:
  const std::size_t most_;
  std::atomic<std::size_t> taken_{0};
  boost::asio::thread_pool pool_{1};
};

} // namespace coldvigil
