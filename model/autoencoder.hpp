#pragma once
// The LSTM autoencoder's forward pass (LibTorch behind it), for many windows at once.
//
// The encoder reads a window, its last hidden state is the latent; the decoder starts from the latent, is fed it at
// every step and writes the window newest reading first. Windows are computed in blocks of one fixed size, filled up
// with zeros, so the same kernels run whatever else is in the batch: a window's answer never depends on its company.

#include "model/model_file.hpp"

#include <memory>
#include <span>

namespace coldvigil {

/// Torch and BLAS compute on the calling thread only, from now on and in the whole process. Called by whatever starts
/// Torch; calling it again does nothing.
void compute_on_one_thread();

/// Belongs to one thread at a time.
class autoencoder {
 public:
  static constexpr std::size_t block = 64; ///< windows computed together
  static constexpr float widest_input = 8; ///< the network sees values limited to +- this

  explicit autoencoder(const autoencoder_weights& weights);
  ~autoencoder();

  /// Normalised windows one after the other, oldest value first, to their reconstructions in the same order. Finite
  /// values in, finite values out. Both spans hold a whole number of windows, the same.
  void reconstruct(std::span<const float> windows, std::span<float> reconstructed);

 private:
  struct network;
  std::unique_ptr<network> network_;
};

} // namespace coldvigil
