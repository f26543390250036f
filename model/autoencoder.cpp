#include "model/autoencoder.hpp"

#include "model/lane_gates.hpp"
#include "model/lane_product.hpp"

#include <torch/torch.h>

#include <algorithm>
#include <dlfcn.h>
#include <mutex>

namespace coldvigil {
namespace {

constexpr auto lanes = static_cast<std::int64_t>(autoencoder::block);
static_assert(autoencoder::block == product_lanes);

at::Tensor matrix(const std::vector<float>& values, std::size_t columns) {
  const auto wide = static_cast<std::int64_t>(columns);
  return at::from_blob(const_cast<float*>(values.data()), {static_cast<std::int64_t>(values.size()) / wide, wide},
                       at::kFloat)
      .clone();
}

/// Gate rows i, f, g, o to i, f, o, g: the three sigmoids side by side.
at::Tensor sigmoids_first(const at::Tensor& gates) {
  const auto parts = gates.chunk(4, 0);
  return at::cat({parts[0], parts[1], parts[3], parts[2]}, 0).contiguous();
}

/// out = start + weights x input; all contiguous.
void product(const at::Tensor& weights, const at::Tensor& input, const at::Tensor* start, at::Tensor& out) {
  lane_product(weights.data_ptr<float>(), static_cast<std::size_t>(weights.size(0)),
               static_cast<std::size_t>(weights.size(1)), input.data_ptr<float>(),
               start ? start->data_ptr<float>() : nullptr, out.data_ptr<float>());
}

} // namespace

void compute_on_one_thread() {
  static std::once_flag once;
  std::call_once(once, [] {
    at::set_num_threads(1);
    try {
      at::set_num_interop_threads(1);
    } catch (const std::exception&) {
      // Somebody has started Torch's pool before; it is idle unless asked.
    }
    // Whichever BLAS the system has chosen; only OpenBLAS has threads of its own to stop.
    using set_threads = void (*)(int);
    if (void* found = ::dlsym(RTLD_DEFAULT, "openblas_set_num_threads")) reinterpret_cast<set_threads>(found)(1);
  });
}

/// Everything is laid out feature by feature, a block's windows side by side, in tensors made once.
struct autoencoder::network {
  std::int64_t steps, hidden;
  at::Tensor encoder, decoder, decoder_input, decoder_bias, output; // weights
  std::vector<float> output_weights;
  float output_bias;
  at::Tensor gates, constant_gates, cell;
  at::Tensor encoder_state, encoder_hidden; // [hidden, value, one] x lanes
  float* encoder_value;
  at::Tensor history;              // steps x hidden x lanes
  std::vector<at::Tensor> decoded; // views into history

  explicit network(const autoencoder_weights& w)
      : steps{static_cast<std::int64_t>(w.window)}, hidden{static_cast<std::int64_t>(w.hidden)},
        output_weights{w.output}, output_bias{w.output_bias.at(0)} {
    encoder = sigmoids_first(
        at::cat({matrix(w.encoder_recurrent, w.hidden), matrix(w.encoder_input, 1), matrix(w.encoder_bias, 1)}, 1));
    decoder = sigmoids_first(matrix(w.decoder_recurrent, w.hidden));
    decoder_input = sigmoids_first(matrix(w.decoder_input, w.hidden));
    decoder_bias = sigmoids_first(matrix(w.decoder_bias, 1)).expand({4 * hidden, lanes}).contiguous();
    gates = at::zeros({4 * hidden, lanes});
    constant_gates = at::zeros({4 * hidden, lanes});
    cell = at::zeros({hidden, lanes});
    encoder_state = at::zeros({hidden + 2, lanes});
    encoder_state.narrow(0, hidden + 1, 1).fill_(1);
    encoder_hidden = encoder_state.narrow(0, 0, hidden);
    encoder_value = encoder_state.data_ptr<float>() + hidden * lanes;
    history = at::zeros({steps, hidden, lanes});
    for (std::int64_t step = 0; step < steps; ++step)
      decoded.push_back(history.select(0, step));
  }

  /// From the summed gates to the new cell and hidden state.
  void finish_step(at::Tensor& hidden_out) {
    lane_gates(gates.data_ptr<float>(), static_cast<std::size_t>(hidden), cell.data_ptr<float>(),
               hidden_out.data_ptr<float>());
  }

  void encode(std::span<const float> windows, std::size_t count) {
    encoder_hidden.zero_();
    cell.zero_();
    for (std::int64_t step = 0; step < steps; ++step) {
      for (std::size_t lane = 0; lane < block; ++lane) {
        const float value =
            lane < count ? windows[lane * static_cast<std::size_t>(steps) + static_cast<std::size_t>(step)] : 0.0F;
        encoder_value[lane] = std::clamp(value, -widest_input, widest_input);
      }
      product(encoder, encoder_state, nullptr, gates);
      finish_step(encoder_hidden);
    }
  }

  void decode() {
    product(decoder_input, encoder_hidden, &decoder_bias, constant_gates);
    cell.zero_();
    const at::Tensor* before = &encoder_hidden;
    for (std::int64_t step = 0; step < steps; ++step) {
      auto& now = decoded[static_cast<std::size_t>(step)];
      product(decoder, *before, &constant_gates, gates);
      finish_step(now);
      before = &now;
    }
  }

  /// The decoder's first step is the window's newest value.
  void write(std::span<float> out, std::size_t count) const {
    const float* values = history.data_ptr<float>();
    const auto length = static_cast<std::size_t>(steps);
    std::array<float, block> sums{};
    for (std::size_t step = 0; step < length; ++step) {
      sums.fill(output_bias);
      for (const float weight : output_weights) {
        for (std::size_t lane = 0; lane < block; ++lane)
          sums[lane] += weight * values[lane];
        values += block;
      }
      for (std::size_t lane = 0; lane < count; ++lane)
        out[lane * length + length - 1 - step] = sums[lane];
    }
  }
};

autoencoder::autoencoder(const autoencoder_weights& weights) {
  compute_on_one_thread();
  const c10::InferenceMode inference;
  network_ = std::make_unique<network>(weights);
}

autoencoder::~autoencoder() = default;

void autoencoder::reconstruct(std::span<const float> windows, std::span<float> reconstructed) {
  const c10::InferenceMode inference;
  const auto length = static_cast<std::size_t>(network_->steps);
  const std::size_t count = windows.size() / length;
  for (std::size_t first = 0; first < count; first += block) {
    const std::size_t part = std::min(block, count - first);
    network_->encode(windows.subspan(first * length, part * length), part);
    network_->decode();
    network_->write(reconstructed.subspan(first * length, part * length), part);
  }
}

} // namespace coldvigil
