#include "model/training.hpp"

#include "model/autoencoder.hpp"
#include "model/unit_memory.hpp"
#include "model/window_detector.hpp"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <random>
#include <set>

namespace coldvigil {
namespace {

/// The network as Torch trains it. The same function as `autoencoder`.
struct trainable : torch::nn::Module {
  torch::nn::LSTM encoder{nullptr}, decoder{nullptr};
  torch::nn::Linear output{nullptr};
  std::int64_t hidden;

  explicit trainable(std::size_t hidden_units) : hidden{static_cast<std::int64_t>(hidden_units)} {
    encoder = register_module("encoder", torch::nn::LSTM{torch::nn::LSTMOptions{1, hidden}.batch_first(true)});
    decoder = register_module("decoder", torch::nn::LSTM{torch::nn::LSTMOptions{hidden, hidden}.batch_first(true)});
    output = register_module("output", torch::nn::Linear{hidden, 1});
  }

  /// windows x steps to the same shape.
  at::Tensor forward(const at::Tensor& windows) {
    const auto seen = windows.clamp(-autoencoder::widest_input, autoencoder::widest_input).unsqueeze(-1);
    const auto latent = std::get<0>(std::get<1>(encoder->forward(seen))); // 1 x windows x hidden
    const auto fed = latent.squeeze(0).unsqueeze(1).expand({windows.size(0), windows.size(1), hidden}).contiguous();
    const auto made = std::get<0>(decoder->forward(fed, std::make_tuple(latent, at::zeros_like(latent))));
    return output->forward(made).squeeze(-1).flip(1);
  }
};

at::Tensor loss_of(trainable& network, const at::Tensor& windows) {
  const auto target = windows.clamp(-autoencoder::widest_input, autoencoder::widest_input);
  return at::smooth_l1_loss(network.forward(windows), target);
}

/// Torch keeps two biases a layer; the file keeps their sum, and training leaves the second at zero.
struct named_part {
  const char* name;
  std::vector<float> autoencoder_weights::*array;
};
constexpr named_part parts[] = {
    {"encoder.weight_ih_l0", &autoencoder_weights::encoder_input},
    {"encoder.weight_hh_l0", &autoencoder_weights::encoder_recurrent},
    {"encoder.bias_ih_l0", &autoencoder_weights::encoder_bias},
    {"decoder.weight_ih_l0", &autoencoder_weights::decoder_input},
    {"decoder.weight_hh_l0", &autoencoder_weights::decoder_recurrent},
    {"decoder.bias_ih_l0", &autoencoder_weights::decoder_bias},
    {"output.weight", &autoencoder_weights::output},
    {"output.bias", &autoencoder_weights::output_bias},
};

void silence_second_biases(trainable& network) {
  const torch::NoGradGuard none;
  for (auto& parameter : network.named_parameters())
    if (parameter.key().find("bias_hh") != std::string::npos) {
      parameter.value().zero_();
      parameter.value().set_requires_grad(false);
    }
}

autoencoder_weights weights_of(trainable& network) {
  auto out = empty_weights(window_length, static_cast<std::size_t>(network.hidden));
  const auto parameters = network.named_parameters();
  for (const auto& part : parts) {
    const auto flat = parameters[part.name].detach().to(at::kFloat).contiguous();
    auto& array = out.*part.array;
    std::copy_n(flat.data_ptr<float>(), array.size(), array.begin());
  }
  return out;
}

void put_weights(trainable& network, const autoencoder_weights& weights) {
  const torch::NoGradGuard none;
  auto parameters = network.named_parameters();
  for (const auto& part : parts) {
    auto& parameter = parameters[part.name];
    auto array = weights.*part.array;
    parameter.copy_(at::from_blob(array.data(), parameter.sizes(), at::kFloat));
  }
}

at::Tensor tensor_of(std::span<const float> windows) {
  const auto count = static_cast<std::int64_t>(windows.size() / window_length);
  return at::from_blob(const_cast<float*>(windows.data()), {count, static_cast<std::int64_t>(window_length)},
                       at::kFloat);
}

template <class T> void shuffle(std::vector<T>& items, std::mt19937_64& random) {
  for (std::size_t i = items.size(); i > 1; --i)
    std::swap(items[i - 1], items[random() % i]);
}

struct data_split {
  window_set training, held_out;
};

data_split split(const training_options& options, const std::vector<training_series>& series, std::mt19937_64& random) {
  const std::set<std::string> names = [&] {
    std::set<std::string> all;
    for (const auto& one : series)
      all.insert(one.unit);
    return all;
  }();
  std::vector<std::string> units{names.begin(), names.end()};
  shuffle(units, random);
  const auto wanted = static_cast<std::size_t>(std::lround(options.held_out * static_cast<double>(units.size())));
  const std::size_t kept_back = std::clamp<std::size_t>(wanted, 1, std::max<std::size_t>(units.size(), 2) - 1);
  const std::set<std::string> held_out{units.begin(),
                                       units.begin() + static_cast<std::ptrdiff_t>(std::min(kept_back, units.size()))};
  data_split out;
  for (const auto& one : series) {
    auto& into = held_out.contains(one.unit) ? out.held_out : out.training;
    const std::size_t taken = out.training.size() + out.held_out.size();
    if (taken >= options.most_windows) break;
    take_windows(one, std::min(options.windows_per_series, options.most_windows - taken), into);
  }
  return out;
}

struct healthy_errors {
  double mean = 0, threshold = 0;
};

healthy_errors errors_on(const autoencoder_weights& weights, const window_set& windows, double quantile) {
  autoencoder network{weights};
  std::vector<float> made(windows.values.size());
  network.reconstruct(windows.values, made);
  std::vector<double> errors;
  double sum = 0;
  for (std::size_t at = 0; at < made.size(); at += window_length) {
    const std::span<const float> window{windows.values.data() + at, window_length};
    errors.push_back(window_error(window, {made.data() + at, window_length}));
    sum += errors.back();
  }
  std::sort(errors.begin(), errors.end());
  const auto rank = static_cast<std::size_t>(std::ceil(quantile * static_cast<double>(errors.size())));
  return {sum / static_cast<double>(errors.size()), errors[std::clamp<std::size_t>(rank, 1, errors.size()) - 1]};
}

double mean_loss(trainable& network, const window_set& windows) {
  const torch::NoGradGuard none;
  double sum = 0;
  const auto all = tensor_of(windows.values);
  for (const auto& part : all.split(windows_at_once))
    sum += loss_of(network, part).item<double>() * static_cast<double>(part.size(0));
  return sum / static_cast<double>(windows.size());
}

/// One run of epochs with early stop; keeps the weights that were best on the held-out units.
class trainer {
 public:
  trainer(const training_options& options, const data_split& data, const training_progress_function& progress,
          std::mt19937_64& random)
      : options_{options}, data_{data}, progress_{progress}, random_{random}, network_{options.start
                                                                                           ? options.start->hidden
                                                                                           : options.hidden},
        adam_{network_.parameters(), torch::optim::AdamOptions{options.learning_rate}} {
    if (options.start) put_weights(network_, *options.start);
    silence_second_biases(network_);
  }

