#pragma once
// A request and its answer as plain data, so that handlers (the simulated endpoints) need no network to test.

#include <functional>
#include <string>

namespace coldvigil {

struct http_message_request {
  std::string method; ///< "GET", "POST"
  std::string target; ///< path and query as received, percent-encoded
  std::string body;
};

struct http_message_response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
};

/// Called on a network thread; must not block for long and must be safe to call from several threads.
using http_message_handler = std::function<http_message_response(const http_message_request&)>;

} // namespace coldvigil
