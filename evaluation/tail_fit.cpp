#include "evaluation/tail_fit.hpp"

#include <algorithm>
#include <cmath>

namespace coldvigil {
namespace {

constexpr double level_part = 0.9;
/// So far above the level, in distances from the median to it, is an incident that was in the data and not the tail of
/// healthy units.
constexpr double incident_above = 8;
/// Shapes beyond this come from too few excesses: a bounded tail would forbid the threshold to grow, a heavier one
/// would make it absurd.
constexpr double lowest_shape = -0.3, highest_shape = 0.5;
constexpr double nearly_zero = 1e-6;

} // namespace

double tail_fit::exceeded_with(double probability) const {
  const double times = over / std::max(probability, 1e-12);
  if (std::abs(shape) < nearly_zero) return level + scale * std::log(times);
  return level + scale / shape * (std::pow(times, shape) - 1);
}

std::optional<tail_fit> fit_tail(std::vector<double> maxima) {
  std::erase_if(maxima, [](double each) { return !std::isfinite(each); });
  if (maxima.size() < least_blocks) return std::nullopt;
  std::sort(maxima.begin(), maxima.end());
  tail_fit out;
  out.blocks = maxima.size();
  out.level = maxima[static_cast<std::size_t>(level_part * static_cast<double>(maxima.size()))];
  const auto first = std::upper_bound(maxima.begin(), maxima.end(), out.level);
  const double incident = out.level + incident_above * (out.level - maxima[maxima.size() / 2]);
  const auto last = std::upper_bound(first, maxima.end(), incident);
  const auto count = static_cast<double>(last - first);
  if (count < 2) return std::nullopt;
  out.over = count / static_cast<double>(maxima.size());
  // Probability-weighted moments (Hosking and Wallis 1987): mean of the excess, and of the excess times its chance to
  // be exceeded.
  double mean = 0;
  double weighted = 0;
  for (auto each = first; each != last; ++each) {
    const double excess = *each - out.level;
    const double rank = static_cast<double>(each - first) + 0.65;
    mean += excess / count;
    weighted += excess * (1 - rank / count) / count;
  }
  const double difference = mean - 2 * weighted;
  if (!(mean > 0) || !(difference > 0)) return std::nullopt;
  out.shape = std::clamp(2 - mean / difference, lowest_shape, highest_shape);
  out.scale = mean * (1 - out.shape);
  return out;
}

std::optional<double> block_maximum::add(timestamp at, double score) {
  if (!std::isfinite(score)) return std::nullopt;
  const std::int64_t block = to_ms(at) / maxima_block.count();
  if (block == block_) {
    highest_ = std::max(highest_, score);
    return std::nullopt;
  }
  const auto ended = block_ >= 0 ? std::optional(highest_) : std::nullopt;
  block_ = block;
  highest_ = score;
  return ended;
}

void value_sample::add(double value) {
  ++seen_;
  if (values_.size() < most_) {
    values_.push_back(value);
  } else if (const std::uint64_t place = random_() % seen_; place < most_) {
    values_[place] = value;
  }
}

} // namespace coldvigil
