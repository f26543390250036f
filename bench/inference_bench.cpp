// Windows a second of the autoencoder by batch size, next to a plain torch::nn::LSTM autoencoder of the same shape.
//
//   inference_bench [SECONDS_PER_MEASUREMENT]
//
// One thread for both. The plain one is what a user would write: two torch::nn::LSTM and a Linear, in inference mode.
#include "model/autoencoder.hpp"
#include "model/default_model.hpp"
#include "model/unit_memory.hpp"

#include <torch/torch.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

namespace {

using namespace coldvigil;

struct plain_autoencoder : torch::nn::Module {
  torch::nn::LSTM encoder, decoder;
  torch::nn::Linear output;

  explicit plain_autoencoder(std::int64_t hidden)
      : encoder{register_module("encoder", torch::nn::LSTM{torch::nn::LSTMOptions{1, hidden}.batch_first(true)})},
        decoder{register_module("decoder", torch::nn::LSTM{torch::nn::LSTMOptions{hidden, hidden}.batch_first(true)})},
        output{register_module("output", torch::nn::Linear{hidden, 1})} {}

  at::Tensor forward(const at::Tensor& windows) {
    const auto latent = std::get<0>(std::get<1>(encoder->forward(windows)));
    const auto fed = latent.squeeze(0).unsqueeze(1).expand({windows.size(0), windows.size(1), latent.size(2)});
    const auto made = std::get<0>(decoder->forward(fed, std::make_tuple(latent, at::zeros_like(latent))));
    return output->forward(made).squeeze(-1).flip(1);
  }
};

/// Microseconds a window: the best of many calls within the time given, after a warm-up.
template <class Call> double microseconds_a_window(std::size_t batch, double seconds, Call&& call) {
  using steady = std::chrono::steady_clock;
  for (int i = 0; i < 3; ++i)
    call();
  const auto begin = steady::now();
  double best = 1e9;
  while (std::chrono::duration<double>(steady::now() - begin).count() < seconds) {
    const auto before = steady::now();
    call();
    best = std::min(best, std::chrono::duration<double>(steady::now() - before).count());
  }
  return best * 1e6 / static_cast<double>(batch);
}

} // namespace

int main(int argc, char** argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 2.0;
  const auto shipped = read_model(default_model(), "the shipped model");
  if (!shipped.ok()) {
    std::fprintf(stderr, "%s\n", shipped.error().text().c_str());
    return 1;
  }
  autoencoder ours{shipped->weights};
  const c10::InferenceMode inference;
  plain_autoencoder plain{static_cast<std::int64_t>(shipped->weights.hidden)};
  std::mt19937_64 random{1};
  std::normal_distribution<float> gauss;

  std::printf("window %zu, hidden %zu, one thread\n", shipped->weights.window, shipped->weights.hidden);
  std::printf("%6s %14s %14s %18s %14s %8s\n", "batch", "us a window", "windows/s", "torch::nn::LSTM us", "windows/s",
              "times");
  for (const std::size_t batch : {1U, 8U, 64U, 512U}) {
    std::vector<float> windows(batch * window_length);
    for (float& value : windows)
      value = gauss(random);
    std::vector<float> made(windows.size());
    const auto tensor = at::from_blob(
        windows.data(), {static_cast<std::int64_t>(batch), static_cast<std::int64_t>(window_length), 1}, at::kFloat);
    const double us = microseconds_a_window(batch, seconds, [&] { ours.reconstruct(windows, made); });
    const double plain_us = microseconds_a_window(batch, seconds, [&] { plain.forward(tensor); });
    std::printf("%6zu %14.2f %14.0f %18.2f %14.0f %8.2f\n", batch, us, 1e6 / us, plain_us, 1e6 / plain_us,
                plain_us / us);
  }
  return 0;
}
