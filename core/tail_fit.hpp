#pragma once
// From a budget of false alarms to a threshold: peaks over threshold (generalised Pareto tail) on the highest score of
// every six hours of every unit of a fleet. Readings are no independent draws, blocks nearly are; a single unit has too
// few of them, so the tail is the fleet's.

#include "core/time.hpp"

#include <cstdint>
#include <optional>
#include <random>
#include <vector>

namespace coldvigil {

inline constexpr millis maxima_block = std::chrono::hours{6};
/// Blocks of a unit-month of 30 days.
inline constexpr double blocks_a_month = 120;
/// Fewer say nothing about a tail: five unit-months.
inline constexpr std::size_t least_blocks = 600;

/// Excesses over `level`, which the share `over` of the blocks exceeds, follow a generalised Pareto distribution.
struct tail_fit {
  double level = 0, over = 0;
  double shape = 0, scale = 0;
  std::size_t blocks = 0;
  friend bool operator==(const tail_fit&, const tail_fit&) = default;

  /// The score that a block exceeds with this probability.
  [[nodiscard]] double exceeded_with(double probability) const;
  /// The threshold for so many false alarms a unit-month.
  [[nodiscard]] double threshold(double budget) const { return exceeded_with(budget / blocks_a_month); }
};

/// From the maxima of all blocks, and those of them that are peaks: not lower than the blocks beside them. What lasts
/// for days is one excess then and not many. Nothing when there are fewer than least_blocks, or no score differs from
/// another.
[[nodiscard]] std::optional<tail_fit> fit_tail(std::vector<double> maxima, std::vector<double> peaks);

/// The maxima of one unit's blocks, in one pass.
class block_maximum {
 public:
  struct ended {
    double maximum = 0;           ///< of the block that has ended
    std::optional<double> peak{}; ///< the maximum of the one before it, when that was a peak
  };
  /// A block that this reading has ended.
  std::optional<ended> add(timestamp at, double score);

 private:
  struct block {
    std::int64_t number = -2;
    double highest = 0;
  };
  block now_, before_, first_; ///< the present one and the two before it
};

/// At most so many of any number of values, each as likely as any other.
class value_sample {
 public:
  explicit value_sample(std::size_t most = 2'000'000) : most_(most) {}
  void add(double value);
  [[nodiscard]] std::vector<double> take() { return std::move(values_); }

 private:
  std::size_t most_;
  std::uint64_t seen_ = 0;
  std::mt19937_64 random_{1};
  std::vector<double> values_;
};

} // namespace coldvigil
