#pragma once
// A change of the model, committed before it is in force.

#include "core/commit.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <span>
#include <string>

namespace coldvigil {

struct model_activation {
  std::uint16_t number = 0; ///< of the version, as readings carry it
  std::string version;      ///< where its file is
  timestamp from{};         ///< event time: what is measured from then on is judged by it
  timestamp at{};           ///< wall clock
  std::string who;          ///< a person, or the part of the program
  friend bool operator==(const model_activation&, const model_activation&) = default;
};

/// By which of them readings measured at `at` are judged; they come newest first. One that still warmed up when the
/// next one was made gave way to it. Null = by what judged before the first of them.
[[nodiscard]] const model_activation* judging_at(std::span<const model_activation> newest_first, timestamp at);

/// The audit entry of it; `model` is the file's own name.
[[nodiscard]] audit_entry audit_of(const model_activation& what, const std::string& model, const std::string& reason);

} // namespace coldvigil
