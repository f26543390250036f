#include "model/forecaster_training.hpp"

#include "model/autoencoder.hpp"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <string>

namespace coldvigil {
namespace {

constexpr auto inputs = static_cast<std::int64_t>(forecast_inputs);
constexpr auto hidden = static_cast<std::int64_t>(forecast_hidden);
constexpr auto horizons = static_cast<std::int64_t>(forecast_horizons);

struct means_and_variances {
  at::Tensor mean, log_variance; // windows x steps x horizons
};

/// The network as Torch trains it. The same function as `forecaster`.
struct trainable : torch::nn::Module {
  torch::nn::LSTM lstm{nullptr};
  torch::nn::Linear head{nullptr};

  trainable() {
    lstm = register_module("lstm", torch::nn::LSTM{torch::nn::LSTMOptions{inputs, hidden}.batch_first(true)});
    head = register_module("head", torch::nn::Linear{hidden, 2 * horizons});
    silence_second_bias();
  }

  /// Torch keeps two biases; ours is their sum, and training leaves the second at zero.
  void silence_second_bias() {
    const torch::NoGradGuard none;
    auto second = named_parameters()["lstm.bias_hh_l0"];
    second.zero_();
    second.set_requires_grad(false);
  }

  means_and_variances forward(const at::Tensor& seen) {
    const auto out = head->forward(std::get<0>(lstm->forward(seen)));
    return {out.narrow(2, 0, horizons), out.narrow(2, horizons, horizons).clamp(least_log_variance, most_log_variance)};
  }
};

/// Calls `use` with the name of every parameter in Torch and its array, in the order of forecaster_weights.
template <class Weights, class Use> void each_part(Weights& weights, const Use& use) {
  use("lstm.weight_ih_l0", weights.w_ih);
  use("lstm.weight_hh_l0", weights.w_hh);
  use("lstm.bias_ih_l0", weights.bias);
  use("head.weight", weights.head);
  use("head.bias", weights.head_bias);
}

forecaster_weights weights_of(trainable& network) {
  forecaster_weights out;
  const auto parameters = network.named_parameters();
  each_part(out, [&](const char* name, auto& array) {
    const auto flat = parameters[name].detach().contiguous();
    std::copy_n(flat.template data_ptr<float>(), array.size(), array.begin());
  });
  return out;
}

void put_weights(trainable& network, const forecaster_weights& weights) {
  const torch::NoGradGuard none;
  auto parameters = network.named_parameters();
  forecaster_weights copy = weights;
  each_part(copy, [&](const char* name, auto& array) {
    auto& parameter = parameters[name];
    parameter.copy_(at::from_blob(array.data(), parameter.sizes(), at::kFloat));
  });
}

bool is_target(const training_sequence& sequence, std::size_t at) {
  return at < sequence.z.size() && sequence.usable[at] && std::isfinite(sequence.z[at]);
}

/// Windows side by side, zeros and no targets where a sequence is shorter.
struct window_batch {
  at::Tensor seen;           // windows x steps x inputs
  at::Tensor target, weight; // windows x steps x horizons; weight is 1 for a target and 0 for none

  window_batch(std::size_t count, std::size_t steps)
      : seen{at::zeros({static_cast<std::int64_t>(count), static_cast<std::int64_t>(steps), inputs})},
        target{at::zeros({static_cast<std::int64_t>(count), static_cast<std::int64_t>(steps), horizons})},
        weight{at::zeros_like(target)}, steps_{steps} {}

  void put(std::size_t window, const training_sequence& sequence, std::size_t first, std::size_t warm_up) {
    float* x = seen.data_ptr<float>() + window * steps_ * forecast_inputs;
    float* y = target.data_ptr<float>() + window * steps_ * forecast_horizons;
    float* w = weight.data_ptr<float>() + window * steps_ * forecast_horizons;
    const std::size_t count = std::min(steps_, sequence.inputs.size() - first);
    for (std::size_t step = 0; step < count; ++step) {
      for (const float value : sequence.inputs[first + step])
        *x++ = seen_by_forecaster(value);
      for (std::size_t k = 0; k < forecast_horizons; ++k, ++y, ++w) {
        const std::size_t at = first + step + forecast_steps[k];
        if (step < warm_up || !is_target(sequence, at)) continue;
        *y = sequence.z[at];
        *w = 1;
      }
    }
  }

