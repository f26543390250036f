#pragma once
// A unit's course as the bytes of a detector_state: tag and version, the plain data, a check sum.

#include "core/detection.hpp"
#include "model/unit_course.hpp"

#include <optional>

namespace coldvigil {

inline constexpr std::size_t course_state_bytes = 8 + sizeof(unit_course) + 8;

/// `into.model` stays as it is: the caller numbers model versions.
void save_course(const unit_course& course, detector_state& into);
/// Nothing when the bytes are damaged, of another version or another detector's: the unit starts anew.
[[nodiscard]] std::optional<unit_course> load_course(const detector_state& from);

} // namespace coldvigil
