#pragma once
// Bodies that must be a JSON object.

#include "net/api.hpp"

#include <boost/json.hpp>

#include <optional>

namespace coldvigil::routes {

/// Nothing when the body is no JSON object.
[[nodiscard]] inline std::optional<boost::json::object> object_body(const api_request& request) {
  boost::json::error_code error;
  boost::json::value parsed = boost::json::parse(request.what.request.body(), error);
  if (error || !parsed.is_object()) return std::nullopt;
  return std::move(parsed.as_object());
}

[[nodiscard]] inline http_answer no_object() {
  return problem(400, "malformed", "The body is no JSON object in UTF-8.");
}

} // namespace coldvigil::routes