  void run() {
    std::size_t without_better = 0;
    for (std::size_t epoch = 0; epoch < options_.epochs && without_better < options_.patience; ++epoch) {
      cool_down(epoch);
      const bool go_on = one_epoch(epoch);
      const double loss = mean_loss(network_, data_.held_out);
      const bool better = !best_ || loss < best_loss_;
      if (better && std::isfinite(loss)) {
        best_loss_ = loss;
        best_ = weights_of(network_);
      }
      without_better = better ? 0 : without_better + 1;
      if (!go_on) break;
    }
  }

  [[nodiscard]] const std::optional<autoencoder_weights>& best() const { return best_; }
  [[nodiscard]] double best_loss() const { return best_loss_; }

 private:
  /// Half a cosine from the full rate to a hundredth of it.
  void cool_down(std::size_t epoch) {
    const double done = static_cast<double>(epoch) / static_cast<double>(options_.epochs);
    const double rate = options_.learning_rate * (0.01 + 0.99 * 0.5 * (1 + std::cos(done * 3.14159265358979)));
    for (auto& group : adam_.param_groups())
      static_cast<torch::optim::AdamOptions&>(group.options()).lr(rate);
  }

  bool one_epoch(std::size_t epoch) {
    std::vector<std::int64_t> order(data_.training.size());
    for (std::size_t i = 0; i < order.size(); ++i)
      order[i] = static_cast<std::int64_t>(i);
    shuffle(order, random_);
    const auto all = tensor_of(data_.training.values);
    training_progress now{epoch + 1, options_.epochs, 0, (order.size() + options_.batch - 1) / options_.batch,
                          0,         best_loss_};
    double sum = 0;
    for (std::size_t first = 0; first < order.size(); first += options_.batch) {
      const std::size_t count = std::min(options_.batch, order.size() - first);
      const auto chosen = at::from_blob(order.data() + first, {static_cast<std::int64_t>(count)}, at::kLong);
      adam_.zero_grad();
      const auto loss = loss_of(network_, all.index_select(0, chosen));
      loss.backward();
      torch::nn::utils::clip_grad_norm_(network_.parameters(), options_.gradient_limit);
      adam_.step();
      sum += loss.item<double>();
      now.training_loss = sum / static_cast<double>(++now.batch);
      if (progress_ && !progress_(now)) return false;
    }
    return true;
  }

