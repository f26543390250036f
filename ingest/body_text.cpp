#include "ingest/body_text.hpp"

#include <string>

namespace coldvigil {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

} // namespace

result<std::string_view> check_body(std::string_view body, std::string_view expected) {
  const std::string name(expected);
  if (const auto at = first_invalid_utf8(body))
    return failure{error_code::invalid_argument, "the body is not UTF-8", "byte " + std::to_string(*at),
                   "the source must send UTF-8, or the answer was cut or compressed"};
  if (body.starts_with(byte_order_mark)) body.remove_prefix(byte_order_mark.size());
  const std::size_t begin = body.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos)
    return failure{error_code::invalid_argument, "the body is empty", "", "expected " + name};
  if (body[begin] == '<')
    return failure{error_code::invalid_argument, "the body is HTML or XML, not " + name,
                   "it begins with: " + std::string(clip_utf8(body.substr(begin), 40)),
                   "look whether the URL leads to a login or error page"};
  return body;
}

} // namespace coldvigil
