#pragma once
// http and https addresses, taken apart once and checked everywhere in the same way.

#include "core/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace coldvigil {

struct url {
  bool tls = false;
  std::string host; ///< a name or an address; IPv6 without its brackets
  std::uint16_t port = 80;
  std::string target = "/"; ///< path and query, percent-encoded
};

/// Credentials, fragments, blanks, control characters and other schemes are refused. The text of the failure never
/// repeats credentials.
[[nodiscard]] result<url> parse_url(std::string_view text);

/// As it may be shown and stored: nothing before the host but the scheme.
[[nodiscard]] std::string to_string(const url& address);

/// Everything but letters, digits and "-._~" becomes %XX.
[[nodiscard]] std::string percent_encode(std::string_view text);

} // namespace coldvigil
