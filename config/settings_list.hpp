#pragma once
// Which settings a program goes by, for its record.

#include "config/settings.hpp"
#include "core/settings_record.hpp"

namespace coldvigil {

/// Every key of the file that is no list, and of each channel and customer what is not as it is by default
/// ("channel.mail.host", "customer.ACME.url"). Passwords, values of headers and the store's address, which may hold
/// one, stand for "(not shown)"; of the addresses of channels and of the heartbeat, which may be secrets as a whole,
/// the host is there. Persons, schedules and units have records of their own.
[[nodiscard]] settings_list list_settings(const settings& of);

} // namespace coldvigil