  const training_options& options_;
  const data_split& data_;
  const training_progress_function& progress_;
  std::mt19937_64& random_;
  trainable network_;
  torch::optim::Adam adam_;
  std::optional<autoencoder_weights> best_;
  double best_loss_ = 0;
};

status check(const training_options& o) {
  const bool good = o.hidden >= 1 && o.hidden <= largest_hidden && o.epochs >= 1 && o.batch >= 1 &&
                    o.learning_rate > 0 && o.gradient_limit > 0 && o.held_out > 0 && o.held_out < 1 && o.quantile > 0 &&
                    o.quantile <= 1;
  if (good) return nothing{};
  return failure{error_code::invalid_argument, "a training option is out of range", "",
                 "hidden 1 to " + std::to_string(largest_hidden) +
                     ", epochs and batch at least 1, rates above 0, held_out and quantile between 0 and 1"};
}

} // namespace

result<model_file> train(const training_options& options, const std::vector<training_series>& series,
                         const training_progress_function& progress) try {
  if (auto good = check(options); !good) return good.error();
  compute_on_one_thread();
  std::mt19937_64 random{options.seed};
  torch::manual_seed(options.seed);
  const data_split data = split(options, series, random);
  if (data.training.size() == 0 || data.held_out.size() == 0)
    return failure{error_code::invalid_argument, "too little history to train on", "",
                   "at least two units, each with " + std::to_string(memory_rules{}.warm_readings) +
                       " readings over more than an hour"};
  trainer run{options, data, progress, random};
  run.run();
  if (!run.best())
    return failure{error_code::internal, "the training diverged", "", "try a smaller learning rate or another seed"};

  const auto errors = errors_on(*run.best(), data.held_out, options.quantile);
  model_file out;
  out.name = options.name;
  out.trained_on = options.trained_on;
  out.made_with = options.made_with;
  out.customers = options.customers;
  out.seed = options.seed;
  out.threshold = errors.threshold;
  out.quantile = options.quantile;
  out.held_out_loss = run.best_loss();
  out.held_out_error = errors.mean;
  out.training_windows = data.training.size();
  out.held_out_windows = data.held_out.size();
  out.weights = *run.best();
  return out;
} catch (const std::exception& error) {
  return failure{error_code::internal, std::string{"training failed: "} + error.what(), "", ""};
}

loss_and_gradient evaluate_loss(const autoencoder_weights& weights, std::span<const float> windows,
                                std::size_t at_once) {
  compute_on_one_thread();
  trainable network{weights.hidden};
  put_weights(network, weights);
  silence_second_biases(network);
  network.to(at::kDouble);
  loss_and_gradient out;
  const auto all = tensor_of(windows);
  for (const auto& part : all.split(static_cast<std::int64_t>(at_once))) {
    // Every value weighs the same, so a part weighs as much as it has windows; gradients add up.
    const double weight = static_cast<double>(part.size(0)) / static_cast<double>(all.size(0));
    const auto loss = loss_of(network, part.to(at::kDouble)) * weight;
    loss.backward();
    out.loss += loss.item<double>();
  }
  const auto parameters = network.named_parameters();
  for (const auto& part : parts) {
    const auto flat = parameters[part.name].grad().contiguous();
    out.gradient.insert(out.gradient.end(), flat.data_ptr<double>(), flat.data_ptr<double>() + flat.numel());
  }
  return out;
}

} // namespace coldvigil
