#include "model/shape_training.hpp"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace coldvigil {
namespace {

/// The network as Torch trains it. The same function as `fold`, but for the memory's rounding.
struct trainable : torch::nn::Module {
  torch::nn::LSTM memory{nullptr};
  torch::nn::Linear output{nullptr};

  trainable() {
    constexpr auto inputs = static_cast<std::int64_t>(shape_inputs), cells = static_cast<std::int64_t>(shape_cells);
    memory = register_module("memory", torch::nn::LSTM{torch::nn::LSTMOptions{inputs, cells}});
    output = register_module("output", torch::nn::Linear{cells, 1});
  }
  /// steps x stretches x inputs to steps x stretches.
  at::Tensor forward(const at::Tensor& steps) {
    return output->forward(std::get<0>(memory->forward(steps))).squeeze(-1);
  }
};

struct stretch_batch {
  at::Tensor steps, faulty, counts; ///< steps x stretches (x inputs)
};

/// Draws stretches: half of them anywhere in a course, half, where it has faults, around the beginning or end of one.
class stretch_draw {
 public:
  stretch_draw(const std::vector<labelled_course>& courses, const shape_training_options& options)
      : options_{options}, random_{options.seed} {
    std::vector<double> shares;
    for (const labelled_course& each : courses) {
      if (each.steps.size() < options.stretch) continue;
      courses_.push_back(&each);
      shares.push_back(each.share);
      auto& changes = changes_.emplace_back();
      for (std::size_t i = 1; i < each.labels.size(); ++i)
        if (each.labels[i] != each.labels[i - 1]) changes.push_back(i);
    }
    if (!shares.empty()) which_ = std::discrete_distribution<std::size_t>(shares.begin(), shares.end());
  }
  [[nodiscard]] bool empty() const { return courses_.empty(); }

  stretch_batch next() {
    const auto steps = static_cast<std::int64_t>(options_.stretch), count = static_cast<std::int64_t>(options_.batch);
    stretch_batch out{at::empty({steps, count, static_cast<std::int64_t>(shape_inputs)}), at::zeros({steps, count}),
                      at::zeros({steps, count})};
    float* input = out.steps.data_ptr<float>();
    float* faulty = out.faulty.data_ptr<float>();
    float* counts = out.counts.data_ptr<float>();
    for (std::size_t n = 0; n < options_.batch; ++n) {
      const std::size_t which = which_(random_);
      const labelled_course& course = *courses_[which];
      const std::size_t from = begin_in(course, changes_[which]);
      const otherness made = another_maker();
      for (std::size_t i = 0; i < options_.stretch; ++i) {
        const std::size_t place = i * options_.batch + n;
        for (std::size_t k = 0; k < shape_inputs; ++k)
          input[place * shape_inputs + k] = near(made.times[k] * course.steps[from + i][k] + made.plus[k]);
        const shape_label label = course.labels[from + i];
        faulty[place] = label == shape_label::faulty ? 1.0F : 0.0F;
        counts[place] = label == shape_label::unknown || i < options_.warm_up ? 0.0F : 1.0F;
      }
    }
    return out;
  }

 private:
  struct otherness {
    shape_input times, plus;
  };
  otherness another_maker() {
    std::normal_distribution<float> gauss;
    otherness out;
    for (std::size_t k = 0; k < shape_inputs; ++k) {
      out.times[k] = std::exp(options_.stretching * gauss(random_));
      out.plus[k] = options_.shifting * gauss(random_);
    }
    return out;
  }
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_() % bound); }
  std::size_t begin_in(const labelled_course& course, const std::vector<std::size_t>& changes) {
    const std::size_t last = course.steps.size() - options_.stretch;
    if (changes.empty() || random_() % 2 == 0) return below(last + 1);
    const std::size_t change = changes[below(changes.size())], back = below(options_.stretch);
    return std::min(change - std::min(change, back), last);
  }

  shape_training_options options_;
  std::mt19937_64 random_;
  std::vector<const labelled_course*> courses_;
  std::vector<std::vector<std::size_t>> changes_;
  std::discrete_distribution<std::size_t> which_;
};

double learn(trainable& network, torch::optim::Adam& optimizer, const stretch_batch& batch) {
  optimizer.zero_grad();
  const auto each =
      at::binary_cross_entropy_with_logits(network.forward(batch.steps), batch.faulty, {}, {}, at::Reduction::None);
  auto loss = (each * batch.counts).sum() / batch.counts.sum().clamp_min(1);
  loss.backward();
  torch::nn::utils::clip_grad_norm_(network.parameters(), 1.0);
  optimizer.step();
  return loss.item<double>();
}

/// Torch has its gates in the order i, f, g, o, row by row; here all that one input does stands together.
shape_gates gates_of(const at::Tensor& matrix, std::size_t column) {
  constexpr std::array<std::size_t, 4> order{0, 1, 3, 2};
  const auto values = matrix.accessor<float, 2>();
  shape_gates out;
  for (std::size_t gate = 0; gate < order.size(); ++gate)
    for (std::size_t i = 0; i < shape_cells; ++i)
      out[gate * shape_cells + i] =
          values[static_cast<std::int64_t>(order[gate] * shape_cells + i)][static_cast<std::int64_t>(column)];
  return out;
}

shape_network network_of(trainable& from) {
  const torch::NoGradGuard none;
  const auto all = from.named_parameters();
  const auto part = [&all](const char* name) { return all[name].detach().contiguous(); };
  shape_network out;
  for (std::size_t i = 0; i < shape_inputs; ++i)
    out.input[i] = gates_of(part("memory.weight_ih_l0"), i);
  for (std::size_t i = 0; i < shape_cells; ++i)
    out.hidden[i] = gates_of(part("memory.weight_hh_l0"), i);
  out.bias = gates_of((part("memory.bias_ih_l0") + part("memory.bias_hh_l0")).unsqueeze(1), 0);
  const auto output = part("output.weight");
  std::copy_n(output.data_ptr<float>(), shape_cells, out.output.begin());
  out.output_bias = part("output.bias").item<float>();
  return out;
}

} // namespace

shape_network train_shapes(const std::vector<labelled_course>& courses, const shape_training_options& options,
                           const shape_progress& progress) {
  torch::manual_seed(options.seed);
  trainable network;
  torch::optim::Adam optimizer{network.parameters(), torch::optim::AdamOptions{options.rate}};
  stretch_draw draw{courses, options};
  double sum = 0;
  const std::size_t often = std::max<std::size_t>(options.rounds / 100, 1);
  for (std::size_t round = 0; round < options.rounds && !draw.empty(); ++round) {
    const double done = static_cast<double>(round) / static_cast<double>(options.rounds);
    const double falling = 0.02 + 0.98 * 0.5 * (1 + std::cos(std::acos(-1.0) * done));
    static_cast<torch::optim::AdamOptions&>(optimizer.param_groups()[0].options()).lr(options.rate * falling);
    sum += learn(network, optimizer, draw.next());
    if ((round + 1) % often != 0) continue;
    progress(done, sum / static_cast<double>(often));
    sum = 0;
  }
  return network_of(network);
}

} // namespace coldvigil
