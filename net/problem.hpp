#pragma once
// Errors as people and programs read them: application/problem+json (RFC 9457).

#include <string>
#include <string_view>
#include <vector>

namespace coldvigil {

struct http_answer;
struct failure;

/// Where the input is wrong: "#/0/temperature" in a body, "?limit" in the query.
struct field_error {
  std::string pointer;
  std::string detail;
};

/// `kind` is the last part of the problem's type ("/problems/KIND"); nothing in here may come from an exception.
[[nodiscard]] http_answer problem(unsigned code, std::string_view kind, std::string_view detail,
                                  const std::vector<field_error>& errors = {}, std::string_view reason = {});

[[nodiscard]] http_answer invalid_input(const std::vector<field_error>& errors);
[[nodiscard]] http_answer not_found(std::string_view what);
/// The engine did not answer in time.
[[nodiscard]] http_answer timed_out(std::string_view detail);
/// The engine failed: the client gets the sort of failure, the log its text.
[[nodiscard]] http_answer engine_failed(const failure& error);

} // namespace coldvigil
