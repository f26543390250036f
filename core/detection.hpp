#pragma once
// What passes between a unit and its detector: plain data, no Torch.

#include "core/reading.hpp"
#include "core/temperature.hpp"
#include "core/time.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace coldvigil {

/// A detector's memory of one unit. Opaque to everybody but the detector that made it; empty = a unit never seen.
struct detector_state {
  std::uint16_t model = 0; ///< number of the model version that wrote the bytes
  timestamp as_of{};       ///< newest reading folded in; meaningless while `bytes` is empty
  std::vector<std::byte> bytes{};
  friend bool operator==(const detector_state&, const detector_state&) = default;
};

/// One reading for the detector. Those not wanted only move the state on (they are judged and committed already).
struct detect_sample {
  timestamp at;
  milli_celsius value = 0;
  bool wanted = true;
};

/// The limits whose breach is looked out for.
struct watched_limits {
  std::optional<milli_celsius> low{}, high{};
};

/// A run of a unit's readings in event order, all newer than the state.
struct detect_request {
  detector_state state;
  std::vector<detect_sample> samples;
  std::optional<milli_celsius> low{}, high{}; ///< for the time to their breach
};

/// Score 1.0 is the model's threshold; NaN unless `state` is scored.
struct verdict {
  float score = std::numeric_limits<float>::quiet_NaN();
  score_state state = score_state::no_model;
  float error = std::numeric_limits<float>::quiet_NaN(); ///< of the reconstruction; NaN when it was not computed
  insight why{};
  /// °C that are usual for this unit at this time of day, and how far its clean readings stray from that; NaN when it
  /// does not know itself yet.
  float usual = std::numeric_limits<float>::quiet_NaN(), strays = std::numeric_limits<float>::quiet_NaN();
  std::uint16_t model = 0; ///< version that gave it, when that is another one than the state's
};

/// One verdict a sample, in order (those not wanted carry no meaning), and the state after the last sample.
struct detect_answer {
  detector_state state;
  std::vector<verdict> verdicts;
};

/// The window behind a unit's newest score and what the model made of it: a picture that explains an alarm.
struct reconstruction {
  std::vector<milli_celsius> actual;
  std::vector<milli_celsius> reconstructed;
  double error = 0;     ///< mean absolute error in the unit's own scale (normalised)
  double threshold = 0; ///< of the same error
};

} // namespace coldvigil