 private:
  std::size_t steps_;
};

at::Tensor loss_of(const means_and_variances& made, const at::Tensor& target, const at::Tensor& weight) {
  const auto each = made.log_variance + (target - made.mean).square() * (-made.log_variance).exp();
  return (each * weight).sum() / (2 * weight.sum().clamp_min(1));
}

/// Draws windows so that every start in every sequence is as likely as any other.
class window_source {
 public:
  window_source(std::span<const training_sequence> sequences, const forecaster_training_options& options)
      : sequences_{sequences}, options_{options} {
    for (const auto& sequence : sequences) {
      std::size_t starts = 0;
      if (has_target(sequence)) starts = std::max(sequence.inputs.size(), options.length) - options.length + 1;
      ends_.push_back((ends_.empty() ? 0 : ends_.back()) + starts);
    }
  }

  [[nodiscard]] bool empty() const { return ends_.empty() || ends_.back() == 0; }

  window_batch draw(std::mt19937_64& random) const {
    window_batch out{options_.batch, options_.length};
    for (std::size_t window = 0; window < options_.batch; ++window) {
      const std::size_t chosen = random() % ends_.back();
      const auto end = std::upper_bound(ends_.begin(), ends_.end(), chosen);
      const auto index = static_cast<std::size_t>(end - ends_.begin());
      out.put(window, sequences_[index], chosen - (index == 0 ? 0 : ends_[index - 1]), options_.warm_up);
    }
    return out;
  }

 private:
  [[nodiscard]] bool has_target(const training_sequence& sequence) const {
    for (std::size_t at = options_.warm_up + forecast_steps.front(); at < sequence.z.size(); ++at)
      if (is_target(sequence, at)) return true;
    return false;
  }

