#pragma once
// The port to a detector. Belongs to one thread (the inference actor's). No exception leaves it, no Torch type shows.

#include "core/detection.hpp"
#include "core/result.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>

namespace coldvigil {

struct model_info {
  std::string name;       ///< e.g. "lstm-ae-2026.11"
  std::string sha256_hex; ///< of the file
  std::size_t window = 0; ///< readings a window holds
  double threshold = 0;   ///< of the reconstruction error, normalised units
  std::string trained_on; ///< what data, which span, which seed: for people
};

/// The six fields of the reference's POST /predict.
struct prediction {
  double temperature = 0; ///< °C
  double reconstruction_error = 0;
  bool raw_anomaly = false;       ///< the error is over the threshold
  bool persistence_alert = false; ///< it and the N-1 windows before it are over the threshold
  bool bounds_breach = false;     ///< strictly outside the limits
  bool hybrid_alert = false;      ///< either
};

class detector {
 public:
  virtual ~detector() = default;
  [[nodiscard]] virtual const model_info& info() const = 0;

  /// Moves each unit's state over its samples and gives a verdict for every wanted one. The answers do not depend on
  /// which requests are batched together. A state of another model, or a damaged one, starts anew (warming).
  /// `model` of the answers' states is left as it came in; the caller numbers model versions.
  /// The states are taken out of the requests, so that none is copied; the samples and limits stay as they are.
  virtual std::vector<detect_answer> step(std::span<detect_request> requests) = 0;

  /// Reconstruction errors cost more than scores: under overload the caller does without them first. Until told
  /// otherwise `step` gives them.
  virtual void give_errors(bool) {}

  /// The window in the state and its reconstruction; a failure when the state holds no full window.
  virtual result<reconstruction> reconstruct(const detector_state& state) = 0;

  /// The state-free check of the reference: `values` in event order (°C), the last one is judged; shorter than a window
  /// it is filled up with its first value. With a state, the values follow the state's own window and normalisation;
  /// without, the scale is taken from the band low..high. `consecutive` = N of the persistence rule.
  virtual result<prediction> predict(std::span<const double> values, double low, double high, std::size_t consecutive,
                                     const detector_state* state) = 0;
};

/// What a step begins with: the requests' states, and no score yet for any sample.
[[nodiscard]] std::vector<detect_answer> take_states(std::span<detect_request> requests);

/// Loads a model file (own format, nothing in it is executed). A damaged or foreign file is a failure that says why.
result<std::unique_ptr<detector>> load_detector(const std::string& path);
/// The same from bytes: the model that ships in the binary.
result<std::unique_ptr<detector>> load_detector_bytes(std::span<const std::byte> bytes, const std::string& where);

} // namespace coldvigil
