#pragma once
// The threads that listeners run on: an io_context of their own and the threads inside it.

#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace coldvigil {

class network_threads {
 public:
  explicit network_threads(std::size_t threads);
  ~network_threads();
  network_threads(const network_threads&) = delete;
  network_threads& operator=(const network_threads&) = delete;

  [[nodiscard]] boost::asio::io_context& context() { return *context_; }
  /// Ends the threads; what is still pending never runs. Listeners are stopped first. Safe to call twice.
  void stop();

 private:
  std::unique_ptr<boost::asio::io_context> context_;
  std::vector<std::thread> threads_;
};

} // namespace coldvigil
