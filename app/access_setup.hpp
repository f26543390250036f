#pragma once
// Who may use the API when the server starts: the tokens of the store, the demo's among them when it is on.

#include "actors/engine_system.hpp"
#include "app/event_log.hpp"
#include "config/settings.hpp"

#include <vector>

namespace coldvigil {

/// With the demo on, its tokens and their file are made; with the demo off they end. Only for a server that has its
/// port: the file may be that of another one that runs.
result<std::vector<token_record>> prepare_access(actors::engine_system& engine, const settings& config,
                                                 const event_log& log, timestamp now);

} // namespace coldvigil
