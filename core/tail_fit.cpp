#include "core/tail_fit.hpp"

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
  // What is exceeded more often than the level is not of the tail: the level is as low as a threshold goes.
  const double times = std::max(over / std::max(probability, 1e-12), 1.0);
  if (std::abs(shape) < nearly_zero) return level + scale * std::log(times);
  return level + scale / shape * (std::pow(times, shape) - 1);
}

std::optional<tail_fit> fit_tail(std::vector<double> maxima, std::vector<double> peaks) {
  const auto not_finite = [](double each) { return !std::isfinite(each); };
  std::erase_if(maxima, not_finite);
  std::erase_if(peaks, not_finite);
  if (maxima.size() < least_blocks) return std::nullopt;
  std::sort(maxima.begin(), maxima.end());
  std::sort(peaks.begin(), peaks.end());
  tail_fit out;
  out.blocks = maxima.size();
  out.level = maxima[static_cast<std::size_t>(level_part * static_cast<double>(maxima.size()))];
  const double incident = out.level + incident_above * (out.level - maxima[maxima.size() / 2]);
  const auto first = std::upper_bound(peaks.begin(), peaks.end(), out.level);
  const auto last = std::upper_bound(first, peaks.end(), incident);
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

std::optional<block_maximum::ended> block_maximum::add(timestamp at, double score) {
  if (!std::isfinite(score)) return std::nullopt;
  const std::int64_t number = to_ms(at) / maxima_block.count();
  if (number == now_.number) {
    now_.highest = std::max(now_.highest, score);
    return std::nullopt;
  }
  std::optional<ended> out;
  if (now_.number >= 0) {
    out = ended{now_.highest};
    const auto not_above = [this](const block& beside) {
      return std::abs(beside.number - before_.number) > 1 || beside.highest <= before_.highest;
    };
    if (before_.number >= 0 && not_above(first_) && not_above(now_)) out->peak = before_.highest;
  }
  first_ = before_;
  before_ = now_;
  now_ = {number, score};
  return out;
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
