#pragma once
// E-mail over SMTP.

#include "core/result.hpp"
#include "notify/transfer.hpp"

namespace coldvigil {

struct smtp_options {
  std::string host;
  std::uint16_t port = 587;
  smtp_security security = smtp_security::starttls;
  std::string user{}, password{}; ///< an empty user = no login; refused without TLS
  std::string from;               ///< address alone
  std::string from_name = "Coldvigil";
  transfer_limits limits{};
};

/// The address of a callee is an e-mail address. The Message-ID follows from the message's key, so a repetition can be
/// told by it.
[[nodiscard]] result<std::shared_ptr<const channel>> make_smtp_channel(smtp_options options);

} // namespace coldvigil
