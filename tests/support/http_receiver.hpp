#pragma once
// A real HTTP receiver on a free loopback port that does what the test tells it, also what receivers should not do.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace coldvigil::test {

struct received_request {
  std::string method, target, body;
  std::map<std::string, std::string> headers; ///< names in lower case
};

/// What the receiver does with a request.
struct receiver_answer {
  enum class kind : std::uint8_t { answer, hang, close };
  kind what = kind::answer; ///< hang: until the client goes away; close: without an answer
  unsigned status = 200;
  std::map<std::string, std::string> headers{};
  std::string body{};
};

/// One thread, one connection at a time.
class http_receiver {
 public:
  using behaviour = std::function<receiver_answer(const received_request&)>;

  explicit http_receiver(behaviour act);
  ~http_receiver();

  [[nodiscard]] std::string url(const std::string& path = "/") const;
  /// Everything that has come in, in order.
  [[nodiscard]] std::vector<received_request> received() const;

 private:
  struct inner;
  std::unique_ptr<inner> inner_;
  mutable std::mutex mutex_;
  std::vector<received_request> received_;
  std::thread thread_;
};

} // namespace coldvigil::test
