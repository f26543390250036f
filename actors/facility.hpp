#pragma once
#include "actors/context.hpp"
#include "actors/messages.hpp"

#include <unordered_map>

namespace coldvigil::actors {

struct facility_state {
  static inline const char* name = "coldvigil.facility";

  std::unordered_map<std::int64_t, unit_actor> units{}; ///< by unit
};

/// The units of one facility. Spawns them and the facility's alarm actor.
facility_actor::behavior_type facility(facility_actor::stateful_pointer<facility_state> self,
                                       const engine_context* context, inference_actor scorer, writer_actor writer);

} // namespace coldvigil::actors
