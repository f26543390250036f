#pragma once
// The table of routes: method, path pattern, who may, and what answers.

#include "net/api.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace coldvigil {

/// What a route asks of the caller. `by_route`: the handler decides (loopback, tickets). `read_or_demo`: nothing in
/// demo mode, else read. `admin_of_all`: what it shows or changes is no customer's.
enum class access { open, by_route, read_or_demo, read, write, admin, admin_of_all };

struct route {
  http::verb method;
  std::string_view pattern; ///< "/api/v1/units/{id}"
  access needs;
  route_handler handler;
  bool large_body = false; ///< may have server_options::http.max_body_bytes, the others max_small_body_bytes
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
