#include "net/problem.hpp"

#include "core/result.hpp"
#include "net/http_handler.hpp"
#include "net/json_writer.hpp"

namespace coldvigil {

http_answer problem(unsigned code, std::string_view kind, std::string_view detail,
                    const std::vector<field_error>& errors, std::string_view reason) {
  http_answer answer;
  answer.status = http::int_to_status(code);
  answer.content_type = "application/problem+json";
  std::string text;
  json_writer out(text);
  out.begin_object().member("type", "/problems/" + std::string(kind));
  out.member("title", std::string(http::obsolete_reason(answer.status)));
  out.member("status", code).member("detail", detail);
  if (!reason.empty()) out.member("reason", reason);
  if (!errors.empty()) {
    out.key("errors").begin_array();
    for (const auto& error : errors)
      out.begin_object().member("pointer", error.pointer).member("detail", error.detail).end_object();
    out.end_array();
  }
  out.end_object();
  answer.body = std::move(text);
  return answer;
}

http_answer invalid_input(const std::vector<field_error>& errors) {
  return problem(422, "validation", "Some of the input is invalid; see errors.", errors);
}

http_answer not_found(std::string_view what) {
  return problem(404, "not-found", what);
}

http_answer timed_out(std::string_view detail) {
  http_answer answer = problem(503, "timeout", detail);
  answer.headers.emplace_back("Retry-After", "5");
  return answer;
}

http_answer engine_failed(const failure& error) {
  http_answer answer;
  switch (error.code) {
  case error_code::invalid_argument:
    answer = problem(422, "validation", "The input cannot be used.");
    break;
  case error_code::not_found:
    answer = problem(404, "not-found", "There is no such thing.");
    break;
  case error_code::conflict:
    answer = problem(409, "conflict", "This is not possible at the moment.");
    break;
  case error_code::unavailable:
  case error_code::limit:
    answer = problem(503, "unavailable", "A part of the system is away or busy; try again.");
    answer.headers.emplace_back("Retry-After", "5");
    break;
  case error_code::corrupt:
  case error_code::internal:
    answer = problem(500, "internal", "Something went wrong here.");
    break;
  }
  answer.error = error.text();
  return answer;
}

} // namespace coldvigil
