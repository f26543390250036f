#pragma once
// What changes of rules and of contacts have in common: a reason, a revision that they were decided on.

#include "core/plain_text.hpp"
#include "net/api.hpp"
#include "net/if_match.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace coldvigil::routes {

/// The state of what can be changed, for If-Match.
inline void add_tag(http_answer& to, std::uint64_t revision) {
  to.headers.emplace_back("ETag", '"' + std::to_string(revision) + '"');
}

/// The revision on which the change is decided: that which stands when If-Match names it, none when any will do, and
/// one that never stands when it names others. Whoever commits compares it once more.
[[nodiscard]] inline std::optional<std::uint64_t> expected_revision(const if_match& asked, std::uint64_t stands) {
  if (!asked.given || asked.any) return std::nullopt;
  return asked.fits(stands) ? stands : std::numeric_limits<std::uint64_t>::max();
}

/// Another revision stands than the one that the change was decided on.
[[nodiscard]] inline http_answer changed_meanwhile(const failure& why, std::uint64_t stands) {
  http_answer out =
      problem(412, "changed-meanwhile", why.what + ", now at revision " + std::to_string(stands) + ": " + why.hint);
  add_tag(out, stands);
  return out;
}

/// Of the audit trail: a change without one cannot be defended. `otherwise` stands where none is given.
[[nodiscard]] inline std::string read_reason(const boost::json::value* given, std::vector<field_error>& errors,
                                             std::string otherwise = {}) {
  std::string out = given && given->is_string() ? std::string(given->get_string()) : std::move(otherwise);
  if (given && !given->is_string() && !given->is_null())
    errors.push_back({"#/reason", "text"});
  else if (says_nothing(out))
    errors.push_back({"#/reason", "is needed: say why this is changed"});
  else if (auto fault = fault_in_text(out, text_form::lines, most_text_bytes))
    errors.push_back({"#/reason", *fault});
  return out;
}

/// A DELETE has its reason in the body or in the query.
[[nodiscard]] inline std::string read_deletion(const api_request& request, std::vector<field_error>& errors) {
  return read_reason(request.members().if_contains("reason"), errors, request.query.text("reason").value_or(""));
}

} // namespace coldvigil::routes
