#pragma once
// The condition If-Match of a request (RFC 9110, 13.1.1): what somebody decided on must still stand.

#include "net/http_handler.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace coldvigil {

struct if_match {
  bool given = false;
  bool any = false;                ///< "*": whatever stands, as long as there is something
  std::vector<std::string> tags{}; ///< strong ones without their quotes; weak ones never match and are left out

  /// Whether this revision is one of those named, or none was asked for.
  [[nodiscard]] bool fits(std::uint64_t revision) const;
};

/// All fields of that name together. What is no list of tags is given and fits nothing.
[[nodiscard]] if_match read_if_match(const http_request& request);

} // namespace coldvigil
