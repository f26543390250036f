#pragma once
// The query parameters and the members of bodies that each route knows, read from the API's description: what is not
// described there is not taken.

#include "net/http_handler.hpp"
#include "net/problem.hpp"
#include "net/query_string.hpp"
#include "net/router.hpp"

#include <boost/json.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace coldvigil {

/// Immutable.
class known_input {
 public:
  /// `description`: an OpenAPI document, in which every route of the table stands.
  explicit known_input(std::string_view description);

  /// One error for each parameter that the route does not know, naming those that it does.
  [[nodiscard]] std::vector<field_error> unknown_in(const query_string& query, const route& at) const;

  /// The body as JSON in `memory`, of the sort that the route is described with: an empty object when it may be left
  /// out and is, null for a route that takes none. The refusal when it is no JSON, no object where one is asked for,
  /// has a member twice, or one that the description leaves no room for.
  [[nodiscard]] std::variant<boost::json::value, http_answer> read_body(std::string_view text, const route& at,
                                                                        boost::json::storage_ptr memory) const;

 private:
  struct body_form {
    bool required = false;
    bool object = false;
    /// Nothing: others may be there; the route looks at them itself, or passes them over.
    std::optional<std::vector<std::string>> members{};
  };
  struct operation {
    std::vector<std::string> parameters{};
    std::optional<body_form> body{}; ///< nothing: it takes no JSON
  };
  static body_form form_of(const boost::json::value& document, const boost::json::object& body);
  [[nodiscard]] const operation& of(const route& at) const;

  std::map<std::string, operation> by_route_; ///< by "get /path"
};

} // namespace coldvigil
