#pragma once
// Two detectors of one unit behind one port: the course of its own decides the score, the autoencoder beside it gives
// the reconstruction error, the picture of a window and the predictions, and the score of a unit's first day.

#include "model/detector.hpp"

#include <memory>

namespace coldvigil {

/// The state is the one's and the other's; a state of any other shape starts both anew.
[[nodiscard]] std::unique_ptr<detector> pair_detectors(std::unique_ptr<detector> course,
                                                       std::unique_ptr<detector> autoencoder);

/// What a model file stands for: its autoencoder, and the course score with the threshold that its calibration gives
/// for so many false alarms a unit-month.
[[nodiscard]] result<std::unique_ptr<detector>> load_pair(std::span<const std::byte> file, const std::string& where,
                                                          double budget);

} // namespace coldvigil
