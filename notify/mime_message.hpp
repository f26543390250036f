#pragma once
// An e-mail as it goes over the wire.

#include "core/result.hpp"
#include "core/time.hpp"

#include <string>

namespace coldvigil {

struct mail_content {
  std::string from_name, from; ///< address alone
  std::string to_name, to;
  std::string subject;
  std::string text;       ///< UTF-8, lines end with \n
  std::string message_id; ///< without angle brackets
  timestamp date{};
};

/// The addresses have been checked. Whatever the other fields hold stays inside its header.
[[nodiscard]] std::string mime_text(const mail_content& mail);

} // namespace coldvigil
