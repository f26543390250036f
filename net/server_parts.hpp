#pragma once
// What the server is given. All of it outlives the server; functions are called from its threads.

#include "core/time.hpp"
#include "net/assets.hpp"
#include "net/engine.hpp"
#include "net/token_book.hpp"
#include "net/views.hpp"

#include <functional>
#include <string>

namespace coldvigil {

/// One line of the access log. No query is in it: tickets stand there.
struct access_record {
  std::string request_id;
  std::string peer;
  std::string token; ///< its name, empty without
  std::string method;
  std::string path;
  unsigned status = 0;
  std::size_t bytes = 0; ///< of the answer's body
  std::chrono::microseconds duration{0};
  std::string error; ///< what really went wrong; never told to the client
};

struct server_parts {
  engine& core;
  token_book& tokens;
  const clock& time;
  std::string version;
  asset_lookup assets{};                       ///< may be empty: no dashboard
  std::function<std::string()> more_metrics{}; ///< further families for /metrics, in Prometheus text
  std::function<void(const access_record&)> access_log{};
  const limits_not_taken* in_file = nullptr; ///< complete before the server starts; null = nothing is known
};

} // namespace coldvigil
