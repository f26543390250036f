#pragma once
// E-mail addresses, checked everywhere in the same way.

#include <string>

namespace coldvigil {

/// A plain ASCII address of one mailbox at a host that can be: nothing in it can end a header or name a second mailbox.
/// Dots in the mailbox may stand anywhere: there are old ones with two in a row or one at the end.
[[nodiscard]] bool is_mail_address(const std::string& address);

} // namespace coldvigil
