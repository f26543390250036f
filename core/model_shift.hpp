#pragma once
// From one model version to the next at an event time: both move over every reading, the old one judges what was
// measured before that time, the new one the rest. Pure.

#include "core/detection.hpp"

#include <span>
#include <vector>

namespace coldvigil {

struct model_shift {
  std::uint16_t from = 0, to = 0; ///< numbers of the versions
  timestamp at{};                 ///< event time from which the new one judges
};

/// A unit's state that holds the memories of two versions, or one version's alone.
[[nodiscard]] detector_state joined(const model_shift& over, const detector_state& before, const detector_state& after);
[[nodiscard]] bool holds_two(const detector_state& state);
/// The part of version `number`; of a state that knows no such version, its newest: detectors start anew themselves
/// from what they cannot read.
[[nodiscard]] detector_state part_of(const detector_state& whole, std::uint16_t number);

/// The same requests with the part of one version.
[[nodiscard]] std::vector<detect_request> parts_of(std::span<const detect_request> requests, std::uint16_t number);
/// One answer of two: verdicts by the event time of their readings, each with the number of its version.
[[nodiscard]] detect_answer merged(const model_shift& over, const detect_request& asked, detect_answer&& before,
                                   detect_answer&& after);

} // namespace coldvigil
