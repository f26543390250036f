#pragma once
// What the settings of notification mean: people with the clocks of their zones, channels with their secrets.

#include "config/notification_settings.hpp"
#include "notify/channel.hpp"
#include "notify/desk.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace coldvigil {

/// Channel that calls the heartbeat address; no configured one can have this name.
inline constexpr std::string_view heartbeat_channel_name = "(heartbeat)";

/// By which people can be reached: every channel, whether a message by it needs an address, and of which form.
[[nodiscard]] std::vector<contact_channel> contact_channels_of(const notification_settings& config);

/// A checked book. `customers` are the known ones by code.
[[nodiscard]] result<contact_book> contacts_of(const notification_settings& config,
                                               const std::map<std::string, customer_id>& customers);

/// The secret of a channel that names one; injected, for it comes from a file or the environment.
using secret_finder = std::function<result<std::string>(const channel_settings&)>;
/// Every channel, and the heartbeat's. `time` outlives them.
[[nodiscard]] result<channel_set> channels_of(const notification_settings& config, const secret_finder& secrets,
                                              const clock& time);

[[nodiscard]] desk_options desk_options_of(const notification_settings& config);

} // namespace coldvigil
