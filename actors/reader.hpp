#pragma once
#include "actors/context.hpp"
#include "actors/messages.hpp"

namespace coldvigil::actors {

struct reader_state {
  static inline const char* name = "coldvigil.reader";
};

/// Spawn it detached: it blocks on the store.
reader_actor::behavior_type reader(reader_actor::stateful_pointer<reader_state> self, const engine_context* context,
                                   std::shared_ptr<store_reader> source);

} // namespace coldvigil::actors
