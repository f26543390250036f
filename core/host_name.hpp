#pragma once
// Names of hosts, in URLs and behind the @ of e-mail addresses.

#include <string_view>

namespace coldvigil {

/// Labels of 1 to 63 letters, digits, "-" and "_" (which containers have), none of which begins or ends with "-", with
/// dots between them; 253 bytes in all (RFC 1123). An IPv4 address is one, too.
[[nodiscard]] bool is_host_name(std::string_view name);

} // namespace coldvigil
