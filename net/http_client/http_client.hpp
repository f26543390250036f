#pragma once
// Fetches what customers' endpoints offer, and never waits or stores more than it is told to.

#include "core/result.hpp"
#include "core/time.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace boost::asio {
class io_context;
}

namespace coldvigil {

struct http_client_options {
  millis connect_timeout{5'000}; ///< name, connection and TLS together
  millis read_timeout{30'000};   ///< longest silence
  millis total_timeout{120'000}; ///< from the start of the fetch to the end of the body
  std::size_t max_header_bytes = 32 * 1024;
  std::size_t max_body_bytes = 64 * 1024 * 1024;
  std::size_t max_concurrent = 32;  ///< fetches under way
  std::size_t max_waiting = 10'000; ///< fetches that wait for a place; more are refused
  std::size_t resolver_threads = 4; ///< name look-ups under way; a slow one holds up no more than its thread
  std::string user_agent = "coldvigil";
  std::string ca_file{}; ///< certificates to trust beside the system's, PEM
};

/// One GET.
struct http_fetch {
  std::string url;
  std::string header_name{}, header_value{}; ///< one further header; empty = none
  std::string user{}, password{};            ///< basic credentials; an empty user = none
};

/// An answer with a status of 200 to 299.
struct http_fetch_answer {
  unsigned status = 0;
  std::string content_type;
  std::string body;
};

/// Thread-safe. Runs on the threads of the io_context, which must outlive the client and must no longer be run when the
/// client is destroyed; fetches that are not done by then are never answered.
class http_client {
 public:
  using done_function = std::function<void(result<http_fetch_answer>)>;

  /// A failure when `ca_file` or the system's certificates cannot be read.
  static result<std::unique_ptr<http_client>> make(boost::asio::io_context& context,
                                                   const http_client_options& options);
  ~http_client();
  http_client(const http_client&) = delete;
  http_client& operator=(const http_client&) = delete;

  /// Returns at once; `done` comes once, on a thread of the io_context. Certificates are verified. Redirects are not
  /// followed; they, every other status but 2xx, compressed, truncated and oversized answers are failures. Failures
  /// name the URL and never a credential.
  void fetch(http_fetch what, done_function done);

 private:
  class queue;
  explicit http_client(std::shared_ptr<queue> work);
  std::shared_ptr<queue> queue_;
};

} // namespace coldvigil
