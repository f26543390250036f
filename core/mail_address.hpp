#pragma once
// E-mail addresses, checked everywhere in the same way.

#include <string>

namespace coldvigil {

/// A plain ASCII address of one mailbox: nothing in it can end a header or name a second mailbox.
[[nodiscard]] bool is_mail_address(const std::string& address);

} // namespace coldvigil
