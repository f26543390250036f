#pragma once
// The query parameters that each route knows, read from the API's description: what is not described there is not
// taken.

#include "net/problem.hpp"
#include "net/query_string.hpp"
#include "net/router.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace coldvigil {

/// Immutable.
class known_parameters {
 public:
  /// `description`: an OpenAPI document, in which every route of the table stands.
  explicit known_parameters(std::string_view description);

  /// One error for each parameter that the route does not know, naming those that it does.
  [[nodiscard]] std::vector<field_error> unknown_in(const query_string& query, const route& at) const;

 private:
  std::map<std::string, std::vector<std::string>> by_route_; ///< by "get /path"
};

} // namespace coldvigil
