#pragma once
// Area under the precision-recall curve of scores of any number of readings, in fixed memory.

#include <array>
#include <cstddef>
#include <cstdint>

namespace coldvigil {

/// Scores fall into bins of 1.2 % width from 1e-4 to 1e4; what lies in one bin is not ranked.
class precision_recall {
 public:
  /// A score that is not finite and positive counts as the lowest.
  void add(double score, bool positive);
  /// Average precision; 0 when nothing was positive.
  [[nodiscard]] double area() const;
  /// Share of the positive ones: what a random score reaches.
  [[nodiscard]] double base_rate() const;

 private:
  static constexpr std::size_t bins = 1536;
  std::array<std::uint64_t, bins> positive_{}, all_{};
};

} // namespace coldvigil
