#pragma once
// A trained model and its file (".cvm"): magic, version, a JSON header, raw little-endian floats, SHA-256. Nothing in a
// file is executed; whatever does not fit is refused with a reason. No Torch type shows.

#include "core/result.hpp"
#include "core/tail_fit.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace coldvigil {

/// The LSTM autoencoder's numbers. Gate order i, f, g, o; matrices row by row; biases of input and recurrence added.
struct autoencoder_weights {
  std::size_t window = 0;
  std::size_t hidden = 0;
  std::vector<float> encoder_input;     ///< 4h
  std::vector<float> encoder_recurrent; ///< 4h x h
  std::vector<float> encoder_bias;      ///< 4h
  std::vector<float> decoder_input;     ///< 4h x h, applied to the latent at every step
  std::vector<float> decoder_recurrent; ///< 4h x h
  std::vector<float> decoder_bias;      ///< 4h
  std::vector<float> output;            ///< h
  std::vector<float> output_bias;       ///< 1
  friend bool operator==(const autoencoder_weights&, const autoencoder_weights&) = default;
};

/// Every array at the size that window and hidden ask for, all zero.
[[nodiscard]] autoencoder_weights empty_weights(std::size_t window, std::size_t hidden);
/// The arrays in the order of the file.
[[nodiscard]] std::vector<std::vector<float>*> arrays_of(autoencoder_weights& weights);
[[nodiscard]] std::vector<const std::vector<float>*> arrays_of(const autoencoder_weights& weights);

struct model_file {
  std::string name;       ///< "lstm-ae-SEED-..."
  std::string trained_on; ///< data, span: for people
  std::string made_with;  ///< code version
  std::uint64_t seed = 0;
  double threshold = 0;      ///< of the mean absolute error of a normalised window; above it is anomalous
  double quantile = 0;       ///< of the held-out healthy errors that the threshold is
  double held_out_loss = 0;  ///< training loss on the held-out units
  double held_out_error = 0; ///< mean absolute error on the held-out units' windows
  std::uint64_t training_windows = 0, held_out_windows = 0;
  /// Of the course scores of the fleet that it was calibrated on, 1 is the threshold that ships; nothing = the usual
  /// one. What the operator's budget means follows from it.
  std::optional<tail_fit> tail{};
  std::string calibrated_on;            ///< data, span: for people; empty = never
  std::vector<std::string> customers{}; ///< whose readings, by their leave, it was trained or calibrated on
  autoencoder_weights weights;
  friend bool operator==(const model_file&, const model_file&) = default;
};

inline constexpr std::size_t largest_model_file = 1 << 20; ///< bytes
inline constexpr std::size_t largest_hidden = 128;

[[nodiscard]] result<std::vector<std::byte>> write_model(const model_file& model);
/// `where` names the source in failures.
[[nodiscard]] result<model_file> read_model(std::span<const std::byte> bytes, const std::string& where);
/// Lower-case SHA-256 of the bytes, as `sha256sum` shows it.
[[nodiscard]] std::string sha256_hex(std::span<const std::byte> bytes);

/// On disk, as core/plain_file reads and replaces.
[[nodiscard]] status save_model(const model_file& model, const std::string& path);
[[nodiscard]] result<std::vector<std::byte>> read_model_bytes(const std::string& path);

} // namespace coldvigil
