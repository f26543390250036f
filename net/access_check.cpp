#include "net/access_check.hpp"

namespace coldvigil {

std::optional<identity> identify(const http_request& request, const token_book& tokens, timestamp now) {
  const auto field = request[http::field::authorization];
  constexpr std::string_view scheme = "bearer ";
  if (request.count(http::field::authorization) != 1 || field.size() <= scheme.size()) return std::nullopt;
  if (!beast::iequals(field.substr(0, scheme.size()), scheme)) return std::nullopt;
  std::string_view token = field.substr(scheme.size());
  while (!token.empty() && token.front() == ' ')
    token.remove_prefix(1);
  return tokens.find(token, now);
}

std::string_view to_string(permission level) {
  return level == permission::read ? "read" : level == permission::write ? "write" : "admin";
}

http_answer unauthorised() {
  http_answer answer = problem(401, "unauthorised", "A valid bearer token is needed.");
  answer.headers.emplace_back("WWW-Authenticate", "Bearer");
  return answer;
}

http_answer forbidden(std::string_view needed) {
  return problem(403, "forbidden", "The token lacks the permission '" + std::string(needed) + "'.");
}

std::optional<http_answer> refuse_access(access needs, const http_request& request, const std::optional<identity>& who,
                                         bool demo_mode) {
  if (needs == access::open) return std::nullopt;
  const bool optional = needs == access::by_route || (needs == access::read_or_demo && demo_mode);
  if (optional && (who || request.count(http::field::authorization) == 0)) return std::nullopt;
  if (!who) return unauthorised();
  const bool of_all = needs == access::admin_of_all;
  const permission level = of_all || needs == access::admin ? permission::admin
                           : needs == access::write         ? permission::write
                                                            : permission::read;
  if (allows(who->level, level) && !(of_all && who->customer)) return std::nullopt;
  return forbidden(to_string(level));
}

} // namespace coldvigil
