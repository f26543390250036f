#include "actors/inference.hpp"

#include "actors/supervision.hpp"

#include <span>
#include <utility>

namespace coldvigil::actors {
namespace {

const failure no_model{error_code::unavailable, "no model is loaded, so there is no score", "model.path",
                       "set model.path to a model file, or leave it empty for the one that ships"};

/// N of the state-free check, which is the autoencoder's alone: one window over its threshold says little.
constexpr std::size_t predicted_in_a_row = 3;

/// Readings may be late, and a unit may have been silent for a while.
constexpr millis old_version_stays = std::chrono::days{1};

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
  if (next) next->give_errors(!overload);
}

/// One that still warmed up gives way; one that judges already is what the new one warms up beside.
void inference_state::take_over(model_takeover& change) {
  if (!scorer) return;
  if (next && shift.at <= context->time.now()) end_takeover();
  next = std::move(change.next);
  shift = {model, change.number, change.from};
}

/// A day later no unit waits for the old version any more.
void inference_state::finish_takeover() {
  if (next && context->time.now() >= shift.at + old_version_stays) end_takeover();
}

void inference_state::end_takeover() {
  scorer = std::exchange(next, nullptr);
  model = shift.to;
}

std::vector<detect_answer> inference_state::answers_to(std::span<detect_request> batch) {
  std::vector<detect_answer> out;
  if (!scorer) {
    for (const detect_request& request : batch)
      out.push_back(unscored(request));
    return out;
  }
  if (next) {
    auto of_old = parts_of(batch, shift.from), of_new = parts_of(batch, shift.to);
    auto before = scorer->step(of_old);
    auto after = next->step(of_new);
    for (std::size_t i = 0; i < batch.size(); ++i)
      out.push_back(merged(shift, batch[i], std::move(before[i]), std::move(after[i])));
    return out;
  }
  for (detect_request& request : batch)
    if (holds_two(request.state)) request.state = part_of(request.state, model);
  out = scorer->step(batch);
  for (detect_answer& answer : out)
    answer.state.model = model;
  return out;
}

void inference_state::score_gathered() {
  finish_takeover();
  if (scorer) choose_effort();
  const std::span<detect_request> all(requests);
  for (std::size_t from = 0; from < all.size(); from += context->limits.detector_batch) {
    const auto batch = all.subspan(from, std::min(context->limits.detector_batch, all.size() - from));
    auto answers = answers_to(batch);
    context->metrics.inference_batches.fetch_add(1, std::memory_order_relaxed);
    for (std::size_t i = 0; i < batch.size(); ++i) {
      context->metrics.inference_samples.fetch_add(batch[i].samples.size(), std::memory_order_relaxed);
      promises[from + i].deliver(std::move(answers[i]));
    }
  }
  requests.clear();
  promises.clear();
}

void inference_state::predict(predict_job& job) const {
  if (!scorer) return job.question.done(no_model);
  const prediction_query& query = job.question.query;
  std::optional<detector_state> memory;
  if (job.state) memory = part_of(*job.state, model);
  job.question.done(
      scorer->predict(query.values, query.low, query.high, predicted_in_a_row, memory ? &*memory : nullptr));
}

void inference_state::reconstruct(reconstruct_job& job) const {
  if (!scorer) return job.question.done(no_model);
  job.question.done(scorer->reconstruct(part_of(job.state, model)));
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
      [self](model_takeover& change) { self->state.take_over(change); },
      [self](flush) { self->state.score_gathered(); },
  };
}

} // namespace coldvigil::actors
