#include "core/mail_address.hpp"

#include "core/host_name.hpp"

#include <algorithm>
#include <string_view>

namespace coldvigil {

bool is_mail_address(const std::string& address) {
  constexpr std::size_t longest = 254;
  constexpr std::size_t longest_mailbox = 64;
  const std::size_t at = address.find('@');
  if (at == std::string::npos || at == 0 || at > longest_mailbox || address.size() > longest) return false;
  static constexpr std::string_view forbidden = "()<>[]:;,\\\"";
  const std::string_view mailbox = std::string_view(address).substr(0, at);
  return is_host_name(std::string_view(address).substr(at + 1)) &&
         std::all_of(mailbox.begin(), mailbox.end(),
                     [](char c) { return c > ' ' && c < 127 && forbidden.find(c) == std::string_view::npos; });
}

} // namespace coldvigil
