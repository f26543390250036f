#pragma once
// Puts a unit's readings into time order within a bounded window.

#include "core/reading.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace coldvigil {

struct ordered_reading {
  timestamp at{};
  std::optional<milli_celsius> value{};
};

struct reorder_counts {
  std::uint64_t moved = 0;    ///< came after a later one and were put in their place
  std::uint64_t late = 0;     ///< older than the window holds: left out
  std::uint64_t far_off = 0;  ///< stand apart from all others (evaluation/readings_span): left out
  std::uint64_t repeated = 0; ///< same time as one before: the first stands, but a value replaces an empty one
};

/// Readings that a unit is held back by where nobody says otherwise.
inline constexpr std::size_t usual_reorder_window = 64;

/// Holds back the newest `window` readings of one unit. Memory: 16 bytes each.
class reorder_window {
 public:
  explicit reorder_window(std::size_t window) : window_(window) {}

  /// Takes one in; gives the oldest when more than `window` are held back.
  std::optional<ordered_reading> add(const ordered_reading& one, reorder_counts& counts);
  /// The oldest that is held back; nothing when all have been given.
  std::optional<ordered_reading> flush();

 private:
  std::size_t window_;
  std::vector<ordered_reading> held_; ///< in time order
  std::optional<timestamp> given_to_{};
};

} // namespace coldvigil
