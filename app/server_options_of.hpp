#pragma once
#include "config/settings.hpp"
#include "net/server_options.hpp"

namespace coldvigil {

/// The server's options as the settings say.
[[nodiscard]] server_options server_options_of(const settings& config);

} // namespace coldvigil
