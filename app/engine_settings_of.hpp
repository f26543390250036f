#pragma once
// The settings as the engine and its actors take them.

#include "actors/context.hpp"
#include "config/settings.hpp"

#include <caf/actor_system_config.hpp>

namespace coldvigil {

[[nodiscard]] actors::engine_limits engine_limits_of(const settings& config);

struct actor_settings : caf::actor_system_config {
  explicit actor_settings(std::size_t threads);
};

} // namespace coldvigil