  std::span<const training_sequence> sequences_;
  const forecaster_training_options& options_;
  std::vector<std::size_t> ends_; ///< of each sequence's starts, counted through all sequences
};

/// Half a cosine from the full rate to a hundredth of it.
void cool_down(torch::optim::Adam& adam, const forecaster_training_options& options, int update) {
  const double done = static_cast<double>(update) / options.updates;
  const double rate = options.learning_rate * (0.01 + 0.99 * 0.5 * (1 + std::cos(done * std::numbers::pi)));
  for (auto& group : adam.param_groups())
    static_cast<torch::optim::AdamOptions&>(group.options()).lr(rate);
}

/// False when the loss is no number any more.
bool follow(trainable& network, const window_source& source, const forecaster_training_options& options) {
  std::mt19937_64 random{options.seed};
  torch::optim::Adam adam{network.parameters(), torch::optim::AdamOptions{options.learning_rate}};
  for (int update = 0; update < options.updates; ++update) {
    cool_down(adam, options, update);
    const auto windows = source.draw(random);
    adam.zero_grad();
    const auto loss = loss_of(network.forward(windows.seen), windows.target, windows.weight);
    loss.backward();
    torch::nn::utils::clip_grad_norm_(network.parameters(), options.gradient_limit);
    adam.step();
    const double reached = loss.item<double>();
    if (!std::isfinite(reached)) return false;
    if (options.progress) options.progress(update + 1, reached);
  }
  return true;
}

status check(std::span<const training_sequence> sequences, const forecaster_training_options& o) {
  if (o.updates < 1 || o.batch < 1 || o.length <= o.warm_up || !(o.learning_rate > 0) || !(o.gradient_limit > 0))
    return failure{error_code::invalid_argument, "a training option of the forecaster is out of range", "",
                   "updates and batch at least 1, length above warm_up, learning_rate and gradient_limit above 0"};
  for (const auto& one : sequences)
    if (one.z.size() != one.inputs.size() || one.usable.size() != one.inputs.size())
      return failure{error_code::invalid_argument, "a training sequence's inputs, targets and marks differ in length",
                     "sequence " + std::to_string(&one - sequences.data()), "give one of each for every step"};
  return nothing{};
}

/// A new network remembers rather than forgets: a forget gate that starts open learns long courses sooner.
void open_forget_gates(trainable& network) {
  const torch::NoGradGuard none;
  network.named_parameters()["lstm.bias_ih_l0"].narrow(0, hidden, hidden).fill_(1);
}

} // namespace

result<forecaster_weights> train_forecaster(std::span<const training_sequence> sequences,
                                            const forecaster_training_options& options) try {
  if (auto good = check(sequences, options); !good) return good.error();
  const window_source source{sequences, options};
  if (source.empty())
    return failure{error_code::invalid_argument, "too little history to train the forecaster on", "",
                   "at least one unit with usable readings after more than " + std::to_string(options.warm_up) +
                       " steps"};
  compute_on_one_thread();
  torch::manual_seed(options.seed);
  trainable network;
  open_forget_gates(network);
  if (!follow(network, source, options))
    return failure{error_code::internal, "the forecaster's training diverged", "",
                   "try a smaller learning rate or another seed"};
  // The way a model file is read: what could not be read back is no result.
  return forecaster_weights::from_bytes(weights_of(network).to_bytes());
} catch (const std::exception& error) {
  return failure{error_code::internal, std::string{"the forecaster's training failed: "} + error.what(), "", ""};
}

double nll(const forecaster& network, const training_sequence& sequence, std::size_t warm_up) {
  forecaster_state state;
  double sum = 0;
  std::size_t targets = 0;
  for (std::size_t step = 0; step < sequence.inputs.size(); ++step) {
    const forecast made = network.step(state, sequence.inputs[step]);
    for (std::size_t k = 0; k < forecast_horizons; ++k) {
      const std::size_t at = step + forecast_steps[k];
      if (step < warm_up || !is_target(sequence, at)) continue;
      const double error = sequence.z[at] - made.mean[k], log_variance = made.log_variance[k];
      sum += (log_variance + error * error * std::exp(-log_variance)) / 2;
      ++targets;
    }
  }
  return targets == 0 ? 0 : sum / static_cast<double>(targets);
}

torch_forecast forecast_with_torch(const forecaster_weights& weights, const training_sequence& sequence,
                                   std::size_t warm_up) {
  compute_on_one_thread();
  trainable network;
  put_weights(network, weights);
  network.to(at::kDouble);
  window_batch whole{1, sequence.inputs.size()};
  whole.put(0, sequence, 0, warm_up);
  const auto made = network.forward(whole.seen.to(at::kDouble));
  const auto loss = loss_of(made, whole.target.to(at::kDouble), whole.weight.to(at::kDouble));
  loss.backward();

  torch_forecast out{std::vector<forecast>(sequence.inputs.size()), loss.item<double>(), {}};
  const auto mean = made.mean.detach().to(at::kFloat).contiguous();
  const auto log_variance = made.log_variance.detach().to(at::kFloat).contiguous();
  for (std::size_t step = 0; step < out.forecasts.size(); ++step) {
    std::copy_n(mean.data_ptr<float>() + step * forecast_horizons, forecast_horizons, out.forecasts[step].mean.begin());
    std::copy_n(log_variance.data_ptr<float>() + step * forecast_horizons, forecast_horizons,
                out.forecasts[step].log_variance.begin());
  }
  const auto parameters = network.named_parameters();
  each_part(weights, [&](const char* name, const auto&) {
    const auto flat = parameters[name].grad().contiguous();
    out.gradient.insert(out.gradient.end(), flat.template data_ptr<double>(),
                        flat.template data_ptr<double>() + flat.numel());
  });
  return out;
}

} // namespace coldvigil
