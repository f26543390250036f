#include "core/mail_address.hpp"

#include <algorithm>
#include <string_view>

namespace coldvigil {

bool is_mail_address(const std::string& address) {
  const std::size_t at = address.find('@');
  if (at == 0 || at == std::string::npos || at + 1 == address.size() || address.size() > 254) return false;
  if (address.find('@', at + 1) != std::string::npos) return false;
  static constexpr std::string_view forbidden = "()<>[]:;,\\\"";
  return std::all_of(address.begin(), address.end(),
                     [](char c) { return c > ' ' && c < 127 && forbidden.find(c) == std::string_view::npos; });
}

} // namespace coldvigil
