#pragma once
// A unit's sliding window: its newest judged readings in event order, packed to 20 B each. One million units hold one
// each, so size matters; everything a reading is, is kept.

#include "core/reading.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace coldvigil {

class unit_window {
 public:
  /// The longest span between the oldest and the newest reading that a window can hold (2^32 ms, 49 days).
  static constexpr millis max_span{0xFFFF'FFFFll};

  [[nodiscard]] bool empty() const { return slots_.empty(); }
  [[nodiscard]] std::size_t size() const { return slots_.size(); }
  [[nodiscard]] judged_reading at(std::size_t index) const;
  [[nodiscard]] timestamp time_at(std::size_t index) const { return base_ + millis{slots_[index].offset_ms}; }
  [[nodiscard]] judged_reading back() const { return at(size() - 1); }
  /// The reading measured at exactly this time.
  [[nodiscard]] std::optional<judged_reading> find(timestamp when) const;
  /// Index of the first reading at or after `when`; size() when there is none.
  [[nodiscard]] std::size_t first_at_or_after(timestamp when) const;
  /// Copies of the readings from an index on.
  [[nodiscard]] std::vector<judged_reading> from(std::size_t index) const;

  /// The reading is newer than all others, and not farther than max_span from the oldest.
  void append(const judged_reading& reading);
  /// Removes every reading at or after `when`.
  void cut_from(timestamp when);
  /// Takes every reading up to and including `when` out of the window.
  std::vector<judged_reading> take_through(timestamp when);

  [[nodiscard]] std::size_t heap_bytes() const {
    return slots_.capacity() * sizeof(slot) + insights_.capacity() * sizeof(noted);
  }

 private:
  struct slot {
    std::uint32_t offset_ms;
    milli_celsius value;
    float score;
    float error;
    std::uint16_t model;
    std::uint8_t flags; ///< score state in bits 0-1, scale in bits 2-3, history in bit 4
    std::uint8_t sensor;
  };
  static_assert(sizeof(slot) == 20);
  /// The few readings that have an insight.
  struct noted {
    std::uint32_t offset_ms;
    insight why;
  };
  [[nodiscard]] insight insight_at(std::uint32_t offset_ms) const;

  timestamp base_{};
  std::vector<slot> slots_;
  std::vector<noted> insights_; ///< by offset
};

} // namespace coldvigil
