#pragma once
// What one listener grants to strangers. Every bound is an option.

#include "core/time.hpp"

#include <cstddef>

namespace coldvigil {

struct http_limits {
  std::size_t max_connections = 1024;             ///< more are answered 503 and closed at once
  std::size_t max_connections_per_address = 1024; ///< one address's share of them
  std::size_t max_header_bytes = 16 * 1024;       ///< request line and fields together; 431 beyond
  std::size_t max_body_bytes = 8 * 1024 * 1024;   ///< of any request, whatever its terms; 413 beyond
  millis header_timeout{10'000};                  ///< from a request's first byte to the end of its header; 408 after
  millis body_timeout{30'000};                    ///< from the end of the header to the end of the body; 408 after
  millis idle_timeout{75'000};                    ///< between two requests; closed silently after
  millis write_timeout{30'000};                   ///< for one answer; closed after
  millis stop_grace{3'000};                       ///< stop() waits this long for answers under way
};

} // namespace coldvigil
