#include "actors/inference.hpp"

#include "actors/supervision.hpp"

#include <span>

namespace coldvigil::actors {
namespace {

const failure no_model{error_code::unavailable, "no model is loaded, so there is no score", "model.path",
                       "set model.path to a model file, or leave it empty for the one that ships"};

/// N of the state-free check, which is the autoencoder's alone: one window over its threshold says little.
constexpr std::size_t predicted_in_a_row = 3;

/// Without a detector every wanted reading is told why it has no score.
detect_answer unscored(const detect_request& request) {
  return {{}, std::vector<verdict>(request.samples.size())};
}

} // namespace

void inference_state::choose_effort() {
  std::size_t samples = 0, wanted = 0;
  for (const detect_request& request : requests) {
    samples += request.samples.size();
    for (const detect_sample& sample : request.samples)
      wanted += sample.wanted ? 1 : 0;
  }
  const bool overload = samples > context->limits.errors_up_to;
  if (overload) context->metrics.errors_left_out.fetch_add(wanted, std::memory_order_relaxed);
  scorer->give_errors(!overload);
}

void inference_state::score_gathered() {
  if (scorer) choose_effort();
  const std::span<const detect_request> all(requests);
  for (std::size_t from = 0; from < all.size(); from += context->limits.detector_batch) {
    const auto batch = all.subspan(from, std::min(context->limits.detector_batch, all.size() - from));
    std::vector<detect_answer> answers;
    if (scorer) {
      answers = scorer->step(batch);
    } else {
      for (const detect_request& request : batch)
        answers.push_back(unscored(request));
    }
    context->metrics.inference_batches.fetch_add(1, std::memory_order_relaxed);
    for (std::size_t i = 0; i < batch.size(); ++i) {
      context->metrics.inference_samples.fetch_add(batch[i].samples.size(), std::memory_order_relaxed);
      answers[i].state.model = model;
      promises[from + i].deliver(std::move(answers[i]));
    }
  }
  requests.clear();
  promises.clear();
}

void inference_state::predict(predict_job& job) const {
  if (!scorer) return job.question.done(no_model);
  const prediction_query& query = job.question.query;
  job.question.done(
      scorer->predict(query.values, query.low, query.high, predicted_in_a_row, job.state ? &*job.state : nullptr));
}

void inference_state::reconstruct(reconstruct_job& job) const {
  if (!scorer) return job.question.done(no_model);
  job.question.done(scorer->reconstruct(job.state));
}

inference_actor::behavior_type inference(inference_actor::stateful_pointer<inference_state> self,
                                         const engine_context* context, std::shared_ptr<detector> scorer,
                                         std::uint16_t model) {
  stop_all_on_fault(self, *context, "inference");
  self->state.context = context;
  self->state.scorer = std::move(scorer);
  self->state.model = model;
  return {
      [self](detect_request& request) -> inference_state::promise {
        if (self->state.requests.empty()) self->send(self, flush{});
        self->state.requests.push_back(std::move(request));
        self->state.promises.push_back(self->make_response_promise<detect_answer>());
        return self->state.promises.back();
      },
      [self](predict_job& job) { self->state.predict(job); },
      [self](reconstruct_job& job) { self->state.reconstruct(job); },
      [self](flush) { self->state.score_gathered(); },
  };
}

} // namespace coldvigil::actors
