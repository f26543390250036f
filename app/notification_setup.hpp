#pragma once
// Notification as the configuration describes it.

#include "actors/notification_wiring.hpp"
#include "app/event_log.hpp"
#include "config/settings.hpp"

#include <optional>

namespace coldvigil {

/// The secret of a channel, from its file (the first line) or its environment variable. It is never shown.
[[nodiscard]] result<std::string> read_secret(const channel_settings& of);

/// Nothing when nobody is to be told of anything. The log, the clock and the configuration outlive what is given.
[[nodiscard]] result<std::optional<actors::notification_parts>>
notification_of(const settings& config, const event_log& log, const clock& time);

} // namespace coldvigil
