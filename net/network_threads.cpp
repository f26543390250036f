#include "net/network_threads.hpp"

#include "net/asio.hpp"

#include <boost/asio/executor_work_guard.hpp>

namespace coldvigil {

network_threads::network_threads(std::size_t threads)
    : context_(std::make_unique<asio::io_context>(static_cast<int>(threads))) {
  for (std::size_t i = 0; i < threads; ++i)
    threads_.emplace_back([this] {
      const auto work = asio::make_work_guard(*context_);
      context_->run();
    });
}

network_threads::~network_threads() {
  stop();
}

void network_threads::stop() {
  context_->stop();
  for (auto& thread : threads_)
    if (thread.joinable()) thread.join();
}

} // namespace coldvigil
