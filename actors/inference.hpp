#pragma once
#include "actors/context.hpp"
#include "actors/messages.hpp"
#include "core/model_shift.hpp"

namespace coldvigil::actors {

struct inference_state {
  static inline const char* name = "coldvigil.inference";
  using promise = caf::typed_response_promise<detect_answer>;

  const engine_context* context = nullptr;
  std::shared_ptr<detector> scorer; ///< nothing = rules work alone
  std::uint16_t model = 0;
  std::shared_ptr<detector> next{}; ///< warms up beside it; nothing = there is none
  model_shift shift{};
  std::vector<detect_request> requests{};
  std::vector<promise> promises{};

  void choose_effort();
  void take_over(model_takeover& change);
  void finish_takeover();
  void end_takeover();
  [[nodiscard]] std::vector<detect_answer> answers_to(std::span<detect_request> batch);
  void score_gathered();
  void predict(predict_job& job) const;
  void reconstruct(reconstruct_job& job) const;
};

/// Everything that gathers in the mailbox while a batch is being scored makes the next batch. Spawn it detached.
/// `model` is the store's number of the scorer's version.
inference_actor::behavior_type inference(inference_actor::stateful_pointer<inference_state> self,
                                         const engine_context* context, std::shared_ptr<detector> scorer,
                                         std::uint16_t model);

} // namespace coldvigil::actors
