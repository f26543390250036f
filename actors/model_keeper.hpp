#pragma once
// Asks now and then whether another model shall judge, commits that it does and from when on, and hands it to the
// inference actor, where it warms up beside the old one.

#include "actors/context.hpp"
#include "actors/messages.hpp"

namespace coldvigil::actors {

/// Another version, ready to run.
struct model_candidate {
  std::shared_ptr<detector> scorer;
  std::string version;
  std::string who;    ///< a person, or the part of the program
  std::string reason; ///< for the audit
  millis warm_up{0};  ///< until it judges, from now on
};

/// Where candidates come from. Called on the keeper's thread; may take minutes.
struct model_desk {
  using answer = result<std::optional<model_candidate>>;
  std::function<answer(store_reader& reader, std::uint16_t present, timestamp now)> next;
  std::function<void(const model_activation&)> taken; ///< it is committed
  std::function<void(const failure&)> refused;        ///< what was active stays
  millis every = std::chrono::seconds{5};
};

struct model_keeper_state {
  static inline const char* name = "coldvigil.models";
  const engine_context* context = nullptr;
  std::shared_ptr<const model_desk> desk;
  std::shared_ptr<store_reader> reader;
  writer_actor writer;
  inference_actor scorer;
  std::uint16_t present = 0; ///< newest version made active
};

/// Spawn it detached.
model_actor::behavior_type model_keeper(model_actor::stateful_pointer<model_keeper_state> self,
                                        const engine_context* context, std::shared_ptr<const model_desk> desk,
                                        std::shared_ptr<store_reader> reader, std::uint16_t present,
                                        writer_actor writer, inference_actor scorer);

} // namespace coldvigil::actors
