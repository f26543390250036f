#pragma once
// What the window detector remembers of one unit: the last readings and a robust, forgetting location and scale.
// Plain data, O(1) a reading, no allocation. Everything the score depends on is in it, to the last bit.

#include "core/detection.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace coldvigil {

/// Readings a window holds.
inline constexpr std::size_t window_length = 32;

/// How the memory learns. Part of a model: changing any of these makes states of other meaning.
struct memory_rules {
  double forgetting_s = 3.0 * 86400; ///< time constant of location and scale
  double scale_floor = 0.15;         ///< K; a quiet sensor must not cry wolf
  double warm_span_s = 3600;         ///< observed time before there is a scale
  std::uint32_t warm_readings = 48;  ///< and readings
  double youth_s = 2.0 * 3600;       ///< the scale is widened by 1 + this / observed time
  double outlier = 4;                ///< a reading moves location and scale as if it were at most so many scales away
  double gap_factor = 6;             ///< a gap of more than so many usual spacings restarts the window,
  double gap_least_s = 1800;         ///< but never a shorter one than this
  double longest_step_s = 3600;      ///< a reading speaks for at most so much time
};

/// Location and scale in °C.
struct normalisation {
  double location = 0;
  double scale = 1;
  friend bool operator==(const normalisation&, const normalisation&) = default;
};

class unit_memory {
 public:
  explicit unit_memory(std::uint64_t model_tag) : tag_{model_tag} {}

  /// Folds in a reading newer than all before. One that is not newer changes nothing and gives false.
  bool add(timestamp at, milli_celsius value, const memory_rules& rules);

  [[nodiscard]] bool window_full() const { return count_ == window_length; }
  /// Window full and scale known: the newest reading can be scored.
  [[nodiscard]] bool ready(const memory_rules& rules) const;
  /// Nothing until enough was seen to know the unit's scale.
  [[nodiscard]] std::optional<normalisation> scale(const memory_rules& rules) const;
  /// The last readings, oldest first; fewer than window_length while warming.
  [[nodiscard]] std::span<const milli_celsius> window() const { return {window_.data(), count_}; }

  /// Fixed layout, little endian, with a check sum. `model` stays 0: the caller numbers model versions.
  void save(detector_state& into) const;
  /// Nothing when the bytes are damaged or another model's: the unit starts anew.
  static std::optional<unit_memory> load(const detector_state& from, std::uint64_t model_tag);
  static constexpr std::size_t byte_size = 6 * 8 + 8 + window_length * 4 + 8;

 private:
  void learn(double celsius, double step_s, const memory_rules& rules);

  std::uint64_t tag_;
  std::int64_t last_ms_ = 0;
  double location_ = 0;  ///< °C
  double deviation_ = 0; ///< mean absolute deviation, K
  double observed_s_ = 0;
  double spacing_s_ = 0; ///< usual time between readings; 0 = not known
  std::uint32_t seen_ = 0;
  std::uint32_t count_ = 0;
  std::array<milli_celsius, window_length> window_{};
};

/// The window in units of the scale, limited to +-far_value so that nothing overflows on its way.
inline constexpr float far_value = 50;
void normalise(std::span<const milli_celsius> window, const normalisation& by, std::span<float> into);

} // namespace coldvigil
