#pragma once
// The table of routes: method, path pattern, who may, and what answers.

#include "net/api.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace coldvigil {

/// What a route asks of the caller. `by_route`: the handler decides (demo mode, loopback, tickets).
enum class access { open, by_route, read, write, admin };

struct route {
  http::verb method;
  std::string_view pattern; ///< "/api/v1/units/{id}"
  access needs;
  route_handler handler;
};

[[nodiscard]] std::span<const route> route_table();

struct route_match {
  const route* found = nullptr;
  std::vector<std::string> path;
  std::string allow{}; ///< the methods of the path when it exists and the method does not fit
};

/// A HEAD finds the GET of its path.
[[nodiscard]] route_match match_route(http::verb method, std::string_view path);

} // namespace coldvigil
